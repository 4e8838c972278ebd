"""The QR's modules; that it can be read is shown in tests/integration/document."""

import pytest

from render.document.qr import QUIET_ZONE, symbol_of


@pytest.mark.parametrize(("length", "modules"), [(20, 33), (62, 33), (63, 37), (106, 41), (107, 45)])
def test_the_symbol_is_the_smallest_from_version_4_on_that_holds_the_address(
    length: int, modules: int
) -> None:
    assert symbol_of("h" * length).modules == modules


def test_the_same_address_gives_the_same_symbol() -> None:
    assert symbol_of("https://cla.example/validate/A?t=b") == symbol_of("https://cla.example/validate/A?t=b")


def test_the_quiet_zone_is_left_white() -> None:
    symbol = symbol_of("https://cla.example")
    runs = [[int(number) for number in run.split()[-4:]] for run in symbol.path.split(" re")[:-1]]
    assert len(runs) > 33
    for x, y, width, height in runs:
        assert min(x, y) >= QUIET_ZONE
        assert max(x + width, y + height) <= symbol.modules + QUIET_ZONE
