"""Programs that are not ours, asked about a sealed file."""

import asyncio
import io
import shutil
import subprocess
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from asn1crypto import pem, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESSubIndic
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.ades import ades_basic_validation
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.policy_decl import SignatureValidationSpec
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.policy_decl import NO_REVOCATION, CertRevTrustPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager

from tests.builders import NOW


def signature_of(data: bytes) -> EmbeddedPdfSignature:
    """The file's one signature."""
    signatures: list[EmbeddedPdfSignature] = PdfFileReader(io.BytesIO(data)).embedded_signatures
    (signature,) = signatures
    return signature


def judged(data: bytes, *roots: str, at: datetime = NOW) -> PdfSignatureStatus:
    """pyHanko's judgement, trusting these roots (PEM) alone."""
    context = ValidationContext(trust_roots=list(map(_root, roots)), moment=at, allow_fetching=False)
    return validate_pdf_signature(
        signature_of(data), context, key_usage_settings=KeyUsageConstraints(key_usage={"non_repudiation"})
    )


def ades(data: bytes, root: str) -> AdESSubIndic:
    """pyHanko's judgement by the rules for advanced signatures (ETSI EN 319 102-1, 5.3)."""
    signature = signature_of(data)
    spec = SignatureValidationSpec(
        CertValidationPolicySpec(
            SimpleTrustManager.build(trust_roots=[_root(root)]), CertRevTrustPolicy(NO_REVOCATION)
        )
    )
    judgement = asyncio.run(
        ades_basic_validation(signature.signed_data, spec, raw_digest=signature.compute_digest())
    )
    return judgement.ades_subindic


def pdfsig(data: bytes) -> str:
    """What Poppler says of the file's signatures. It trusts nobody; that is not asked of it."""
    program = shutil.which("pdfsig")
    if program is None:
        pytest.skip("pdfsig is missing; Debian's poppler-utils brings it")
    with TemporaryDirectory() as folder:
        file = Path(folder) / "certificate.pdf"
        file.write_bytes(data)
        command = [program, "-nocert", str(file)]
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def _root(text: str) -> x509.Certificate:
    return x509.Certificate.load(pem.unarmor(text.encode())[2])
