"""Every rule of who may have which certificate, by the code that it refuses with."""

import re
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest

from constancia.domain import eligibility
from constancia.domain.application import Application, DeclaredParent, TermsAcceptance
from constancia.domain.content import CertificateContent
from constancia.domain.eligibility import RULES, Evidence, check_before_asking, decide
from constancia.domain.errors import OF_ELIGIBILITY, OF_REGISTRIES, DomainError, ErrorCode, RegistryError
from constancia.domain.identity import PersonName
from constancia.domain.places import PlaceNames, RegisteredDomicile
from constancia.domain.registries import CivilRecord, ForeignRecord
from constancia.domain.school import ActaState, Enrolment, Kinship, Level, Modality, ObservationKind, Relative
from tests.builders import (
    ADULT_CE,
    ADULT_DNI,
    CUSCO,
    CUSCO_INEI,
    CUSCO_RENIEC,
    STUDENT_CE,
    STUDENT_DNI,
    TERMS,
    TODAY,
    a_citizen,
    a_civil_record,
    a_foreign_record,
    a_foreigner,
    a_policy,
    a_result,
    a_school,
    a_trajectory,
    an_application,
    an_application_by,
    an_enrolment,
    an_observation,
    evidence_for,
    evidence_for_a_minor,
    years_before_today,
)


def granted(application: Application, evidence: Evidence, today: date = TODAY) -> CertificateContent:
    return decide(application, evidence, a_policy(), today)


def refusal(application: Application, evidence: Evidence, today: date = TODAY) -> ErrorCode:
    with pytest.raises(DomainError) as refused:
        decide(application, evidence, a_policy(), today)
    return refused.value.code


class TestBeforeAnyRegistryIsAsked:
    @pytest.mark.parametrize("application", [an_application(), an_application_by()])
    def test_the_present_terms_and_an_offered_modality_pass(self, application: Application) -> None:
        check_before_asking(application, a_policy())

    @pytest.mark.parametrize(
        ("application", "code"),
        [
            (an_application(terms=TermsAcceptance(False, TERMS)), ErrorCode.TERMS_NOT_ACCEPTED),
            (an_application(terms=TermsAcceptance(True, "2025-01")), ErrorCode.TERMS_OUTDATED),
            (an_application(modality=Modality.EBA), ErrorCode.MODALITY_NOT_OFFERED),
            (an_application_by(applicant=a_citizen(STUDENT_DNI)), ErrorCode.APPLICANT_IS_STUDENT),
        ],
    )
    def test_anything_else_is_refused(self, application: Application, code: ErrorCode) -> None:
        with pytest.raises(DomainError) as refused:
            check_before_asking(application, a_policy())
        assert refused.value.code is code


