"""What validate needs to know of the platform."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """Read from the environment by `constancia.settings.read_settings`; template.yaml gives every value."""

    table_name: str
    bucket_name: str
