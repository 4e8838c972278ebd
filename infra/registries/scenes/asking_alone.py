"""Scenario people who ask for themselves, and how identity and age decide."""

from datetime import date

from constancia.domain.errors import ErrorCode
from constancia.domain.school import Level
from infra.registries.cast import (
    BRENA,
    JULIACA,
    LINCE,
    SECUNDARIA_2008_2012,
    SECUNDARIA_2017_2021,
    WANCHAQ,
    Cast,
    Scenario,
)
from infra.registries.schooling import Outcome


def adult(cast: Cast) -> Scenario:
    student = cast.citizen("ANA LUCÍA", "QUISPE", "ROJAS", SECUNDARIA_2017_2021, lives_in=WANCHAQ)
    cast.studies(student)
    return cast.asks(
        ("adult", "Persona adulta con secundaria de 2017 a 2021"),
        student,
        Level.SECUNDARIA,
        phone="987654321",
    )


def sixteen(cast: Cast) -> Scenario:
    student = cast.citizen("THIAGO GAEL", "CONDORI", "APAZA", cast.born(age=16))
    cast.studies(student)
    return cast.asks(
        ("sixteen", "Estudiante de 16 años, a título personal; domicilio por código del INEI"),
        student,
        Level.SECUNDARIA,
        student_declares={"domicile": {"ubigeo": LINCE}},
        reason={"code": "OTHER", "detail": "Postulación a un intercambio estudiantil"},
    )


def foreign_adult(cast: Cast) -> Scenario:
    student = cast.foreigner("YULIMAR DEL VALLE", "RONDÓN", "BRICEÑO")
    cast.studies(student, SECUNDARIA_2017_2021)
    return cast.asks(("foreign-adult", "Persona adulta con carnet de extranjería"), student, Level.SECUNDARIA)


def single_parent(cast: Cast) -> Scenario:
    student = cast.citizen("MARICIELO", "FLORES", "FLORES", SECUNDARIA_2017_2021, father=None)
    cast.studies(student)
    return cast.asks(
        ("single-parent", "Persona con la madre registrada y sin padre"), student, Level.SECUNDARIA
    )


def name_enye(cast: Cast) -> Scenario:
    student = cast.citizen(
        "BEGOÑA", "MUÑOZ", "ÑAHUI", SECUNDARIA_2017_2021, father="ÍÑIGO JESÚS", lives_in=BRENA
    )
    cast.studies(student)
    declared = {"father": {"given_names": "Inigo Jesus"}}
    case = ("name-enye", "Nombres con eñe y tildes, escritos sin ellas")
    return cast.asks(case, student, Level.SECUNDARIA, student_declares=declared)


def name_apostrophe(cast: Cast) -> Scenario:
    student = cast.citizen("T'IKA", "D'ANGELO", "O'HIGGINS", SECUNDARIA_2017_2021, mother="T'IKA MARÍA")
    cast.studies(student)
    declared = {"mother": {"given_names": "Tika Maria"}}
    return cast.asks(
        ("name-apostrophe", "Nombres con apóstrofo"), student, Level.SECUNDARIA, student_declares=declared
    )


def name_hyphen(cast: Cast) -> Scenario:
    student = cast.citizen(
        "JEAN-PIERRE", "GARCÍA-ROSELL", "DE LA CRUZ", SECUNDARIA_2017_2021, father="JEAN-LUC"
    )
    cast.studies(student)
    declared = {"father": {"given_names": "Jean Luc"}}
    return cast.asks(
        ("name-hyphen", "Nombres con guion"), student, Level.SECUNDARIA, student_declares=declared
    )


def name_double_spaces(cast: Cast) -> Scenario:
    student = cast.citizen(
        "LUZ  MARINA",
        "DE  LA  CRUZ",
        None,
        SECUNDARIA_2017_2021,
        father="JOSÉ  DEL  CARMEN",
        mother="FLOR  DE MARÍA",
    )
    cast.studies(student)
    case = ("name-double-spaces", "Nombres con espacios dobles en el registro, y un solo apellido")
    return cast.asks(case, student, Level.SECUNDARIA)


