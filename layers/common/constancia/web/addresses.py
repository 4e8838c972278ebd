"""Addresses of our own pages, and the address that a request comes from."""

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlencode

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.data_classes.common import BaseProxyEvent

# One slash and then no other: `//host`, and what browsers take for it, leads elsewhere. No control
# characters, which could end a header, and no spaces, which an address has none of.
_OWN: Final = re.compile(r"/(?![/\\])[!-\[\]-~]*")
_LONGEST: Final = 2000


def path_prefix(event: "BaseProxyEvent") -> str:
    """The part of the address before our own paths: `/prod` under execute-api's host, else nothing."""
    whole = str(event["requestContext"].get("path") or event.path)
    return whole.removesuffix(event.path).rstrip("/") if whole.endswith(event.path) else ""


def source_address(event: "BaseProxyEvent") -> str:
    """Where the gateway says that a request comes from. What the caller says itself is not believed."""
    return str(event["requestContext"]["identity"]["sourceIp"])


def address_of(event: "BaseProxyEvent") -> str:
    """Our path that was asked for, with its query: what leads to the same page again."""
    query = event.get("multiValueQueryStringParameters") or {}
    path = quote(event.path, safe="/!$&'()*+,;=:@-._~%")
    return f"{path}?{urlencode(query, doseq=True)}" if query and event["httpMethod"] == "GET" else path


def own_address(given: str) -> str | None:
    """An address that was sent to us, if it can lead to nowhere but our own pages."""
    return given if len(given) <= _LONGEST and _OWN.fullmatch(given) else None
