"""Security headers, one set for each kind of answer."""

from enum import Enum
from typing import Final

_EVERYWHERE: Final = {
    "X-Content-Type-Options": "nosniff",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
}
_PAGES: Final = {
    # Nothing here asks for these, so nothing that got in may.
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


class Privacy(Enum):
    """How an answer may be kept, and what its address may tell the next site.

    A page with a form is `FORM`: under `no-referrer` browsers send `Origin: null` with the form, and where it
    came from could not be checked. Its own address holds nothing personal.
    """

    PUBLIC = ("public, max-age=300", "strict-origin-when-cross-origin")
    FORM = ("no-store", "same-origin")
    PERSONAL = ("no-store", "no-referrer")


def page_headers(privacy: Privacy) -> dict[str, str]:
    """Headers of an HTML page: no inline script or style, no foreign host, no frame."""
    cache, referrer = privacy.value
    headers = {
        **_EVERYWHERE,
        **_PAGES,
        "Content-Security-Policy": _POLICY,
        "Cache-Control": cache,
        "Referrer-Policy": referrer,
    }
    if privacy is Privacy.PUBLIC:
        headers["Vary"] = "Accept-Encoding, Cookie"  # the language is in a cookie
    if privacy is Privacy.PERSONAL:
        headers["X-Robots-Tag"] = "noindex"
    return headers


def api_headers() -> dict[str, str]:
    """Headers of an answer of the API: never kept, never interpreted as anything else."""
    return {
        **_EVERYWHERE,
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Robots-Tag": "noindex",
    }


def static_headers(etag: str) -> dict[str, str]:
    """Headers of a static file under its versioned name: it never changes."""
    return {
        **_EVERYWHERE,
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "public, max-age=31536000, immutable",
        "Vary": "Accept-Encoding",
        "ETag": etag,
    }
