"""A request for a certificate of a key that never leaves KMS (PKCS#10, RFC 2986)."""

from collections.abc import Callable
from dataclasses import dataclass

from asn1crypto import csr, keys, pem, x509


@dataclass(frozen=True)
class Subject:
    """Whom the certificate is to name. The authority may write it in another way."""

    common_name: str
    organization: str
    organization_id: str | None = None
    """As ETSI EN 319 412-1, 5.1.4 has it: `VATPE-` and the RUC."""
    country: str = "PE"


def certificate_request(public_key: bytes, subject: Subject, sign: Callable[[bytes], bytes]) -> str:
    """Write the request as PEM. It asks for a certificate that signs documents.

    `public_key` is a SubjectPublicKeyInfo (DER); `sign` is RSASSA-PKCS1-v1_5 with SHA-256 by its private
    half, which proves to the authority that whoever asks has it.
    """
    usage = {"digital_signature", "non_repudiation"}
    info = csr.CertificationRequestInfo(
        {
            "version": "v1",
            "subject": _name(subject),
            "subject_pk_info": keys.PublicKeyInfo.load(public_key),
            "attributes": [
                {
                    "type": "extension_request",
                    "values": [
                        [{"extn_id": "key_usage", "critical": True, "extn_value": x509.KeyUsage(usage)}]
                    ],
                }
            ],
        }
    )
    request = csr.CertificationRequest(
        {
            "certification_request_info": info,
            "signature_algorithm": {"algorithm": "sha256_rsa"},
            "signature": sign(info.dump()),
        }
    )
    return str(pem.armor("CERTIFICATE REQUEST", request.dump()).decode())


def _name(subject: Subject) -> x509.Name:
    given = {
        "country_name": subject.country,
        "organization_name": subject.organization,
        "organization_identifier": subject.organization_id,
        "common_name": subject.common_name,
    }
    return x509.Name.build({name: value for name, value in given.items() if value})
