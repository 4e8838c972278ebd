"""What people do that no plan foresees: they go back, reload, press twice, open two tabs, refuse cookies."""

import pytest
from playwright.sync_api import Dialog, Locator, Route

from request.wizard.words import label_of
from tests.browser.asking import (
    ACCEPT,
    CHECK,
    NEXT,
    READY,
    SEND,
    SENT,
    WAITING,
    answer,
    answer_until,
    pick_district,
    place_of,
    send,
)
from tests.browser.chromium import Watch
from tests.browser.conftest import NewVisitor
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.slow, pytest.mark.e2e]

EITHER_WAY = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "without"])


def answered(visitor: Visitor, person: str = "adult") -> None:
    """Everything is answered, and nothing sent."""
    answer_until(visitor, visitor.site.application(person), "check")


def sent_to(visitor: Visitor) -> str:
    """The address of the request that was made."""
    visitor.page.wait_for_url("**/request/*")
    return visitor.page.url


@EITHER_WAY
def test_going_back_shows_what_was_answered(new_visitor: NewVisitor, scripts: bool) -> None:
    visitor = new_visitor(scripts=scripts)
    answer_until(visitor, visitor.site.application("adult"), "level")

    visitor.back("¿Qué distrito figura en su DNI?")
    visitor.back("Nombres de su padre y de su madre")

    mother = visitor.page.get_by_label(label_of("student.mother.given_names"), exact=True)
    assert mother.input_value() == "Rosa María"
    visitor.press(NEXT)
    visitor.press(NEXT)
    visitor.expect("¿De qué nivel quiere la constancia?")


@EITHER_WAY
def test_another_language_keeps_what_is_typed_and_what_was_wrong(
    new_visitor: NewVisitor, scripts: bool
) -> None:
    visitor = new_visitor(scripts=scripts)
    answer_until(visitor, visitor.site.application("adult"), "student-parents")

    visitor.write(label_of("student.father.given_names"), "Ju")
    visitor.speak("en")
    father = visitor.page.get_by_label("Father's given names", exact=True)
    assert father.input_value() == "Ju"
    father.press("Enter")  # goes on, and is refused: there is no mother yet
    visitor.page.get_by_role("alert").wait_for()
    assert visitor.page.locator("html").get_attribute("lang") == "en"
    visitor.speak("es")

    assert visitor.page.get_by_role("alert").get_by_role("link").count() == 1
    visitor.tick("La madre no figura en el RENIEC")
    visitor.press(NEXT)
    visitor.expect("¿Qué distrito figura en su DNI?")


def test_the_link_back_shows_what_was_answered(visitor: Visitor) -> None:
    answer_until(visitor, visitor.site.application("adult"), "level")

    visitor.page.get_by_role("link", name="Atrás").click()
    visitor.page.get_by_role("link", name="Atrás").click()

    mother = visitor.page.get_by_label(label_of("student.mother.given_names"), exact=True)
    assert mother.input_value() == "Rosa María"
    for _ in range(3):
        visitor.page.get_by_role("link", name="Atrás").click()
    visitor.expect("Antes de empezar")
    visitor.press("Seguir con mi solicitud")
    visitor.press(NEXT)
    visitor.expect("¿De qué nivel quiere la constancia?")


@EITHER_WAY
def test_every_page_can_be_loaded_again(new_visitor: NewVisitor, scripts: bool) -> None:
    visitor = new_visitor(scripts=scripts)
    for _ in answer(visitor, visitor.site.application("minor-mother")):
        heading = visitor.heading
        visitor.page.reload()
        assert visitor.heading == heading
    before = len(visitor.site.certificates())
    send(visitor)
    visitor.expect(READY)
    visitor.page.reload()
    visitor.expect(READY)
    assert len(visitor.site.certificates()) == before + 1


