"""veraPDF over many files in one Java machine: what `tests.judges.verapdf` runs in a process of its own.

Argument: Java's class path. Standard input: a list of paths, as JSON. Standard output: for each path and
flavour the rules that the file breaks, `{path: {flavour: ["7.1-3: ...", ...]}}`.
"""

import json
import os
import sys
from typing import Final

FLAVOURS: Final = {"PDF/A-3a": "PDFA_3_A", "PDF/UA-1": "PDFUA_1"}


def main() -> None:
    """Judge the files that standard input names."""
    import jpype  # noqa: PLC0415 - no Java in the process that reads `FLAVOURS`

    paths = json.load(sys.stdin)
    jpype.startJVM("-XX:+UseSerialGC", "-Xmx512m", classpath=sys.argv[1].split(os.pathsep))
    jpype.JClass("org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider").initialise()
    foundry = jpype.JClass("org.verapdf.pdfa.Foundries").defaultInstance()
    flavours = jpype.JClass("org.verapdf.pdfa.flavours.PDFAFlavour")
    file = jpype.JClass("java.io.File")

    def faults(path: str, name: str) -> list[str]:
        flavour = getattr(flavours, name)
        parser = foundry.createParser(file(path), flavour)
        try:
            result = foundry.createValidator(flavour, False).validate(parser)
        finally:
            parser.close()
        broken = {
            f"{failed.getRuleId().getClause()}-{failed.getRuleId().getTestNumber()}: {failed.getMessage()}"
            for failed in result.getTestAssertions()
        }
        if not broken and not result.isCompliant():
            broken.add("not compliant, for a reason that was not told")
        return sorted(broken)

    told = {path: {short: faults(path, name) for short, name in FLAVOURS.items()} for path in paths}
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main()
