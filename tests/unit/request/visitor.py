"""Somebody with a browser: keeps cookies by their path, fills in the page that is shown, sends it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import parse_qsl

from lxml.html import HtmlElement

from tests.builders import ADULT_DNI, CUSCO_INEI, STUDENT_CE, STUDENT_DNI
from tests.unit.request.world import Answer, World
from tests.unit.web.events import event, form_event
from tests.unit.web.html import parse


@dataclass
class Visitor:
    """One browser at one world."""

    world: World
    headers: dict[str, str] = field(default_factory=dict)
    """What the browser sends with each form."""
    cookies: dict[tuple[str, str], str] = field(default_factory=dict)
    """By path and name."""
    visited: list[str] = field(default_factory=list)
    """The pages that were shown on the way."""

    def get(self, path: str) -> Answer:
        self.visited.append(path)
        path, _, asked = path.partition("?")
        query = dict(parse_qsl(asked, keep_blank_values=True)) or None
        return self._call(event("GET", path, headers=self._cookie_header(path), query=query))

    def post(self, path: str, fields: Mapping[str, str]) -> Answer:
        return self._call(form_event(path, dict(fields), self.headers | self._cookie_header(path)))

    def begin(self) -> str:
        """Accept the cookie; answers the address of the first page."""
        return self.post("/request", {}).headers["Location"]

    def answer(self, path: str, given: Mapping[str, str]) -> Answer:
        """Fill in a page with what is given for its fields, and send it."""
        shown = self.get(path)
        return self.post(path, own_fields(parse(shown.body), given))

    def walk(self, given: Mapping[str, str], start: str | None = None) -> Answer:
        """Fill in page after page, until one is refused or the request is sent; its answer."""
        path = start or self.begin()
        for _ in range(20):
            answer = self.answer(path, given)
            if answer.status != 303 or not answer.headers["Location"].startswith("/request/draft/"):
                return answer
            if answer.headers["Location"].endswith("/refusal"):
                return self.get(answer.headers["Location"])
            if answer.headers["Location"] == path:
                raise AssertionError(f"{path} leads to itself")
            path = answer.headers["Location"]
        raise AssertionError("the way has no end")

    def _call(self, sent: dict[str, Any]) -> Answer:
        answer = self.world.call(sent)
        for text in answer.all_headers.get("Set-Cookie", []):
            for name, morsel in SimpleCookie(text).items():
                self.cookies[morsel["path"], name] = morsel.value
        return answer

    def _cookie_header(self, path: str) -> dict[str, str]:
        fitting = [
            f"{name}={value}"
            for (under, name), value in self.cookies.items()
            if path == under or path.startswith(f"{under.rstrip('/')}/")
        ]
        return {"Cookie": "; ".join(fitting)} if fitting else {}


def own_fields(page: HtmlElement, given: Mapping[str, str]) -> dict[str, str]:
    """What a browser sends of a page: the hidden fields as they stand, the others as they are given."""
    (form,) = [one for one in page.forms if str(one.get("action", "")).startswith("/request/draft/")]
    hidden = {str(one.get("name")): str(one.get("value")) for one in form.xpath(".//input[@type='hidden']")}
    names = {str(one.get("name")) for one in form.xpath(".//input | .//select | .//textarea")}
    return hidden | {name: value for name, value in given.items() if name in names}


def person_fields(who: str, number: str) -> dict[str, str]:
    return {
        f"{who}.document.type": "DNI",
        f"{who}.document.number": number,
        f"{who}.father.given_names": "Julio César",
        f"{who}.mother.given_names": "Rosa",
        f"{who}.domicile.ubigeo": CUSCO_INEI,
    }


def foreigner_fields(who: str, number: str = STUDENT_CE.number) -> dict[str, str]:
    fields = {
        f"{who}.document.type": "CE",
        f"{who}.document.number": number,
        f"{who}.given_names": "Camila",
        f"{who}.paternal_surname": "Rojas",
        f"{who}.maternal_surname": "Paredes",
    }
    born = {"day": "22", "month": "11", "year": "2006"}
    return fields | {f"{who}.birth_date-{part}": value for part, value in born.items()}


def filled(**changes: str | None) -> dict[str, str]:
    """What an adult types on all pages together; a field changed to `None` is left out."""
    fields: dict[str, str | None] = {
        "for": "SELF",
        **person_fields("student", STUDENT_DNI.number),
        "level": "SECUNDARIA",
        "contact.email": "persona@correo.example",
        "contact.phone": "",
        "reason.code": "SCHOLARSHIP",
        "reason.detail": "",
        "terms.accepted": "on",
        **{name.replace("__", "."): value for name, value in changes.items()},
    }
    return {name: value for name, value in fields.items() if value is not None}


def filled_by_the_mother(**changes: str | None) -> dict[str, str]:
    return person_fields("applicant", ADULT_DNI.number) | filled(**{"for": "MOTHER", **changes})


def submit(world: World, fields: Mapping[str, str], headers: dict[str, str] | None = None) -> Answer:
    """Walk through all steps; the answer to the last one that was sent."""
    return Visitor(world, headers or {}).walk(fields)
