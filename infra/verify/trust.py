"""What whoever checks relies on, and what follows from it: whose seals are ours."""

from dataclasses import dataclass, field

from constancia.domain.virtual_code import VirtualCode
from infra.verify.seals import ChainError, Sealers
from infra.verify.site import Site, SiteError


@dataclass(frozen=True, slots=True)
class Trust:
    """What whoever checks relies on, and what they know of the certificate."""

    site: Site | None = None
    sealers: Sealers | None = None
    """Whose seals are ours; without, those that the site names."""
    code: VirtualCode | None = None
    """The virtual code, where it can't be read from the file."""
    document: str | None = field(default=None, repr=False)
    """The number of the holder's document."""


@dataclass(frozen=True, slots=True)
class Named:
    """Whose seals are ours, if anybody says so."""

    sealers: Sealers | None
    site_failed: bool = False
    messages: tuple[str, ...] = ()

    @property
    def demonstration(self) -> bool:
        """Whether it is a demonstration CA that is trusted."""
        return self.sealers is not None and self.sealers.demonstration


def named_by(trust: Trust) -> Named:
    """Whose seals are ours: as whoever checks says, else as the site does."""
    if trust.sealers is not None or trust.site is None:
        return Named(trust.sealers)
    try:
        chain = trust.site.chain()
        return Named(Sealers.of_chain(chain) if chain else None)
    except SiteError as error:
        return Named(None, True, (f"{error}: so nobody was named whose seal is ours.",))
    except ChainError as error:
        return Named(None, messages=(f"What the site gives at /api/v1/seal.pem is no chain: {error}.",))