class TestIdentityOfACitizen:
    def test_what_reniec_confirms_passes(self) -> None:
        assert granted(an_application(), evidence_for()).holder.document == STUDENT_DNI

    def test_an_unknown_document_is_refused(self) -> None:
        assert refusal(an_application(), evidence_for(student=None)) is ErrorCode.DOCUMENT_NOT_REGISTERED

    @pytest.mark.parametrize("typed", ["julio cesar", "JULIO  CÉSAR", " Julio-Cesar "])
    def test_accents_case_and_spaces_of_a_parents_name_are_forgiven(self, typed: str) -> None:
        granted(an_application(student=a_citizen(father=DeclaredParent(typed))), evidence_for())

    @pytest.mark.parametrize("typed", ["Julio", "César Julio", "Julio César Juan", "Juliocésar", "-", "ñ"])
    def test_another_name_of_the_father_is_refused(self, typed: str) -> None:
        application = an_application(student=a_citizen(father=DeclaredParent(typed)))
        assert refusal(application, evidence_for()) is ErrorCode.FATHER_NAME_MISMATCH

    def test_another_name_of_the_mother_is_refused(self) -> None:
        application = an_application(student=a_citizen(mother=DeclaredParent("Rosario")))
        assert refusal(application, evidence_for()) is ErrorCode.MOTHER_NAME_MISMATCH

    def test_a_parent_whom_reniec_lacks_is_declared_as_not_registered(self) -> None:
        record = a_civil_record(father_given_names=None)
        granted(an_application(student=a_citizen(father=DeclaredParent(None))), evidence_for(student=record))

    def test_a_parent_whom_reniec_lacks_is_never_skipped(self) -> None:
        record = a_civil_record(father_given_names=None)
        assert refusal(an_application(), evidence_for(student=record)) is ErrorCode.FATHER_NAME_MISMATCH

    def test_a_registered_parent_can_not_be_declared_as_not_registered(self) -> None:
        application = an_application(student=a_citizen(mother=DeclaredParent(None)))
        assert refusal(application, evidence_for()) is ErrorCode.MOTHER_NAME_MISMATCH

    @pytest.mark.parametrize(
        "domicile", [CUSCO_INEI, CUSCO_RENIEC, CUSCO, PlaceNames("cusco", " Cusco ", "Wánchaq")]
    )
    def test_the_domicile_is_declared_by_either_code_or_by_names(self, domicile: str | PlaceNames) -> None:
        granted(an_application(student=a_citizen(domicile=domicile)), evidence_for())

    @pytest.mark.parametrize("domicile", ["080107", "150101", PlaceNames("CUSCO", "CUSCO", "CUSCO")])
    def test_another_domicile_is_refused(self, domicile: str | PlaceNames) -> None:
        application = an_application(student=a_citizen(domicile=domicile))
        assert refusal(application, evidence_for()) is ErrorCode.DOMICILE_MISMATCH

    def test_a_district_without_a_code_at_reniec_is_matched_by_its_names(self) -> None:
        record = a_civil_record(domicile=RegisteredDomicile(CUSCO, None))
        granted(an_application(student=a_citizen(domicile=CUSCO_INEI)), evidence_for(student=record))

    @pytest.mark.parametrize(
        "code",
        [
            ErrorCode.DOCUMENT_NOT_REGISTERED,
            ErrorCode.FATHER_NAME_MISMATCH,
            ErrorCode.MOTHER_NAME_MISMATCH,
            ErrorCode.DOMICILE_MISMATCH,
            ErrorCode.FOREIGNER_NAME_MISMATCH,
            ErrorCode.BIRTH_DATE_MISMATCH,
        ],
    )
    def test_the_public_never_learns_which_fact_was_wrong(self, code: ErrorCode) -> None:
        assert code.public is ErrorCode.IDENTITY_MISMATCH

    def test_the_applicants_facts_are_checked_too(self) -> None:
        application = an_application_by(applicant=a_citizen(ADULT_DNI, mother=DeclaredParent("Otra")))
        assert refusal(application, evidence_for_a_minor()) is ErrorCode.MOTHER_NAME_MISMATCH


class TestIdentityOfAForeigner:
    def evidence(self, **changes: Any) -> Evidence:
        return evidence_for(
            **{"student": a_foreign_record(), "trajectory": a_trajectory(STUDENT_CE), **changes}
        )

    def test_names_at_migraciones_and_birth_date_at_siagie_pass(self) -> None:
        assert granted(an_application(student=a_foreigner()), self.evidence()).holder.document == STUDENT_CE

    @pytest.mark.parametrize(
        "name", [PersonName("Camila", "Rojas", None), PersonName("Carla", "Rojas", "Paredes")]
    )
    def test_another_name_is_refused(self, name: PersonName) -> None:
        application = an_application(student=a_foreigner(name=name))
        assert refusal(application, self.evidence()) is ErrorCode.FOREIGNER_NAME_MISMATCH

    def test_somebody_without_surnames_is_recognised(self) -> None:
        nameless = PersonName("Camila", None, None)
        granted(
            an_application(student=a_foreigner(name=nameless)),
            self.evidence(student=ForeignRecord(STUDENT_CE, PersonName("CAMILA", None, None))),
        )

    def test_another_birth_date_is_refused(self) -> None:
        application = an_application(student=a_foreigner(birth_date=years_before_today(21)))
        assert refusal(application, self.evidence()) is ErrorCode.BIRTH_DATE_MISMATCH

    def test_an_unknown_card_is_refused(self) -> None:
        application = an_application(student=a_foreigner())
        assert refusal(application, self.evidence(student=None)) is ErrorCode.DOCUMENT_NOT_REGISTERED


