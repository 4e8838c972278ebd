"""People with speaking names, one for each way in which a request can end.

`scenarios(today)` gives them all, with ages that hold on that day; `constancia demo --person NAME`, the table
of `make run` and the tests take them from here. To add one, write a function in `scenes` and list it in
`_CASES`: its place there numbers its documents, so new ones go to the end. Adults have fixed birth dates, as
their school years do; minors are as old as their scenario says.
"""

from collections.abc import Callable
from datetime import date
from typing import Final

from infra.registries.cast import Cast, Faults, Scenario
from infra.registries.people import Roll
from infra.registries.scenes import asking_alone, asking_for_another, registry_trouble, school_years

_CASES: Final[tuple[Callable[[Cast], Scenario], ...]] = (
    asking_alone.adult,
    asking_alone.sixteen,
    asking_for_another.minor_mother,
    asking_for_another.minor_father,
    asking_for_another.minor_guardian,
    asking_alone.foreign_adult,
    asking_for_another.foreign_minor_mother,
    asking_for_another.foreign_minor_citizen_father,
    asking_alone.single_parent,
    asking_alone.name_enye,
    asking_alone.name_apostrophe,
    asking_alone.name_hyphen,
    asking_alone.name_double_spaces,
    school_years.primaria,
    school_years.inicial,
    school_years.repeated_grade,
    school_years.school_changes,
    school_years.observations,
    school_years.unknown_areas,
    school_years.exempt,
    school_years.withdrawn_year,
    registry_trouble.registry_slow,
    asking_alone.before_2013,
    asking_alone.never_enrolled,
    asking_alone.acta_under_review,
    school_years.no_results_yet,
    school_years.level_not_studied,
    asking_for_another.student_deceased,
    asking_for_another.applicant_deceased,
    asking_for_another.wrong_kinship,
    asking_for_another.unregistered_guardian,
    asking_for_another.adult_asked_by_parent,
    asking_alone.fifteen_alone,
    asking_alone.wrong_domicile,
    asking_alone.wrong_parent_name,
    asking_alone.parent_denied,
    asking_alone.foreign_wrong_name,
    asking_alone.unknown_document,
    registry_trouble.registry_down,
    registry_trouble.registry_limit,
    registry_trouble.registry_nonsense,
    registry_trouble.another_record,
    school_years.native_languages,
    school_years.unprintable_area,
)


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
