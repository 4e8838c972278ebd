"""qpdf, a judge of the file's syntax: cross references, streams, their lengths and encodings."""

import subprocess
import tempfile
from pathlib import Path

from tests.judges import tools


def complaints(data: bytes) -> list[str]:
    """What `qpdf --check` has against a file, errors and warnings."""
    program = tools.program("qpdf")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "file.pdf")
        path.write_bytes(data)
        told = subprocess.run([program, "--check", path], capture_output=True, text=True, check=False)
    if told.returncode == 0 and "No syntax or stream encoding errors found" in told.stdout:
        return []
    return (told.stderr or told.stdout).replace(str(path), "file").splitlines()
