"""Templates compiled once for all languages: each has an environment of its own, and the code is the same."""

from functools import cache
from types import CodeType

from jinja2.bccache import Bucket, BytecodeCache


class CompiledOnce(BytecodeCache):
    """Keeps the code of templates in memory, by their file and the digest of their source."""

    def __init__(self) -> None:
        self._code: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give what was compiled, if it was."""
        bucket.code = self._code.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled now."""
        if bucket.code is not None:
            self._code[bucket.key, bucket.checksum] = bucket.code


@cache
def compiled_once() -> CompiledOnce:
    """The one of this process: what one language has compiled the others need not, as somebody would wait."""
    return CompiledOnce()
