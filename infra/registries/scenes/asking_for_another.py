"""Scenario people for whom an adult asks."""

from datetime import timedelta

from constancia.domain.errors import ErrorCode
from constancia.domain.school import Kinship, Level, Relative
from infra.registries.cast import (
    JULIACA,
    LINCE_RENIEC,
    WANCHAQ,
    Cast,
    Scenario,
)


def minor_mother(cast: Cast) -> Scenario:
    child, mother, _ = cast.child(11)
    case = ("minor-mother", "Niña de 11 años, pide su madre")
    return cast.asks(case, child, Level.PRIMARIA, by=(mother, Kinship.MOTHER))


def minor_father(cast: Cast) -> Scenario:
    child, _, father = cast.child(12, lives_in=JULIACA)
    case = ("minor-father", "Adolescente de 12 años, pide su padre")
    return cast.asks(case, child, Level.PRIMARIA, by=(father, Kinship.FATHER))


def minor_guardian(cast: Cast) -> Scenario:
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


def foreign_minor_mother(cast: Cast) -> Scenario:
    mother = cast.foreigner("ORIANA JOSÉ", "URDANETA", None)
    child = cast.foreigner("MATÍAS ALEJANDRO", "CHIRINOS", "URDANETA")
    cast.studies(child, cast.born(age=12), relatives=(Relative(Kinship.MOTHER, mother.document),))
    case = (
        "foreign-minor-mother",
        "Adolescente con carnet de extranjería, pide su madre, también extranjera",
    )
    return cast.asks(case, child, Level.PRIMARIA, by=(mother, Kinship.MOTHER))


def foreign_minor_citizen_father(cast: Cast) -> Scenario:
    father = cast.citizen("JOÃO CARLOS", "DA SILVA", "PINEDO", cast.born(age=41))
    child = cast.foreigner("LETÍCIA", "DA SILVA", "PEREIRA")
    cast.studies(child, cast.born(age=10), relatives=(Relative(Kinship.FATHER, father.record.document),))
    case = ("foreign-minor-father", "Niña con carnet de extranjería, pide su padre peruano")
    return cast.asks(case, child, Level.PRIMARIA, by=(father, Kinship.FATHER))


def student_deceased(cast: Cast) -> Scenario:
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


def applicant_deceased(cast: Cast) -> Scenario:
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


def wrong_kinship(cast: Cast) -> Scenario:
    child, _, _ = cast.child(12)
    stranger = cast.citizen("GLADYS", "REYES", "SILVA", cast.born(age=38))
    return cast.asks(
        ("wrong-kinship", "Quien pide no es la madre que dice ser"),
        child,
        Level.PRIMARIA,
        by=(stranger, Kinship.MOTHER),
        expected=ErrorCode.KINSHIP_NOT_REGISTERED.value,
    )


def unregistered_guardian(cast: Cast) -> Scenario:
    child, _, _ = cast.child(12)
    aunt = cast.citizen("NOEMÍ", "MAMANI", "TICONA", cast.born(age=36))
    return cast.asks(
        ("unregistered-guardian", "El colegio no tiene registrada a esta apoderada"),
        child,
        Level.PRIMARIA,
        by=(aunt, Kinship.GUARDIAN),
        expected=ErrorCode.GUARDIAN_NOT_REGISTERED.value,
    )


def adult_asked_by_parent(cast: Cast) -> Scenario:
    adult, mother, _ = cast.child(19)
    return cast.asks(
        ("adult-asked-by-parent", "La madre pide por una hija que ya es mayor de edad"),
        adult,
        Level.SECUNDARIA,
        by=(mother, Kinship.MOTHER),
        expected=ErrorCode.ADULT_MUST_ASK_IN_PERSON.value,
    )
