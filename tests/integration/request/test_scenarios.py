"""Every scenario person ends as its name says, through the real handlers and over HTTP to the registries."""

import pytest

from infra.registries.cast import HELD, Scenario
from infra.registries.people import today_in_lima
from infra.registries.scenarios import scenarios
from tests.builders import TERMS
from tests.deployed import Deployed

SCENARIOS = scenarios(today_in_lima())


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_every_scenario_person_ends_as_the_name_says(deployed: Deployed, scenario: Scenario) -> None:
    answer = deployed.post(scenario.application(TERMS))

    if not scenario.accepted:
        assert answer.json["code"] == scenario.expected
        assert deployed.render_all() == 0
        kinds = {item["pk"]["S"].partition("#")[0] for item in deployed.items()}
        assert not kinds & {"REQ", "CERT", "SAME", "IDEM"}
        return
    assert answer.status == 202
    assert deployed.render_all() == 1
    told = deployed.get(answer.headers["Location"]).json
    if scenario.expected == HELD:
        assert (told["state"], told["mail"], told["code"]) == ("HELD", "PENDING", None)
        return
    assert (told["state"], told["mail"]) == ("ISSUED", "SENT")
    assert told["links"]["pdf"].startswith(f"/api/v1/certificates/{told['code']}/pdf?g=")
