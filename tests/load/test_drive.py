"""The load's harness: everybody at hand may ask, and figures are what locust counted."""

import io
from contextlib import redirect_stderr

import pytest

from constancia.domain.errors import DomainError
from infra.local.template import Template
from infra.registries.population import Population
from request.schemas import parse_application
from tests.browser.site import ONE_ADDRESS
from tests.builders import TERMS, TODAY
from tests.load.applicants import TooFewApplicantsError, applications
from tests.load.drive import Row, main, percentile, table
from tests.people import content_on


def test_everybody_at_hand_may_have_a_certificate_and_asks_once() -> None:
    bodies = applications(20, TERMS, TODAY)

    population = Population(TODAY)
    for body in bodies:
        content_on(population, parse_application(body), TODAY)  # raises where a rule refuses
    assert len({body["student"]["document"]["number"] for body in bodies}) == 20


def test_who_may_not_have_one_is_told_from_who_may() -> None:
    body = applications(1, TERMS, TODAY)[0]
    body["student"]["mother"] = {"given_names": "Nadie"}
    with pytest.raises(DomainError):
        content_on(Population(TODAY), parse_application(body), TODAY)


def test_more_than_there_are_is_refused() -> None:
    with pytest.raises(TooFewApplicantsError):
        applications(100, TERMS, TODAY, people=100)


def test_no_limit_of_an_address_is_met_where_everybody_comes_from_one(template: Template) -> None:
    limits = {name for name in template.parameters if name.endswith("PerAddress")}

    assert limits == set(ONE_ADDRESS)


@pytest.mark.parametrize("text", ["0", "-1", "", "ocho", "1.5", "²"])
def test_a_number_that_is_none_is_told(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    said = io.StringIO()
    monkeypatch.setattr("sys.argv", ["load", "--users", text])
    with redirect_stderr(said), pytest.raises(SystemExit) as ended:
        main()

    assert ended.value.code == 2
    assert "is no whole number from 1 on" in said.getvalue()


@pytest.mark.parametrize(
    ("counted", "part", "value"),
    [
        ({}, 0.5, 0),
        ({7: 1}, 0.5, 7),
        ({1: 50, 2: 45, 9: 5}, 0.5, 1),
        ({1: 50, 2: 45, 9: 5}, 0.95, 2),
        ({1: 50, 2: 45, 9: 5}, 0.99, 9),
        ({9: 1, 1: 99}, 1.0, 9),
    ],
)
def test_percentiles_are_those_of_the_counted_times(
    counted: dict[float, int], part: float, value: float
) -> None:
    assert percentile(counted, part) == value


def test_several_entries_are_one_row() -> None:
    one = _entry({"10": 3, "20": 1}, begun=100.0, ended=102.0, failures=1)
    other = _entry({"30": 4}, begun=101.0, ended=104.0, failures=0)

    row = Row.of("both", [one, other])

    assert row == Row("both", 8, 1, 2.0, 20, 30, 30, 30)
    assert "both" in table([row])


def _entry(times: dict[str, int], *, begun: float, ended: float, failures: int) -> dict[str, object]:
    return {
        "response_times": times,
        "num_requests": sum(times.values()),
        "num_failures": failures,
        "start_time": begun,
        "last_request_timestamp": ended,
    }
