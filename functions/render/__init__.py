"""Draws, stores, issues and mails."""
