"""A drawn certificate that waits for its seal, and what the drawing has to know of the seal beforehand."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class SealAppearance:
    """What the paper says of its seal, and how much room the seal takes."""

    signer: str
    """Who seals: the common name of the sealing certificate."""
    demo: bool
    """Whether the seal is a demonstration's, without official value."""
    reserved: int
    """How many bytes the seal's CMS structure takes at most."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A file that is whole but for its seal: the signature's `/Contents` holds zeros (ISO 32000-1, 12.8)."""

    data: bytes
    contents: tuple[int, int]
    """Where the value of `/Contents` stands, hexadecimal digits and both angle brackets: start and end."""
    sealed_at: datetime
    """What the signature's `/M` says: the time of issue."""

    @property
    def signed_ranges(self) -> tuple[int, int, int, int]:
        """The `/ByteRange`: start and length of what stands before the seal, and of what stands after it."""
        start, end = self.contents
        return 0, start, end, len(self.data) - end

    @property
    def signed_parts(self) -> tuple[memoryview, memoryview]:
        """What the seal covers: the whole file but for the value of `/Contents`."""
        start, end = self.contents
        view = memoryview(self.data)
        return view[:start], view[end:]

    @property
    def reserved(self) -> int:
        """How many bytes the seal may take."""
        start, end = self.contents
        return (end - start - len("<>")) // 2

    def sealed_with(self, cms: bytes) -> bytes:
        """The sealed file. A shorter structure than was reserved is followed by zeros.

        Raises:
            ValueError: the structure is larger than what was reserved.
        """
        if len(cms) > self.reserved:
            raise ValueError(f"the seal takes {len(cms)} bytes, {self.reserved} were reserved")
        start, end = self.contents
        value = cms.hex().ljust(2 * self.reserved, "0").encode()
        return b"".join((self.data[:start], b"<", value, b">", self.data[end:]))
