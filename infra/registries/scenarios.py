"""People with speaking names, one for each way in which a request can end.

`scenarios(today)` gives them all, with ages that hold on that day; `constancia demo --person NAME`, the table
of `make run` and the tests take them from here. To add one, write a function and list it in `_CASES`: its
place there numbers its documents, so new ones go to the end. Adults have fixed birth dates, as their school
years do; minors are as old as their scenario says.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from constancia.domain.errors import ErrorCode
from constancia.domain.school import (
    Enrolment,
    Kinship,
    Level,
    Observation,
    ObservationKind,
    Relative,
    Result,
    ResultKind,
    Scale,
)
from infra.registries.cast import (
    BRENA,
    JULIACA,
    LINCE,
    LINCE_RENIEC,
    WANCHAQ,
    Cast,
    Fault,
    Faults,
    Registry,
    Scenario,
)
from infra.registries.people import Roll
from infra.registries.schooling import Outcome, exonerable_areas
from infra.registries.schools import site

_SECUNDARIA_2017_2021: Final = date(2004, 9, 14)
_ALL_YEARS_2013_2023: Final = date(2007, 2, 20)
_SECUNDARIA_2008_2012: Final = date(1995, 10, 5)


def scenarios(today: date) -> tuple[Scenario, ...]:
    """All scenario people, as they are today."""
    return tuple(case(Cast(number, today)) for number, case in enumerate(_CASES, start=1))


def scenario(name: str, today: date) -> Scenario:
    """One scenario by its slug.

    Raises:
        KeyError: there is none of that name.
    """
    return {one.name: one for one in scenarios(today)}[name]


def roll_of(cases: tuple[Scenario, ...]) -> tuple[Roll, Faults]:
    """Everybody of these scenarios, and how the registries misbehave for them."""
    roll = Roll(
        {number: citizen for one in cases for number, citizen in one.people.citizens.items()},
        {number: foreigner for one in cases for number, foreigner in one.people.foreigners.items()},
        {document: years for one in cases for document, years in one.people.trajectories.items()},
    )
    return roll, {key: fault for one in cases for key, fault in one.faults.items()}


# ---------------------------------------------------------------- asked for by the student


def _adult(cast: Cast) -> Scenario:
    student = cast.citizen("ANA LUCÍA", "QUISPE", "ROJAS", _SECUNDARIA_2017_2021, lives_in=WANCHAQ)
    cast.studies(student)
    return cast.asks(
        ("adult", "Persona adulta con secundaria de 2017 a 2021"),
        student,
        Level.SECUNDARIA,
        phone="987654321",
    )


def _sixteen(cast: Cast) -> Scenario:
    student = cast.citizen("THIAGO GAEL", "CONDORI", "APAZA", cast.born(age=16))
    cast.studies(student)
    return cast.asks(
        ("sixteen", "Estudiante de 16 años, a título personal; domicilio por código del INEI"),
        student,
        Level.SECUNDARIA,
        student_declares={"domicile": {"ubigeo": LINCE}},
        reason={"code": "OTHER", "detail": "Postulación a un intercambio estudiantil"},
    )


def _foreign_adult(cast: Cast) -> Scenario:
    student = cast.foreigner("YULIMAR DEL VALLE", "RONDÓN", "BRICEÑO")
    cast.studies(student, _SECUNDARIA_2017_2021)
    return cast.asks(("foreign-adult", "Persona adulta con carnet de extranjería"), student, Level.SECUNDARIA)


def _single_parent(cast: Cast) -> Scenario:
    student = cast.citizen("MARICIELO", "FLORES", "FLORES", _SECUNDARIA_2017_2021, father=None)
    cast.studies(student)
    return cast.asks(
        ("single-parent", "Persona con la madre registrada y sin padre"), student, Level.SECUNDARIA
    )


def _name_enye(cast: Cast) -> Scenario:
    student = cast.citizen(
        "BEGOÑA", "MUÑOZ", "ÑAHUI", _SECUNDARIA_2017_2021, father="ÍÑIGO JESÚS", lives_in=BRENA
    )
    cast.studies(student)
    declared = {"father": {"given_names": "Inigo Jesus"}}
    case = ("name-enye", "Nombres con eñe y tildes, escritos sin ellas")
    return cast.asks(case, student, Level.SECUNDARIA, student_declares=declared)


def _name_apostrophe(cast: Cast) -> Scenario:
    student = cast.citizen("T'IKA", "D'ANGELO", "O'HIGGINS", _SECUNDARIA_2017_2021, mother="T'IKA MARÍA")
    cast.studies(student)
    declared = {"mother": {"given_names": "Tika Maria"}}
    return cast.asks(
        ("name-apostrophe", "Nombres con apóstrofo"), student, Level.SECUNDARIA, student_declares=declared
    )


def _name_hyphen(cast: Cast) -> Scenario:
    student = cast.citizen(
        "JEAN-PIERRE", "GARCÍA-ROSELL", "DE LA CRUZ", _SECUNDARIA_2017_2021, father="JEAN-LUC"
    )
    cast.studies(student)
    declared = {"father": {"given_names": "Jean Luc"}}
    return cast.asks(
        ("name-hyphen", "Nombres con guion"), student, Level.SECUNDARIA, student_declares=declared
    )


def _name_double_spaces(cast: Cast) -> Scenario:
    student = cast.citizen(
        "LUZ  MARINA",
        "DE  LA  CRUZ",
        None,
        _SECUNDARIA_2017_2021,
        father="JOSÉ  DEL  CARMEN",
        mother="FLOR  DE MARÍA",
    )
    cast.studies(student)
    case = ("name-double-spaces", "Nombres con espacios dobles en el registro, y un solo apellido")
    return cast.asks(case, student, Level.SECUNDARIA)


def _before_2013(cast: Cast) -> Scenario:
    student = cast.citizen("NÉLIDA", "HUAYTA", "SULLCA", _SECUNDARIA_2008_2012)
    cast.studies(student)
    return cast.asks(
        ("before-2013", "Estudios anteriores a 2013: le toca el certificado de estudios"),
        student,
        Level.SECUNDARIA,
        expected=ErrorCode.NO_ENROLMENT_SINCE_FIRST_YEAR.value,
    )


def _never_enrolled(cast: Cast) -> Scenario:
    student = cast.citizen("HILARIO", "CHUNGA", "NAMUCHE", date(1971, 3, 3))
    return cast.asks(
        ("never-enrolled", "Persona que el sistema escolar no conoce"),
        student,
        Level.SECUNDARIA,
        expected=ErrorCode.NO_ENROLMENT_SINCE_FIRST_YEAR.value,
    )


def _acta_under_review(cast: Cast) -> Scenario:
    student = cast.citizen("PERCY", "TAPULLIMA", "SHUÑA", _SECUNDARIA_2017_2021)
    cast.studies(
        student, outcome_in=lambda plan: Outcome.UNDER_REVIEW if plan.year == 2021 else Outcome.PASSED
    )
    return cast.asks(
        ("acta-under-review", "Un acta de evaluación está en revisión"),
        student,
        Level.SECUNDARIA,
        expected=ErrorCode.ACTA_UNDER_REVIEW.value,
    )


def _fifteen_alone(cast: Cast) -> Scenario:
    student = cast.citizen("KIARA", "PARI", "QUENTA", cast.born(age=15))
    cast.studies(student)
    return cast.asks(
        ("fifteen-alone", "Estudiante de 15 años que pide sin su madre, padre o apoderado"),
        student,
        Level.SECUNDARIA,
        expected=ErrorCode.TOO_YOUNG_TO_ASK_ALONE.value,
    )


def _wrong_domicile(cast: Cast) -> Scenario:
    student = cast.citizen("EDWIN", "CALLATA", "CHURA", _SECUNDARIA_2017_2021, lives_in=JULIACA)
    cast.studies(student)
    return cast.asks(
        ("wrong-domicile", "El domicilio declarado no es el del documento"),
        student,
        Level.SECUNDARIA,
        expected=ErrorCode.IDENTITY_MISMATCH.value,
        student_declares={"domicile": {"department": "Lima", "province": "Lima", "district": "Lince"}},
    )


def _wrong_parent_name(cast: Cast) -> Scenario:
    student = cast.citizen("GIULIANA", "SOLARI", "RÍOS", _SECUNDARIA_2017_2021)
    cast.studies(student)
    return cast.asks(
        ("wrong-parent-name", "El nombre declarado de la madre no es el del registro"),
        student,
        Level.SECUNDARIA,
        expected=ErrorCode.IDENTITY_MISMATCH.value,
        student_declares={"mother": {"given_names": "Rosa Elena"}},
    )


def _parent_denied(cast: Cast) -> Scenario:
    student = cast.citizen("RUBÉN", "SALDAÑA", "VERA", _SECUNDARIA_2017_2021)
    cast.studies(student)
    return cast.asks(
        ("parent-denied", "Declara no registrado a un padre que el registro tiene"),
        student,
        Level.SECUNDARIA,
        expected=ErrorCode.IDENTITY_MISMATCH.value,
        student_declares={"father": {"not_registered": True}},
    )


def _unknown_document(cast: Cast) -> Scenario:
    student = cast.unregistered(cast.citizen("NADIE", "CONOCE", "AQUÍ", _SECUNDARIA_2017_2021))
    return cast.asks(
        ("unknown-document", "Un DNI que RENIEC no tiene"),
        student,
        Level.SECUNDARIA,
        expected=ErrorCode.IDENTITY_MISMATCH.value,
    )


# ---------------------------------------------------------------- what was studied


def _repeated_grade(cast: Cast) -> Scenario:
    student = cast.citizen("BRAYAN", "CUTIPA", "LUPACA", date(2005, 9, 14))
    cast.studies(student, outcome_in=lambda plan: Outcome.FAILED if plan.year == 2018 else Outcome.PASSED)
    case = ("repeated-grade", "Repitió primero de secundaria: 2018 con números y 2019 con letras")
    return cast.asks(case, student, Level.SECUNDARIA)


def _school_changes(cast: Cast) -> Scenario:
    student = cast.citizen("WAYRA SAMIN", "YUPANQUI", "DEL ÁGUILA", _ALL_YEARS_2013_2023)
    places = ((2015, JULIACA), (2018, WANCHAQ), (2021, BRENA))

    def school_in(year: int) -> str:
        return next((place for until, place in places if year <= until), "160101")

    moves = tuple(
        Observation(
            until,
            Level.PRIMARIA if until < 2019 else Level.SECUNDARIA,
            ObservationKind.TRANSFER,
            f"RD 0{until % 100}4-{until}",
            "Traslado por cambio de domicilio",
        )
        for until, _ in places
    )
    cast.studies(student, sites=lambda year: site(school_in(year), year % 2), observations=moves)
    case = ("school-changes", "Once años desde 2013 en varios colegios, con los dos currículos")
    return cast.asks(case, student, Level.SECUNDARIA)


def _inicial(cast: Cast) -> Scenario:
    child, mother, _ = cast.child(8)
    case = ("inicial", "Educación inicial de una niña de 8 años, pedida por su madre")
    return cast.asks(case, child, Level.INICIAL, by=(mother, Kinship.MOTHER))


def _primaria(cast: Cast) -> Scenario:
    student = cast.citizen("ILLARI", "CCORIMANYA", "TITO", _ALL_YEARS_2013_2023)
    cast.studies(student)
    case = ("primaria", "Los seis grados de primaria, con letras")
    return cast.asks(case, student, Level.PRIMARIA)


def _observations(cast: Cast) -> Scenario:
    student = cast.citizen("MATTEO", "FERRARI", "LOAYZA", _SECUNDARIA_2017_2021)
    lines = (
        (
            2017,
            ObservationKind.EQUIVALENCE,
            "RD 0123-2017",
            "Convalidación de 1.º de secundaria, estudios en Italia",
        ),
        (2018, ObservationKind.PLACEMENT_TEST, "RD 0045-2018", "Prueba de ubicación para 2.º de secundaria"),
        (2019, ObservationKind.TRANSFER, "RD 0311-2019", "Traslado por cambio de domicilio"),
        (2020, ObservationKind.WITHDRAWAL, "RD 0007-2020", "Retiro por viaje"),
    )
    observations = tuple(
        Observation(year, Level.SECUNDARIA, kind, resolution, motive)
        for year, kind, resolution, motive in lines
    )
    cast.studies(student, observations=observations)
    return cast.asks(
        ("observations", "Convalidación, prueba de ubicación, traslado y retiro"), student, Level.SECUNDARIA
    )


def _unknown_areas(cast: Cast) -> Scenario:
    student = cast.citizen("NAYELI", "AGKUASH", "SHARIAN", _SECUNDARIA_2017_2021)

    def with_local_areas(year: Enrolment) -> Enrolment:
        if year.level is not Level.SECUNDARIA:
            return year
        competencia = "Se comunica oralmente en awajún" if year.year >= 2020 else None
        scale = year.results[0].scale
        mark = "17" if scale is Scale.VIGESIMAL else "AD"
        local = Result(ResultKind.AREA, "Lengua originaria: Awajún", competencia, mark, scale)
        workshop = Result(ResultKind.WORKSHOP, "Taller de Cerámica Ancestral", None, mark, scale)
        return replace(year, results=(*year.results, local, workshop))

    cast.studies(student, remark=with_local_areas)
    case = ("unknown-areas", "Áreas y talleres propios de su colegio, que ningún currículo lista")
    return cast.asks(case, student, Level.SECUNDARIA)


def _exempt(cast: Cast) -> Scenario:
    student = cast.citizen("ABIGAIL", "WONG", "HIGA", _SECUNDARIA_2017_2021)
    areas = exonerable_areas(Level.SECUNDARIA)
    cast.studies(student, change=lambda plan: replace(plan, exempt=areas))
    case = ("exempt", "Exonerada de Educación Religiosa y Educación Física")
    return cast.asks(case, student, Level.SECUNDARIA)


def _withdrawn_year(cast: Cast) -> Scenario:
    student = cast.citizen("ANDERSON", "YAICATE", "VELA", date(2003, 6, 14))
    cast.studies(student, outcome_in=lambda plan: Outcome.WITHDRAWN if plan.year == 2018 else Outcome.PASSED)
    return cast.asks(("withdrawn-year", "Un año retirado, sin calificativos"), student, Level.SECUNDARIA)


def _level_not_studied(cast: Cast) -> Scenario:
    child, mother, _ = cast.child(9)
    return cast.asks(
        ("level-not-studied", "Pide secundaria para una niña que está en primaria"),
        child,
        Level.SECUNDARIA,
        by=(mother, Kinship.MOTHER),
        expected=ErrorCode.LEVEL_NOT_STUDIED.value,
    )


def _no_results_yet(cast: Cast) -> Scenario:
    mother = cast.citizen("LIZ YANETH", "POMA", "TAIPE", cast.born(age=30))
    first_grader = date(cast.today.year - 6, 2, 10)
    child = cast.citizen("IKER", "RAMOS", "POMA", first_grader, mother=mother)
    cast.studies(child)
    return cast.asks(
        ("no-results-yet", "Primer grado en curso: todavía no hay calificativos finales"),
        child,
        Level.PRIMARIA,
        by=(mother, Kinship.MOTHER),
        expected=ErrorCode.NO_RESULTS_YET.value,
    )


# ---------------------------------------------------------------- asked for by an adult


def _minor_mother(cast: Cast) -> Scenario:
    child, mother, _ = cast.child(11)
    case = ("minor-mother", "Niña de 11 años, pide su madre")
    return cast.asks(case, child, Level.PRIMARIA, by=(mother, Kinship.MOTHER))


def _minor_father(cast: Cast) -> Scenario:
    child, _, father = cast.child(12, lives_in=JULIACA)
    case = ("minor-father", "Adolescente de 12 años, pide su padre")
    return cast.asks(case, child, Level.PRIMARIA, by=(father, Kinship.FATHER))


def _minor_guardian(cast: Cast) -> Scenario:
    guardian = cast.citizen("FELÍCITAS", "ÑAUPARI", "PALLI", cast.born(age=63))
    child = cast.citizen("URPI", "LLAMOCCA", "NINA", cast.born(age=13), lives_in=WANCHAQ)
    cast.studies(child, relatives=(Relative(Kinship.GUARDIAN, guardian.record.document),))
    return cast.asks(
        ("minor-guardian", "Adolescente de 13 años, pide su apoderada; domicilio por código del RENIEC"),
        child,
        Level.PRIMARIA,
        by=(guardian, Kinship.GUARDIAN),
        applicant_declares={"domicile": {"ubigeo": LINCE_RENIEC}},
    )


def _foreign_minor_mother(cast: Cast) -> Scenario:
    mother = cast.foreigner("ORIANA JOSÉ", "URDANETA", None)
    child = cast.foreigner("MATÍAS ALEJANDRO", "CHIRINOS", "URDANETA")
    cast.studies(child, cast.born(age=12), relatives=(Relative(Kinship.MOTHER, mother.document),))
    case = (
        "foreign-minor-mother",
        "Adolescente con carnet de extranjería, pide su madre, también extranjera",
    )
    return cast.asks(case, child, Level.PRIMARIA, by=(mother, Kinship.MOTHER))


def _foreign_minor_citizen_father(cast: Cast) -> Scenario:
    father = cast.citizen("JOÃO CARLOS", "DA SILVA", "PINEDO", cast.born(age=41))
    child = cast.foreigner("LETÍCIA", "DA SILVA", "PEREIRA")
    cast.studies(child, cast.born(age=10), relatives=(Relative(Kinship.FATHER, father.record.document),))
    case = ("foreign-minor-father", "Niña con carnet de extranjería, pide su padre peruano")
    return cast.asks(case, child, Level.PRIMARIA, by=(father, Kinship.FATHER))


def _foreign_wrong_name(cast: Cast) -> Scenario:
    student = cast.foreigner("JEAN CARLOS", "COLMENARES", "PARRA")
    cast.studies(student, _SECUNDARIA_2017_2021)
    return cast.asks(
        ("foreign-wrong-name", "Carnet de extranjería con otro nombre que el de Migraciones"),
        student,
        Level.SECUNDARIA,
        expected=ErrorCode.IDENTITY_MISMATCH.value,
        student_declares={"given_names": "Juan Carlos"},
    )


def _student_deceased(cast: Cast) -> Scenario:
    mother = cast.citizen("DELIA", "PONCE", "SOTO", cast.born(age=40))
    died = cast.today - timedelta(days=400)
    child = cast.citizen("ÁNGEL", "VEGA", "PONCE", cast.born(age=12), mother=mother, died=died)
    cast.studies(child)
    return cast.asks(
        ("student-deceased", "El estudiante ha fallecido"),
        child,
        Level.PRIMARIA,
        by=(mother, Kinship.MOTHER),
        expected=ErrorCode.STUDENT_DECEASED.value,
    )


def _applicant_deceased(cast: Cast) -> Scenario:
    died = cast.today - timedelta(days=300)
    mother = cast.citizen("SABINA", "CHOQUE", "LLANQUE", cast.born(age=45), died=died)
    child = cast.citizen("SISA", "PILCO", "CHOQUE", cast.born(age=12), mother=mother)
    cast.studies(child)
    return cast.asks(
        ("applicant-deceased", "Quien figura como solicitante ha fallecido"),
        child,
        Level.PRIMARIA,
        by=(mother, Kinship.MOTHER),
        expected=ErrorCode.APPLICANT_DECEASED.value,
    )


def _wrong_kinship(cast: Cast) -> Scenario:
    child, _, _ = cast.child(12)
    stranger = cast.citizen("GLADYS", "REYES", "SILVA", cast.born(age=38))
    return cast.asks(
        ("wrong-kinship", "Quien pide no es la madre que dice ser"),
        child,
        Level.PRIMARIA,
        by=(stranger, Kinship.MOTHER),
        expected=ErrorCode.KINSHIP_NOT_REGISTERED.value,
    )


def _unregistered_guardian(cast: Cast) -> Scenario:
    child, _, _ = cast.child(12)
    aunt = cast.citizen("NOEMÍ", "MAMANI", "TICONA", cast.born(age=36))
    return cast.asks(
        ("unregistered-guardian", "El colegio no tiene registrada a esta apoderada"),
        child,
        Level.PRIMARIA,
        by=(aunt, Kinship.GUARDIAN),
        expected=ErrorCode.GUARDIAN_NOT_REGISTERED.value,
    )


def _adult_asked_by_parent(cast: Cast) -> Scenario:
    adult, mother, _ = cast.child(19)
    return cast.asks(
        ("adult-asked-by-parent", "La madre pide por una hija que ya es mayor de edad"),
        adult,
        Level.SECUNDARIA,
        by=(mother, Kinship.MOTHER),
        expected=ErrorCode.ADULT_MUST_ASK_IN_PERSON.value,
    )


# ---------------------------------------------------------------- registries in trouble


def _troubled(cast: Cast, case: tuple[str, str], registry: Registry, fault: Fault, expected: str) -> Scenario:
    student = cast.citizen("MARCO ANTONIO", "PAREDES", "LEÓN", _SECUNDARIA_2017_2021)
    cast.studies(student)
    return cast.asks(case, student, Level.SECUNDARIA, faults={registry: fault}, expected=expected)


def _registry_slow(cast: Cast) -> Scenario:
    case = ("registry-slow", "RENIEC tarda unos segundos en responder")
    return _troubled(cast, case, Registry.RENIEC, Fault.SLOW, "ISSUED")


def _registry_down(cast: Cast) -> Scenario:
    case = ("registry-down", "RENIEC no está disponible")
    return _troubled(cast, case, Registry.RENIEC, Fault.DOWN, ErrorCode.REGISTRY_UNAVAILABLE.value)


def _registry_limit(cast: Cast) -> Scenario:
    case = ("registry-limit", "RENIEC agotó las consultas del día")
    return _troubled(cast, case, Registry.RENIEC, Fault.DAILY_LIMIT, ErrorCode.REGISTRY_LIMIT_REACHED.value)


def _registry_nonsense(cast: Cast) -> Scenario:
    case = ("registry-nonsense", "SIAGIE responde algo que no se entiende")
    return _troubled(cast, case, Registry.SIAGIE, Fault.NONSENSE, ErrorCode.REGISTRY_INCONSISTENT.value)


def _another_record(cast: Cast) -> Scenario:
    case = ("another-record", "RENIEC responde con los datos de otra persona")
    return _troubled(cast, case, Registry.RENIEC, Fault.ANOTHER_PERSON, ErrorCode.REGISTRY_INCONSISTENT.value)


_CASES: Final[tuple[Callable[[Cast], Scenario], ...]] = (
    _adult,
    _sixteen,
    _minor_mother,
    _minor_father,
    _minor_guardian,
    _foreign_adult,
    _foreign_minor_mother,
    _foreign_minor_citizen_father,
    _single_parent,
    _name_enye,
    _name_apostrophe,
    _name_hyphen,
    _name_double_spaces,
    _primaria,
    _inicial,
    _repeated_grade,
    _school_changes,
    _observations,
    _unknown_areas,
    _exempt,
    _withdrawn_year,
    _registry_slow,
    _before_2013,
    _never_enrolled,
    _acta_under_review,
    _no_results_yet,
    _level_not_studied,
    _student_deceased,
    _applicant_deceased,
    _wrong_kinship,
    _unregistered_guardian,
    _adult_asked_by_parent,
    _fifteen_alone,
    _wrong_domicile,
    _wrong_parent_name,
    _parent_denied,
    _foreign_wrong_name,
    _unknown_document,
    _registry_down,
    _registry_limit,
    _registry_nonsense,
    _another_record,
)
