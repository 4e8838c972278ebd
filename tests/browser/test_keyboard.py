"""The keyboard alone is enough; at every stop the focus is seen, in order and never lost."""

import pytest

from tests.browser.asking import CHECK, HELD, NEXT, READY, SEND, answer, request, send
from tests.browser.conftest import NewVisitor
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.slow, pytest.mark.e2e, pytest.mark.timeout(300)]


@pytest.fixture
def typist(new_visitor: NewVisitor) -> Visitor:
    """Somebody without a mouse."""
    return new_visitor(keyboard=True)


def test_the_first_stop_skips_to_the_content(typist: Visitor) -> None:
    typist.open("/")

    typist.page.keyboard.press("Tab")
    assert typist.focus.inner_text() == "Ir al contenido principal"
    typist.page.keyboard.press("Enter")
    typist.page.keyboard.press("Tab")

    assert typist.focus.evaluate("(one) => Boolean(one.closest('main'))")


@pytest.mark.parametrize("person", ["minor-mother", "foreign-minor-father"])
def test_a_certificate_is_asked_for_and_downloaded(typist: Visitor, person: str) -> None:
    request(typist, typist.site.application(person))

    typist.expect(READY)
    assert typist.download().startswith(b"%PDF-")


def test_so_it_is_without_scripts(new_visitor: NewVisitor) -> None:
    typist = new_visitor(keyboard=True, scripts=False)

    request(typist, typist.site.application("unprintable-area"))

    typist.expect(HELD)


def test_an_answer_is_changed_from_the_check(typist: Visitor) -> None:
    for _ in answer(typist, typist.site.application("adult")):
        pass
    main = typist.page.get_by_role("main")

    typist.hands.press(main.get_by_role("link", name="Cambiar Correo electrónico"))
    typist.write("Correo electrónico", "otro@correo.example")
    typist.press(NEXT)

    typist.expect(CHECK)
    assert "otro@correo.example" in typist.text
    typist.press(SEND)
    typist.summary_of_faults()
    send(typist)
    typist.expect(READY)


def test_the_district_s_list_says_what_it_does(typist: Visitor) -> None:
    for page in answer(typist, typist.site.application("adult")):
        if page == "student-district":
            break
    field = typist.page.get_by_role("combobox", name="¿Qué distrito figura en su DNI?")
    status = typist.page.get_by_role("status")

    typist.hands.write(field, "brena")  # without the tilde of Breña
    assert field.get_attribute("aria-expanded") == "true"
    assert "1" in status.inner_text()
    typist.page.keyboard.press("ArrowDown")
    active = typist.page.locator(f'[id="{field.get_attribute("aria-activedescendant")}"]')
    assert active.get_attribute("role") == "option"
    assert active.get_attribute("aria-selected") == "true"
    assert active.inner_text() == "Breña (Lima – Lima)"
    typist.page.keyboard.press("Escape")
    assert field.get_attribute("aria-expanded") == "false"
    typist.hands.write(field, "no hay tal lugar")
    assert status.inner_text() == "Ningún distrito se llama así."


def test_the_summary_of_what_is_wrong_leads_to_each_field(typist: Visitor) -> None:
    for page in answer(typist, typist.site.application("adult")):
        if page in {"start", "check"}:
            continue
        typist.press(NEXT)
        links = typist.summary_of_faults().get_by_role("link").count()
        assert links, page
        for number in range(links):
            typist.open(typist.page.url.partition("#")[0])
            typist.press(NEXT)
            typist.summary_of_faults()
            link = typist.page.get_by_role("alert").get_by_role("link").nth(number)
            says = link.inner_text()
            typist.hands.press(link)
            assert typist.focus.evaluate("(one) => one.matches('input, select')"), f"{page}: {says}"
            assert typist.focus.get_attribute("aria-describedby") or typist.focus.evaluate(
                "(one) => one.closest('fieldset').getAttribute('aria-describedby')"
            ), f"{page}: {says}"
        typist.open(typist.page.url.partition("#")[0])


def test_a_certificate_is_verified_one_after_another(typist: Visitor) -> None:
    issued = typist.site.issue("adult")

    typist.verify(issued.code, issued.document)
    typist.expect("Constancia auténtica")
    typist.follow("Verificar otra constancia")
    # From the second one on, the focus is where one goes on.
    assert typist.focus.get_attribute("name") == "code"
    typist.page.keyboard.type(issued.code)
    typist.page.keyboard.press("Enter")
    typist.expect("Constancia auténtica")
    assert typist.focus.inner_text() == "Verificar otra constancia"
