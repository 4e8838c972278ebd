"""Files as they were issued: `constancia verify` says so, and whether they still stand."""

import pytest

from constancia.domain.certificate import CertificateState
from constancia.domain.links import verification_url
from constancia.domain.seal import DEMO_POLICY
from infra.seal.demo_ca import DemoRoot
from infra.verify.findings import Check, ExitCode, Standing, Status, Verdict
from infra.verify.judge import judge
from infra.verify.seals import Sealers
from infra.verify.site import Site
from infra.verify.trust import Trust
from render.document import draw
from render.seal import SealChain, Sealer
from render.seal.timestamp import TimeStampAuthority
from tests.builders import NOW, TOKEN
from tests.integration.seal.authority import authority, granted
from tests.integration.verify.world import (
    TRUSTED_ROOT,
    World,
    finding,
    the_certificate,
)
from tests.sealing import chain_pem, seal_key, signing_with
from tests.unit.seal.certificates import Authority

pytestmark = pytest.mark.slow  # as a whole; `test_command` has what must hold before every change


def test_the_file_as_issued_is_untouched_and_stands(issued: tuple[World, bytes]) -> None:
    world, data = issued

    judgement = world.judge(data)

    assert judgement.verdict is Verdict.UNTOUCHED
    assert judgement.exit_code is ExitCode.UNTOUCHED_AND_STANDS
    assert judgement.code == "99S0-QR6Y-D40R"
    assert "UNTOUCHED: certificate 99S0-QR6Y-D40R stands." in judgement.headline
    assert {each.status for each in judgement.findings} == {Status.VALID}
    assert {each.check for each in judgement.findings} == set(Check)
    assert (judgement.differences, judgement.changes) == ((), ())


def test_a_time_stamped_file_is_untouched_too() -> None:
    certificate = the_certificate()
    with authority(granted(NOW)) as url:
        chain = SealChain.parse(chain_pem())
        sealer = Sealer(chain, signing_with(seal_key()), TimeStampAuthority(url, 30))
        address = verification_url("https://constancia.example", certificate.code, TOKEN)
        data = sealer.seal(draw(certificate, address, sealer.appearance))

    trust = Trust(sealers=TRUSTED_ROOT)

    assert judge(data, trust).verdict is Verdict.UNTOUCHED
    assert judge(data + b"\n", trust).verdict is Verdict.ALTERED


@pytest.mark.parametrize("usage", ["digital_signature", "content_commitment"])
def test_a_chain_that_render_seals_with_is_ours_whichever_way_it_says_that_it_signs(usage: str) -> None:
    root = Authority("Raíz de sellos")
    chain = root.certify("Sello", seal_key(), usage={usage}) + root.pem
    sealer = Sealer(SealChain.parse(chain), signing_with(seal_key()))
    url = verification_url("https://constancia.example", the_certificate().code, TOKEN)
    data = sealer.seal(draw(the_certificate(), url, sealer.appearance))

    trust = Trust(sealers=Sealers.of_chain(chain.encode()))

    assert judge(data, trust).verdict is Verdict.UNTOUCHED
    assert judge(data[:-1] + b" ", trust).verdict is Verdict.ALTERED


def test_a_demonstration_says_so_in_its_first_line(issued: tuple[World, bytes]) -> None:
    world, data = issued

    judgement = world.judge(data)

    assert judgement.demonstration
    assert judgement.headline.startswith("[DEMONSTRATION, no official value]")
    assert DEMO_POLICY  # which the seal's certificate carries


@pytest.mark.parametrize(
    ("state", "standing", "says"),
    [
        (CertificateState.SUPERSEDED, Standing.REPLACED, "BUT REPLACED"),
        (CertificateState.ANNULLED, Standing.ANNULLED, "BUT ANNULLED"),
    ],
)
def test_a_file_whose_certificate_no_longer_stands_does_not_read_as_fine(
    world: World, state: CertificateState, standing: Standing, says: str
) -> None:
    data = world.issues(the_certificate())
    world.becomes(state)

    judgement = world.judge(data)

    assert (judgement.verdict, judgement.standing) == (Verdict.UNTOUCHED, standing)
    assert judgement.exit_code is ExitCode.UNTOUCHED_BUT_MAY_NOT_STAND
    assert says in judgement.headline
    assert finding(judgement, Check.RECORD).status is Status.INVALID
    assert finding(judgement, Check.SEAL).status is Status.VALID


def test_a_replaced_certificates_file_is_known_by_its_digest_alone(world: World) -> None:
    data = world.issues(the_certificate())
    world.becomes(CertificateState.SUPERSEDED)
    world.routes.seal_chain = None

    judgement = world.judge(data)

    assert (judgement.verdict, judgement.standing) == (Verdict.UNTOUCHED, Standing.REPLACED)
    assert finding(judgement, Check.DIGEST).status is Status.VALID
    assert finding(judgement, Check.SEAL).status is Status.SKIPPED
    assert world.judge(data + b" ").verdict is Verdict.ALTERED


def test_a_sealed_file_that_the_site_does_not_know_says_so_at_once(world: World) -> None:
    data = world.issues(the_certificate())
    world.forgets()

    judgement = world.judge(data)

    assert (judgement.verdict, judgement.standing) == (Verdict.UNTOUCHED, Standing.UNKNOWN)
    assert judgement.exit_code is ExitCode.UNTOUCHED_BUT_MAY_NOT_STAND
    assert "BUT UNKNOWN" in judgement.headline


def test_without_a_site_the_seal_alone_tells_and_that_is_said(issued: tuple[World, bytes]) -> None:
    _, data = issued

    judgement = judge(data, Trust(sealers=TRUSTED_ROOT))

    assert (judgement.verdict, judgement.standing) == (Verdict.UNTOUCHED, Standing.NOT_ASKED)
    assert judgement.exit_code is ExitCode.UNTOUCHED_BUT_MAY_NOT_STAND
    assert "WHETHER IT STANDS IS NOT KNOWN" in judgement.headline


def test_a_site_that_does_not_answer_leaves_the_seal(issued: tuple[World, bytes]) -> None:
    _, data = issued

    judgement = judge(data, Trust(Site.at("http://127.0.0.1:9"), TRUSTED_ROOT))

    assert (judgement.verdict, judgement.standing) == (Verdict.UNTOUCHED, Standing.NOT_ASKED)
    assert "can't be reached" in finding(judgement, Check.RECORD).reason


def test_without_any_trust_nothing_is_told(issued: tuple[World, bytes]) -> None:
    _, data = issued

    judgement = judge(data, Trust())

    assert judgement.verdict is Verdict.CANNOT_TELL
    assert "--endpoint" in judgement.headline


def test_a_site_that_publishes_no_chain_leaves_the_digest(world: World) -> None:
    data = world.issues(the_certificate())
    world.routes.seal_chain = None

    judgement = world.judge(data)

    assert judgement.verdict is Verdict.UNTOUCHED
    assert finding(judgement, Check.SEAL).status is Status.SKIPPED
    assert finding(judgement, Check.DIGEST).status is Status.VALID


def test_a_site_whose_seals_whoever_checks_does_not_trust_is_not_enough(issued: tuple[World, bytes]) -> None:
    world, data = issued
    others = Sealers.of_root(DemoRoot.create(NOW).pem.encode())

    judgement = world.judge(data, sealers=others)

    assert judgement.verdict is Verdict.CANNOT_TELL
    assert "its seal is none that you trust" in judgement.headline
