"""Judges that pip can't bring: where they are, and what happens where they are not."""

import os
import shutil
from typing import Final, NoReturn

import pytest

SWITCH: Final = "CONSTANCIA_JUDGES"


def missing(tool: str) -> NoReturn:
    """End the test for want of a tool: skipped where one develops, failed where all judges are required."""
    reason = f"{tool} is missing; `make judges` installs it (with apt, as root)"
    if os.environ.get(SWITCH) == "required":
        pytest.fail(reason)
    pytest.skip(reason)


def program(name: str) -> str:
    """The path of a command."""
    return shutil.which(name) or missing(name)
