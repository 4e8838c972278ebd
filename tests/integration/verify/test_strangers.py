"""Files that are not ours, however much they look like it."""

from dataclasses import replace

import pytest

from constancia.domain.links import verification_url
from infra.seal.demo_ca import DemoRoot
from infra.verify.findings import Check, ExitCode, Standing, Status, Verdict
from infra.verify.judge import judge
from infra.verify.seals import Sealers
from infra.verify.trust import Trust
from render.document import SealAppearance, draw
from render.seal import SealChain, Sealer
from tests.builders import NOW, TOKEN
from tests.integration.verify import mutations as make
from tests.integration.verify.world import (
    World,
    finding,
    the_certificate,
)
from tests.sealing import chain_pem, public_der, seal_key, signing_with

pytestmark = pytest.mark.slow  # as a whole; `test_command` has what must hold before every change


def test_a_certificate_sealed_by_an_authority_of_the_same_names_is_not_taken_for_ours(world: World) -> None:
    forged_root = DemoRoot.create(NOW)
    chain = forged_root.issue(public_der(seal_key(3072)), NOW)
    sealer = Sealer(SealChain.parse(chain), signing_with(seal_key(3072)))
    url = verification_url("https://constancia.example", the_certificate().code, TOKEN)
    forged = sealer.seal(draw(the_certificate(), url, sealer.appearance))

    judgement = world.judge(forged)

    assert judgement.verdict is Verdict.NOT_OURS
    assert judgement.exit_code is ExitCode.NOT_OURS
    assert "not by a sealer of ours" in finding(judgement, Check.SEAL).reason
    assert finding(judgement, Check.QR).status is Status.INVALID


def test_our_content_sealed_by_somebody_else_is_altered(world: World) -> None:
    world.issues(the_certificate())
    chain = DemoRoot.create(NOW).issue(public_der(seal_key(3072)), NOW)
    sealer = Sealer(SealChain.parse(chain), signing_with(seal_key(3072)))
    url = verification_url(world.base, the_certificate().code, TOKEN)

    judgement = world.judge(sealer.seal(draw(the_certificate(), url, sealer.appearance)))

    assert judgement.verdict is Verdict.ALTERED
    assert "not by a sealer of ours" in finding(judgement, Check.SEAL).reason


def test_another_leaf_of_the_same_root_seals_for_us_only_under_the_same_name(world: World) -> None:
    data = world.issues(the_certificate())
    ours = Sealers.of_chain(chain_pem().encode())
    renewed = Sealers.of_chain(chain_pem(3072).encode())
    others = replace(ours, subject=ours.roots[0].subject)

    assert judge(data, Trust(sealers=renewed)).verdict is Verdict.UNTOUCHED
    assert judge(data, Trust(sealers=others)).verdict is not Verdict.UNTOUCHED


def test_an_unsealed_drawing_of_a_certificate_that_was_never_issued_is_not_ours(world: World) -> None:
    url = verification_url(world.base, the_certificate().code, TOKEN)
    drawing = draw(the_certificate(), url, SealAppearance("Sello", demo=True, reserved=3000)).data

    judgement = world.judge(drawing)

    assert (judgement.verdict, judgement.standing) == (Verdict.NOT_OURS, Standing.UNKNOWN)


def test_a_document_that_carries_our_qr_is_not_ours(issued: tuple[World, bytes]) -> None:
    world, _ = issued
    address = verification_url(world.base, the_certificate().code, TOKEN)

    judgement = world.judge(make.a_letter_with_qr(address))

    assert judgement.verdict is Verdict.NOT_OURS
    assert "does not look like the certificate" in judgement.headline


def test_somebody_elses_document_is_not_ours(issued: tuple[World, bytes]) -> None:
    world, _ = issued

    judgement = world.judge(make.a_blank_pdf())

    assert judgement.verdict is Verdict.NOT_OURS
    assert judgement.code is None
    assert not judgement.demonstration
