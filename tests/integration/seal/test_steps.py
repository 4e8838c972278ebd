"""`constancia seal` from a fresh stack to one that seals, with an authority of the tests."""

import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_public_key,
)
from cryptography.x509.oid import NameOID
from moto import mock_aws

from constancia.domain.seal import NO_CHAIN
from infra.cli import main as command
from infra.local.clients import ClientFactory
from infra.local.provision import provision
from infra.local.template import REGION, Template
from infra.seal import steps
from infra.seal.demo_ca import DemoRoot
from infra.seal.stack import SealedStack
from render.document import draw
from render.seal import SealChain, Sealer
from tests.builders import a_certificate
from tests.judges import tools

NOW = datetime.now(UTC).replace(microsecond=0)
YEAR = timedelta(days=365)
SUBJECT = ["--common-name", "Sello de la CLA", "--organization", "Ministerio de Educación"]

type Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


def a_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def a_name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


@dataclass
class Authority:
    """Certifies keys: a root, and an authority below it that issues."""

    root: Key
    key: Key

    def chain_for(self, public_key: Any, **changes: Any) -> list[x509.Certificate]:
        return [
            self.certificate("Sello", public_key, "Autoridad", self.key, **changes),
            self.certificate("Autoridad", self.key.public_key(), "Raíz", self.root, ca=True),
            self.certificate("Raíz", self.root.public_key(), "Raíz", self.root, ca=True),
        ]

    def certificate(
        self,
        subject: str,
        public_key: Any,
        issuer: str,
        signer: Key,
        *,
        ca: bool = False,
        usage: bool = True,
        name: str | None = None,
        until: datetime = NOW + YEAR,
        padding: int = 0,
    ) -> x509.Certificate:
        builder = (
            x509.CertificateBuilder()
            .subject_name(a_name(name or subject))
            .issuer_name(a_name(issuer))
            .public_key(public_key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(min(NOW, until) - YEAR)
            .not_valid_after(until)
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        )
        if usage:
            builder = builder.add_extension(
                x509.KeyUsage(not ca, not ca, False, False, False, ca, ca, False, False), critical=True
            )
        if padding:
            odd = x509.UnrecognizedExtension(x509.ObjectIdentifier("2.25.1"), bytes(padding))
            builder = builder.add_extension(odd, critical=False)
        return builder.sign(signer, hashes.SHA256())


def pem(*certificates: x509.Certificate) -> str:
    return "".join(each.public_bytes(Encoding.PEM).decode() for each in certificates)


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority(a_key(), a_key())


@pytest.fixture(scope="module")
def fresh(template: Template, aws_clients: ClientFactory) -> Iterator[SealedStack]:
    """The seal of a stack without a chain, that is no demonstration; one for the module, moto is slow."""
    with mock_aws():
        yield replace(SealedStack.of(provision(template, aws_clients), aws_clients), demo=False)


@pytest.fixture
def stack(fresh: SealedStack) -> SealedStack:
    fresh.install(NO_CHAIN)
    return fresh


def take(stack: SealedStack, *arguments: str, now: datetime = NOW) -> int:
    return steps.take(command._parser().parse_args(["seal", *arguments, "--stack", "cla"]), stack, now)


def installing(stack: SealedStack, folder: Path, chain: str, now: datetime = NOW) -> int:
    (folder / "chain.pem").write_text(chain, "utf-8")
    return take(stack, "install", str(folder / "chain.pem"), now=now)


def key_of(stack: SealedStack) -> Any:
    return load_der_public_key(stack.public_key())


# ---------------------------------------------------------------------- from the request to the seal


def test_from_a_request_to_a_seal(
    stack: SealedStack, authority: Authority, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert take(stack, "status") == 1
    assert "no chain is installed" in capsys.readouterr().err

    assert take(stack, "request", *SUBJECT, "--out", str(tmp_path / "seal.csr")) == 0
    request = x509.load_pem_x509_csr((tmp_path / "seal.csr").read_bytes())
    chain = pem(*authority.chain_for(request.public_key()))

    assert installing(stack, tmp_path, chain) == 0
    assert take(stack, "status") == 0
    assert "this stack can seal" in capsys.readouterr().out
    sealer = Sealer(SealChain.parse(stack.chain() or ""), stack.sign)
    certificate = a_certificate(issued_at=NOW)
    sealed = sealer.seal(draw(certificate, "https://cla.example/validate/X?t=Y", sealer.appearance))
    assert sealed.startswith(b"%PDF")


def test_the_request_is_signed_by_the_key_and_asks_to_sign_documents(
    stack: SealedStack, tmp_path: Path
) -> None:
    file = tmp_path / "seal.csr"
    take(stack, "request", *SUBJECT, "--organization-id", "VATPE-20131370998", "--out", str(file))

    request = x509.load_pem_x509_csr(file.read_bytes())

    assert request.is_signature_valid
    assert request.public_key() == key_of(stack)
    assert {each.rfc4514_attribute_name: each.value for each in request.subject} == {
        "C": "PE",
        "O": "Ministerio de Educación",
        "2.5.4.97": "VATPE-20131370998",
        "CN": "Sello de la CLA",
    }
    usage = request.extensions.get_extension_for_class(x509.KeyUsage).value
    assert (usage.digital_signature, usage.content_commitment) == (True, True)


def test_openssl_takes_the_request(stack: SealedStack, tmp_path: Path) -> None:
    take(stack, "request", *SUBJECT, "--out", str(tmp_path / "seal.csr"))

    done = subprocess.run(
        [tools.program("openssl"), "req", "-verify", "-noout", "-in", tmp_path / "seal.csr"],
        check=False, capture_output=True, text=True,
    )  # fmt: skip

    assert (done.returncode, "verify OK" in done.stdout + done.stderr) == (0, True)


def test_what_stands_between_certificates_is_left_out(
    stack: SealedStack, authority: Authority, tmp_path: Path
) -> None:
    chain = authority.chain_for(key_of(stack))
    noisy = "\n".join(f"Bag Attributes: ñ\nsubject={each.subject}\n{pem(each)}" for each in chain)

    assert installing(stack, tmp_path, noisy) == 0

    assert stack.chain() == pem(*chain)


def test_a_chain_that_ends_soon_is_to_be_renewed(
    stack: SealedStack, authority: Authority, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chain = authority.chain_for(key_of(stack), until=NOW + timedelta(days=30))

    assert installing(stack, tmp_path, pem(*chain)) == 0
    assert "Renew it: it ends in 30 days." in capsys.readouterr().out


def test_an_installed_chain_that_has_ended_is_told_by_the_status(
    stack: SealedStack, authority: Authority, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    installing(stack, tmp_path, pem(*authority.chain_for(key_of(stack))))

    assert take(stack, "status", now=NOW + 2 * YEAR) == 1
    assert "can't seal: the certificate 'Sello' holds from" in capsys.readouterr().err


# ---------------------------------------------------------------------- what is refused


def _refused(authority: Authority, key: Any) -> dict[str, tuple[str, str]]:
    """A chain and what is said of it, by what is wrong with it."""
    leaf, issuer, root = authority.chain_for(key)
    small = authority.certificate("Sello", key, "Autoridad", authority.key, usage=False)
    elliptic = ec.generate_private_key(ec.SECP256R1())
    secret = elliptic.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    large = authority.certificate("Sello", key, "Autoridad", authority.key, padding=5000)
    ended = authority.chain_for(key, until=NOW - timedelta(days=1))
    other = Authority(authority.root, a_key())
    return {
        "another key's": (pem(*authority.chain_for(a_key().public_key())), "not of this stack's key"),
        "wrong order": (pem(root, issuer, leaf), "the order is sealing certificate"),
        "no root": (pem(leaf, issuer), "the certificate 'Autoridad' is not of the one that follows"),
        "no issuer": (pem(leaf, root), "the certificate 'Sello' is not of the one that follows"),
        "leaf alone": (pem(leaf), "needs the sealing certificate and those up to the root"),
        "forged": (
            pem(leaf, *other.chain_for(key)[1:]),
            "the signature of the certificate 'Sello' does not verify",
        ),
        "ended": (pem(*ended), "the certificate 'Sello' holds from"),
        "no key usage": (pem(small, issuer, root), "not one for signing documents"),
        "an authority": (pem(issuer, root), "not one for signing documents"),
        "not RSA": (pem(*authority.chain_for(elliptic.public_key())), "is not an RSA key that protects"),
        "unprintable": (pem(*authority.chain_for(key, name="教育部")), "U+6559"),
        "too large": (pem(large, issuer, root), "a parameter holds 8192 at most"),
        "a private key": (pem(leaf, issuer, root) + secret, "holds a private key"),
        "no certificate": ("-----BEGIN CERTIFICATE-----\nnonsense", "that can be read"),
        "empty": ("", "that can be read"),
    }


def test_a_chain_that_would_not_seal_is_refused_with_the_reason_and_changes_nothing(
    stack: SealedStack, authority: Authority, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for what, (chain, why) in _refused(authority, key_of(stack)).items():
        assert installing(stack, tmp_path, chain) == 1, what
        said = capsys.readouterr()
        assert said.err.startswith("constancia seal: "), what
        assert why in said.err, what
        assert "Installed" not in said.out, what
        assert stack.chain() is None, what


def test_a_demonstration_s_chain_is_not_for_a_real_stack(
    stack: SealedStack, demo_root: DemoRoot, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert installing(stack, tmp_path, demo_root.issue(stack.public_key(), NOW)) == 1
    assert "SealDemo" in capsys.readouterr().err
    assert take(stack, "demo") == 1
    assert "SealDemo is false" in capsys.readouterr().err
    assert stack.chain() is None


def test_a_real_chain_is_not_for_a_demonstration(
    stack: SealedStack, authority: Authority, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    demo = replace(stack, demo=True)

    assert installing(demo, tmp_path, pem(*authority.chain_for(key_of(stack)))) == 1
    assert "SealDemo" in capsys.readouterr().err


def test_a_demonstration_gets_a_chain_of_the_checkout_s_demo_root(
    stack: SealedStack,
    demo_root: DemoRoot,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(DemoRoot, "kept", lambda: demo_root)
    demo = replace(stack, demo=True)

    assert take(demo, "demo") == 0
    assert take(demo, "status") == 0

    assert (stack.chain() or "").endswith(demo_root.pem)
    assert "without official value" in capsys.readouterr().out


# ---------------------------------------------------------------------- finding the stack


@pytest.mark.slow
def test_the_stack_is_found_by_its_name(
    stack: SealedStack, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import boto3  # noqa: PLC0415

    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setattr(steps, "install", lambda *_: pytest.fail("nothing is to be installed"))
    outputs = {"SealKeyId": stack.key_id, "SealChainName": stack.chain_name}
    body = {
        "Parameters": {"SealDemo": {"Type": "String"}},
        "Resources": {},
        "Outputs": {name: {"Value": value} for name, value in outputs.items()},
    }
    boto3.client("cloudformation", region_name=REGION).create_stack(
        StackName="cla",
        TemplateBody=json.dumps(body),
        Parameters=[{"ParameterKey": "SealDemo", "ParameterValue": "false"}],
    )

    def said(*arguments: str) -> str:
        assert command.main(["seal", *arguments, "--region", REGION]) == 1
        return capsys.readouterr().err

    assert "no chain is installed" in said("status", "--stack", "cla")
    assert "there is no stack other" in said("status", "--stack", "other")
    assert "SealDemo is false" in said("demo", "--stack", "cla")
    assert re.search("No such file", said("install", "nowhere.pem", "--stack", "cla"))
