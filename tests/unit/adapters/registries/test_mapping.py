"""How the registries' answers become the domain's records, and what is not believed."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest

from constancia.adapters.registries import (
    HttpCivilRegistry,
    HttpMigrationRegistry,
    HttpSchoolSystem,
    Limits,
    RegistryClient,
)
from constancia.domain.errors import ErrorCode, RegistryError
from constancia.domain.identity import PersonName
from constancia.domain.places import PlaceNames, RegisteredDomicile
from constancia.domain.registries import CivilRecord, ForeignRecord
from constancia.domain.school import (
    ActaState,
    Enrolment,
    Kinship,
    Level,
    Modality,
    Observation,
    ObservationKind,
    Relative,
    Result,
    ResultKind,
    Scale,
    School,
    Trajectory,
)
from infra.registries.cast import Registry
from infra.registries.contract import contract
from tests.fakes import NoBreaker
from tests.unit.adapters.registries.answers import (
    ADULT,
    CE,
    DNI,
    a_foreigner,
    a_kinship,
    a_person,
    a_trajectory,
    an_enrolment,
    copied,
)
from tests.unit.adapters.registries.scripted import Script, answer, scripted

LIMITS = Limits(connect=60, read=60, budget=120, pause=0.01)
"""Nothing here is about time: no pause that a busy machine can outlast."""

type Lookup = Callable[[RegistryClient], Any]

PERSON: Lookup = lambda client: HttpCivilRegistry(client).person(DNI)  # noqa: E731
KINSHIP: Lookup = lambda client: HttpCivilRegistry(client).kinship(ADULT, DNI)  # noqa: E731
FOREIGNER: Lookup = lambda client: HttpMigrationRegistry(client).person(CE)  # noqa: E731
TRAJECTORY: Lookup = lambda client: HttpSchoolSystem(client).trajectory(DNI)  # noqa: E731


def read(lookup: Lookup, body: Any) -> Any:
    with scripted(answer(body)) as script:
        return lookup(_client(script))


def _client(script: Script) -> RegistryClient:
    return RegistryClient("registry", script.base_url, lambda: "key", breaker=NoBreaker(), limits=LIMITS)


def test_a_person() -> None:
    assert read(PERSON, a_person()) == CivilRecord(
        document=DNI,
        name=PersonName("ANA LUCÍA", "QUISPE", "ÑAHUI"),
        birth_date=date(2004, 9, 14),
        death_date=None,
        father_given_names="JULIO CÉSAR",
        mother_given_names="ROSA",
        domicile=RegisteredDomicile(PlaceNames("CUSCO", "CUSCO", "WANCHAQ"), "070108"),
    )


def test_what_the_registry_lacks_is_none() -> None:
    nobody = {"prenombres": None, "dni": None}
    person = read(
        PERSON, a_person(apellidoPaterno=None, padre=nobody, madre=nobody, fechaFallecimiento="2020-01-31")
    )

    assert person.name == PersonName("ANA LUCÍA", None, "ÑAHUI")
    assert (person.father_given_names, person.mother_given_names) == (None, None)
    assert person.death_date == date(2020, 1, 31)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("BEGON\u0303A", "BEGOÑA"),
        ("luz marina", "LUZ MARINA"),
        ("  LUZ  MARINA ", "LUZ  MARINA"),
        ("T'IKA  JEAN-LUC", "T'IKA  JEAN-LUC"),
        ("LUZ\u200b\tMARINA", "LUZ MARINA"),
    ],
)
def test_names_are_composed_upper_case_and_otherwise_as_sent(sent: str, kept: str) -> None:
    assert read(PERSON, a_person(prenombres=sent)).name.given == kept


@pytest.mark.parametrize(
    ("parentesco", "kinship"), [("MADRE", {Kinship.MOTHER}), ("PADRE", {Kinship.FATHER}), (None, set())]
)
def test_kinship(parentesco: str | None, kinship: set[Kinship]) -> None:
    assert read(KINSHIP, a_kinship(parentesco=parentesco)) == kinship


def test_a_foreigner() -> None:
    assert read(FOREIGNER, a_foreigner()) == ForeignRecord(CE, PersonName("CAMILA", "ROJAS", None))


def test_a_trajectory() -> None:
    assert read(TRAJECTORY, a_trajectory()) == Trajectory(
        student_code="00000099000001",
        document=DNI,
        name=PersonName("ANA LUCÍA", "QUISPE", None),
        birth_date=date(2004, 9, 14),
        relatives=(Relative(Kinship.GUARDIAN, CE),),
        enrolments=(
            Enrolment(
                year=2019,
                modality=Modality.EBR,
                level=Level.SECUNDARIA,
                grade="1",
                school=School("0123456", "0", "IE 00001", "080108"),
                acta=ActaState.APPROVED,
                final_situation="APROBADO",
                results=(Result(ResultKind.AREA, "Matemática", None, "09", Scale.VIGESIMAL),),
            ),
        ),
        observations=(
            Observation(2019, Level.SECUNDARIA, ObservationKind.EQUIVALENCE, "RD 001-2019", "Convalidación"),
        ),
    )


@pytest.mark.parametrize(
    ("nivel", "grado", "edad", "level", "grade"),
    [
        ("A1", None, 0, Level.INICIAL, "0"),
        ("A2", None, 5, Level.INICIAL, "5"),
        ("A3", None, 3, Level.INICIAL, "3"),
        ("A5", None, 4, Level.INICIAL, "4"),
        ("B0", "04", None, Level.PRIMARIA, "1"),
        ("B0", "09", None, Level.PRIMARIA, "6"),
        ("F0", "10", None, Level.SECUNDARIA, "1"),
        ("F0", "14", None, Level.SECUNDARIA, "5"),
    ],
)
def test_codes_of_level_and_grade(
    nivel: str, grado: str | None, edad: int | None, level: Level, grade: str
) -> None:
    body = a_trajectory(matriculas=[an_enrolment(nivel=nivel, grado=grado, edad=edad)])

    [enrolment] = read(TRAJECTORY, body).enrolments
    assert (enrolment.level, enrolment.grade) == (level, grade)


@pytest.mark.parametrize(
    ("mark", "scale"),
    [
        ("AD", Scale.LITERAL),
        ("C", Scale.LITERAL),
        ("00", Scale.VIGESIMAL),
        ("20", Scale.VIGESIMAL),
        ("EXO", Scale.EXEMPT),
    ],
)
def test_a_mark_says_its_scale(mark: str, scale: Scale) -> None:
    marks = [
        {"tipoArea": "003", "area": "Competencias transversales", "competencia": "X", "calificativo": mark}
    ]
    body = a_trajectory(matriculas=[an_enrolment(calificativos=marks)])

    [result] = read(TRAJECTORY, body).enrolments[0].results
    assert result == Result(ResultKind.TRANSVERSAL, "Competencias transversales", "X", mark, scale)


@pytest.mark.parametrize(
    ("lookup", "body"),
    [
        pytest.param(PERSON, a_person(dni=ADULT.number), id="person"),
        pytest.param(KINSHIP, a_kinship(dniMenor="99000003"), id="kinship, minor"),
        pytest.param(KINSHIP, a_kinship(dniAdulto="99000003"), id="kinship, adult"),
        pytest.param(FOREIGNER, a_foreigner(carnetExtranjeria="990000002"), id="foreigner"),
        pytest.param(
            TRAJECTORY, a_trajectory(documento={"tipo": "DNI", "numero": ADULT.number}), id="trajectory"
        ),
        pytest.param(
            TRAJECTORY, a_trajectory(documento={"tipo": "CE", "numero": CE.number}), id="trajectory, type"
        ),
        pytest.param(PERSON, a_person(fechaFallecimiento="1999-01-01"), id="dead before birth"),
        pytest.param(
            TRAJECTORY,
            a_trajectory(
                matriculas=[
                    an_enrolment(
                        calificativos=[
                            {"tipoArea": "001", "area": "Arte", "competencia": None, "calificativo": mark}
                            for mark in ("09", "14")
                        ]
                    )
                ]
            ),
            id="two marks for one area",
        ),
        pytest.param(PERSON, a_person(prenombres="ANA\u0000"), id="control character"),
    ],
)
def test_a_record_that_cannot_be_true_is_not_believed(lookup: Lookup, body: Any) -> None:
    with pytest.raises(RegistryError, match="registry_inconsistent"):
        read(lookup, body)


@pytest.mark.parametrize(
    ("registry", "path", "lookup", "body"),
    [
        pytest.param(Registry.RENIEC, "/personas/consulta", PERSON, a_person(), id="person"),
        pytest.param(Registry.RENIEC, "/parentescos/consulta", KINSHIP, a_kinship(), id="kinship"),
        pytest.param(Registry.MIGRACIONES, "/extranjeros/consulta", FOREIGNER, a_foreigner(), id="foreigner"),
        pytest.param(
            Registry.SIAGIE, "/trayectorias/consulta", TRAJECTORY, a_trajectory(),
            id="trajectory", marks=pytest.mark.slow,  # hundreds of queries
        ),
    ],
)  # fmt: skip
def test_the_client_takes_what_the_contract_allows_and_nothing_else(
    registry: Registry, path: str, lookup: Lookup, body: dict[str, Any]
) -> None:
    # The contract allows another document and a death before the birth too; no way of spoiling makes one.
    judge = contract(registry)
    verdicts: dict[bool, set[ErrorCode | None]] = {True: set(), False: set()}
    present = body
    with scripted(lambda connection: answer(present)(connection)) as script:  # noqa: PLW0108 - it changes
        client = _client(script)
        for spoiled in _spoiled(body):
            present = spoiled
            allowed = not judge.faults_of_answer(path, 200, "application/json", spoiled)
            verdicts[allowed].add(_verdict(lookup, client))

    assert verdicts == {True: {None}, False: {ErrorCode.REGISTRY_INCONSISTENT}}


def _verdict(lookup: Lookup, client: RegistryClient) -> ErrorCode | None:
    try:
        lookup(client)
    except RegistryError as error:
        return error.code
    return None


def _spoiled(body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The answer with each of its parts missing, of another type or form, or joined by an unknown one."""
    values: tuple[Any, ...] = (None, 7, "", " ", "X" * 400, True, [], {}, "2004-02-30", "A9")
    for path in list(_paths(body)):
        for value in values:
            changed = copied(body)
            _owner(changed, path)[path[-1]] = value
            yield changed
        without = copied(body)
        del _owner(without, path)[path[-1]]
        yield without
        joined = copied(body)
        if isinstance(owner := _owner(joined, path), dict):
            owner["otro"] = 1
            yield joined


def _paths(part: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    items: dict[Any, Any] = {}
    if isinstance(part, dict | list):
        items = part if isinstance(part, dict) else dict(enumerate(part))
    for key, value in items.items():
        yield (*path, key)
        yield from _paths(value, (*path, key))


def _owner(part: Any, path: tuple[Any, ...]) -> Any:
    for key in path[:-1]:
        part = part[key]
    return part
