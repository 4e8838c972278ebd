"""The site's own files (stylesheet, scripts, emblems), each under a name that carries its content's digest.

Names are looked up in a table made from the folder, so no request can reach anything else.
"""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from constancia.domain.emblems import emblem_names, emblem_svg

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
    """All files by the name in the source tree; of emblems, whose folder the paper shares, by theirs."""
    files = {
        path.name: path.read_text("utf-8") for path in sorted(_FOLDER.iterdir()) if path.suffix in _TYPES
    }
    files |= {f"{name}.svg": emblem_svg(name) for name in emblem_names()}
    return {name: _file(Path(name), body) for name, body in files.items()}


def static_file(versioned_name: str) -> StaticFile | None:
    """The file under a versioned name, if it is the current version."""
    return next((file for file in static_files().values() if file.name == versioned_name), None)


def _file(name: Path, body: str) -> StaticFile:
    digest = hashlib.sha256(body.encode()).hexdigest()
    return StaticFile(f"{name.stem}-{digest[:8]}{name.suffix}", _TYPES[name.suffix], body, f'"{digest[:32]}"')
