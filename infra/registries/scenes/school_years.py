"""Scenario people who show what a certificate says of the years at school."""

from dataclasses import replace
from datetime import date

from constancia.domain.errors import ErrorCode
from constancia.domain.school import (
    Enrolment,
    Kinship,
    Level,
    Observation,
    ObservationKind,
    Result,
    ResultKind,
    Scale,
)
from infra.registries.cast import (
    ALL_YEARS_2013_2023,
    BRENA,
    COMBAPATA,
    HELD,
    JULI,
    JULIACA,
    SECUNDARIA_2017_2021,
    WANCHAQ,
    Cast,
    Scenario,
)
from infra.registries.schooling import Outcome, exonerable_areas
from infra.registries.schools import site


def repeated_grade(cast: Cast) -> Scenario:
    student = cast.citizen("BRAYAN", "CUTIPA", "LUPACA", date(2005, 9, 14))
    cast.studies(student, outcome_in=lambda plan: Outcome.FAILED if plan.year == 2018 else Outcome.PASSED)
    case = ("repeated-grade", "Repitió primero de secundaria: 2018 con números y 2019 con letras")
    return cast.asks(case, student, Level.SECUNDARIA)


def school_changes(cast: Cast) -> Scenario:
    student = cast.citizen("WAYRA SAMIN", "YUPANQUI", "DEL ÁGUILA", ALL_YEARS_2013_2023)
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


def inicial(cast: Cast) -> Scenario:
    child, mother, _ = cast.child(8)
    case = ("inicial", "Educación inicial de una niña de 8 años, pedida por su madre")
    return cast.asks(case, child, Level.INICIAL, by=(mother, Kinship.MOTHER))


def primaria(cast: Cast) -> Scenario:
    student = cast.citizen("ILLARI", "CCORIMANYA", "TITO", ALL_YEARS_2013_2023)
    cast.studies(student)
    case = ("primaria", "Los seis grados de primaria, con letras")
    return cast.asks(case, student, Level.PRIMARIA)


def observations(cast: Cast) -> Scenario:
    student = cast.citizen("MATTEO", "FERRARI", "LOAYZA", SECUNDARIA_2017_2021)
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


def unknown_areas(cast: Cast) -> Scenario:
    student = cast.citizen("NAYELI", "AGKUASH", "SHARIAN", SECUNDARIA_2017_2021)

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


def native_languages(cast: Cast) -> Scenario:
    student = cast.citizen("SAYWA", "CHOQUEHUANCA", "APAZA", SECUNDARIA_2017_2021)
    cast.studies(student, sites=lambda year: site(JULI, 3) if year < 2019 else site(COMBAPATA, 0))
    case = ("native-languages", "Áreas con nombre en aimara y en quechua, de dos colegios bilingües")
    return cast.asks(case, student, Level.SECUNDARIA)


def unprintable_area(cast: Cast) -> Scenario:
    student = cast.citizen("VALERIA", "CHANG", "OBREGÓN", SECUNDARIA_2017_2021)

    def with_another_script(year: Enrolment) -> Enrolment:
        scale = year.results[0].scale
        mark = "18" if scale is Scale.VIGESIMAL else "AD"
        workshop = Result(ResultKind.WORKSHOP, "Taller de Chino (漢語)", None, mark, scale)
        return replace(year, results=(*year.results, workshop))

    cast.studies(student, remark=with_another_script)
    case = ("unprintable-area", "Un taller con letras que la constancia todavía no puede imprimir")
    return cast.asks(case, student, Level.SECUNDARIA, expected=HELD)


def exempt(cast: Cast) -> Scenario:
    student = cast.citizen("ABIGAIL", "WONG", "HIGA", SECUNDARIA_2017_2021)
    areas = exonerable_areas(Level.SECUNDARIA)
    cast.studies(student, change=lambda plan: replace(plan, exempt=areas))
    case = ("exempt", "Exonerada de Educación Religiosa y Educación Física")
    return cast.asks(case, student, Level.SECUNDARIA)


def withdrawn_year(cast: Cast) -> Scenario:
    student = cast.citizen("ANDERSON", "YAICATE", "VELA", date(2003, 6, 14))
    cast.studies(student, outcome_in=lambda plan: Outcome.WITHDRAWN if plan.year == 2018 else Outcome.PASSED)
    return cast.asks(("withdrawn-year", "Un año retirado, sin calificativos"), student, Level.SECUNDARIA)


def level_not_studied(cast: Cast) -> Scenario:
    child, mother, _ = cast.child(9)
    return cast.asks(
        ("level-not-studied", "Pide secundaria para una niña que está en primaria"),
        child,
        Level.SECUNDARIA,
        by=(mother, Kinship.MOTHER),
        expected=ErrorCode.LEVEL_NOT_STUDIED.value,
    )


def no_results_yet(cast: Cast) -> Scenario:
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
