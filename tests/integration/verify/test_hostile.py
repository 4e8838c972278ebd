"""Files made to confuse, to exhaust or to crash what reads them."""

import io
import os
import signal
import time
import zlib
from collections.abc import Iterator

import pikepdf
import pytest

from infra.verify.confined import judged_apart
from infra.verify.findings import Check, Judgement, Status, Verdict
from infra.verify.judge import judge
from infra.verify.report import as_json, in_words
from infra.verify.site import LARGEST_FILE
from infra.verify.trust import Trust
from tests.integration.verify import mutations as make
from tests.integration.verify.world import TRUSTED_ROOT, World, a_world, finding, the_certificate

TRUST = Trust(sealers=TRUSTED_ROOT)


@pytest.fixture(scope="module")
def issued() -> Iterator[tuple[World, bytes]]:
    with a_world() as world:
        yield world, world.issues(the_certificate())


def apart(data: bytes, seconds: float = 60) -> Judgement:
    return judged_apart(lambda: judge(data, TRUST), seconds)


def minimal(*objects: bytes) -> bytes:
    """A PDF of these objects, the first its catalogue."""
    data, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return (
        data
        + b"xref\n0 %d\n0000000000 65535 f \n%b" % (len(objects) + 1, table)
        + b"trailer\n<</Root 1 0 R /Size %d>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(data))
    )


def nested(depth: int) -> bytes:
    return minimal(
        b"<</Type /Catalog /Pages 2 0 R /AcroForm %b>>" % (b"[" * depth + b"]" * depth),
        b"<</Type /Pages /Kids [3 0 R] /Count 1>>",
        b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842]>>",
    )


def circular_pages() -> bytes:
    return minimal(b"<</Type /Catalog /Pages 2 0 R>>", b"<</Type /Pages /Kids [2 0 R 2 0 R] /Count 9999999>>")


