"""Addresses that we give to people. Printed or mailed ones must hold for as long as paper does."""

from constancia.domain.virtual_code import VirtualCode


def verification_url(base_url: str, code: VirtualCode, token: str | None = None) -> str:
    """The page that verifies a certificate; with the token, the QR's: it opens the whole content."""
    address = f"{base_url}/validate/{code}"
    return address if token is None else f"{address}?t={token}"


def verification_form_url(base_url: str) -> str:
    """The page on which anybody types a code."""
    return f"{base_url}/validate"


def certificate_file_path(prefix: str, code: VirtualCode, grant: str) -> str:
    """Where a grant downloads a certificate's file, after the stage's prefix, which may be empty."""
    return f"{prefix}/api/v1/certificates/{code}/pdf?g={grant}"


def terms_url(base_url: str) -> str:
    """The page of the terms, which says how people exercise their rights over their data."""
    return f"{base_url}/terms"


def new_request_url(base_url: str) -> str:
    """The page where a certificate is asked for."""
    return f"{base_url}/request"
