"""What the tests run on is what Lambda will run on."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LAYERS = sorted(path.parent.name for path in ROOT.glob("layers/*/requirements.txt"))


def pins(path: Path) -> dict[str, str]:
    return dict(re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", path.read_text("utf-8"), re.MULTILINE))


@pytest.mark.parametrize("layer", LAYERS)
def test_a_layer_takes_the_versions_that_were_tested(layer: str) -> None:
    tested = pins(ROOT / "requirements" / "dev.txt")
    shipped = pins(ROOT / "layers" / layer / "requirements.txt")

    assert shipped
    assert {name: tested.get(name) for name in shipped} == shipped
