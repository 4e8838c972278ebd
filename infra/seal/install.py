"""Which chain a stack may get: what render would seal with, of this stack's key, in a form that fits."""

from datetime import datetime
from typing import Final

from asn1crypto import keys, pem

from infra.seal.stack import SealedStack
from render.seal import SealChain, SealError, SealFault
from render.sealing import chain_to_seal_with

LARGEST: Final = 8192
"""Bytes that a parameter of the advanced tier takes."""


def usable_chain(stack: SealedStack, text: str, now: datetime) -> SealChain:
    """Read a chain and judge it as render will, for this stack.

    Raises:
        SealError: it can't be read, is not whole or in order, is not for sealing, does not hold now, is not
            of the stack's key, or is a demonstration's where the stack is none (or the other way round), or
            its name has a letter that the paper can't print.
    """
    if "PRIVATE KEY" in text:
        raise SealError(
            SealFault.CHAIN_UNREADABLE,
            "the file holds a private key; a chain is certificates alone, and this stack's key is in KMS",
        )
    chain = chain_to_seal_with(text, demo=stack.demo)
    numbers = keys.PublicKeyInfo.load(stack.public_key())["public_key"].parsed
    if (chain.key.modulus, chain.key.exponent) != (
        numbers["modulus"].native,
        numbers["public_exponent"].native,
    ):
        raise SealError(
            SealFault.KEY_MISMATCH,
            f"the first certificate is not of this stack's key {stack.key_id}; the file starts with the "
            "certificate that was made from `constancia seal request`",
        )
    chain.require_valid(now)
    return chain


def install(stack: SealedStack, text: str, now: datetime) -> SealChain:
    """Put a chain in place of the one that stands, without whatever stood between its certificates.

    Raises:
        SealError: as `usable_chain`; or it takes more room than a parameter has.
    """
    chain = usable_chain(stack, text, now)
    bare = "".join(pem.armor("CERTIFICATE", each.dump()).decode() for each in chain.certificates)
    if len(bare) > LARGEST:
        raise SealError(
            SealFault.CHAIN_UNFIT, f"the chain takes {len(bare)} bytes, a parameter holds {LARGEST} at most"
        )
    stack.install(bare)
    return chain
