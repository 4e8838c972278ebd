"""What validate needs to know of the platform."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """Read from the environment by `constancia.settings.read_settings`; template.yaml gives every value."""

    table_name: str
    audit_table: str
    audit_years: int
    """How long entries of the audit trail are kept."""
    audit_unknown_days: int
    """The same of those whose code is no certificate's."""
    seal_demo: bool
    """Whether this stack is a demonstration, without official value."""
    bucket_name: str
    emblem: str
    """The name of the site's emblem."""
    seal_chain: str
    """Name of the parameter with the sealing key's certificate chain."""
    person_hash_secret: str
    """ARN of the key of the keyed hashes that stand for codes and addresses where guesses are counted."""
    guesses_per_code: int
    """Wrong documents at one code, within the minutes below, until a pause."""
    guesses_per_address: int
    """The same from one source address, which a university may share."""
    guess_minutes: int
