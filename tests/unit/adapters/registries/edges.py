"""A contract's own edges: a valid answer with, in each place, every value at which a rule begins or ends.

They are read from the schema, so that a rule which changes in the contract alone changes what is tried.
"""

import re
from collections.abc import Iterator
from copy import deepcopy
from itertools import product
from typing import Any, Final

from infra.registries.contract import Contract

type _Place = tuple[str | int, ...]

_READ: Final = {
    *("$ref", "type", "enum", "const", "oneOf", "properties", "items", "maxItems", "format", "pattern"),
    *("minLength", "maxLength", "minimum", "maximum", "required", "additionalProperties", "description"),
}
_DATES: Final = ("2024-02-29", "2023-02-29", "20240229", "2024-02-29T00:00:00", "1709164800")
_TOKEN: Final = re.compile(
    r"(?:\[(?P<ranges>[^\]]+)\]|(?P<letter>[A-Z0-9]))(?:\{(?P<low>\d+),?(?P<high>\d+)?\})?"
)


def edges(contract: Contract, path: str, answer: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The answer, changed in one place at a time to each value around the edges of that place's rules."""
    for changes in _changes(contract, contract.schema_of_answer(path), answer, ()):
        changed = deepcopy(answer)
        for place, value in changes.items():
            owner: Any = changed
            for key in place[:-1]:
                owner = owner[key]
            owner[place[-1]] = value
        yield changed


def _changes(
    contract: Contract, schema: dict[str, Any], part: Any, place: _Place
) -> Iterator[dict[_Place, Any]]:
    """What to put where, in this place and all that it holds."""
    schema = contract.resolved(schema)
    if place:
        yield from ({place: value} for value in _values(contract, schema, part))
    for key, inner in schema.get("properties", {}).items():
        yield from _changes(contract, inner, part[key], (*place, key))
    if "properties" in schema:
        for branch in schema.get("oneOf", ()):  # properties that depend on each other: all combinations
            inner = branch["properties"]
            choices = [list(_values(contract, inner[key], part[key])) for key in inner]
            for values in product(*choices):
                yield {(*place, key): value for key, value in zip(inner, values, strict=True)}
    if "items" in schema:
        yield from _changes(contract, schema["items"], part[0], (*place, 0))


def _values(contract: Contract, schema: dict[str, Any], part: Any) -> Iterator[Any]:
    """Values within and just beyond the rules of one place; `part` is a valid one."""
    schema = contract.resolved(schema)
    assert schema.keys() <= _READ, "a rule that nobody tries"
    if "properties" in schema:
        return
    for branch in schema.get("oneOf", ()):
        yield from _values(contract, branch, part)
    yield from schema.get("enum", ())
    if "const" in schema:
        yield schema["const"]
    if "null" in schema.get("type", ()):
        yield None
    if "enum" in schema or "const" in schema:
        yield "OTRO"
    for bound in ("minimum", "maximum"):
        if bound in schema:
            yield from range(schema[bound] - 1, schema[bound] + 2)
    if "maxItems" in schema:
        yield from (part[:1] * length for length in (0, schema["maxItems"], schema["maxItems"] + 1))
    for bound in ("minLength", "maxLength"):
        if bound in schema:
            yield from ("X" * (schema[bound] + more) for more in (-1, 0, 1))
    if "format" in schema:
        assert schema["format"] == "date"
        yield from _DATES
    if "pattern" in schema:
        yield from _texts(schema["pattern"])


def _texts(pattern: str) -> Iterator[str]:
    """Texts at the edges of a pattern: of each class the first, the last and the letters next to them."""
    if pattern == r"\S":
        yield from ("X", " ", "\t", " X ")
        return
    whole = re.fullmatch(r"\^\(?(.*?)\)?\$", pattern)
    assert whole, f"a pattern without its ends: {pattern}"
    for alternative in whole[1].split("|"):
        tokens = list(_TOKEN.finditer(alternative))
        assert "".join(token[0] for token in tokens) == alternative, (
            f"a pattern that can't be read: {pattern}"
        )
        yield from map("".join, product(*map(_runs, tokens)))


def _runs(token: re.Match[str]) -> set[str]:
    """A token's letters as often as it takes them, and the first one once too rarely and once too often."""
    low = int(token["low"] or 1)
    high = int(token["high"] or low)
    letters = {token["letter"]}
    if token["ranges"]:
        ends = [(first, last or first) for first, last in re.findall(r"(.)(?:-(.))?", token["ranges"])]
        letters = {
            letter for first, last in ends for letter in (_next(first, -1), first, last, _next(last, 1))
        }
    valid = (token["ranges"] or token["letter"])[0]
    return {letter * length for letter in letters for length in (low, high)} | {
        valid * (low - 1),
        valid * (high + 1),
    }


def _next(letter: str, step: int) -> str:
    return chr(ord(letter) + step)
