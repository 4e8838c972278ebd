"""Judges of the certificate that we did not write, each behind a function or two.

Which there are, what each proves and what it needs is in `docs/judges.md`.
"""
