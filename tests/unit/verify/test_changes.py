"""Kinds of change, from the bytes alone."""

import pytest

from infra.verify.changes import byte_changes

GENUINE = b"%PDF-1.7 genuine " + bytes(2000) + b"%%EOF"
SIZE = len(GENUINE)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (GENUINE, []),
        (GENUINE + b"\n", ["1 byte after its end: junk"]),
        (GENUINE + b"1 0 obj", ["7 bytes after its end: a revision that was appended"]),
        (GENUINE + GENUINE, [f"{SIZE:,} bytes after its end: another PDF file"]),
        (b"MZ" + GENUINE, ["2 bytes put before the certificate"]),
        (GENUINE[:1500], [f"the file was cut off after 1,500 of {SIZE:,} bytes"]),
        (GENUINE[:9], []),
        (GENUINE.replace(b"g", b"G"), ["1 byte changed, in 1 place, the first at 9"]),
        (GENUINE.replace(b"e", b"E"), ["2 bytes changed, in 2 places, the first at 10"]),
        (b"something else", []),
        (b"", []),
    ],
)
def test_each_change_is_told(data: bytes, told: list[str]) -> None:
    assert byte_changes(data, GENUINE) == told
