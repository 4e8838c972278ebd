"""The request function over the ports in memory: what a test says of the world, and what it did."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from io import StringIO
from threading import Barrier
from typing import Any
from uuid import uuid4

import msgspec
from aws_lambda_powertools import Logger

from constancia.domain.certificate import PersonKey, RequestId
from constancia.domain.eligibility import Policy
from constancia.domain.errors import ErrorCode, RegistryError
from constancia.domain.identity import IdentityDocument
from constancia.domain.lima import end_of_day
from constancia.domain.ports import Sending
from constancia.domain.registries import CivilRecord, ForeignRecord
from constancia.domain.school import Kinship, Trajectory
from constancia.web.journal import Journal
from request.dispatch import Dispatch
from request.intake import Intake, Periods
from request.limits import Limits, Shares
from request.progress import Tracker
from request.registries import Registries
from request.services import Retention, Services
from request.wiring import new_app
from request.wizard.draft import DraftCodec
from tests.builders import (
    ADULT_DNI,
    CONTACT,
    CUSCO_INEI,
    STUDENT_DNI,
    TERMS,
    a_civil_record,
    a_foreign_record,
    a_policy,
    a_trajectory,
)
from tests.fakes import FakeClock, InMemoryLimiter, InMemoryQueue, InMemoryStore, a_hasher, a_witness

DRAFT_KEY = "key-of-the-tests"


@dataclass
class InMemoryRegistries:
    """RENIEC, Migraciones and SIAGIE at once; a look-up may wait for the others, or fail."""

    civil: dict[IdentityDocument, CivilRecord] = field(default_factory=dict)
    foreign: dict[IdentityDocument, ForeignRecord] = field(default_factory=dict)
    kinships: dict[tuple[IdentityDocument, IdentityDocument], frozenset[Kinship]] = field(
        default_factory=dict
    )
    trajectories: dict[IdentityDocument, Trajectory] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    together: Barrier | None = None
    """Where each look-up waits until all have begun."""
    down: frozenset[str] = frozenset()

    def as_registries(self) -> Registries:
        return Registries(_Civil(self), _Migration(self), _School(self), seconds=20)

    def look_up[Answer](self, what: str, find: Callable[[], Answer]) -> Answer:
        self.asked.append(what)
        if self.together:
            self.together.wait(timeout=10)
        if what in self.down:
            raise RegistryError(ErrorCode.REGISTRY_UNAVAILABLE)
        return find()


@dataclass
class _Civil:
    all: InMemoryRegistries

    def check(self) -> None:
        return

    def person(self, document: IdentityDocument) -> CivilRecord | None:
        return self.all.look_up("reniec", lambda: self.all.civil.get(document))

    def kinship(self, adult: IdentityDocument, minor: IdentityDocument) -> frozenset[Kinship]:
        return self.all.look_up("kinship", lambda: self.all.kinships.get((adult, minor), frozenset()))


@dataclass
class _Migration:
    all: InMemoryRegistries

    def check(self) -> None:
        return

    def person(self, document: IdentityDocument) -> ForeignRecord | None:
        return self.all.look_up("migraciones", lambda: self.all.foreign.get(document))


@dataclass
class _School:
    all: InMemoryRegistries

    def check(self) -> None:
        return

    def trajectory(self, document: IdentityDocument) -> Trajectory | None:
        return self.all.look_up("siagie", lambda: self.all.trajectories.get(document))


@dataclass
class InMemorySendings:
    """Port `Sendings`."""

    sendings: dict[PersonKey, Sending]

    def find(self, key: PersonKey) -> Sending | None:
        return self.sendings.get(key)

    def keep(self, key: PersonKey, sending: Sending) -> None:
        self.sendings.setdefault(key, sending)


A_RETENTION = Retention(request=7, held=14, logs=90, lockout_minutes=15, audit_years=5, audit_unknown=90)


class BrokenQueue:
    """A queue that can't be reached."""

    def send(self, request_id: RequestId) -> None:
        raise TimeoutError(f"no way to {request_id}")


