"""What the function is told by its environment; `template.yaml` sets every name."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of the request function. The secrets are ARNs, not values."""

    table_name: str
    audit_table: str
    audit_years: int
    """How long entries of the audit trail are kept."""
    audit_unknown_days: int
    """The same of those whose code is no certificate's."""
    seal_demo: bool
    """Whether this stack is a demonstration, without official value."""
    emblem: str
    """The name of the site's emblem."""
    queue_url: str
    person_hash_secret: str
    draft_secret: str
    reniec_url: str
    reniec_secret: str
    migraciones_url: str
    migraciones_secret: str
    siagie_url: str
    siagie_secret: str
    registry_seconds: float
    """How long all registries together are waited for."""
    terms_version: str
    contact_email: str
    minimum_own_age: int
    adult_age: int
    first_year: int
    modalities: str
    """Separated by commas."""
    request_days: int
    same_request_minutes: int
    lockout_attempts: int
    """Failed attempts at one person's identity, within the minutes below, until it is locked out."""
    lockout_attempts_per_address: int
    """The same of one source address, which a school or a whole district may share."""
    lockout_minutes: int
    """From the first of them until others may be made."""
    daily_per_student: int
    """Certificates that one student may have on a day of Lima."""
    daily_per_applicant: int
    """The same that one applicant may ask for, for all students together."""
    daily_per_address: int
    """The same from one source address."""
    held_days: int
    """Days that a request is kept which operators have to look at; render keeps to it, the pages say so."""
    log_retention_days: int
