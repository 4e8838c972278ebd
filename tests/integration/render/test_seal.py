"""What render hands out is sealed by the key of the stack, and nothing is without."""

import pytest
from pyhanko.sign.validation import SignatureCoverageLevel

from constancia.domain.certificate import CertificateState
from infra.seal.demo_ca import DemoRoot
from tests.integration.render.function import Render
from tests.judges.seals import judged


def test_the_file_is_sealed_by_the_key_of_the_stack(render: Render, demo_root: DemoRoot) -> None:
    request = render.asked()
    render.send(request)

    render.handle(render.messages())

    (key,) = render.files()
    file = render.aws.client("s3").get_object(Bucket=render.aws.ref("Bucket"), Key=key)["Body"].read()
    status = judged(file, demo_root.pem, at=render.now())
    assert status.bottom_line
    assert status.coverage is SignatureCoverageLevel.ENTIRE_FILE


@pytest.mark.parametrize("value", ["none", "no certificates"])
def test_until_a_chain_is_installed_nothing_is_issued_and_all_is_tried_again(
    render: Render, value: str
) -> None:
    request = render.asked()
    render.send(request)
    messages = render.messages()
    render.aws.client("ssm").put_parameter(Name=render.aws.ref("SealChain"), Value=value, Overwrite=True)

    assert render.handle(messages) == [messages[0]["messageId"]]

    assert render.certificate(request).state is CertificateState.PENDING
    assert (render.files(), render.mails()) == ([], [])


def test_a_chain_of_another_key_seals_nothing_and_says_why(render: Render, demo_root: DemoRoot) -> None:
    other = render.aws.client("kms").create_key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")["KeyMetadata"]
    public = render.aws.client("kms").get_public_key(KeyId=other["KeyId"])["PublicKey"]
    chain = demo_root.issue(public, render.now())
    render.aws.client("ssm").put_parameter(Name=render.aws.ref("SealChain"), Value=chain, Overwrite=True)
    request = render.asked()
    render.send(request)

    render.handle(render.messages())

    (letter,) = render.dead_letters()
    assert letter.attributes["reason"] == "SEAL_INVALID"
    assert letter.attributes["detail"].startswith("KEY_MISMATCH: ")
    assert render.certificate(request).state is CertificateState.PENDING
    assert (render.files(), render.mails()) == ([], [])
