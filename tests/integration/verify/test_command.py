"""The command `constancia verify`: options, exit codes, words and JSON."""

import getpass
import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from constancia.domain.certificate import CertificateState
from infra.cli import verify
from infra.cli.main import main
from infra.verify.findings import SCHEMA, Check, ExitCode, Source, Standing, Status, Verdict
from tests.builders import STUDENT_DNI
from tests.integration.verify import mutations as make
from tests.integration.verify.world import World, a_world, the_certificate
from tests.sealing import chain_pem, demo_root

TEXT_OR_NOTHING = {"type": ["string", "null"]}
TEXTS = {"type": "array", "items": {"type": "string"}}
FORM = {
    "type": "object",
    "additionalProperties": False,
    "required": [
        *("schema", "verdict", "standing", "demonstration", "exit_code", "code", "headline"),
        *("findings", "differences", "changes", "messages"),
    ],
    "properties": {
        "schema": {"const": "constancia-verify/1"},
        "verdict": {"enum": ["ours_untouched", "ours_altered", "not_ours", "cannot_tell"]},
        "standing": {"enum": ["authentic", "replaced", "annulled", "unknown", "not_asked"]},
        "demonstration": {"type": "boolean"},
        "exit_code": {"enum": [0, 1, 3, 4, 5]},
        "code": {"type": ["string", "null"], "pattern": "^(....-....-....)$"},
        "headline": {"type": "string"},
        "findings": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["check", "status", "reason"],
                "properties": {
                    "check": {"enum": ["file", "seal", "qr", "record", "digest", "data", "print"]},
                    "status": {"enum": ["valid", "invalid", "skipped"]},
                    "reason": {"type": "string"},
                },
            },
        },
        "differences": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["source", "field", "record", "file", "note"],
                "properties": {
                    "source": {"enum": ["data", "print"]},
                    "field": {"type": "string"},
                    "record": TEXT_OR_NOTHING,
                    "file": TEXT_OR_NOTHING,
                    "note": TEXT_OR_NOTHING,
                },
            },
        },
        "changes": TEXTS,
        "messages": TEXTS,
    },
}
"""What programs may rely on. Another form is another `schema`."""


@pytest.fixture
def world() -> Iterator[World]:
    with a_world() as world:
        yield world


@pytest.fixture
def issued(world: World, tmp_path: Path) -> Path:
    path = tmp_path / "constancia.pdf"
    path.write_bytes(world.issues(the_certificate()))
    return path


@pytest.fixture
def shown(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[int, str]]:
    """Run the command; gives its exit code and all that it wrote."""
    monkeypatch.setattr(verify, "_DEMO_ROOT", Path("nowhere"))

    def run(*arguments: object) -> tuple[int, str]:
        code = main(["verify", *map(str, arguments)])
        written = capsys.readouterr()
        return code, written.out + written.err

    return run


type Shown = Callable[..., tuple[int, str]]


def test_the_file_as_issued_ends_with_0_and_its_verdict_first(
    shown: Shown, world: World, issued: Path
) -> None:
    code, text = shown(issued, "--endpoint", world.base)

    assert (code, ExitCode.UNTOUCHED_AND_STANDS.value) == (0, 0)
    assert "OURS AND UNTOUCHED: certificate 99S0-QR6Y-D40R stands." in text.splitlines()[0]


def test_junk_after_the_end_ends_with_1(shown: Shown, world: World, issued: Path) -> None:
    issued.write_bytes(issued.read_bytes() + b"\n")

    code, text = shown(issued, "--endpoint", world.base)

    assert (code, ExitCode.ALTERED.value) == (1, 1)
    assert "OURS, BUT ALTERED: 1 byte after its end: junk" in text.splitlines()[0]


def test_what_is_no_file_is_refused(shown: Shown, tmp_path: Path) -> None:
    endless = tmp_path / "pipe\x1b[31m"
    os.mkfifo(endless)

    code, text = shown(endless)

    assert code == ExitCode.WRONG_USAGE
    assert text.endswith("it is no file\n")
    assert "\x1b" not in text


