"""The demo authority: what its certificates say, and how its root is kept."""

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

from infra.seal.demo_ca import CERTIFICATE, KEY, DemoRoot, DemoRootError
from render.seal.certificates import certificates_in, is_demo

NOW = datetime(2026, 11, 22, 15, tzinfo=UTC)


@pytest.fixture(scope="module")
def root() -> DemoRoot:
    return DemoRoot.create(NOW)


@pytest.fixture(scope="module")
def sealing_key() -> bytes:
    return _der(rsa.generate_private_key(public_exponent=65537, key_size=2048).public_key())


@pytest.fixture(scope="module")
def chain(root: DemoRoot, sealing_key: bytes) -> list[x509.Certificate]:
    return x509.load_pem_x509_certificates(root.issue(sealing_key, NOW).encode())


def _der(key: rsa.RSAPublicKey | ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def test_the_chain_is_the_leaf_of_the_key_and_the_root(
    root: DemoRoot, chain: list[x509.Certificate], sealing_key: bytes
) -> None:
    leaf, above = chain

    assert _der(leaf.public_key()) == sealing_key  # type: ignore[arg-type]
    assert above == root.certificate
    leaf.verify_directly_issued_by(above)


def test_leaf_and_root_say_that_they_are_a_demonstration(chain: list[x509.Certificate]) -> None:
    for certificate in chain:
        [name] = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        [country] = certificate.subject.get_attributes_for_oid(NameOID.COUNTRY_NAME)

        assert "DEMOSTRACIÓN" in str(name.value)
        assert "sin valor oficial" in str(name.value)
        assert country.value == "PE"
        assert [is_demo(each) for each in certificates_in(certificate.public_bytes(Encoding.PEM))] == [True]


def test_the_leaf_seals_documents_and_certifies_nobody(chain: list[x509.Certificate]) -> None:
    extensions = chain[0].extensions
    usage = extensions.get_extension_for_class(x509.KeyUsage).value

    assert usage.digital_signature
    assert usage.content_commitment
    assert not usage.key_cert_sign
    assert not extensions.get_extension_for_class(x509.BasicConstraints).value.ca


def test_the_root_certifies_sealing_keys_and_no_host(root: DemoRoot) -> None:
    extensions = root.certificate.extensions
    constraints = extensions.get_extension_for_class(x509.NameConstraints)

    assert extensions.get_extension_for_class(x509.BasicConstraints).value.path_length == 0
    assert constraints.critical
    assert x509.DNSName("") in (constraints.value.excluded_subtrees or ())


def test_a_leaf_ends_no_later_than_its_root(root: DemoRoot, sealing_key: bytes) -> None:
    ends = root.certificate.not_valid_after_utc

    pem = root.issue(sealing_key, ends - timedelta(days=30))

    assert x509.load_pem_x509_certificate(pem.encode()).not_valid_after_utc == ends


def test_a_key_that_is_not_rsa_is_refused(root: DemoRoot) -> None:
    with pytest.raises(ValueError, match="RSA"):
        root.issue(_der(ec.generate_private_key(ec.SECP256R1()).public_key()), NOW)


def test_a_kept_root_is_read_again(root: DemoRoot, tmp_path: Path) -> None:
    root.save(tmp_path / "ca")

    again = DemoRoot.load(tmp_path / "ca", NOW)

    assert again.certificate == root.certificate
    assert again.key.private_numbers() == root.key.private_numbers()


def test_the_kept_key_is_its_owner_s_alone(root: DemoRoot, tmp_path: Path) -> None:
    root.save(tmp_path / "ca")

    assert stat.S_IMODE((tmp_path / "ca" / KEY).stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "ca").stat().st_mode) == 0o700


def test_the_first_root_that_is_kept_stays(root: DemoRoot, tmp_path: Path) -> None:
    root.save(tmp_path / "ca")
    DemoRoot.create(NOW).save(tmp_path / "ca")

    assert DemoRoot.load(tmp_path / "ca", NOW).certificate == root.certificate
    assert [path.name for path in tmp_path.iterdir()] == ["ca"]


def test_a_missing_root_is_made_when_it_is_wanted(tmp_path: Path) -> None:
    made = DemoRoot.kept(tmp_path / "ca")

    assert DemoRoot.kept(tmp_path / "ca").certificate == made.certificate


def test_where_there_is_no_root_reading_says_so(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="make setup"):
        DemoRoot.load(tmp_path / "ca", NOW)


@pytest.mark.parametrize(
    ("file", "content", "complaint"),
    [
        (CERTIFICATE, b"nonsense", "root.pem can't be read"),
        (CERTIFICATE, None, "root.pem can't be read"),
        (KEY, b"nonsense", "root.key can't be read"),
        (KEY, None, "root.key can't be read"),
    ],
)
def test_a_broken_root_is_named(
    root: DemoRoot, tmp_path: Path, file: str, content: bytes | None, complaint: str
) -> None:
    root.save(tmp_path / "ca")
    if content is None:
        (tmp_path / "ca" / file).unlink()
    else:
        (tmp_path / "ca" / file).write_bytes(content)

    with pytest.raises(DemoRootError, match=f"{complaint}.*make setup"):
        DemoRoot.load(tmp_path / "ca", NOW)


def test_a_root_whose_key_is_another_s_is_named(root: DemoRoot, tmp_path: Path) -> None:
    root.save(tmp_path / "ca")
    DemoRoot.create(NOW).save(tmp_path / "other")
    (tmp_path / "other" / KEY).rename(tmp_path / "ca" / KEY)

    with pytest.raises(DemoRootError, match="not of the key"):
        DemoRoot.load(tmp_path / "ca", NOW)


@pytest.mark.parametrize("moment", [NOW - timedelta(days=2), NOW + timedelta(days=4000)])
def test_a_root_out_of_its_time_is_named(root: DemoRoot, tmp_path: Path, moment: datetime) -> None:
    root.save(tmp_path / "ca")

    with pytest.raises(DemoRootError, match="2026-11-21 to 2036-11-19"):
        DemoRoot.load(tmp_path / "ca", moment)
