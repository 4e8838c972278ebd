"""What render needs to know of the platform."""

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
    seal_key_id: str
    seal_chain: str
    """Name of the parameter with the certificate chain of the sealing key."""
    tsa_url: str
    """Address of a time stamp authority; empty: seals carry no time stamp."""
    bucket_name: str
    emblem: str
    """The name of the certificates' emblem."""
    queue_url: str
    dead_letters_url: str
    max_receives: int
    """How often the queue brings a message before it gives it up."""
    held_days: int
    """How long operators have to mend what keeps a certificate from being made."""
    mail_from: str
    contact_email: str
    mail_configuration_set: str
    public_base_url: str
    sweep_minutes: int
