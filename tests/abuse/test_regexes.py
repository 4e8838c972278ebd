"""Every regular expression in what Lambda runs answers hostile text within a moment, however long it is.

They are found in the sources, so a new one is tried too. What is tried is made of the expression's letters.
"""

import ast
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
FUNCTIONS: Final = frozenset(
    {"compile", "fullmatch", "match", "search", "sub", "findall", "split", "finditer"}
)
LONGEST: Final = 64 * 1024
"""Characters: no body is longer."""
SECONDS: Final = 0.25
OVER_OUR_OWN: Final = {
    "layers/common/constancia/web/fallbacks.py": "goes over our own page, where what was typed is escaped",
}
"""Where an expression never meets text that somebody sent."""


def literals(path: Path) -> Iterator[str]:
    """The patterns of a module; what is put into one is taken as a digit."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="re"), attr=name), args=[pattern, *_]) if (
                name in FUNCTIONS
            ):
                yield _text(pattern)


def _text(node: ast.expr) -> str:
    match node:
        case ast.Constant(value=str() as text):
            return text
        case ast.Constant(value=bytes() as text):
            return text.decode("latin1")
        case ast.JoinedStr(values=parts):
            return "".join(_text(part) for part in parts)
        case ast.FormattedValue():
            return "1"
        case ast.BinOp(left=left, right=right):
            return _text(left) + _text(right)
        case _:
            raise AssertionError(f"a pattern that is made where it is used: {ast.unparse(node)}")


def patterns() -> Iterator[tuple[str, str]]:
    for folder in ("functions", "layers/common/constancia"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if name not in OVER_OUR_OWN:
                yield from ((name, pattern) for pattern in literals(path))


PATTERNS: Final = sorted(set(patterns()))


def hostile(pattern: str, length: int) -> Iterator[str]:
    """Long texts that nearly fit: the pattern's own letters again and again, then one that fits nothing."""
    letters = sorted({one for one in pattern if one.isprintable()} | set("a0A-. \t'<\"@/%+:_é"))
    for one in letters:
        yield one * length + "\0"
        yield "\0" + one * length
    for pair in ("a.", "a-", "0-", "a@", "@a.", "a'", " \t", "<a", '"<', "0:", "aA", ".a@a", "/a", "%2"):
        yield pair * (length // len(pair)) + "\0"
        yield "a@" + pair * (length // len(pair)) + "\0"


@pytest.mark.parametrize(("where", "pattern"), PATTERNS)
def test_an_expression_takes_no_longer_than_its_text(where: str, pattern: str) -> None:
    compiled = re.compile(pattern, re.IGNORECASE if "A-Z0-9!" in pattern else 0)
    for length in (LONGEST // 16, LONGEST // 4):
        for text in hostile(pattern, length):
            begun = time.process_time()
            compiled.fullmatch(text)
            compiled.search(text)
            assert time.process_time() - begun < SECONDS, (where, pattern, length, text[:10])


def test_they_are_found() -> None:
    assert len(PATTERNS) >= 20
    assert any("@" in pattern for _, pattern in PATTERNS)
    for name in OVER_OUR_OWN:
        assert list(literals(ROOT / name))


def test_a_pattern_that_runs_away_would_be_told() -> None:
    with pytest.raises(AssertionError):
        test_an_expression_takes_no_longer_than_its_text("here", "(?:ab?)*c")