def test_nobody_to_ask_for_the_document_is_said(
    shown: Shown, issued: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody(_: str) -> str:
        raise EOFError

    monkeypatch.setattr(getpass, "getpass", nobody)

    code, text = shown(issued, "--document")

    assert code == ExitCode.WRONG_USAGE
    assert "--document NUMBER" in text


def test_a_listener_who_leaves_early_is_no_failure(issued: Path) -> None:
    command = [str(Path(sys.executable).with_name("constancia")), "verify", str(issued)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        assert process.stderr.read() == ""


def test_a_changed_mark_is_told_in_the_second_line(shown: Shown, world: World, issued: Path) -> None:
    issued.write_bytes(make.word_revised(1, "B", "AD", 2)(issued.read_bytes()))

    code, text = shown(issued, "--endpoint", world.base)

    assert code == ExitCode.ALTERED
    assert text.splitlines()[1] == (
        "  Educación Secundaria, 2.º (2020), Ciencias Sociales - Gestiona responsablemente los recursos "
        "económicos: record «B», file «AD» (on the page)"
    )


def test_somebody_elses_file_ends_with_3(shown: Shown, world: World, tmp_path: Path) -> None:
    other = tmp_path / "other.pdf"
    other.write_bytes(make.a_blank_pdf())

    assert (shown(other, "--endpoint", world.base)[0], ExitCode.NOT_OURS.value) == (3, 3)


def test_what_can_not_be_told_ends_with_4(shown: Shown, issued: Path) -> None:
    code, text = shown(issued)

    assert (code, ExitCode.CANNOT_TELL.value) == (4, 4)
    assert text.startswith("CANNOT TELL: name the site that you trust")


def test_an_untouched_file_that_was_annulled_ends_with_5(shown: Shown, world: World, issued: Path) -> None:
    world.becomes(CertificateState.ANNULLED)

    code, text = shown(issued, "--endpoint", world.base)

    assert (code, ExitCode.UNTOUCHED_BUT_MAY_NOT_STAND.value) == (5, 5)
    assert "BUT ANNULLED" in text.splitlines()[0]


def test_the_verdict_does_not_hang_on_the_files_name(shown: Shown, world: World, issued: Path) -> None:
    renamed = issued.rename(issued.with_name("7K3Q-M9XD-2TRJ.docx"))

    assert shown(renamed, "--endpoint", world.base)[0] == 0


@pytest.mark.parametrize("option", ["--root", "--chain"])
def test_trusted_certificates_come_from_a_file(
    shown: Shown, issued: Path, tmp_path: Path, option: str
) -> None:
    pem = tmp_path / "trusted.pem"
    pem.write_text(demo_root().pem if option == "--root" else chain_pem())

    code, text = shown(issued, option, pem)

    assert code == ExitCode.UNTOUCHED_BUT_MAY_NOT_STAND
    assert "WHETHER IT STANDS IS NOT KNOWN" in text


def test_without_a_site_the_checkouts_demo_ca_is_trusted(
    shown: Shown, issued: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "root.pem").write_text(demo_root().pem)
    monkeypatch.setattr(verify, "_DEMO_ROOT", tmp_path / "root.pem")

    code, text = shown(issued)

    assert code == ExitCode.UNTOUCHED_BUT_MAY_NOT_STAND
    assert text.startswith("[DEMONSTRATION, no official value]")


def test_the_site_may_be_named_by_the_environment(
    shown: Shown, world: World, issued: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(verify.ENDPOINT, world.base)

    assert shown(issued)[0] == 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--endpoint", "http://cla.example"], "not an https address"),
        (["--endpoint", "cla.example"], "not the address of a site"),
        (["--code", "99S0-QR6Y-D40S"], "a virtual code has 12 letters and digits"),
        (["--document", "QUISPE"], "a DNI has 8 digits"),
        (["--root", "nowhere.pem"], "nowhere.pem: No such file"),
        (["--root", __file__], "no PEM certificate"),
    ],
)
def test_wrong_usage_ends_with_2_and_says_what_to_change(
    shown: Shown, issued: Path, arguments: list[str], says: str
) -> None:
    code, text = shown(issued, *arguments)

    assert (code, ExitCode.WRONG_USAGE.value) == (2, 2)
    assert says in text
    assert "QUISPE" not in text


def test_a_file_that_is_not_there_is_wrong_usage(shown: Shown, tmp_path: Path) -> None:
    code, text = shown(tmp_path / "none.pdf")

    assert code == ExitCode.WRONG_USAGE
    assert "No such file" in text


def test_the_document_is_asked_for_without_showing_it(
    shown: Shown, world: World, issued: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    issued.write_bytes(make.qr_replaced(world.base)(issued.read_bytes()))
    asked: list[str] = []

    def typed(prompt: str) -> str:
        asked.append(prompt)
        return STUDENT_DNI.number

    monkeypatch.setattr("getpass.getpass", typed)

    code, text = shown(issued, "--endpoint", world.base, "--document")

    assert code == ExitCode.ALTERED
    assert len(asked) == 1
    assert STUDENT_DNI.number not in text


@pytest.mark.parametrize("change", [lambda data: data, make.word_changed(0, "2014", "2015"), lambda _: b""])
def test_the_json_keeps_its_form(
    shown: Shown, world: World, issued: Path, change: Callable[[bytes], bytes]
) -> None:
    issued.write_bytes(change(issued.read_bytes()))

    code, text = shown(issued, "--endpoint", world.base, "--json")

    (line,) = text.splitlines()
    document: dict[str, Any] = json.loads(line)
    jsonschema.validate(document, FORM)
    assert document["exit_code"] == code
    assert len(document["findings"]) == len(Check)


def test_the_form_of_the_json_has_every_value_that_there_is() -> None:
    def values(name: str) -> set[object]:
        properties: Any = FORM["properties"]
        return set(properties[name]["enum"])

    properties: Any = FORM["properties"]
    items = properties["findings"]["items"]["properties"]
    assert properties["schema"]["const"] == SCHEMA
    assert values("verdict") == set(Verdict)
    assert values("standing") == set(Standing)
    assert values("exit_code") == set(ExitCode) - {ExitCode.WRONG_USAGE}
    assert set(items["check"]["enum"]) == set(Check)
    assert set(items["status"]["enum"]) == set(Status)
    assert set(properties["differences"]["items"]["properties"]["source"]["enum"]) == set(Source)


def test_nothing_is_logged(
    shown: Shown, world: World, issued: Path, caplog: pytest.LogCaptureFixture
) -> None:
    issued.write_bytes(
        make.word_changed(0, "ANA LUCÍA QUISPE ÑAHUI", "ANA LUCÍA QUISPE LUNA")(issued.read_bytes())
    )
    caplog.set_level(logging.DEBUG)

    shown(issued, "--endpoint", world.base)

    assert "QUISPE" not in caplog.text
