"""Every route of template.yaml, found in it: one that is new is tried too, or a test says what it lacks."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any, Final
from urllib.parse import quote, urlencode

from constancia.web.static_files import static_files
from infra.local.gateway import Response
from infra.local.stack import Route
from infra.registries.people import today_in_lima
from infra.registries.scenarios import scenario
from tests.builders import TERMS
from tests.fuzz.site import Site

OWN_FORM: Final = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
JSON: Final = {"Content-Type": "application/json"}


@dataclass(frozen=True)
class Standing:
    """A site on which somebody has a certificate, and somebody else is filling in a request."""

    site: Site
    request_id: str
    code: str
    document: Mapping[str, str]
    grant: str
    draft: str
    cookie: str
    """The cookie's value of that draft."""

    @classmethod
    def on(cls, site: Site) -> "Standing":
        """Ask, and begin to ask."""
        application = scenario("adult", today_in_lima()).application(TERMS)
        accepted = told(site.ask("POST", "/api/v1/requests", JSON, json.dumps(application)))
        progress = told(site.ask("GET", f"/api/v1/requests/{accepted['id']}"))
        begun = site.ask("POST", "/request", OWN_FORM)
        draft = header(begun, "Location").split("/")[3]
        return cls(
            site,
            accepted["id"],
            progress["code"],
            application["student"]["document"],
            progress["links"]["pdf"].partition("?g=")[2],
            draft,
            cookie_value(begun),
        )

    @property
    def values(self) -> dict[str, str]:
        """What stands for each parameter of a path."""
        return {
            "id": self.request_id,
            "draft": self.draft,
            "page": "purpose",
            "version": TERMS,
            "name": static_files()["site.css"].name,
            "code": self.code,
            "proxy": "nowhere/at-all",
        }

    def path(self, route: Route, **instead: str) -> str:
        """The path of a route, as it is, or with something else for a parameter.

        Raises:
            KeyError: nobody said what stands for a new parameter.
        """
        given = self.values | instead
        return re.sub(r"\{(\w+)\+?\}", lambda found: given[found[1]], route.path)

    def call(self, route: Route, headers: Mapping[str, str] | None = None, **instead: str) -> Response:
        """Call a route as people and programs do."""
        path = self.path(route, **instead)
        sent = {"Cookie": f"draft={self.cookie}", **(headers or {})}
        if route.method != "POST":
            return self.site.ask(route.method, path, sent)
        if is_api(route):
            body = json.dumps({"code": self.code, "sha256": "0a" * 32})
            return self.site.ask("POST", path, {**JSON, **sent}, body)
        return self.site.ask("POST", path, {**OWN_FORM, **sent}, urlencode({"code": self.code, "to": "qu"}))

    @property
    def routes(self) -> tuple[Route, ...]:
        """All of the template's."""
        return self.site.deployed.aws.stack.api.routes


def is_api(route: Route) -> bool:
    return route.path.startswith("/api/")


def parameters_of(route: Route) -> list[str]:
    return re.findall(r"\{(\w+)\+?\}", route.path)


def header(response: Response, name: str) -> str:
    """The only value of a header, or nothing."""
    values = [value for key, value in response.headers if key.lower() == name.lower()]
    assert len(values) <= 1, f"{name} twice"
    return values[0] if values else ""


def told(response: Response) -> Any:
    return json.loads(response.body)


def cookie_value(response: Response) -> str:
    """The value of the only draft's cookie that an answer sets."""
    set_by_it = [value for key, value in response.headers if key.lower() == "set-cookie"]
    (draft,) = [one for one in set_by_it if one.startswith("draft=")]
    return draft.removeprefix("draft=").partition(";")[0]


def links_of(page: str) -> Iterator[str]:
    """Where a page leads, and where its forms go."""
    yield from map(unescape, re.findall(r"""(?:href|src|action)=["']?([^"'\s>]+)""", page))


def encoded(text: str) -> str:
    """For a segment of a path."""
    return quote(text, safe="")
