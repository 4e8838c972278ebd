"""The faces as PDF embeds them: as they are. fpdf2 would parse and subset them anew for every document."""

from dataclasses import dataclass
from functools import cache

from render.document.objects import SMALLEST, packed_stream
from render.document.typeface import Face


@dataclass(frozen=True, slots=True)
class FontParts:
    """The five objects of an embedded face. `@` marks the places of references."""

    font: str
    descendant: str
    descriptor: str
    unicode_map: str
    file: str


@cache
def font_parts(face: Face) -> FontParts:
    """A composite font whose character codes are the face's own glyph numbers (Identity-H)."""
    # Both faces are subsets of Noto Sans (scripts/make-fonts), each with its own tag (ISO 32000-1, 9.6.4).
    name = f"CLA{face.name.partition('-')[2][:3].upper()}+{face.name}"
    widths = " ".join(map(str, face.glyph_widths))
    box = " ".join(map(str, face.box))
    return FontParts(
        font=f"<</Type /Font /Subtype /Type0 /BaseFont /{name} /Encoding /Identity-H "
        "/DescendantFonts [@descendant] /ToUnicode @unicode>>",
        descendant=f"<</Type /Font /Subtype /CIDFontType2 /BaseFont /{name} /FontDescriptor @descriptor "
        "/CIDSystemInfo <</Registry (Adobe) /Ordering (Identity) /Supplement 0>> /CIDToGIDMap /Identity "
        f"/DW {face.glyph_widths[0]} /W [0 [{widths}]]>>",
        descriptor=f"<</Type /FontDescriptor /FontName /{name} /Flags 4 /FontBBox [{box}] /ItalicAngle 0 "
        f"/Ascent {face.ascent} /Descent {face.descent} /CapHeight {face.cap_height} "
        f"/StemV {face.weight // 5} /FontFile2 @file>>",
        unicode_map=packed_stream(_unicode_map(face), level=SMALLEST),
        file=packed_stream(face.data, f"/Length1 {len(face.data)}", level=SMALLEST),
    )


def _unicode_map(face: Face) -> bytes:
    """The CMap from glyph numbers back to characters: search, copy and screen readers live on it."""
    pairs = {glyph: letter for letter, glyph in sorted(face.glyph_of.items(), reverse=True)}
    lines = [
        f"<{glyph:04X}> <{letter.encode('utf-16-be').hex().upper()}>"
        for glyph, letter in sorted(pairs.items())
    ]
    blocks = [lines[start : start + 100] for start in range(0, len(lines), 100)]
    body = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        f"1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n{body}\n"
        "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
    ).encode("ascii")
