"""Why a certificate could not be sealed. It is not issued then."""

from enum import StrEnum
from typing import Final

UNREADABLE: Final = (
    *(ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError),
    *(NotImplementedError, RecursionError),
)
"""What asn1crypto raises at structures that it can't read: one other byte is enough for most of them."""


class SealFault(StrEnum):
    """Stable: a fault may be added, never renamed. None is the fault of the certificate that was drawn."""

    CHAIN_MISSING = "CHAIN_MISSING"
    """No chain is installed."""
    CHAIN_UNREADABLE = "CHAIN_UNREADABLE"
    """The setting holds no certificate chain."""
    CHAIN_BROKEN = "CHAIN_BROKEN"
    """The certificates do not lead from the sealing one to the root, each signed by the next."""
    CHAIN_NOT_VALID = "CHAIN_NOT_VALID"
    """A certificate of the chain does not hold at the time of issue."""
    CHAIN_UNFIT = "CHAIN_UNFIT"
    """The sealing certificate is not one for RSA signatures of documents."""
    CHAIN_OTHER_STAGE = "CHAIN_OTHER_STAGE"
    """A demonstration's chain where the stage is none, or the other way round."""
    KEY_MISMATCH = "KEY_MISMATCH"
    """What was signed does not verify with the sealing certificate."""
    TIME_STAMP = "TIME_STAMP"
    """The time stamp authority gave no stamp, or one that does not fit. May pass by itself."""
    OVERSIZE = "OVERSIZE"
    """The signature takes more room than was reserved."""
    FILE_NOT_COVERED = "FILE_NOT_COVERED"
    """The signature does not cover the whole file."""
    FILE_ALTERED = "FILE_ALTERED"
    """The finished file does not hold the signature that was made for it."""


class SealError(Exception):
    """A certificate could not be sealed: a stable reason, and in words what is wrong and how to mend it.

    Names nobody and quotes no content.
    """

    def __init__(self, reason: SealFault, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail
