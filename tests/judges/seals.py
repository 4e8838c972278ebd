"""Judges of seals: pdfsig (Poppler and NSS), and pyHanko, a PAdES library of its own."""

import asyncio
import io
import subprocess
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from asn1crypto import pem, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESSubIndic
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.ades import ades_basic_validation
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.policy_decl import SignatureValidationSpec
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.policy_decl import NO_REVOCATION, CertRevTrustPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager

from tests.builders import NOW
from tests.judges import tools


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
    program = tools.program("pdfsig")
    with TemporaryDirectory() as folder:
        file = Path(folder) / "certificate.pdf"
        file.write_bytes(data)
        command = [program, "-nocert", str(file)]
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def pdfsig_complaints(data: bytes) -> list[str]:
    """What is wrong by pdfsig. It says 'valid' of a file that has grown: ask for the whole."""
    told = pdfsig(data)
    wanted = ("ETSI.CAdES.detached", "Total document signed", "Signature is Valid")
    missing = [f"not told: {words}" for words in wanted if words not in told]
    return missing if told.count("Signature #") == 1 else [*missing, "not one seal"]


def pyhanko_complaints(data: bytes, root: str) -> list[str]:
    """What is wrong by pyHanko, for somebody who trusts one root (PEM)."""
    status = judged(data, root)
    wanted = {
        "broken": status.intact and status.valid,
        "not trusted": status.trusted,
        "more than what is sealed": status.coverage is SignatureCoverageLevel.ENTIRE_FILE,
        "changed afterwards": status.docmdp_ok,
        "permits changes": signature_of(data).docmdp_level is MDPPerm.NO_CHANGES,
        "invalid": status.bottom_line,
    }
    return [fault for fault, sound in wanted.items() if not sound]


def _root(text: str) -> x509.Certificate:
    return x509.Certificate.load(pem.unarmor(text.encode())[2])
