"""No certificate on doubt: every part of every answer, spoilt in every way, and nothing is accepted."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Final

import pytest

from constancia.adapters.registries import (
    HttpCivilRegistry,
    HttpMigrationRegistry,
    HttpSchoolSystem,
    Limits,
    RegistryClient,
)
from constancia.domain.application import Application
from constancia.domain.errors import DomainError
from infra.registries import answers
from infra.registries.cast import Registry
from infra.registries.contract import contract
from request.registries import Registries
from tests.builders import (
    ADULT_DNI,
    CUSCO,
    CUSCO_RENIEC,
    STUDENT_CE,
    STUDENT_DNI,
    a_civil_record,
    a_foreign_record,
    a_foreigner,
    a_trajectory,
    an_application,
    an_application_by,
    an_observation,
)
from tests.fakes import NoBreaker
from tests.unit.adapters.registries.scripted import answer, scripted
from tests.unit.request.world import (
    InMemoryRegistries,
    World,
    a_family_s_world,
    a_foreigner_s_world,
    an_adult_s_world,
)

PATIENT: Final = Limits(connect=60, read=60, budget=120, pause=0.01)
_RAW: Final = "@raw@"
_MISSING: Final = "missing"
_FORBIDDEN: Final = {
    "NaN": "NaN",
    "infinity": "-Infinity",
    "half a surrogate": '"\\ud800"',
    "a control character": '"\\u0000"',
    "a number that is no double": "1e400",
    "digits without end": "9" * 5000,
    "depth without end": "[" * 5000 + "]" * 5000,
    "no JSON": "nil",
}
"""What no contract allows anywhere, as it is written."""
_ODD: Final[tuple[Any, ...]] = (
    None,
    True,
    0,
    -1,
    1.5,
    20261231,
    "",
    " ",
    "X",
    "2026-02-30",
    [],
    [[]],
    {},
    [None],
)
"""What a contract may allow here or there."""


def _person() -> dict[str, Any]:
    record = a_civil_record()
    return {
        "dni": STUDENT_DNI.number,
        "prenombres": record.name.given,
        "apellidoPaterno": record.name.paternal,
        "apellidoMaterno": record.name.maternal,
        "fechaNacimiento": record.birth_date.isoformat(),
        "fechaFallecimiento": None,
        "padre": {"prenombres": record.father_given_names, "dni": None},
        "madre": {"prenombres": record.mother_given_names, "dni": ADULT_DNI.number},
        "domicilio": {
            "departamento": CUSCO.department,
            "provincia": CUSCO.province,
            "distrito": CUSCO.district,
            "ubigeo": CUSCO_RENIEC,
        },
    }


@dataclass
class _OneOverHttp(InMemoryRegistries):
    """All in memory but the one lookup that is named."""

    over_http: str = ""
    client: RegistryClient | None = None

    def as_registries(self) -> Registries:
        inside, client = super().as_registries(), self.client
        if client is None:
            return inside
        civil, migration, school = inside.civil, inside.migration, inside.school
        match self.over_http:
            case "/personas/consulta":
                civil.person = HttpCivilRegistry(client).person  # type: ignore[method-assign]
            case "/parentescos/consulta":
                civil.kinship = HttpCivilRegistry(client).kinship  # type: ignore[method-assign]
            case "/extranjeros/consulta":
                migration = HttpMigrationRegistry(client)
            case _:
                school = HttpSchoolSystem(client)
        return Registries(civil, migration, school, seconds=200)


@dataclass(frozen=True)
class Spoilt:
    """A lookup whose answers are spoilt, in a world that is right otherwise."""

    registry: Registry
    path: str
    record: dict[str, Any]
    world: Callable[[], World]
    application: Application
    fewest: int
    """So many cases at least, or the test has lost what it tries."""


SPOILT = (
    Spoilt(Registry.RENIEC, "/personas/consulta", _person(), an_adult_s_world, an_application(), 250),
    Spoilt(
        Registry.RENIEC,
        "/parentescos/consulta",
        {"dniAdulto": ADULT_DNI.number, "dniMenor": STUDENT_DNI.number, "parentesco": "MADRE"},
        a_family_s_world,
        an_application_by(),
        60,
    ),
    Spoilt(
        Registry.MIGRACIONES,
        "/extranjeros/consulta",
        answers.foreigner(a_foreign_record()),
        lambda: a_foreigner_s_world(STUDENT_CE),
        an_application(student=a_foreigner()),
        60,
    ),
    Spoilt(
        Registry.SIAGIE,
        "/trayectorias/consulta",
        answers.trajectory(a_trajectory(observations=(an_observation(),))),
        an_adult_s_world,
        an_application(),
        400,
    ),
)


def spoilt(case: Spoilt) -> Iterator[tuple[str, bytes]]:
    """What is wrong, and the answer."""
    judge = contract(case.registry)
    for place in _places(case.record):
        for what, raw in _FORBIDDEN.items():
            text = json.dumps(_with(case.record, place, _RAW)).replace(json.dumps(_RAW), raw)
            yield f"{place}: {what}", text.encode()
        for odd in (*_ODD, _MISSING):
            record = _with(case.record, place, odd)
            if judge.faults_of_answer(case.path, 200, "application/json", record):
                yield f"{place}: {odd!r}", json.dumps(record).encode()
        if isinstance(place[-1], str):
            twice = json.dumps(_with(case.record, place, _RAW)).replace(
                json.dumps(_RAW), f'"X", {json.dumps(place[-1])}: {json.dumps(_at(case.record, place))}'
            )
            yield f"{place}: twice", twice.encode()
            yield f"{place}: a field more", json.dumps(_with(case.record, (*place[:-1], "otro"), 1)).encode()


def _places(part: Any, place: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    if place:
        yield place
    inner = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for key, value in inner:
        yield from _places(value, (*place, key))


def _at(record: Any, place: tuple[str | int, ...]) -> Any:
    for key in place:
        record = record[key]
    return record


def _with(record: dict[str, Any], place: tuple[str | int, ...], value: Any) -> dict[str, Any]:
    changed = deepcopy(record)
    owner = _at(changed, place[:-1])
    if value == _MISSING:
        del owner[place[-1]]
    else:
        owner[place[-1]] = value
    return changed


def outcome(world: World, application: Application) -> str:
    try:
        world.intake.accept(application, "203.0.113.7", None)
    except DomainError as error:
        return error.code.value
    return "accepted"


@pytest.mark.slow
@pytest.mark.parametrize("case", SPOILT, ids=lambda case: case.path)
def test_no_answer_that_breaks_its_contract_becomes_a_certificate(case: Spoilt) -> None:
    present = json.dumps(case.record).encode()
    with scripted(lambda connection: answer(present)(connection)) as script:  # noqa: PLW0108 - it changes
        world = case.world()
        people = world.registries
        world.registries = _OneOverHttp(
            civil=people.civil,
            foreign=people.foreign,
            kinships=people.kinships,
            trajectories=people.trajectories,
            over_http=case.path,
            client=RegistryClient(
                case.registry, script.base_url, lambda: "key", breaker=NoBreaker(), limits=PATIENT
            ),
        )
        world.__post_init__()  # with these registries
        codes: Counter[str] = Counter()
        for what, content in spoilt(case):
            present = content
            codes[outcome(world, case.application)] += 1
            assert not world.store.certificates, what
            assert not world.store.requests, what

        present = json.dumps(case.record).encode()
        world.intake.accept(case.application, "203.0.113.7", None)  # nobody is locked out, and right is right
        assert len(world.store.requests) == 1

    assert set(codes) == {"registry_inconsistent"}
    assert codes.total() >= case.fewest
    print(f"{case.path}: {codes.total()} spoilt answers refused")
