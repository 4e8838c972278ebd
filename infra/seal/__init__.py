"""The seal's certificates: the demo authority, and what an operator does with key and chain."""
