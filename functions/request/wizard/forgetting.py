"""Taking away what a request leaves in the browser, for whoever asked for it on a device of others."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from aws_lambda_powertools.event_handler import Response

from constancia.domain.errors import DomainError, ErrorCode
from constancia.web.cookies import cookie_of, new_cookie
from constancia.web.pages import see_other
from request.wizard.draft import COOKIE, Draft

if TYPE_CHECKING:
    from aws_lambda_powertools.shared.cookies import Cookie
    from aws_lambda_powertools.utilities.data_classes.common import BaseProxyEvent

FORGET: Final = "forget"
FORGOTTEN: Final = "forgotten"
_SENT: Final = "sent"
"""The cookie of a request's own page: the draft that it came of, whose cookie that page does not get."""
_DRAFT: Final = re.compile(r"[A-Za-z0-9_-]{22}", re.ASCII)
_REQUEST: Final = re.compile(r"[0-9a-f]{32}", re.ASCII)


def sent_cookie(event: "BaseProxyEvent", draft: Draft) -> "Cookie":
    """The cookie that a request's page gets, once its draft was sent."""
    return new_cookie(event, _SENT, draft.id, path=f"/request/{draft.sent}")


def way_to_forget(event: "BaseProxyEvent") -> str | None:
    """Where a request's page sends the wish to forget; None on another device than that of the draft."""
    draft_id = cookie_of(event, _SENT) or ""
    return f"/request/draft/{draft_id}/{FORGET}" if _DRAFT.fullmatch(draft_id) else None


def forget(event: "BaseProxyEvent", draft_id: str, given: Mapping[str, str]) -> Response[str]:
    """Take away the cookie of a draft and, where the form names it, that of the request that came of it.

    Raises:
        DomainError: ROUTE_NOT_FOUND, where the address is no draft's.
    """
    if not _DRAFT.fullmatch(draft_id):
        raise DomainError(ErrorCode.ROUTE_NOT_FOUND)
    draft = f"/request/draft/{draft_id}"
    cookies = [new_cookie(event, COOKIE, "", path=draft, max_age=0)]
    request_id = given.get("request", "")
    if _REQUEST.fullmatch(request_id):
        cookies.append(new_cookie(event, _SENT, "", path=f"/request/{request_id}", max_age=0))
    return see_other(event, f"{draft}/{FORGOTTEN}", cookies)
