"""What every subcommand of `constancia` has in common."""

import pytest

from infra.cli import demo
from infra.cli.main import INTERRUPTED, main


def test_ctrl_c_ends_a_command_without_a_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(demo, "run", interrupted)

    assert main(["demo", "--out", "nowhere"]) == INTERRUPTED