class TestAges:
    def evidence(self, born: date) -> Evidence:
        return evidence_for(student=a_civil_record(birth_date=born), trajectory=a_trajectory(birth_date=born))

    @pytest.mark.parametrize("age", [16, 17, 18, 60])
    def test_students_ask_alone_from_sixteen(self, age: int) -> None:
        granted(an_application(), self.evidence(years_before_today(age)))

    def test_the_day_before_the_sixteenth_birthday_is_too_early(self) -> None:
        record = a_civil_record(birth_date=date(2010, 11, 23))
        assert refusal(an_application(), evidence_for(student=record)) is ErrorCode.TOO_YOUNG_TO_ASK_ALONE

    def test_who_was_born_on_a_leap_day_turns_sixteen_on_a_leap_day(self) -> None:
        evidence = self.evidence(date(2008, 2, 29))
        assert refusal(an_application(), evidence, date(2024, 2, 28)) is ErrorCode.TOO_YOUNG_TO_ASK_ALONE
        granted(an_application(), evidence, date(2024, 2, 29))

    @pytest.mark.parametrize("age", [3, 12, 16, 17])
    def test_an_adult_asks_for_a_minor(self, age: int) -> None:
        last_year = (an_enrolment(TODAY.year - 1),)
        trajectory = a_trajectory(birth_date=years_before_today(age), enrolments=last_year)
        granted(an_application_by(), evidence_for_a_minor(age, trajectory=trajectory))

    @pytest.mark.parametrize("age", [18, 40])
    def test_nobody_asks_for_an_adult(self, age: int) -> None:
        assert refusal(an_application_by(), evidence_for_a_minor(age)) is ErrorCode.ADULT_MUST_ASK_IN_PERSON

    def test_the_age_of_a_foreigner_is_the_school_systems(self) -> None:
        born = years_before_today(15)
        application = an_application(student=a_foreigner(birth_date=born))
        evidence = evidence_for(
            student=a_foreign_record(), trajectory=a_trajectory(STUDENT_CE, birth_date=born)
        )
        assert refusal(application, evidence) is ErrorCode.TOO_YOUNG_TO_ASK_ALONE


class TestTheDeceased:
    def test_a_student_who_has_died_has_no_certificate(self) -> None:
        record = a_civil_record(death_date=TODAY)
        assert refusal(an_application(), evidence_for(student=record)) is ErrorCode.STUDENT_DECEASED

    def test_an_applicant_who_has_died_can_not_ask(self) -> None:
        dead: CivilRecord = a_civil_record(ADULT_DNI, death_date=TODAY)
        evidence = evidence_for_a_minor(applicant=dead)
        assert refusal(an_application_by(), evidence) is ErrorCode.APPLICANT_DECEASED


class TestKinship:
    @pytest.mark.parametrize("kinship", [Kinship.MOTHER, Kinship.FATHER])
    def test_reniec_says_who_is_mother_and_father(self, kinship: Kinship) -> None:
        granted(an_application_by(kinship), evidence_for_a_minor(kinship=frozenset({kinship})))

    @pytest.mark.parametrize("said", [frozenset(), frozenset({Kinship.FATHER})])
    def test_a_kinship_that_reniec_does_not_confirm_is_refused(self, said: frozenset[Kinship]) -> None:
        evidence = evidence_for_a_minor(kinship=said)
        assert refusal(an_application_by(Kinship.MOTHER), evidence) is ErrorCode.KINSHIP_NOT_REGISTERED

    def test_the_school_system_says_who_is_guardian(self) -> None:
        guardian = (Relative(Kinship.GUARDIAN, ADULT_DNI),)
        trajectory = a_trajectory(birth_date=years_before_today(12), relatives=guardian)
        evidence = evidence_for_a_minor(kinship=frozenset(), trajectory=trajectory)
        granted(an_application_by(Kinship.GUARDIAN), evidence)

    def test_a_mother_is_not_taken_for_a_guardian(self) -> None:
        application = an_application_by(Kinship.GUARDIAN)
        assert refusal(application, evidence_for_a_minor()) is ErrorCode.GUARDIAN_NOT_REGISTERED

    def test_the_kinship_of_a_foreigner_is_the_school_systems(self) -> None:
        born = years_before_today(9)
        application = an_application_by(student=a_foreigner(birth_date=born), applicant=a_foreigner(ADULT_CE))
        evidence = evidence_for(
            student=a_foreign_record(),
            applicant=a_foreign_record(ADULT_CE),
            trajectory=a_trajectory(
                STUDENT_CE, birth_date=born, relatives=(Relative(Kinship.MOTHER, ADULT_CE),)
            ),
        )
        granted(application, evidence)

    def test_a_foreign_mother_whom_no_school_registered_is_refused(self) -> None:
        application = an_application_by(applicant=a_foreigner(ADULT_CE))
        evidence = evidence_for_a_minor(applicant=a_foreign_record(ADULT_CE))
        assert refusal(application, evidence) is ErrorCode.KINSHIP_NOT_REGISTERED


