"""Drawing with the seal as it stands: its chain is read when it is needed, and may be renewed meanwhile."""

from collections.abc import Callable

from constancia.domain.certificate import Certificate
from constancia.domain.emblems import DEFAULT_EMBLEM
from render.document import UnprintableTextError, draw, emblem_of
from render.document.typeface import regular
from render.seal import SealChain, Sealer, SealError, SealFault
from render.seal.sealer import Sign, TimeStamp


class SealedDrawing:
    """Draws and seals a certificate: `drawing(certificate, verify_url)` is the file that is handed out."""

    def __init__(
        self,
        chain: Callable[[], str | None],
        sign: Sign,
        time_stamp: TimeStamp | None,
        *,
        demo: bool,
        emblem: str = DEFAULT_EMBLEM,
    ) -> None:
        """`chain` tells the chain as PEM, if one is installed; `demo` is what the stage says it is.

        Raises:
            UnknownEmblemError: there is no emblem of that name.
            UnsupportedDrawingError: its drawing can't be printed.
        """
        emblem_of(emblem)
        self._chain = chain
        self._sign = sign
        self._time_stamp = time_stamp
        self._demo = demo
        self._emblem = emblem
        self._read: tuple[str, Sealer] | None = None

    def __call__(self, certificate: Certificate, verify_url: str) -> bytes:
        """The sealed file. What reading the chain and signing raise passes.

        Raises:
            UnprintableTextError, OversizeError: the content can't be drawn.
            SealError: the file can't be sealed, or does not hold.
        """
        sealer = self._sealer()
        return sealer.seal(draw(certificate, verify_url, sealer.appearance, self._emblem))

    def _sealer(self) -> Sealer:
        pem = self._chain()
        if pem is None:
            raise SealError(
                SealFault.CHAIN_MISSING,
                "the stack has no chain yet; `constancia seal install` puts one there",
            )
        if self._read is None or self._read[0] != pem:
            chain = chain_to_seal_with(pem, demo=self._demo)
            self._read = pem, Sealer(chain, self._sign, self._time_stamp)
        return self._read[1]


def chain_to_seal_with(pem: str, *, demo: bool) -> SealChain:
    """Read a chain that may seal on a stage that is, or is no, demonstration. Whoever installs one asks too.

    Raises:
        SealError: it may not, and why.
    """
    chain = SealChain.parse(pem)
    chain.require_demo(demo)
    _require_printable(chain.signer)
    return chain


def _require_printable(signer: str) -> None:
    # Found here, it is the chain's fault; found in drawing, it would seem to be each certificate's.
    try:
        regular().encoded(signer)
    except UnprintableTextError as error:
        raise SealError(SealFault.CHAIN_UNFIT, f"the name of the sealing certificate: {error}") from error
