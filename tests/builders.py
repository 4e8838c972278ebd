"""Builders of test data: a valid thing by default, each test names only what it is about.

All persons are invented. Numbers of documents start with 0 and stand for nobody.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from constancia.domain.annulment import AnnulmentReason
from constancia.domain.application import (
    Application,
    CitizenDeclaration,
    Contact,
    DeclaredParent,
    ForeignerDeclaration,
    Reason,
    TermsAcceptance,
)
from constancia.domain.certificate import (
    Certificate,
    CertificateRequest,
    CertificateState,
    MailState,
    PersonKey,
    RequestId,
    hash_of_token,
)
from constancia.domain.content import CertificateContent, Holder, LevelRecord, SchoolYear
from constancia.domain.eligibility import Evidence, Policy
from constancia.domain.identity import DocumentType, IdentityDocument, PersonName
from constancia.domain.operator import Operator
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
from constancia.domain.virtual_code import VirtualCode

TODAY = date(2026, 11, 22)
TERMS = "2026-11-23"
NOW = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)

STUDENT_DNI = IdentityDocument(DocumentType.DNI, "00000001")
ADULT_DNI = IdentityDocument(DocumentType.DNI, "00000002")
STUDENT_CE = IdentityDocument(DocumentType.CE, "X00000001")
ADULT_CE = IdentityDocument(DocumentType.CE, "X00000002")

CODE = VirtualCode("99S0QR6YD40R")
OTHER_CODE = VirtualCode("7K3QM9XD2TRJ")
TOKEN = "dGVzdC10b2tlbi0wMDAwMQ"
OTHER_TOKEN = "dGVzdC10b2tlbi0wMDAwMg"
FILE_SHA256 = "0a" * 32
REQUEST_ID = RequestId("4e" * 16)
EMAIL, PHONE = "persona@correo.example", "900000001"
CONTACT = "datospersonales@ayuda.example"
"""Where people write about their data."""

CUSCO = PlaceNames("CUSCO", "CUSCO", "WANCHAQ")
CUSCO_INEI, CUSCO_RENIEC = "080108", "070108"


WRONG_DATA = AnnulmentReason.WRONG_DATA
OPERATOR = Operator("arn:aws:sts::123456789012:assumed-role/constancia-OperatorActs/rosa", "CASE-2026-0012")


def years_before_today(years: int) -> date:
    """The birthday of someone who completes so many years today."""
    return TODAY.replace(year=TODAY.year - years)


def a_policy(**changes: Any) -> Policy:
    return replace(Policy(TERMS, 16, 18, 2013, frozenset({Modality.EBR})), **changes)


def a_citizen(document: IdentityDocument = STUDENT_DNI, **changes: Any) -> CitizenDeclaration:
    declaration = CitizenDeclaration(document, DeclaredParent("Julio César"), DeclaredParent("Rosa"), CUSCO)
    return replace(declaration, **changes)


def a_foreigner(document: IdentityDocument = STUDENT_CE, **changes: Any) -> ForeignerDeclaration:
    declaration = ForeignerDeclaration(
        document, PersonName("Camila", "Rojas", "Paredes"), years_before_today(20)
    )
    return replace(declaration, **changes)


def an_application(**changes: Any) -> Application:
    """A student of age asks for secundaria in person."""
    application = Application(
        student=a_citizen(),
        applicant=None,
        kinship=None,
        modality=Modality.EBR,
        level=Level.SECUNDARIA,
        contact=Contact("persona@correo.example", None),
        reason=Reason.SCHOLARSHIP,
        reason_detail=None,
        terms=TermsAcceptance(True, TERMS),
    )
    return replace(application, **changes)


def an_application_by(kinship: Kinship = Kinship.MOTHER, **changes: Any) -> Application:
    """An adult asks for a minor."""
    return an_application(**{"applicant": a_citizen(ADULT_DNI), "kinship": kinship, **changes})


def a_civil_record(document: IdentityDocument = STUDENT_DNI, **changes: Any) -> CivilRecord:
    record = CivilRecord(
        document=document,
        name=PersonName("ANA LUCÍA", "QUISPE", "ÑAHUI"),
        birth_date=years_before_today(20),
        death_date=None,
        father_given_names="JULIO CESAR",
        mother_given_names="ROSA",
        domicile=RegisteredDomicile(CUSCO, CUSCO_RENIEC),
    )
    return replace(record, **changes)


def a_foreign_record(document: IdentityDocument = STUDENT_CE, **changes: Any) -> ForeignRecord:
    return replace(ForeignRecord(document, PersonName("CAMILA", "ROJAS PAREDES", None)), **changes)


def a_result(area: str = "Matemática", mark: str = "15", **changes: Any) -> Result:
    return replace(Result(ResultKind.AREA, area, None, mark, Scale.VIGESIMAL), **changes)


def a_school(**changes: Any) -> School:
    return replace(School("0123456", "0", "IE 00001 EL SOL", "080108"), **changes)


def an_enrolment(year: int = 2017, grade: str = "1", **changes: Any) -> Enrolment:
    enrolment = Enrolment(
        year=year,
        modality=Modality.EBR,
        level=Level.SECUNDARIA,
        grade=grade,
        school=a_school(),
        acta=ActaState.APPROVED,
        final_situation="APROBADO",
        results=(a_result(),),
    )
    return replace(enrolment, **changes)


def an_observation(**changes: Any) -> Observation:
    observation = Observation(
        2018, Level.SECUNDARIA, ObservationKind.EQUIVALENCE, "RD 001-2018", "Convalidación de estudios"
    )
    return replace(observation, **changes)


def a_trajectory(document: IdentityDocument = STUDENT_DNI, **changes: Any) -> Trajectory:
    trajectory = Trajectory(
        student_code="00000000000001",
        document=document,
        name=PersonName("ANA LUCÍA", "QUISPE", "ÑAHUI")
        if document.type is DocumentType.DNI
        else PersonName("CAMILA", "ROJAS", "PAREDES"),
        birth_date=years_before_today(20),
        relatives=(),
        enrolments=(an_enrolment(),),
        observations=(),
    )
    return replace(trajectory, **changes)


def evidence_for(**changes: Any) -> Evidence:
    """Evidence that grants `an_application`."""
    evidence = Evidence(
        student=a_civil_record(), applicant=None, kinship=frozenset(), trajectory=a_trajectory()
    )
    return replace(evidence, **changes)


def evidence_for_a_minor(age: int = 12, **changes: Any) -> Evidence:
    """Evidence that grants `an_application_by` a mother."""
    born = years_before_today(age)
    evidence = Evidence(
        student=a_civil_record(birth_date=born),
        applicant=a_civil_record(ADULT_DNI),
        kinship=frozenset({Kinship.MOTHER}),
        trajectory=a_trajectory(birth_date=born, relatives=(Relative(Kinship.MOTHER, ADULT_DNI),)),
    )
    return replace(evidence, **changes)


def a_school_year(year: int = 2017, grade: str = "1", **changes: Any) -> SchoolYear:
    return replace(SchoolYear(year, grade, a_school(), "APROBADO", (a_result(),)), **changes)


def a_level_record(**changes: Any) -> LevelRecord:
    return replace(LevelRecord(Level.SECUNDARIA, (a_school_year(),), ()), **changes)


def a_content(**changes: Any) -> CertificateContent:
    holder = Holder(PersonName("ANA LUCÍA", "QUISPE", "ÑAHUI"), STUDENT_DNI)
    return replace(CertificateContent(holder, Modality.EBR, (a_level_record(),)), **changes)


def a_certificate(state: CertificateState = CertificateState.ISSUED, **changes: Any) -> Certificate:
    """A certificate that `TOKEN` and `STUDENT_DNI` open."""
    certificate = Certificate(
        code=CODE,
        number="2026-00001234",
        state=state,
        content=a_content(),
        issued_at=NOW,
        holder_key=PersonKey("5e" * 32),
        token_hash=hash_of_token(TOKEN),
        terms_version=TERMS,
        terms_accepted_at=NOW,
        sha256=None if state is CertificateState.PENDING else FILE_SHA256,
        superseded_by=OTHER_CODE if state is CertificateState.SUPERSEDED else None,
    )
    return replace(certificate, **changes)


def a_request(**changes: Any) -> CertificateRequest:
    """The accepted request for `a_certificate(CertificateState.PENDING)`."""
    request = CertificateRequest(
        id=REQUEST_ID,
        code=CODE,
        state=CertificateState.PENDING,
        created_at=NOW,
        expires_at=NOW + timedelta(days=7),
        mail=MailState.PENDING,
        token=TOKEN,
        email=EMAIL,
        phone=PHONE,
    )
    return replace(request, **changes)
