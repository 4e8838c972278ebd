"""The six steps of a request, as people take them: each written once, for everybody who asks."""

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from constancia.domain.application import Reason
from constancia.domain.identity import DocumentType
from constancia.domain.places import District, PlaceNames, districts_of
from constancia.domain.school import Kinship, Level
from request.form import DOCUMENTS, LEVELS, PURPOSES, REASONS, SELF
from request.wizard.words import label_of
from tests.browser.visitor import Visitor

BEGIN: Final = "Aceptar la cookie y empezar"
NEXT: Final = "Continuar"
SEND: Final = "Solicitar la constancia"
ACCEPT: Final = (
    "Confirmo que los datos son correctos y acepto, de manera libre, previa, informada y expresa, los "
    "términos y condiciones."
)
CHECK: Final = "Revise sus respuestas"
READY: Final = "Su constancia está lista"
HELD: Final = "Estamos revisando su constancia"
WAITING: Final = "Estamos preparando su constancia"
SENT: Final = "Esta solicitud ya se envió"

_ABSENT: Final = {
    "father": "El padre no figura en el RENIEC",
    "mother": "La madre no figura en el RENIEC",
}


def request(visitor: Visitor, application: dict[str, Any]) -> None:
    """Answer everything, and send."""
    for _ in answer(visitor, application):
        pass
    send(visitor)


def answer_until(visitor: Visitor, application: dict[str, Any], page: str) -> None:
    """Answer page by page as far as the one of this name, and stop before it is answered."""
    for reached in answer(visitor, application):
        if reached == page:
            return
    raise AssertionError(f"there was no page {page}")


def answer(visitor: Visitor, application: dict[str, Any]) -> Iterator[str]:
    """Answer page by page. Stops at each, before it is answered, with its name; the last is the check."""
    for page in _pages(visitor, application):
        if page != "start":
            visitor.page.wait_for_url(f"**/request/draft/*/{page}")
        yield page


def _pages(visitor: Visitor, application: dict[str, Any]) -> Iterator[str]:
    """The page that each answer leads to, by its name."""
    applicant = application["applicant"]
    visitor.open("/request")
    yield "start"
    visitor.press(BEGIN)
    yield "purpose"
    visitor.choose(PURPOSES[Kinship(applicant["kinship"]) if applicant else SELF])
    visitor.press(NEXT)
    if applicant:
        yield from _person(visitor, "applicant", applicant)
    yield from _person(visitor, "student", application["student"])
    yield "level"
    visitor.choose(LEVELS[Level(application["level"])])
    visitor.press(NEXT)
    yield "contact"
    visitor.write(label_of("contact.email"), application["contact"]["email"])
    visitor.write(label_of("contact.phone"), application["contact"]["phone"] or "")
    visitor.press(NEXT)
    yield "reason"
    visitor.choose(REASONS[Reason(application["reason"]["code"])])
    if application["reason"]["detail"]:
        visitor.write(label_of("reason.detail"), application["reason"]["detail"])
    visitor.press(NEXT)
    yield "check"


def send(visitor: Visitor) -> None:
    """Accept the terms on the page of the check, and send."""
    visitor.tick(ACCEPT)
    visitor.press(SEND)


def place_of(declared: dict[str, str]) -> District:
    """The district of a declaration: by its names, or by a code, RENIEC's before INEI's."""
    code = declared.get("ubigeo")
    if code:
        return max(districts_of(code), key=lambda one: one.reniec == code)
    return districts_of(PlaceNames(declared["department"], declared["province"], declared["district"]))[0]


def pick_district(visitor: Visitor, who: str, place: District) -> None:
    """By typing where there are scripts, else from the list."""
    name = f"{who}.domicile.ubigeo"
    if visitor.scripts:
        option = f"{place.name} ({place.department} – {place.province})"
        field = visitor.page.locator(f'input[id="{name}"]')
        visitor.hands.pick(field, f"{place.name} {place.province}".lower(), option)
    else:
        visitor.hands.select(visitor.page.locator(f'select[id="{name}"]'), place.inei)


def _person(visitor: Visitor, who: str, declared: dict[str, Any]) -> Iterator[str]:
    document = declared["document"]
    yield f"{who}-document"
    visitor.choose(DOCUMENTS[DocumentType(document["type"])])
    visitor.write(label_of(f"{who}.document.number"), document["number"])
    visitor.press(NEXT)
    if document["type"] == DocumentType.CE:
        yield f"{who}-name"
        for name in ("given_names", "paternal_surname", "maternal_surname"):
            visitor.write(label_of(f"{who}.{name}"), declared[name] or "")
        if "birth_date" in declared:
            born = date.fromisoformat(declared["birth_date"])
            for label, part in (("Día", born.day), ("Mes", born.month), ("Año", born.year)):
                visitor.write(label, str(part))
        visitor.press(NEXT)
        return
    yield f"{who}-parents"
    for parent, label in _ABSENT.items():
        if declared[parent].get("not_registered"):
            visitor.tick(label)
        else:
            visitor.write(label_of(f"{who}.{parent}.given_names"), declared[parent]["given_names"])
    visitor.press(NEXT)
    yield f"{who}-district"
    pick_district(visitor, who, place_of(declared["domicile"]))
    visitor.press(NEXT)
