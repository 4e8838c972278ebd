"""Draws, seals, stores, issues and mails."""
