"""Every page of a request, in every state, is judged; pictures of all are left in build/pages."""

import pytest

from tests.browser.asking import HELD, NEXT, READY, SEND, SENT, WAITING, answer, answer_until, request, send
from tests.browser.conftest import NewVisitor
from tests.browser.inspection import Inspection
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.slow, pytest.mark.e2e, pytest.mark.timeout(400)]


@pytest.mark.parametrize(
    ("person", "language"), [("adult", "es"), ("minor-guardian", "en"), ("foreign-minor-mother", "es")]
)
def test_pages_of_a_request(new_visitor: NewVisitor, person: str, language: str) -> None:
    visitor = new_visitor(language=language)
    inspection = Inspection(visitor, f"request-{person}-{language}")
    application = visitor.site.application(person)

    for page in answer(visitor, application):
        inspection.look(page)
        if page not in {"start", "check"}:
            visitor.press(NEXT)
            visitor.summary_of_faults()
            inspection.look(f"{page}-nothing-given")
    visitor.press(SEND)
    visitor.summary_of_faults()
    inspection.look("check-terms-not-accepted")
    # The page asks by itself whether the certificate is there: it shall have to wait.
    visitor.page.route("**/api/v1/requests/*", lambda route: route.fulfill(json={"state": "PENDING"}))
    send(visitor)
    visitor.expect(WAITING)
    inspection.look("waiting")
    visitor.page.unroute_all()
    visitor.expect(READY)
    inspection.look("ready")

    inspection.verdict()


def test_pages_of_refusals(visitor: Visitor) -> None:
    inspection = Inspection(visitor, "refusals")
    for person in (
        "wrong-domicile",
        "registry-down",
        "before-2013",
        "fifteen-alone",
        "adult-asked-by-parent",
    ):
        scenario = visitor.site.scenario(person)
        request(visitor, scenario.application(visitor.site.terms_version))
        assert visitor.refusal == scenario.expected
        inspection.look(scenario.expected)
    for _ in range(6):
        request(visitor, visitor.site.application("parent-denied"))
    assert visitor.refusal == "too_many_attempts"
    inspection.look("too_many_attempts")

    inspection.verdict()


def test_pages_of_what_became_of_a_request(visitor: Visitor) -> None:
    inspection = Inspection(visitor, "progress")
    request(visitor, visitor.site.application("unprintable-area"))
    visitor.expect(HELD)
    inspection.look("held")
    replaced = visitor.site.issue("adult")
    visitor.site.forget()
    visitor.site.issue("adult")
    visitor.open(replaced.progress)
    inspection.look("replaced")
    annulled = visitor.site.issue("sixteen")
    visitor.site.annul(annulled.code)
    visitor.open(annulled.progress)
    inspection.look("annulled")
    visitor.open("/request/AAAAAAAAAAAAAAAAAAAAAA")
    inspection.look("unknown")

    inspection.verdict()


def test_pages_of_drafts_that_are_no_more(visitor: Visitor) -> None:
    inspection = Inspection(visitor, "drafts")
    answer_until(visitor, visitor.site.application("adult"), "level")
    visitor.page.context.clear_cookies()
    visitor.page.reload()
    inspection.look("cookie-refused")
    request(visitor, visitor.site.application("adult"))
    visitor.expect(READY)
    visitor.back(SENT)
    inspection.look("back-after-sending")

    inspection.verdict()
