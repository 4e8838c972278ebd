"""Seals in a file, judged by pyHanko: whose they are, and what they cover.

A seal is ours if its certificate leads to a root that whoever checks trusts, and names the sealer that they
named. It is judged at the moment of sealing that the seal itself declares: a school certificate is for life,
that of the sealing key is not, and only who holds that key can declare another moment.
"""

import asyncio
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from asn1crypto import cms, pem
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.general import (
    SigningError,
    extract_certificate_info,
    find_unique_cms_attribute,
)
from pyhanko.sign.validation import (
    SignatureCoverageLevel,
    async_validate_cms_signature,
    validate_pdf_signature,
)
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import PathError, ValidationError

from render.seal import SealChain, SealError
from render.seal.certificates import certificates_in, common_name, is_demo
from render.seal.check import check
from render.seal.cms import SealForm
from render.seal.errors import UNREADABLE

_BROKEN = (
    *(PdfError, SigningError, SignatureValidationError, ValidationError, PathError),
    *UNREADABLE,
    AssertionError,
)
"""What reading hostile structures may raise in pyHanko and asn1crypto."""

_SIGNS_DOCUMENTS = KeyUsageConstraints(
    key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False
)
"""One of the two is enough, as for the chain that render seals with (`SealChain`)."""

_MOST_SEALS = 10


class ChainError(ValueError):
    """The trusted certificates can't be read; says why."""


@dataclass(frozen=True, slots=True)
class Sealers:
    """Whose seals are ours."""

    roots: tuple[Any, ...]
    between: tuple[Any, ...] = ()
    subject: Any = None
    """The name of the sealing certificate, where a chain names it. Without, whatever the root certified."""

    @property
    def demonstration(self) -> bool:
        """Whether it is a demonstration CA that is trusted."""
        return any(map(is_demo, self.roots))

    @property
    def name(self) -> str | None:
        """The common name of the sealing certificate, where a chain names it."""
        return None if self.subject is None else common_name(self.subject)

    @classmethod
    def of_chain(cls, text: bytes) -> "Sealers":
        """Trust the sealer that a chain names, first certificate, under its root, the last.

        A later certificate of the same name under the same root is the same sealer's: keys are renewed.

        Raises:
            ChainError: it is no chain of PEM certificates.
        """
        certificates = _certificates(text)
        if len(certificates) < 2:
            raise ChainError("a chain has the sealing certificate first and the root last")
        return cls(certificates[-1:], certificates[1:-1], certificates[0].subject)

    @classmethod
    def of_root(cls, text: bytes) -> "Sealers":
        """Trust whatever a root certified. For a root that certifies sealing keys of ours alone.

        Raises:
            ChainError: it is no PEM certificate.
        """
        return cls(_certificates(text))


@dataclass(frozen=True, slots=True)
class Seal:
    """What was found of a file's seals."""

    count: int
    ours: bool = False
    """Whether a seal is by one of our sealers, whatever it covers."""
    intact: bool = False
    """Whether what ours covers is as it was sealed."""
    whole: bool = False
    """Whether ours is the only one, intact, as render writes it, covers the whole file, and ends it."""
    demonstration: bool = False
    signer: str | None = None
    """The name that the first seal gives."""
    sealed_at: datetime | None = None
    """The moment that our seal declares."""


NO_SEAL = Seal(0)


def examine(data: bytes, sealers: Sealers) -> Seal:
    """Judge the seals of a file. Never raises: what can't be read is no seal of ours."""
    try:
        signatures = PdfFileReader(io.BytesIO(data)).embedded_signatures
    except _BROKEN:
        signatures = []
    seals = [_examined(data, each, sealers) for each in signatures[:_MOST_SEALS]]
    if not any(seal.ours for seal in seals):
        seals += _found_in_bytes(data, sealers)
    best = max(seals, key=lambda seal: (seal.ours, seal.intact, seal.whole), default=NO_SEAL)
    return replace(best, count=len(signatures) or best.count, whole=best.whole and len(signatures) == 1)


