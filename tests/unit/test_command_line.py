"""What every subcommand of `constancia` has in common."""

import pytest

from infra.cli import demo
from infra.cli.main import INTERRUPTED, main


def test_ctrl_c_ends_a_command_without_a_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(demo, "run", interrupted)

    assert main(["demo", "--out", "nowhere"]) == INTERRUPTED


@pytest.mark.parametrize("printed", ["", "/", "/outbox", "/outbox/"])
def test_the_outbox_is_named_as_make_run_prints_it_or_by_its_host_alone(printed: str) -> None:
    assert demo.outbox_at(f"http://127.0.0.1:8025{printed}") == "http://127.0.0.1:8025"