@EITHER_WAY
def test_pressing_twice_makes_one_certificate(new_visitor: NewVisitor, scripts: bool) -> None:
    visitor = new_visitor(scripts=scripts)
    answered(visitor)
    before = len(visitor.site.certificates())

    visitor.tick(ACCEPT)
    visitor.page.get_by_role("button", name=SEND, exact=True).dblclick(no_wait_after=True)
    visitor.expect(READY)

    assert len(visitor.site.certificates()) == before + 1


@EITHER_WAY
def test_going_back_after_sending_makes_one_certificate(new_visitor: NewVisitor, scripts: bool) -> None:
    visitor = new_visitor(scripts=scripts)
    answered(visitor)
    before = len(visitor.site.certificates())
    send(visitor)
    visitor.expect(READY)
    first = visitor.page.url

    visitor.back(SENT)
    visitor.press("Ver mi constancia")
    visitor.expect(READY)

    assert visitor.page.url == first
    assert len(visitor.site.certificates()) == before + 1


def test_the_same_draft_in_two_tabs_makes_one_certificate(visitor: Visitor) -> None:
    answered(visitor)
    before = len(visitor.site.certificates())
    other = beside(visitor)
    other.open(visitor.page.url)

    send(visitor)
    address = sent_to(visitor)
    send(other)

    assert sent_to(other) == address
    assert len(visitor.site.certificates()) == before + 1


def test_two_tabs_for_two_children_do_not_mix(visitor: Visitor) -> None:
    other = beside(visitor)
    applications = [visitor.site.application(person) for person in ("minor-mother", "minor-father")]
    tabs = [answer(tab, one) for tab, one in zip((visitor, other), applications, strict=True)]

    for _ in zip(*tabs, strict=True):  # page by page, in turns
        pass

    for tab, application in zip((visitor, other), applications, strict=True):
        tab.expect(CHECK)
        assert application["student"]["document"]["number"] in tab.text
        assert application["contact"]["email"] in tab.text
    send(other)
    other.expect(READY)
    send(visitor)
    visitor.expect(READY)
    assert visitor.code != other.code


@EITHER_WAY
def test_who_refuses_cookies_is_told(new_visitor: NewVisitor, scripts: bool) -> None:
    visitor = new_visitor(scripts=scripts)
    answer_until(visitor, visitor.site.application("adult"), "purpose")

    visitor.page.context.clear_cookies()
    visitor.choose("Para mí")
    visitor.press(NEXT)

    assert visitor.refusal == "draft_missing"
    assert "cookies" in visitor.text


@EITHER_WAY
def test_what_is_typed_is_never_run(new_visitor: NewVisitor, scripts: bool) -> None:
    visitor = new_visitor(scripts=scripts)
    dialogs: list[Dialog] = []
    visitor.page.on("dialog", lambda dialog: dialogs.append(dialog))  # noqa: PLW0108 - Playwright wants a function
    hostile = """"><img src=x onerror=alert(1)><script>alert(2)</script>{{ 7 * 7 }}"""
    answer_until(visitor, visitor.site.application("adult"), "student-parents")

    for parent in ("father", "mother"):
        visitor.write(label_of(f"student.{parent}.given_names"), hostile)
    visitor.press(NEXT)
    visitor.page.get_by_role("alert").wait_for()

    field = visitor.page.get_by_label(label_of("student.father.given_names"), exact=True)
    assert field.input_value() == hostile
    visitor.verify(hostile, hostile)
    assert dialogs == []
    assert visitor.page.locator("img[src=x]").count() == 0
    assert visitor.watch.complaints == []


def beside(visitor: Visitor) -> Visitor:
    """The same person in a second tab."""
    context = visitor.page.context
    return Visitor(
        context.new_page(), Watch(context, visitor.site.url), visitor.site, scripts=visitor.scripts
    )


