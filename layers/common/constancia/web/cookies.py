"""Cookies: out of scripts' reach, not sent by other sites' forms, and by TLS alone where there is TLS."""

from typing import TYPE_CHECKING

from aws_lambda_powertools.shared.cookies import Cookie, SameSite

from constancia.web.addresses import path_prefix

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.data_classes.common import BaseProxyEvent


def cookie_of(event: "BaseProxyEvent", name: str) -> str | None:
    """The value of a cookie that the browser sent; of several of the name the first, whose path fits best."""
    sent = event.headers.get("cookie") or ""
    pairs = (part.strip().partition("=") for part in sent.split(";"))
    return next((value for key, _, value in pairs if key == name), None)


def new_cookie(
    event: "BaseProxyEvent", name: str, value: str, *, path: str = "/", max_age: int | None = None
) -> Cookie:
    """A cookie under one of our paths. `max_age` is in seconds: None ends with the browser, 0 takes it away.

    Browsers drop a Secure cookie of a site without TLS, which the local platform is.
    """
    secure = event.headers.get("x-forwarded-proto") != "http"
    return Cookie(
        name,
        value,
        path=path_prefix(event) + path,
        secure=secure,
        http_only=True,
        max_age=max_age,
        same_site=SameSite.LAX_MODE,
    )
