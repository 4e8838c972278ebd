"""Reading bodies: the right type, the right size, well formed; or a refusal that says which is not so."""

import base64
import binascii
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, urlsplit

import msgspec

from constancia.domain.errors import DomainError, ErrorCode

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.data_classes.common import BaseProxyEvent

MAXIMUM_BYTES: Final = 64 * 1024
_MAXIMUM_FIELDS: Final = 200


def read_json(event: "BaseProxyEvent") -> object:
    """Decode a JSON body to plain dicts, lists and scalars.

    Raises:
        DomainError: UNSUPPORTED_MEDIA_TYPE, BODY_TOO_LARGE or MALFORMED_BODY.
    """
    body = _read(event, "application/json")
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise DomainError(ErrorCode.MALFORMED_BODY) from None


def read_fields(event: "BaseProxyEvent") -> dict[str, str]:
    """Decode a form's fields; of a repeated field the last one counts.

    Raises:
        DomainError: UNSUPPORTED_MEDIA_TYPE, BODY_TOO_LARGE or MALFORMED_BODY.
    """
    body = _read(event, "application/x-www-form-urlencoded")
    try:
        fields = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=_MAXIMUM_FIELDS,
        )
    except ValueError:
        raise DomainError(ErrorCode.MALFORMED_BODY) from None
    return dict(fields)


def refuse_foreign_form(event: "BaseProxyEvent", *, origin_may_be_hidden: bool = False) -> None:
    """Refuse a form that another site sent through the person's browser.

    Browsers say where a form comes from in Sec-Fetch-Site, old ones in Origin, older ones in Referer. What
    says none of these is no browser that somebody else could steer. A form on pages that are about somebody
    (`no-referrer`) gets `Origin: null` from old ones; where little is at stake that may pass.

    Raises:
        DomainError: CROSS_SITE_FORM.
    """
    site = event.headers.get("sec-fetch-site")
    origin = event.headers.get("origin") or event.headers.get("referer")
    if site is not None:
        own = site in {"same-origin", "none"}
    else:
        hidden = origin_may_be_hidden and origin == "null"
        own = origin is None or hidden or _host_of(origin) == event.headers.get("host")
    if not own:
        raise DomainError(ErrorCode.CROSS_SITE_FORM)


def _host_of(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc
    except ValueError:  # no address at all
        return None


def _read(event: "BaseProxyEvent", media_type: str) -> bytes:
    declared = event.headers.get("content-type") or ""
    if declared.partition(";")[0].strip().lower() != media_type:
        raise DomainError(ErrorCode.UNSUPPORTED_MEDIA_TYPE)
    body = _raw(event)
    if len(body) > MAXIMUM_BYTES:
        raise DomainError(ErrorCode.BODY_TOO_LARGE)
    return body


def _raw(event: "BaseProxyEvent") -> bytes:
    text = event.body or ""
    try:
        return base64.b64decode(text, validate=True) if event.is_base64_encoded else text.encode()
    except (binascii.Error, UnicodeEncodeError):
        raise DomainError(ErrorCode.MALFORMED_BODY) from None