def sealed_parts(data: bytes) -> Iterator[tuple[int, int]]:
    """Start and end of what may be whole sealed files within the data, by what their seals say they cover."""
    starts = [match.start() for match, _ in zip(re.finditer(rb"%PDF-1\.", data), range(8), strict=False)]
    ranges = re.finditer(rb"/ByteRange\s*\[\s*0\s+\d{1,10}\s+(\d{1,10})\s+(\d{1,10})\s*\]", data)
    for found, _ in zip(ranges, range(16), strict=False):
        length = int(found[1]) + int(found[2])
        for start in starts:
            if start < found.start() and found.end() < start + length <= len(data):
                yield start, start + length


def _found_in_bytes(data: bytes, sealers: Sealers) -> Iterator[Seal]:
    """Seals of ours in a file whose structure is damaged: a byte of it is enough."""
    values = re.finditer(rb"/Contents\s*<([0-9A-Fa-f]{512,200000})>", data)
    for found, _ in zip(values, range(_MOST_SEALS), strict=False):
        try:
            signed = cms.ContentInfo.load(bytes.fromhex(found[1].decode()))["content"]
            signer = extract_certificate_info(signed).signer_cert
            if _made_by_trusted(signed, signer, sealers):
                yield Seal(1, ours=True, demonstration=is_demo(signer), signer=common_name(signer.subject))
        except _BROKEN:
            continue


def _as_written(data: bytes, signed: Any, signer: Any) -> bool:
    """Whether the seal's own bytes are those that render writes, too.

    A signature does not cover itself: capitals for its hexadecimal digits, or another byte in a certificate
    that comes along, leave it valid.
    """
    certificates = {each.chosen.subject.sha256: each.chosen for each in signed["certificates"]}
    chain = [signer]
    while chain[-1].issuer != chain[-1].subject and len(chain) < len(certificates):
        chain.append(certificates[chain[-1].issuer.sha256])
    text = b"".join(pem.armor("CERTIFICATE", each.dump()) for each in chain).decode()
    for time_stamped in (False, True):
        try:
            check(data, SealForm(SealChain.parse(text)), time_stamped=time_stamped)
        except SealError:
            continue
        return True
    return False


def _examined(data: bytes, signature: EmbeddedPdfSignature, sealers: Sealers) -> Seal:
    try:
        signer = signature.signer_cert
        name = common_name(signer.subject)
        moment = signature.self_reported_timestamp or datetime.now(UTC)
        context = _context(sealers, moment)
        ours = _made_by_trusted(signature.signed_data, signer, sealers)
        status = validate_pdf_signature(
            signature, signer_validation_context=context, key_usage_settings=_SIGNS_DOCUMENTS
        )
        intact = ours and status.intact and status.valid and status.trusted
        whole = (
            intact
            and status.coverage is SignatureCoverageLevel.ENTIRE_FILE
            and status.docmdp_ok is not False
            and _as_written(data, signature.signed_data, signer)
        )
        return Seal(1, ours, intact, whole, ours and is_demo(signer), name, moment)
    except _BROKEN:
        return Seal(1)


def _context(sealers: Sealers, moment: datetime) -> ValidationContext:
    return ValidationContext(
        trust_roots=list(sealers.roots),
        other_certs=list(sealers.between),
        allow_fetching=False,
        moment=moment,
    )


def _made_by_trusted(signed: Any, signer: Any, sealers: Sealers) -> bool:
    """Whether a key of ours made a signature, over whatever bytes: those that it says it was made over.

    At whatever moment, too: the one that the file declares may have been changed.
    """
    if sealers.subject is not None and signer.subject != sealers.subject:
        return False
    (signer_info,) = signed["signer_infos"]
    claimed = find_unique_cms_attribute(signer_info["signed_attrs"], "message_digest").native
    status = asyncio.run(
        async_validate_cms_signature(
            signed,
            raw_digest=claimed,
            validation_context=_context(sealers, signer.not_valid_before),
            key_usage_settings=_SIGNS_DOCUMENTS,
        )
    )
    return bool(status.valid and status.trusted)


def _certificates(text: bytes) -> tuple[Any, ...]:
    try:
        found = certificates_in(text)
    except ValueError as error:
        raise ChainError(str(error)) from error
    if not found:
        raise ChainError("there is no PEM certificate")
    return found
