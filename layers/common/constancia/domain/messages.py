"""Texts in tables that people read on pages, in whatever language the page has."""


def N_(message: str) -> str:  # noqa: N802 - the name that Babel extracts from tables
    """Mark a text for the message catalogues; it is translated where it is shown."""
    return message
