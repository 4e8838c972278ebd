"""What docs/operations.md shows is what the commands say, in its order, on a stage with two requests."""

import hashlib
import io
import re
import shlex
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from datetime import timedelta
from pathlib import Path

import pytest

from constancia.adapters.files import S3FileStore
from constancia.adapters.queue import SqsDeadLetters
from constancia.adapters.store import DynamoCertificateStore
from constancia.domain import operations
from constancia.domain.annulment import AnnulmentReason
from constancia.domain.certificate import CertificateState, MailState, PersonKey, RequestId
from constancia.domain.failures import Failure, FailureReason
from constancia.domain.virtual_code import VirtualCode
from infra.cli import main as command
from infra.cli import ops
from infra.ops.stage import Stage
from infra.ops.trouble import ExitCode
from tests.builders import CODE, EMAIL, NOW, OPERATOR, a_certificate, a_request
from tests.conftest import Aws
from tests.fakes import FakeClock
from tests.trail import a_trail

PAGE = (Path(__file__).parents[3] / "docs/operations.md").read_text("utf-8")
HELD = VirtualCode("7K3QM9XD2TRJ")
ANEW = VirtualCode("0123456789A7")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
PDF = b"%PDF-1.7"


def examples() -> Iterator[tuple[str, str]]:
    """Each command of the page, and what follows it."""
    for block in re.findall(r"```console\n(.*?)```", PAGE, re.DOTALL):
        yield from re.findall(r"^\$ (.+)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE)


@pytest.fixture
def stage(aws: Aws, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> FakeClock:
    """One certificate that was issued and mailed, and one that is held; it is three hours later."""
    clock = FakeClock(NOW)
    store = DynamoCertificateStore(aws.client("dynamodb"), aws.ref("Table"), clock, a_trail(aws))
    files, sha256 = S3FileStore(aws.client("s3"), aws.ref("Bucket")), hashlib.sha256(PDF).hexdigest()
    certificate = a_certificate(CertificateState.PENDING)
    request = a_request(masked_email="p•••@c•••.example")
    store.accept(certificate, request, PersonKey("a"), NOW, source=PersonKey("5e" * 32))
    clock.advance(timedelta(seconds=4))
    files.put(CODE, sha256, PDF)
    store.issue(certificate, request, sha256)
    files.keep(CODE, sha256)
    store.record_mail(request.id, MailState.SENT)

    unlucky = a_certificate(CertificateState.PENDING, code=HELD, number="2026-00001235")
    waits = a_request(id=RequestId("5f" * 16), code=HELD)
    store.accept(unlucky, waits, PersonKey("b"), NOW)
    store.hold(waits.id, FailureReason.UNPRINTABLE_TEXT, NOW + timedelta(days=14))
    box = SqsDeadLetters(aws.client("sqs"), aws.ref("RenderDeadLetters"), lambda: None)
    why = Failure(FailureReason.UNPRINTABLE_TEXT, "U+6F22 is not in the embedded faces")
    box.put(f'{{"request_id":"{waits.id}"}}', why, NOW + timedelta(seconds=6))

    clock.advance(timedelta(hours=3))
    monkeypatch.setattr(ops, "_stage", lambda _: Stage.of(aws.stack, aws.client))
    monkeypatch.setattr(ops, "_now", clock)
    monkeypatch.setattr(operations, "new_virtual_code", lambda: ANEW)
    monkeypatch.setattr("builtins.input", lambda prompt: (print(prompt.strip()), EMAIL)[1])
    monkeypatch.chdir(tmp_path)
    return clock


def say(typed: str, clock: FakeClock) -> str:
    """What a command says, both streams as a terminal shows them, with ids that are drawn made equal."""
    told = io.StringIO()
    clock.advance(timedelta(minutes=1))
    program, *arguments = shlex.split(typed)
    assert program == "constancia"
    with redirect_stdout(told), redirect_stderr(told):
        code = command.main(arguments)
    assert code in ExitCode
    return _UUID.sub("5fea7756-0ea4-451a-a703-a558b933e274", told.getvalue())


def test_every_example_is_true(stage: FakeClock) -> None:
    shown = list(examples())
    verbs = {typed.split()[2] for typed, _ in shown}

    assert verbs == set(ops._VERBS)
    for typed, said in shown:
        assert say(typed, stage) == said, typed


def test_every_exit_code_and_every_reason_is_on_the_page() -> None:
    told = dict(re.findall(r"^\| (\d) \| (.+) \|$", PAGE, re.MULTILINE))

    assert {int(number) for number in told} == {code.value for code in ExitCode}
    assert set(re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE)) >= {one.lower() for one in AnnulmentReason}
    assert OPERATOR.ticket in PAGE  # type: ignore[operator]
