"""Contracts of the outside registries, and a sandbox that serves them."""
