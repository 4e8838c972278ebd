"""The answers as the last page shows them, each with the page where it can be changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from constancia.domain.eligibility import Policy
from constancia.domain.messages import N_
from request.form import Field, Kind, district_label
from request.wizard.steps import SECTIONS, Page, pages_of
from request.wizard.words import label_of

_USUAL_HOSTS: Final = (
    "gmail.com",
    "hotmail.com",
    "outlook.com",
    "outlook.es",
    "yahoo.com",
    "yahoo.es",
    "icloud.com",
)
_LIKELY: Final = 0.84
"""`gmial.com` is as close to `gmail.com` as 0.89; `mail.com`, which exists, as 0.94 and is left alone."""
_NEIGHBOURS: Final = frozenset(
    {"mail.com", "ymail.com", "gmx.com", "yahoo.com.pe", "hotmail.es", "outlook.com.pe"}
)


@dataclass(frozen=True, slots=True)
class Line:
    """An answer: what was asked, what was said, where it is changed."""

    label: str
    value: str
    page: str
    translated: bool = False
    """Whether the value is a text of ours."""


@dataclass(frozen=True, slots=True)
class Part:
    """The answers of one step."""

    title: str
    lines: tuple[Line, ...]


def summary_of(answers: Mapping[str, str], policy: Policy) -> tuple[Part, ...]:
    """All answers, step by step."""
    parts: dict[str, list[Line]] = {}
    for page in pages_of(answers, policy):
        parts.setdefault(SECTIONS[page.section], []).extend(_lines(page, answers))
    return tuple(Part(title, tuple(lines)) for title, lines in parts.items())


def likely_address(email: str) -> str | None:
    """The address that was probably meant, where the host looks mistyped."""
    local, _, host = email.rpartition("@")
    host = host.lower()
    if host in _USUAL_HOSTS or host in _NEIGHBOURS:
        return None
    close = get_close_matches(host, _USUAL_HOSTS, n=1, cutoff=_LIKELY)
    return f"{local}@{close[0]}" if close else None


def _lines(page: Page, answers: Mapping[str, str]) -> list[Line]:
    if page.kind == "parents":
        return [_parent(page, answers, parent) for parent in ("father", "mother")]
    lines = [_line(field, page, answers) for field in page.fields]
    return [line for line in lines if line.value]


def _line(field: Field, page: Page, answers: Mapping[str, str]) -> Line:
    """An answer in words; without a value where none was given."""
    match field.kind:
        case Kind.CHOICE:
            value = field.choices[answers[field.name]]
        case Kind.DATE:
            value = "/".join(answers.get(name, "") for name in field.inputs)
        case Kind.DISTRICT:
            value = district_label(answers[field.name]) or ""
        case _:
            value = answers.get(field.name, "")
    return Line(label_of(field.name), value, page.name, translated=field.kind is Kind.CHOICE)


def _parent(page: Page, answers: Mapping[str, str], parent: str) -> Line:
    name = f"{page.who}.{parent}.given_names"
    given = answers.get(name)
    return Line(label_of(name), given or N_("No figura en el RENIEC"), page.name, translated=given is None)
