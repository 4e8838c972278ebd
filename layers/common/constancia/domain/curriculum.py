"""The order in which a certificate lists grades, areas and competencias.

The lists order and group; they never drop a row. Source: `data/curriculum.json`, made from the curricula of
2009 (DCN) and 2016 (CNEB, RM 281-2016-MINEDU).
"""

import json
from functools import cache, lru_cache
from importlib import resources

from constancia.domain.school import Level, ResultKind

_GRADES = {
    Level.INICIAL: ("3", "4", "5"),
    Level.PRIMARIA: ("1", "2", "3", "4", "5", "6"),
    Level.SECUNDARIA: ("1", "2", "3", "4", "5"),
}
_GROUPS = (ResultKind.AREA, ResultKind.TRANSVERSAL, ResultKind.WORKSHOP)


def grades_of(level: Level) -> tuple[str, ...]:
    """The grades that every certificate of a level shows; of inicial, the ages of jardín.

    Cuna (ages 0 to 2) is shown to those who went there.
    """
    return _GRADES[level]


@lru_cache(2048)  # the names of rows: twice as many as the curricula have
def row_rank(
    level: Level, kind: ResultKind, area: str, competencia: str | None
) -> tuple[int, int, str, int, str]:
    """A sort key for a row: its group, then the curriculum's order, then the alphabet for what it lacks."""
    areas, competencias = _order(level)
    return (
        _GROUPS.index(kind),
        areas.get(area.casefold(), len(areas)),
        area,
        competencias.get((area.casefold(), (competencia or "").casefold()), len(competencias)),
        competencia or "",
    )


@cache
def _order(level: Level) -> tuple[dict[str, int], dict[tuple[str, str], int]]:
    data = json.loads(resources.files("constancia").joinpath("data/curriculum.json").read_text("utf-8"))
    areas: dict[str, int] = {}
    competencias: dict[tuple[str, str], int] = {}
    for curriculum in data["curricula"]:
        for name, entry in curriculum["levels"].items():
            if name.startswith(level.casefold()):
                for area in entry["areas"]:
                    key = area["name"].casefold()
                    areas.setdefault(key, len(areas))
                    for number in area.get("competencias", ()):
                        title = data["competencias"][str(number)].casefold()
                        competencias.setdefault((key, title), len(competencias))
    return areas, competencias