class TestRecordsThatContradict:
    def test_records_with_different_birth_dates_are_of_different_persons(self) -> None:
        evidence = evidence_for(student=a_civil_record(birth_date=years_before_today(21)))
        assert refusal(an_application(), evidence) is ErrorCode.REGISTRY_INCONSISTENT

    def test_records_without_a_word_of_the_name_in_common_are_of_different_persons(self) -> None:
        evidence = evidence_for(trajectory=a_trajectory(name=PersonName("ROSA", "HUAMÁN", "TORRES")))
        assert refusal(an_application(), evidence) is ErrorCode.REGISTRY_INCONSISTENT

    def test_records_that_are_spelt_differently_are_not(self) -> None:
        granted(
            an_application(),
            evidence_for(trajectory=a_trajectory(name=PersonName("ANITA", "QISPE", "NAHUI"))),
        )

    @pytest.mark.parametrize(
        "years",
        [
            pytest.param([an_enrolment(TODAY.year + 1)], id="a year to come"),
            pytest.param([an_enrolment(years_before_today(20).year - 1)], id="a year before the birth"),
            pytest.param([an_enrolment(), an_enrolment()], id="a year twice"),
            pytest.param(
                [an_enrolment(), an_enrolment(results=(a_result(mark="11"),))],
                id="a year twice, with other marks",
            ),
            pytest.param([an_enrolment(results=())], id="passed without a mark"),
            pytest.param(
                [an_enrolment(results=(a_result(mark="11"), a_result(mark="15")))], id="two marks in one row"
            ),
        ],
    )
    def test_years_that_contradict_themselves_are_not_certified(self, years: list[Enrolment]) -> None:
        trajectory = a_trajectory(enrolments=(an_enrolment(2018, "2"), *years))
        first_year = date(2000, 1, 1).year
        with pytest.raises(RegistryError) as refused:
            decide(
                an_application(),
                evidence_for(trajectory=trajectory),
                a_policy(first_year=first_year),
                TODAY,
            )
        assert refused.value.code is ErrorCode.REGISTRY_INCONSISTENT

    @pytest.mark.parametrize(
        "years",
        [
            pytest.param([an_enrolment(results=(), final_situation="RETIRADO")], id="withdrawn"),
            pytest.param([an_enrolment(), an_enrolment(school=a_school(annex="1"))], id="two schools"),
            pytest.param([an_enrolment(), an_enrolment(grade="2")], id="two grades"),
            pytest.param([an_enrolment(results=(a_result(), a_result()))], id="a row twice, the same"),
            pytest.param([an_enrolment(), an_enrolment(TODAY.year + 1, acta=ActaState.OPEN)], id="enrolled"),
        ],
    )
    def test_years_that_are_odd_but_can_be_true_are(self, years: list[Enrolment]) -> None:
        granted(an_application(), evidence_for(trajectory=a_trajectory(enrolments=tuple(years))))


class TestSchoolYears:
    def refused_with(self, *enrolments: Enrolment, level: Level = Level.SECUNDARIA) -> ErrorCode:
        evidence = evidence_for(trajectory=a_trajectory(enrolments=enrolments))
        return refusal(an_application(level=level), evidence)

    def test_somebody_whom_the_school_system_lacks_is_referred(self) -> None:
        evidence = evidence_for(trajectory=None)
        assert refusal(an_application(), evidence) is ErrorCode.NO_ENROLMENT_SINCE_FIRST_YEAR

    def test_years_before_2013_alone_are_referred(self) -> None:
        assert self.refused_with(an_enrolment(2012)) is ErrorCode.NO_ENROLMENT_SINCE_FIRST_YEAR

    def test_years_of_another_modality_alone_are_referred(self) -> None:
        other = an_enrolment(modality=Modality.EBA)
        assert self.refused_with(other) is ErrorCode.NO_ENROLMENT_SINCE_FIRST_YEAR

    def test_a_level_not_studied_is_refused(self) -> None:
        assert self.refused_with(an_enrolment(), level=Level.PRIMARIA) is ErrorCode.LEVEL_NOT_STUDIED

    @pytest.mark.parametrize("state", [ActaState.UNDER_REVIEW, ActaState.UNDER_RECTIFICATION])
    def test_an_acta_under_review_blocks_the_issue(self, state: ActaState) -> None:
        assert (
            self.refused_with(an_enrolment(), an_enrolment(2018, "2", acta=state))
            is ErrorCode.ACTA_UNDER_REVIEW
        )

    def test_an_acta_under_review_of_another_level_does_not(self) -> None:
        elsewhere = an_enrolment(2013, "3", level=Level.PRIMARIA, acta=ActaState.UNDER_REVIEW)
        granted(
            an_application(), evidence_for(trajectory=a_trajectory(enrolments=(elsewhere, an_enrolment())))
        )

    def test_a_level_with_no_closed_year_has_nothing_to_certify(self) -> None:
        running = an_enrolment(2026, "1", acta=ActaState.OPEN, final_situation=None, results=())
        assert self.refused_with(running) is ErrorCode.NO_RESULTS_YET