@dataclass
class World:
    """Everything that request touches."""

    clock: FakeClock = field(default_factory=FakeClock)
    registries: InMemoryRegistries = field(default_factory=InMemoryRegistries)
    queue: InMemoryQueue | BrokenQueue = field(default_factory=InMemoryQueue)
    address_limit: int = 50
    daily: Shares = field(default_factory=lambda: Shares(student=5, applicant=20, address=200))
    policy: Policy = field(default_factory=a_policy)
    demo: bool = False
    counted: list[tuple[str, str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        window = timedelta(minutes=15)
        # A name of its own: Powertools gives loggers of one name one stream.
        self.log = StringIO()
        logger = Logger(service=f"request-{uuid4()}", stream=self.log)
        dispatch = Dispatch(self.queue, logger)
        self.store = InMemoryStore(self.clock)
        self.sendings = InMemorySendings(self.store.sendings)
        self.attempts = InMemoryLimiter(self.clock, window=lambda at: at + window)
        self.certificates = InMemoryLimiter(
            self.clock, window=end_of_day, refusal=ErrorCode.DAILY_LIMIT_REACHED
        )
        self.limits = Limits(
            attempts=self.attempts,
            attempts_each=Shares(student=3, applicant=3, address=self.address_limit),
            certificates=self.certificates,
            certificates_each=self.daily,
            hasher=a_hasher(),
        )
        self.intake = Intake(
            registries=self.registries.as_registries(),
            store=self.store,
            sendings=self.sendings,
            limits=self.limits,
            dispatch=dispatch,
            hasher=a_hasher(),
            policy=self.policy,
            periods=Periods(request_kept=timedelta(days=7), same_request=timedelta(minutes=10)),
            clock=self.clock,
            count=self._count,
        )
        tracker = Tracker(self.store, dispatch, a_witness(self.store.trail, self.clock), self.clock)
        journal = Journal(logger, self._count)
        self.services = Services(
            intake=self.intake,
            tracker=tracker,
            drafts=DraftCodec(lambda: DRAFT_KEY, self.clock),
            policy=self.policy,
            journal=journal,
            clock=self.clock,
            contact_email=CONTACT,
            retention=A_RETENTION,
            demo=self.demo,
        )
        self.app = new_app(self.services)

    @property
    def untouched(self) -> bool:
        """Nothing stored, nothing sent, nobody asked."""
        sent = self.queue.sent if isinstance(self.queue, InMemoryQueue) else []
        stored = (self.store.certificates, self.store.requests, self.sendings.sendings)
        return not (any(stored) or sent or self.registries.asked)

    def _count(self, metric: str, dimension: str, value: str) -> None:
        self.counted.append((metric, dimension, value))

    def call(self, sent: dict[str, Any]) -> "Answer":
        """Let the function answer one event of API Gateway."""
        answer = self.app.resolve(sent, None)  # type: ignore[arg-type]
        headers = {name: values[0] for name, values in answer["multiValueHeaders"].items()}
        return Answer(int(answer["statusCode"]), headers, answer["body"], answer["multiValueHeaders"])


@dataclass(frozen=True)
class Answer:
    """What the function answered."""

    status: int
    headers: dict[str, str]
    body: str
    all_headers: dict[str, list[str]] = field(default_factory=dict)

    @property
    def json(self) -> Any:
        return msgspec.json.decode(self.body)


def an_adult_s_world(**changes: Any) -> World:
    """One adult with a DNI who studied secundaria."""
    world = World(**changes)
    world.registries.civil[STUDENT_DNI] = a_civil_record()
    world.registries.trajectories[STUDENT_DNI] = a_trajectory()
    return world


def a_family_s_world(**changes: Any) -> World:
    """A twelve-year-old and the mother."""
    world = World(**changes)
    born = a_civil_record().birth_date.replace(year=2014)
    world.registries.civil |= {
        STUDENT_DNI: a_civil_record(birth_date=born),
        ADULT_DNI: a_civil_record(ADULT_DNI),
    }
    world.registries.kinships[ADULT_DNI, STUDENT_DNI] = frozenset({Kinship.MOTHER})
    world.registries.trajectories[STUDENT_DNI] = a_trajectory(birth_date=born)
    return world


def a_foreigner_s_world(document: IdentityDocument) -> World:
    """One foreign adult who studied secundaria in Peru."""
    world = World()
    world.registries.foreign[document] = a_foreign_record(document)
    world.registries.trajectories[document] = a_trajectory(document)
    return world


def a_person_body(number: str = STUDENT_DNI.number, **changes: Any) -> dict[str, Any]:
    return {
        "document": {"type": "DNI", "number": number},
        "father": {"given_names": "Julio César"},
        "mother": {"given_names": "Rosa"},
        "domicile": {"ubigeo": CUSCO_INEI},
        **changes,
    }


def a_foreigner_body(number: str, **changes: Any) -> dict[str, Any]:
    return {
        "document": {"type": "CE", "number": number},
        "given_names": "Camila",
        "paternal_surname": "Rojas",
        "maternal_surname": "Paredes",
        **changes,
    }


def a_body(**changes: Any) -> dict[str, Any]:
    """The body of `POST /api/v1/requests` by an adult who asks in person."""
    return {
        "student": a_person_body(),
        "applicant": None,
        "modality": "EBR",
        "level": "SECUNDARIA",
        "contact": {"email": "persona@correo.example", "phone": None},
        "reason": {"code": "SCHOLARSHIP", "detail": None},
        "terms": {"accepted": True, "version": TERMS},
        **changes,
    }


def a_body_by_the_mother(**changes: Any) -> dict[str, Any]:
    applicant = a_person_body(ADULT_DNI.number, kinship="MOTHER")
    return a_body(**{"applicant": applicant, **changes})
