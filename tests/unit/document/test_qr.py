"""The QR's modules; that it can be read is shown in tests/integration/document."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode
from qrcode.util import QRData

from render.document.qr import QUIET_ZONE, symbol_of

ADDRESSES = st.text(st.characters(codec="ascii"), max_size=400)


def dark_of(path: str) -> set[tuple[int, int]]:
    """The dark modules, column and row."""
    runs = [[int(number) for number in run.split()[-4:]] for run in path.split(" re")[:-1]]
    return {(x + along - QUIET_ZONE, y - QUIET_ZONE) for x, y, length, _ in runs for along in range(length)}


@given(ADDRESSES)
@example("")
@example("h" * 62)
@example("h" * 2331)
def test_the_symbol_is_the_one_that_the_package_draws(address: str) -> None:
    code = QRCode(version=4, error_correction=ERROR_CORRECT_M, mask_pattern=3, border=0)
    code.add_data(QRData(address.encode("ascii"), 4))
    code.make(fit=True)
    matrix = code.get_matrix()
    symbol = symbol_of(address)
    assert symbol.modules == len(matrix)
    assert dark_of(symbol.path) == {
        (x, y) for y, row in enumerate(matrix) for x, dark in enumerate(row) if dark
    }


def test_an_address_that_no_symbol_holds_is_refused() -> None:
    with pytest.raises(ValueError, match="2332 characters"):
        symbol_of("h" * 2332)


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