class TestDoubt:
    @pytest.mark.parametrize(
        "evidence",
        [
            evidence_for(student=a_civil_record(ADULT_DNI)),
            evidence_for(trajectory=a_trajectory(ADULT_DNI)),
        ],
    )
    def test_another_persons_record_is_not_believed(self, evidence: Evidence) -> None:
        with pytest.raises(RegistryError) as refused:
            granted(an_application(), evidence)
        assert refused.value.code is ErrorCode.REGISTRY_INCONSISTENT

    def test_nothing_about_a_student_is_told_before_identity_is_shown(self) -> None:
        application = an_application(student=a_citizen(mother=DeclaredParent("Otra")))
        evidence = evidence_for(student=a_civil_record(death_date=TODAY), trajectory=None)
        assert refusal(application, evidence).public is ErrorCode.IDENTITY_MISMATCH

    def test_every_rule_says_what_it_is(self) -> None:
        assert all(rule.__doc__ for rule in RULES)


class TestTheDocumentedRules:
    DECIDED: Final = frozenset(
        ErrorCode[name]
        for name in re.findall(r"\bErrorCode\.([A-Z_]+)", Path(eligibility.__file__).read_text("utf-8"))
    )

    def test_the_rules_page_names_every_code_that_they_refuse_with_and_no_other(self) -> None:
        page = (Path(__file__).parents[3] / "docs/domain-rules.md").read_text("utf-8")
        refusals = [row.split("|")[2] for row in page.splitlines() if row.startswith("| ")][1:]
        named = {code for refusal in refusals for code in re.findall(r"`([a-z_]+)`", refusal)}
        assert named == {*self.DECIDED, ErrorCode.IDENTITY_MISMATCH}

    def test_the_group_of_eligibility_has_the_codes_that_the_public_sees_of_them(self) -> None:
        public = {code for code in self.DECIDED if code.public is code}
        assert public - OF_REGISTRIES == OF_ELIGIBILITY


class TestContent:
    def content(self, *enrolments: Enrolment, **changes: Any) -> CertificateContent:
        trajectory = a_trajectory(enrolments=enrolments, **changes)
        return granted(an_application(), evidence_for(trajectory=trajectory))

    def test_only_closed_years_of_the_level_since_2013_are_certified_in_order(self) -> None:
        content = self.content(
            an_enrolment(2018, "2"),
            an_enrolment(2012, "1"),
            an_enrolment(2019, "3", acta=ActaState.OPEN),
            an_enrolment(2016, "6", level=Level.PRIMARIA),
            an_enrolment(2017, "1"),
        )
        assert [(year.year, year.grade) for year in content.levels[0].years] == [(2017, "1"), (2018, "2")]

    def test_years_of_one_date_come_by_grade_and_then_by_school(self) -> None:
        south, north = a_school(modular_code="0222222"), a_school(modular_code="0111111")
        content = self.content(
            an_enrolment(2017, "10", school=north),
            an_enrolment(2017, "9", school=south),
            an_enrolment(2017, "9", school=north),
        )
        assert [(year.grade, year.school) for year in content.levels[0].years] == [
            ("9", north),
            ("9", south),
            ("10", north),
        ]

    def test_observations_come_by_year_and_then_by_resolution(self) -> None:
        first, second, third = (
            an_observation(year=2017, resolution="RD 009-2017"),
            an_observation(year=2018, resolution="RD 001-2018"),
            an_observation(year=2018, resolution="RD 002-2018"),
        )
        content = self.content(an_enrolment(), observations=(third, second, first))
        assert content.levels[0].observations == (first, second, third)

    def test_a_repeated_grade_stays_twice(self) -> None:
        content = self.content(
            an_enrolment(2017, "1", final_situation="DESAPROBADO"), an_enrolment(2018, "1")
        )
        assert [year.final_situation for year in content.levels[0].years] == ["DESAPROBADO", "APROBADO"]

    def test_observations_are_those_of_the_level_that_certificates_print(self) -> None:
        printed = an_observation(kind=ObservationKind.PLACEMENT_TEST)
        content = self.content(
            an_enrolment(),
            observations=(
                printed,
                an_observation(kind=ObservationKind.TRANSFER),
                an_observation(kind=ObservationKind.WITHDRAWAL),
                an_observation(level=Level.PRIMARIA),
                an_observation(year=2012),
            ),
        )
        assert content.levels[0].observations == (printed,)

    def test_it_reads_back_from_its_canonical_json(self) -> None:
        content = self.content(an_enrolment(), observations=(an_observation(),))
        assert CertificateContent.from_json(content.to_json()) == content
