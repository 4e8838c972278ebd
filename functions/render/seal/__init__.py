"""The seal of the certificate: a PAdES signature (ETSI EN 319 142-1, level B-B, or B-T with a time stamp).

`chain` is who seals, `cms` the structure that is put into the file, `sealer` makes it, `check` reads the
finished file anew, `timestamp` asks an authority for the time, `stamp` checks what it gave. All rest on
`certificates` and `rsa`.
"""

from render.seal.chain import SealChain
from render.seal.errors import SealError, SealFault
from render.seal.sealer import Sealer

__all__ = ["SealChain", "SealError", "SealFault", "Sealer"]
