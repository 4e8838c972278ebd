"""What everybody knows of the seal: how a demonstration's is told from a real one, and what is said of it.

The state's certificates come from an accredited authority. Development and showings have a demo authority of
their own (`infra.seal.demo_ca`). Anyone can make such a one, so whatever it seals has to say that it has no
value.
"""

from typing import Final

from constancia.domain.messages import N_

DEMO_POLICY: Final = "2.25.326465425295595412162566271550560848861"
"""The certificate policy that root and leaf of every demo chain carry.

An identifier made of a UUID (ITU-T X.667), so it is nobody else's. A chain with this policy in any of its
certificates is a demonstration's.
"""

NO_CHAIN: Final = "none"
"""What stands in the place of a chain (parameter `SealChain` of the stack) until one is installed."""

DEMO_TITLE: Final = N_("Esto es una demostración")
DEMO_NOTICE: Final = N_(
    "Las constancias que emite no tienen valor oficial: no las presente en ningún trámite."
)
"""What every page and every mail of a demonstration say, in this order."""
