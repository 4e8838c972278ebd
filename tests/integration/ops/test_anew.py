"""Made anew under another code, and mailed once more: the normal way through render, once, and recorded."""

import re
import sys
from typing import Any

import pytest
from botocore.exceptions import ClientError
from moto.ses.models import ses_backends

from constancia.adapters.queue import SqsRenderQueue
from constancia.domain.virtual_code import VirtualCode, grouped, parse_virtual_code
from infra.local.template import ACCOUNT, REGION
from tests.integration.ops.conftest import Office

CASE = ("--ticket", "CASE-2026-0012")
ADDRESS = "otra.persona@correo.example"


@pytest.fixture
def typing(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Types lines at the prompts."""

    def types(*lines: str) -> None:
        answers = iter(lines)
        monkeypatch.setattr("builtins.input", lambda _: next(answers))

    return types


def mailed_to(address: str) -> list[str]:
    """The texts of the mails to an address."""
    messages: list[Any] = list(ses_backends[ACCOUNT][REGION].sent_messages)
    return [str(vars(each)) for each in messages if address in str(vars(each).get("destinations", ""))]


def new_code(said: str) -> VirtualCode:
    found = re.search(r"Accepted: (\S+) takes", said)
    assert found, said
    return parse_virtual_code(found[1])


def state_of(office: Office, code: VirtualCode) -> str:
    return str(office.item(f"CERT#{code}")["certificate_state"]["S"])


def requests_of(office: Office, code: VirtualCode) -> list[dict[str, Any]]:
    items = office.deployed.items()
    return [one for one in items if one["pk"]["S"].startswith("REQ#") and one["code"]["S"] == code]


# ---------------------------------------------------------------------- anew


def test_a_new_code_has_the_same_content_and_supersedes_the_old_one(office: Office) -> None:
    old = office.issued()

    said = office.ops("reissue", old, *CASE, "--yes")
    new = new_code(said.out)
    assert (state_of(office, old), state_of(office, new)) == ("ISSUED", "PENDING")
    office.deployed.render_all()

    before, after = office.item(f"CERT#{old}"), office.item(f"CERT#{new}")
    assert (state_of(office, old), state_of(office, new)) == ("SUPERSEDED", "ISSUED")
    assert before["superseded_by"]["S"] == new
    assert after["content"] == before["content"]
    for name in ("token_hash", "sha256", "number", "document_hash"):
        assert after[name] != before[name], name
    assert office.by_operators(old) == [("reissue", "accepted", "CASE-2026-0012", "")]
    assert office.by_operators(new) == [("request", "accepted", "CASE-2026-0012", "")]
    assert f"superseded by  {grouped(new)}" in office.ops("show", old).out
    assert f"made anew from  {grouped(old)}" in office.ops("show", new).out


def test_without_an_address_nobody_is_mailed_and_its_file_is_kept_all_the_same(office: Office) -> None:
    sent = len(ses_backends[ACCOUNT][REGION].sent_messages)
    old = office.issued()
    new = new_code(office.ops("reissue", old, *CASE, "--yes").out)
    office.deployed.render_all()

    assert len(ses_backends[ACCOUNT][REGION].sent_messages) == sent + 1  # that of the old one
    (request,) = requests_of(office, new)
    assert request["mail"]["S"] == "NONE"
    assert not {"email", "phone", "qr_token", "pending"} & set(request)
    key = f"certificates/{new}/{office.item(f'CERT#{new}')['sha256']['S']}.pdf"
    tags = office.aws.client("s3").get_object_tagging(Bucket=office.aws.ref("Bucket"), Key=key)["TagSet"]
    assert tags == []
    assert "no mail: there was no address" in office.ops("show", new).out


def test_with_an_address_typed_twice_the_new_code_is_mailed_there(office: Office, typing: Any) -> None:
    old = office.issued()
    typing(ADDRESS)

    new = new_code(office.ops("reissue", old, *CASE, "--yes", "--to", ADDRESS).out)
    office.deployed.render_all()

    assert any(grouped(new) in text for text in mailed_to(ADDRESS))


def test_it_is_dry_by_default(office: Office) -> None:
    code = office.issued()
    before = office.deployed.items()

    said = office.ops("reissue", code, *CASE)

    assert said.code == 0
    assert "Nothing was changed" in said.out
    assert office.deployed.items() == before
    assert office.by_operators(code) == [("reissue", "previewed", "CASE-2026-0012", "")]


def test_a_second_time_answers_the_one_under_way(office: Office) -> None:
    old = office.issued()
    new = new_code(office.ops("reissue", old, *CASE, "--yes").out)

    said = office.ops("reissue", old, *CASE, "--yes")

    assert f"is being made anew already, as {grouped(new)}" in said.out
    office.deployed.render_all()
    assert state_of(office, new) == "ISSUED"
    assert f"superseded by {grouped(new)}" in office.ops("reissue", old, *CASE, "--yes").err
    assert sum(one.get("replaces", {}).get("S") == old for one in office.deployed.items()) == 1


def test_stopped_before_the_message_it_goes_on_by_the_sweep_or_the_same_command(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = office.issued()
    with monkeypatch.context() as patch:

        def stopped(*_: object) -> None:
            raise KeyboardInterrupt

        patch.setattr(SqsRenderQueue, "send", stopped)
        assert office.ops("reissue", old, *CASE, "--yes").code == 130
    assert office.deployed.render_all() == 0

    office.ops("reissue", old, *CASE, "--yes")
    office.deployed.render_all()

    assert state_of(office, old) == "SUPERSEDED"
    assert sum(one.get("replaces", {}).get("S") == old for one in office.deployed.items()) == 1


def test_a_queue_that_does_not_answer_loses_nothing(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    old = office.issued()

    def throttled(*_: object) -> None:
        raise ClientError({"Error": {"Code": "ThrottlingException", "Message": ""}}, "SendMessage")

    with monkeypatch.context() as patch:
        patch.setattr(SqsRenderQueue, "send", throttled)
        said = office.ops("reissue", old, *CASE, "--yes")

    assert said.code == 0
    assert "the sweep tells it within minutes" in said.out
    assert grouped(new_code(said.out)) in office.ops("pending").out


def test_annulled_meanwhile_the_new_one_is_annulled_too(office: Office) -> None:
    """What was annulled for its data must not come back under another code."""
    old = office.issued()
    new = new_code(office.ops("reissue", old, *CASE, "--yes").out)
    office.ops("annul", old, "--reason", "wrong-data", *CASE, "--yes")

    office.deployed.render_all()

    assert (state_of(office, old), state_of(office, new)) == ("ANNULLED", "ANNULLED")
    assert office.item(f"CERT#{new}")["annulled_for"]["S"] == "WRONG_DATA"


def test_superseded_meanwhile_the_new_one_does_not_stand_either(office: Office) -> None:
    """Somebody asked anew, and is drawn between: what the registry says now stands, not the old content."""
    old = office.issued()
    _, asked = office.asked()
    new = new_code(office.ops("reissue", old, *CASE, "--yes").out)
    while office.deployed.render_all():
        pass

    states = [state_of(office, one) for one in (old, asked, new)]
    assert states == ["SUPERSEDED", "ISSUED", "SUPERSEDED"]


@pytest.mark.parametrize("verb", [("reissue",), ("resend", "--to", ADDRESS)], ids=lambda verb: verb[0])
def test_what_does_not_stand_is_neither_made_anew_nor_mailed(
    office: Office, typing: Any, verb: tuple[str, ...]
) -> None:
    code = office.issued()
    office.ops("annul", code, "--reason", "holder-asked", *CASE, "--yes")
    typing(ADDRESS)

    said = office.ops(verb[0], code, *verb[1:], *CASE, "--yes")

    assert said.code == 1
    assert "it is annulled, for good" in said.err
    assert office.by_operators(code)[-1][:2] == (verb[0], "refused")


# ---------------------------------------------------------------------- the mail


def test_a_code_is_mailed_to_a_confirmed_address_that_is_forgotten_then(
    office: Office, typing: Any, capfd: pytest.CaptureFixture[str]
) -> None:
    code = office.issued()
    typing(ADDRESS, ADDRESS)

    said = office.ops("resend", code, "--to", *CASE, "--yes")
    assert said.code == 0
    assert "o•••@c•••.example" in said.out
    before = len(mailed_to(ADDRESS))
    office.deployed.render_all()

    texts = mailed_to(ADDRESS)
    assert len(texts) == before + 1
    assert grouped(code) in texts[-1]
    assert ADDRESS not in said.out + said.err + str(office.deployed.items())
    assert ADDRESS not in "".join(capfd.readouterr()) + str(office.by_operators(code))
    assert office.by_operators(code) == [("resend", "accepted", "CASE-2026-0012", "")]
    assert state_of(office, code) == "ISSUED"


def test_an_address_that_is_not_typed_twice_alike_is_not_confirmed(office: Office, typing: Any) -> None:
    code = office.issued()
    for lines, why in (
        (("otra.persona@correo.exampel",), "the two are not the same"),
        (("nobody",), "that is no e-mail address"),
    ):
        typing(*lines)
        said = office.ops("resend", code, "--to", ADDRESS, *CASE, "--yes")
        assert (said.code, said.out) == (2, "")
        assert why in said.err
        assert "@" not in said.err
    assert office.by_operators(code) == []


def test_without_a_terminal_the_second_typing_is_a_line_of_the_pipe(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = office.issued()

    class Closed:
        def readline(self) -> str:
            return ""

    monkeypatch.setattr(sys, "stdin", Closed())

    said = office.ops("resend", code, "--to", ADDRESS, *CASE, "--yes")

    assert said.code == 2
    assert "nobody to type the address again" in said.err


def test_while_a_mail_is_under_way_no_second_one_goes_out(office: Office, typing: Any) -> None:
    code = office.issued()
    typing(*(ADDRESS,) * 4)
    assert office.ops("resend", code, "--to", ADDRESS, *CASE, "--yes").code == 0

    said = office.ops("resend", code, "--to", ADDRESS, *CASE, "--yes")

    assert said.code == 1
    assert "is under way since" in said.err
    office.deployed.render_all()
    typing(ADDRESS)
    assert office.ops("resend", code, "--to", ADDRESS, *CASE).out.startswith("Would mail")
