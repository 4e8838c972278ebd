"""What validate needs to know of the platform."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """Read from the environment by `constancia.settings.read_settings`; template.yaml gives every value."""

    table_name: str
    seal_demo: bool
    """Whether this stack is a demonstration, without official value."""
    bucket_name: str
    emblem: str
    """The name of the site's emblem."""
    seal_chain: str
    """Name of the parameter with the sealing key's certificate chain."""
