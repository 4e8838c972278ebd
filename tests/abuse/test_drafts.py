"""The cookie that carries a request being filled in: cut, changed, another's, sent again.

`tests/unit/request/test_steps.py` has what a person may meet; here is what somebody does on purpose.
"""

import base64
import json
from urllib.parse import urlencode

from infra.local.gateway import Response
from infra.registries.people import today_in_lima
from infra.registries.scenarios import scenario
from request.schemas import ApplicationSchema
from tests.abuse.routes import OWN_FORM, Standing, cookie_value, header, told
from tests.builders import TERMS


def shown(standing: Standing, cookie: str, draft: str | None = None) -> Response:
    path = f"/request/draft/{draft or standing.draft}/purpose"
    return standing.site.ask("GET", path, {"Cookie": f"draft={cookie}"})


def answered(standing: Standing, cookie: str, page: str, **fields: str) -> Response:
    path = f"/request/draft/{standing.draft}/{page}"
    return standing.site.ask("POST", path, {**OWN_FORM, "Cookie": f"draft={cookie}"}, urlencode(fields))


def test_the_cookie_itself_opens_its_draft(standing: Standing) -> None:
    assert shown(standing, standing.cookie).status == 200


def test_no_part_of_a_cookie_is_one(standing: Standing) -> None:
    for length in range(len(standing.cookie)):
        assert shown(standing, standing.cookie[:length]).status == (400 if length else 404)
    for more in ("A", "=", "==", "AAAA", " ", "."):
        assert shown(standing, standing.cookie + more).status in {200, 400}, more


def test_no_bit_of_a_cookie_can_be_changed(standing: Standing) -> None:
    raw = bytearray(base64.urlsafe_b64decode(standing.cookie + "=" * (-len(standing.cookie) % 4)))
    for place in range(len(raw)):
        changed = bytearray(raw)
        changed[place] ^= 1 << place % 8
        value = base64.urlsafe_b64encode(changed).decode().rstrip("=")
        assert shown(standing, value).status == 400, place


def test_a_cookie_opens_no_other_draft(standing: Standing) -> None:
    begun = standing.site.ask("POST", "/request", OWN_FORM)
    other, cookie = header(begun, "Location").split("/")[3], cookie_value(begun)

    assert shown(standing, cookie, other).status == 200
    assert shown(standing, standing.cookie, other).status == 400
    assert shown(standing, cookie).status == 400


def test_a_cookie_of_before_leads_back_and_no_further(standing: Standing) -> None:
    later = answered(standing, standing.cookie, "purpose", **{"for": "SELF"})
    assert (later.status, header(later, "Location").rpartition("/")[2]) == (303, "student-document")

    replayed = answered(standing, standing.cookie, "level", level="PRIMARIA")
    assert header(replayed, "Location").split("?")[0].endswith("/purpose")
    assert (
        standing.site.ask(
            "POST",
            f"/request/draft/{standing.draft}/check",
            {**OWN_FORM, "Cookie": f"draft={standing.cookie}"},
            urlencode({"terms.accepted": "on", "terms.version": TERMS}),
        ).status
        == 303
    )  # to what is still to be answered: nothing was sent


def test_a_whole_cookie_that_is_sent_again_makes_one_request(standing: Standing) -> None:
    """All answers, kept by somebody from before they were sent, and sent again and again."""
    site = standing.site
    begun = site.ask("POST", "/request", OWN_FORM)
    draft, cookie = header(begun, "Location").split("/")[3], cookie_value(begun)
    fields = _typed()
    page = header(begun, "Location").rpartition("/")[2]
    for _ in range(20):
        if page == "check":
            break
        answer = site.ask(
            "POST",
            f"/request/draft/{draft}/{page}",
            {**OWN_FORM, "Cookie": f"draft={cookie}"},
            urlencode(fields),
        )
        assert answer.status == 303, (page, answer.body)
        cookie, page = cookie_value(answer), header(answer, "Location").rpartition("/")[2]
    assert page == "check"

    sendings = [
        site.ask(
            "POST",
            f"/request/draft/{draft}/check",
            {**OWN_FORM, "Cookie": f"draft={cookie}"},
            urlencode({"terms.accepted": "on", "terms.version": TERMS}),
        )
        for _ in range(3)
    ]
    places = {header(one, "Location") for one in sendings}
    assert len(places) == 1
    assert next(iter(places)).startswith("/request/")
    sent = cookie_value(sendings[0])
    assert answered_after(standing, draft, sent) == places.pop()


def answered_after(standing: Standing, draft: str, cookie: str) -> str:
    """Where an answer leads that comes after the sending, under the cookie of then."""
    answer = standing.site.ask(
        "POST",
        f"/request/draft/{draft}/level",
        {**OWN_FORM, "Cookie": f"draft={cookie}"},
        urlencode({"level": "PRIMARIA"}),
    )
    assert answer.status == 303
    return header(answer, "Location")


def _typed() -> dict[str, str]:
    """What an adult types on all pages together."""
    application = scenario("sixteen", today_in_lima()).application(TERMS)
    ApplicationSchema.model_validate_json(json.dumps(application))
    student = application["student"]
    return {
        "for": "SELF",
        "student.document.type": "DNI",
        "student.document.number": student["document"]["number"],
        "student.father.given_names": student["father"]["given_names"],
        "student.mother.given_names": student["mother"]["given_names"],
        "student.domicile.ubigeo": student["domicile"]["ubigeo"],
        "level": application["level"],
        "contact.email": application["contact"]["email"],
        "reason.code": "SCHOLARSHIP",
    }


def test_a_request_s_address_is_all_that_opens_it(standing: Standing) -> None:
    """Whoever has the 128 bits may see it; a digit more, less or other opens nothing."""
    right = standing.request_id
    wrong = [right[:-1], right + "0", right.upper(), right[::-1], "0" * 32, f" {right}"]
    for request_id in wrong:
        assert standing.site.ask("GET", f"/api/v1/requests/{request_id.replace(' ', '%20')}").status == 404
    assert told(standing.site.ask("GET", f"/api/v1/requests/{right}"))["state"] == "ISSUED"
