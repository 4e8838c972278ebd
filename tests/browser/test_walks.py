"""Every scenario person goes through the site to the end, on a phone.

Each goes twice, so that everybody goes with and without scripts and in both languages: every other one in
Spanish with scripts and in English without, the rest the other way round. All four: `CONSTANCIA_WALKS=all`.
"""

import hashlib
import os
from itertools import product
from typing import Any, Final

import pytest

from infra.cli.demo import read_qr
from infra.registries.cast import HELD as ENDS_HELD
from infra.registries.cast import Scenario
from infra.registries.people import today_in_lima
from infra.registries.scenarios import scenarios
from tests.browser.asking import HELD, READY, request
from tests.browser.conftest import NewVisitor
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.slow, pytest.mark.e2e]

_ALL: Final = os.environ.get("CONSTANCIA_WALKS") == "all"


def _walks() -> list[tuple[Scenario, str, bool]]:
    """Who walks, in which language, and whether with scripts. Nobody walks twice in a row: then outages of a
    registry that some people bring along would add up, and close it for everybody (docs/adr/0020).
    """
    people = scenarios(today_in_lima())
    return [
        (one, language, scripts)
        for language, scripts in product(("es", "en"), (True, False))
        for number, one in enumerate(people)
        if _ALL or (language == "es") == (scripts == (number % 2 == 0))
    ]


@pytest.mark.parametrize(
    ("scenario", "language", "scripts"),
    [
        pytest.param(*walk, id=f"{walk[0].name}-{walk[1]}-{'scripts' if walk[2] else 'without'}")
        for walk in _walks()
    ],
)
def test_everybody_gets_to_the_end(
    new_visitor: NewVisitor, scenario: Scenario, language: str, scripts: bool
) -> None:
    visitor = new_visitor(touch=True, scripts=scripts, language=language)
    application = scenario.application(visitor.site.terms_version)

    request(visitor, application)

    if not scenario.accepted:
        assert visitor.refusal == scenario.expected
    elif scenario.expected == ENDS_HELD:
        visitor.expect(HELD)
    else:
        visitor.expect(READY)
        _use_the_certificate(visitor, application)
    assert visitor.watch.complaints == []
    assert visitor.watch.foreign == []


def _use_the_certificate(visitor: Visitor, application: dict[str, Any]) -> None:
    code = visitor.code
    file = visitor.download()
    visitor.site.mail_to(application["contact"]["email"], code)

    visitor.verify(code)
    visitor.expect("Constancia auténtica")
    assert "***" in visitor.text or "•••" in visitor.text  # whose it is, masked
    visitor.write("Número de documento del estudiante", application["student"]["document"]["number"])
    visitor.press("Ver el contenido")
    visitor.expect("Constancia auténtica")
    assert hashlib.sha256(file).hexdigest() in visitor.text
    assert visitor.download() == file

    visitor.open(read_qr(file))
    visitor.expect("Constancia auténtica")
    assert code in visitor.text
    assert hashlib.sha256(file).hexdigest() in visitor.text


def test_everybody_walks_with_and_without_scripts_and_in_both_languages() -> None:
    walked = {(one.name, what) for one, language, scripts in _walks() for what in (language, scripts)}

    everybody = {one.name for one in scenarios(today_in_lima())}
    assert walked == set(product(everybody, ("es", "en", True, False)))