def before_2013(cast: Cast) -> Scenario:
    student = cast.citizen("NÉLIDA", "HUAYTA", "SULLCA", SECUNDARIA_2008_2012)
    cast.studies(student)
    return cast.asks(
        ("before-2013", "Estudios anteriores a 2013: le toca el certificado de estudios"),
        student,
        Level.SECUNDARIA,
        expected=ErrorCode.NO_ENROLMENT_SINCE_FIRST_YEAR.value,
    )


def never_enrolled(cast: Cast) -> Scenario:
    student = cast.citizen("HILARIO", "CHUNGA", "NAMUCHE", date(1971, 3, 3))
    return cast.asks(
        ("never-enrolled", "Persona que el sistema escolar no conoce"),
        student,
        Level.SECUNDARIA,
        expected=ErrorCode.NO_ENROLMENT_SINCE_FIRST_YEAR.value,
    )


def acta_under_review(cast: Cast) -> Scenario:
    student = cast.citizen("PERCY", "TAPULLIMA", "SHUÑA", SECUNDARIA_2017_2021)
    cast.studies(
        student, outcome_in=lambda plan: Outcome.UNDER_REVIEW if plan.year == 2021 else Outcome.PASSED
    )
    return cast.asks(
        ("acta-under-review", "Un acta de evaluación está en revisión"),
        student,
        Level.SECUNDARIA,
        expected=ErrorCode.ACTA_UNDER_REVIEW.value,
    )


def fifteen_alone(cast: Cast) -> Scenario:
    student = cast.citizen("KIARA", "PARI", "QUENTA", cast.born(age=15))
    cast.studies(student)
    return cast.asks(
        ("fifteen-alone", "Estudiante de 15 años que pide sin su madre, padre o apoderado"),
        student,
        Level.SECUNDARIA,
        expected=ErrorCode.TOO_YOUNG_TO_ASK_ALONE.value,
    )


def wrong_domicile(cast: Cast) -> Scenario:
    student = cast.citizen("EDWIN", "CALLATA", "CHURA", SECUNDARIA_2017_2021, lives_in=JULIACA)
    cast.studies(student)
    return cast.asks(
        ("wrong-domicile", "El domicilio declarado no es el del documento"),
        student,
        Level.SECUNDARIA,
        expected=ErrorCode.IDENTITY_MISMATCH.value,
        student_declares={"domicile": {"department": "Lima", "province": "Lima", "district": "Lince"}},
    )


def wrong_parent_name(cast: Cast) -> Scenario:
    student = cast.citizen("GIULIANA", "SOLARI", "RÍOS", SECUNDARIA_2017_2021)
    cast.studies(student)
    return cast.asks(
        ("wrong-parent-name", "El nombre declarado de la madre no es el del registro"),
        student,
        Level.SECUNDARIA,
        expected=ErrorCode.IDENTITY_MISMATCH.value,
        student_declares={"mother": {"given_names": "Rosa Elena"}},
    )


def parent_denied(cast: Cast) -> Scenario:
    student = cast.citizen("RUBÉN", "SALDAÑA", "VERA", SECUNDARIA_2017_2021)
    cast.studies(student)
    return cast.asks(
        ("parent-denied", "Declara no registrado a un padre que el registro tiene"),
        student,
        Level.SECUNDARIA,
        expected=ErrorCode.IDENTITY_MISMATCH.value,
        student_declares={"father": {"not_registered": True}},
    )


def unknown_document(cast: Cast) -> Scenario:
    student = cast.unregistered(cast.citizen("NADIE", "CONOCE", "AQUÍ", SECUNDARIA_2017_2021))
    return cast.asks(
        ("unknown-document", "Un DNI que RENIEC no tiene"),
        student,
        Level.SECUNDARIA,
        expected=ErrorCode.IDENTITY_MISMATCH.value,
    )


def foreign_wrong_name(cast: Cast) -> Scenario:
    student = cast.foreigner("JEAN CARLOS", "COLMENARES", "PARRA")
    cast.studies(student, SECUNDARIA_2017_2021)
    return cast.asks(
        ("foreign-wrong-name", "Carnet de extranjería con otro nombre que el de Migraciones"),
        student,
        Level.SECUNDARIA,
        expected=ErrorCode.IDENTITY_MISMATCH.value,
        student_declares={"given_names": "Juan Carlos"},
    )