def test_who_waits_where_the_script_never_came_sees_the_certificate_all_the_same(visitor: Visitor) -> None:
    visitor.page.context.route("**/*.js", lambda route: route.abort())
    answer_until(visitor, visitor.site.application("adult"), "student-district")
    # Scripts may run, but none came: the list is the plain one.
    visitor.scripts = False
    pick_district(visitor, "student", place_of(visitor.site.application("adult")["student"]["domicile"]))
    visitor.press(NEXT)
    visitor.choose("Secundaria")
    visitor.press(NEXT)
    visitor.write(label_of("contact.email"), "persona@correo.example")
    visitor.press(NEXT)
    visitor.choose("Beca o crédito educativo")
    visitor.press(NEXT)
    send(visitor)

    visitor.expect(READY)


SHOW_OR_HIDE = """(hidden) => {
  Object.defineProperty(document, "hidden", {value: hidden, configurable: true});
  document.dispatchEvent(new Event("visibilitychange"));
}"""


def test_a_page_that_asks_by_itself_disturbs_nobody_and_ends(visitor: Visitor) -> None:
    asked: list[str] = []

    def still_pending(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(json={"state": "PENDING"})

    page = visitor.page
    page.route("**/api/v1/requests/*", still_pending)
    answered(visitor)
    send(visitor)
    visitor.expect(WAITING)
    page.evaluate("window.__same = true")

    page.wait_for_timeout(6000)  # the page without the script renews itself after 5 s
    assert page.evaluate("window.__same")  # not over who listens

    page.evaluate(SHOW_OR_HIDE, True)
    page.wait_for_timeout(200)  # for what was on its way
    before = len(asked)
    assert before
    page.wait_for_timeout(4000)  # longer than its next pause
    assert len(asked) == before

    page.unroute_all()
    page.route("**/api/v1/requests/*", lambda route: route.fulfill(status=404))
    page.evaluate(SHOW_OR_HIDE, False)
    visitor.expect(READY)  # what is no more is told by the page itself, which here has better news


class TestDistrict:
    """Finding a district by typing."""

    @pytest.fixture
    def field(self, visitor: Visitor) -> Locator:
        answer_until(visitor, visitor.site.application("adult"), "student-district")
        return visitor.page.locator("input[role=combobox]")

    def test_who_is_called_so_comes_first_and_more_than_are_shown_are_told(
        self, visitor: Visitor, field: Locator
    ) -> None:
        field.fill("lima")
        options = visitor.page.get_by_role("option").all_inner_texts()
        assert options[0] == "Lima (Lima – Lima)"
        told = visitor.page.get_by_role("status")
        assert "Más de 30" in told.inner_text()
        assert told.evaluate("(one) => one.getBoundingClientRect().height > 10")  # seen, not only heard

        field.fill("no hay tal lugar")
        assert told.inner_text() == "Ningún distrito se llama así."

    def test_the_open_list_covers_no_button(self, visitor: Visitor, field: Locator) -> None:
        field.fill("san")
        visitor.page.get_by_role("option").first.wait_for()
        button = visitor.page.get_by_role("button", name=NEXT, exact=True)

        assert button.evaluate(
            "(one) => { one.scrollIntoView(); const {x, y, width, height} = one.getBoundingClientRect();"
            " return one.contains(document.elementFromPoint(x + width / 2, y + height / 2)); }"
        )
        button.click()
        visitor.summary_of_faults()  # the press was the button's, and chose nothing

    def test_tab_takes_what_is_lit(self, visitor: Visitor, field: Locator) -> None:
        field.fill("wanchaq")
        visitor.page.keyboard.press("ArrowDown")
        visitor.page.keyboard.press("Tab")

        assert field.input_value().startswith("Wanchaq (Cusco")
        assert visitor.page.locator("select").input_value() == "080108"

    def test_what_is_typed_stays_in_another_language(self, visitor: Visitor, field: Locator) -> None:
        field.fill("san juan")
        visitor.speak("en")

        assert field.input_value() == "san juan"

    def test_what_names_no_single_district_says_so_when_it_is_left(
        self, visitor: Visitor, field: Locator
    ) -> None:
        field.fill("san juan")
        visitor.page.keyboard.press("Tab")

        assert field.input_value() == "san juan"
        assert "Elija su distrito de la lista" in visitor.page.get_by_role("status").inner_text()
