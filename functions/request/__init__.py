"""Asks, checks identity and eligibility, takes the marks, accepts the request."""
