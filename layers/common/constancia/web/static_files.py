"""The site's own files (stylesheet, script, emblem), each under a name that carries its content's digest.

Names are looked up in a table made from the folder, so no request can reach anything else.
"""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

_FOLDER: Final = Path(__file__).parent / "static"
_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}


@dataclass(frozen=True, slots=True)
class StaticFile:
    """A text file of the site."""

    name: str
    """With the first digits of its digest: `site-1a2b3c4d.css`."""
    content_type: str
    body: str
    etag: str


@cache
def static_files() -> dict[str, StaticFile]:
    """All files by the name in the source tree."""
    return {path.name: _read(path) for path in sorted(_FOLDER.iterdir()) if path.suffix in _TYPES}


def static_file(versioned_name: str) -> StaticFile | None:
    """The file under a versioned name, if it is the current version."""
    return next((file for file in static_files().values() if file.name == versioned_name), None)


def _read(path: Path) -> StaticFile:
    body = path.read_text("utf-8")
    digest = hashlib.sha256(body.encode()).hexdigest()
    return StaticFile(f"{path.stem}-{digest[:8]}{path.suffix}", _TYPES[path.suffix], body, f'"{digest[:32]}"')
