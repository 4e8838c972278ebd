"""Typst by its Python package. Warm: the compiler stays, with faces and template read."""

import json
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import typst

from tests.benchmarks.peers import look

NAME, VERSION, FILE = "Typst", version("typst"), "PDF/A-3a and PDF/UA-1, tagged, with attachment"

_TEMPLATE = Path(__file__).with_name("certificate.typ")


def start(setup: dict[str, Any]) -> Callable[[int], bytes]:
    """Make the compiler and give what draws."""
    compiler = typst.Compiler(
        str(_TEMPLATE), root=str(_TEMPLATE.parent), font_paths=[setup["fonts"]], ignore_system_fonts=True
    )

    def draw(number: int) -> bytes:
        content = setup["contents"][number]
        drawings = {
            "symbol": look.symbol_svg(content["qr"]),
            "frieze_svg": look.frieze_svg(content["frieze"]),
            "emblem_svg": content["emblem"]["svg"],
        }
        inputs = {"content": json.dumps({**content, **drawings})}
        made = compiler.compile(format="pdf", sys_inputs=inputs, pdf_standards=["a-3a", "ua-1"])
        assert isinstance(made, bytes)
        return made

    return draw
