"""Request, render, supersede, annul, mail, sweep, expire, hold, redrive: in any order, the promises hold."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import Phase
from hypothesis.stateful import run_state_machine_as_test

from constancia.adapters.mail import SesMailer
from constancia.adapters.store import DynamoCertificateStore
from constancia.domain.ports import Mail, MailOutcome
from render.sealing import SealedDrawing
from render.sweep import Sweep
from tests.fuzz.effort import FRESH, effort
from tests.fuzz.lifecycle import REFUSED, Lifecycle
from tests.fuzz.site import Site

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture
def world(site: Site, monkeypatch: pytest.MonkeyPatch) -> Site:
    """The site, whose drawing can break, and whose mail service refuses one address for good."""
    drawn, sent = SealedDrawing.__call__, SesMailer.send

    def draw(self: SealedDrawing, *given: Any) -> bytes:
        if site.breaks:
            raise site.breaks
        return drawn(self, *given)

    def send(self: SesMailer, mail: Mail) -> MailOutcome:
        return MailOutcome.REJECTED if mail.to == REFUSED else sent(self, mail)

    monkeypatch.setattr(SealedDrawing, "__call__", draw)
    monkeypatch.setattr(SesMailer, "send", send)
    return site


def live(site: Site, examples: int) -> None:
    # A life takes seconds: who wants the shortest one that fails takes the time of `make fuzz`.
    phases = list(Phase) if FRESH else [Phase.explicit, Phase.generate]
    machine: Any = lambda: Lifecycle(site)  # noqa: E731 - hypothesis makes one for each example
    run_state_machine_as_test(
        machine, settings=effort(examples, stateful_step_count=20, phases=phases, report_multiple_bugs=False)
    )


def test_whatever_happens_the_promises_hold(world: Site) -> None:
    live(world, 8)


def forgets_to_supersede(monkeypatch: pytest.MonkeyPatch) -> None:
    become_current = DynamoCertificateStore._become_current

    def forgetful(self: DynamoCertificateStore, *given: Any) -> Iterator[Any]:
        yield next(become_current(self, *given))

    monkeypatch.setattr(DynamoCertificateStore, "_become_current", forgetful)


def skips_the_sweep(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Sweep, "__call__", lambda _: 0)


@pytest.mark.parametrize("mutant", [forgets_to_supersede, skips_the_sweep])
def test_the_model_finds_what_is_broken_on_purpose(
    world: Site, monkeypatch: pytest.MonkeyPatch, mutant: Any
) -> None:
    mutant(monkeypatch)
    with pytest.raises(AssertionError):
        live(world, 15)