def a_bomb(megabytes: int = 600) -> bytes:
    """A page whose content unpacks to very much."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b"0 0 m 9 9 l S\n" * 75_000) for _ in range(megabytes)) + packer.flush()
    stream = b"<</Length %d /Filter /FlateDecode>>\nstream\n%b\nendstream" % (len(packed), packed)
    return minimal(
        b"<</Type /Catalog /Pages 2 0 R>>",
        b"<</Type /Pages /Kids [3 0 R] /Count 1>>",
        b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R>>",
        stream,
    )


def a_wall() -> bytes:
    return minimal(
        b"<</Type /Catalog /Pages 2 0 R>>",
        b"<</Type /Pages /Kids [3 0 R] /Count 1>>",
        b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 9999999 9999999]>>",
    )


@pytest.mark.parametrize(
    "data",
    [b"", b"\0" * 1000, b"Dear Sir or Madam", b"\x89PNG\r\n\x1a\n", b"PK\x03\x04" * 100],
    ids=["empty", "zeros", "text", "png", "zip"],
)
def test_what_is_no_pdf_is_not_ours(data: bytes) -> None:
    judgement = judge(data, TRUST)

    assert judgement.verdict is Verdict.NOT_OURS
    assert finding(judgement, Check.FILE).status is Status.INVALID


@pytest.mark.parametrize(
    "data",
    [b"%PDF-1.7", b"%PDF-1.7\n" + b"(" * 5000, nested(50_000), circular_pages(), a_wall()],
    ids=["head", "parentheses", "nested", "circular", "wall"],
)
def test_a_pdf_that_is_none_is_judged_and_never_ours(data: bytes) -> None:
    judgement = apart(data)

    assert judgement.verdict in {Verdict.NOT_OURS, Verdict.CANNOT_TELL}


@pytest.mark.slow
def test_a_bomb_is_given_up_within_its_bounds() -> None:
    data = a_bomb()
    assert len(data) < 4_000_000

    started = time.monotonic()
    judgement = apart(data, seconds=5)

    assert judgement.verdict in {Verdict.NOT_OURS, Verdict.CANNOT_TELL}
    assert time.monotonic() - started < 20


def test_what_takes_too_long_can_not_be_told() -> None:
    def forever() -> Judgement:
        time.sleep(60)
        raise AssertionError

    judgement = judged_apart(forever, seconds=0.2)

    assert judgement.verdict is Verdict.CANNOT_TELL
    assert "longer than 0.2 s" in judgement.headline


def test_what_breaks_the_reading_process_can_not_be_told() -> None:
    def crash() -> Judgement:
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError

    assert judged_apart(crash).verdict is Verdict.CANNOT_TELL


def test_what_fails_can_not_be_told_and_shows_no_word_of_the_file(capfd: pytest.CaptureFixture[str]) -> None:
    def fail() -> Judgement:
        raise RuntimeError("QUISPE")

    judgement = judged_apart(fail)

    assert judgement.verdict is Verdict.CANNOT_TELL
    assert "RuntimeError" in judgement.headline
    assert "QUISPE" not in as_json(judgement) + capfd.readouterr().err


def test_what_takes_too_much_memory_can_not_be_told() -> None:
    def greedy() -> Judgement:
        raise AssertionError(bytearray(8_000_000_000)[:1])

    assert judged_apart(greedy, memory_bytes=2_000_000_000).verdict is Verdict.CANNOT_TELL


def test_a_judgement_comes_back_whole_from_its_process(issued: tuple[World, bytes]) -> None:
    world, data = issued

    assert judged_apart(lambda: world.judge(data + b"!")) == world.judge(data + b"!")


def test_a_certificate_before_two_hundred_megabytes_is_altered(issued: tuple[World, bytes]) -> None:
    huge = issued[1] + bytes(200_000_000)

    judgement = judge(huge, TRUST)

    assert judgement.verdict is Verdict.ALTERED
    assert finding(judgement, Check.FILE).reason == f"it is larger than {LARGEST_FILE:,} bytes"
    assert finding(judgement, Check.SEAL).status is Status.INVALID
    assert judgement.changes[0].startswith("more than ")


def test_two_hundred_megabytes_of_nothing_can_not_be_told() -> None:
    assert judge(b"%PDF-1.7\n" + bytes(200_000_000), TRUST).verdict is Verdict.CANNOT_TELL


def test_an_encrypted_copy_can_not_be_told(issued: tuple[World, bytes]) -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(issued[1])) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(owner="one", user="two"))

    judgement = judge(out.getvalue(), TRUST)

    assert judgement.verdict in {Verdict.CANNOT_TELL, Verdict.ALTERED}
    assert finding(judgement, Check.FILE).reason == "it is encrypted"
    assert any("never encrypted" in message for message in judgement.messages)
    assert "no field was seen to differ" not in judgement.headline


def test_an_attachment_that_is_counted_and_not_there_stops_no_judgement(issued: tuple[World, bytes]) -> None:
    def lose(pdf: pikepdf.Pdf) -> None:
        pdf.Root.Names.EmbeddedFiles = pikepdf.Dictionary(
            Names=pikepdf.Array([pikepdf.String("constancia.json"), pikepdf.Name.Nothing])
        )

    judgement = judge(make.saved_again(issued[1], lose), TRUST)

    assert finding(judgement, Check.FILE).status is Status.VALID


def test_no_byte_of_a_hostile_file_steers_the_terminal(issued: tuple[World, bytes]) -> None:
    world, data = issued
    evil = "owned\x07\x9b2J\x7f\x1b[2J\x1b[31mOURS AND UNTOUCHED\u202e\r\n  ok\u2028\x9b2J"
    judgement = world.judge(
        make.annotated(0, (50, 400, 90, 420), evil, drawn=False)(make.retitled(evil)(data))
    )

    words, document = in_words(judgement), as_json(judgement)

    assert judgement.verdict is Verdict.ALTERED
    assert "owned" in words
    assert [each for each in words if not each.isprintable() and each != "\n"] == []
    assert document.isascii()
    assert [each for each in document if not each.isprintable()] == []
