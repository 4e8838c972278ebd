"""Why a certificate is annulled: a closed list. Verifiers read a sentence of each (`validate.verdicts`)."""

from enum import StrEnum


class AnnulmentReason(StrEnum):
    """Stable: kept in the certificate's record and in the audit trail; may be added, never renamed."""

    WRONG_DATA = "WRONG_DATA"
    """It says what is not so; the right one is asked for anew."""
    HOLDER_ASKED = "HOLDER_ASKED"
    """Its holder wants it to hold no longer: cancellation, opposition, consent withdrawn."""
    NOT_ENTITLED = "NOT_ENTITLED"
    """Whoever asked for it had no right to."""
    LEGAL_ORDER = "LEGAL_ORDER"
    """A court or an authority ordered it."""
