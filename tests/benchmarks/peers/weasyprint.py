"""WeasyPrint: a page of HTML. Warm: the stylesheet is parsed and the faces are known."""

from collections.abc import Callable
from html import escape
from typing import Any

import weasyprint
from weasyprint.text.fonts import FontConfiguration

from tests.benchmarks.peers import look

NAME, VERSION, FILE = "WeasyPrint", weasyprint.__version__, "PDF/A-3a, tagged, with attachment"

_CSS = f"""
@font-face {{ font-family: Noto; src: url(NotoSans-Regular.ttf) }}
@font-face {{ font-family: Noto; font-weight: 700; src: url(NotoSans-Bold.ttf) }}
@page {{
  size: A4; margin: 22mm 15mm 20mm;
  @top-left {{ content: element(head) }}
  @top-right {{ content: element(code) }}
  @bottom-left {{ content: element(foot); border-top: .5pt solid {look.HAIRLINE}; width: 80% }}
  @bottom-right {{
    content: "Página " counter(page) " de " counter(pages); font: 7.2pt Noto; color: {look.QUIET_INK};
  }}
}}
@page :first {{ @top-left {{ content: "" }} }}
body {{ font: 9.6pt/1.3 Noto; color: {look.INK}; margin: 0 }}
.band {{
  position: fixed; top: -22mm; left: -15mm; width: 210mm; background: {look.WARNING};
  font-weight: 700; font-size: 9pt; line-height: 9mm; text-align: center
}}
.head {{ position: running(head); font-size: 7.2pt }} .code {{ position: running(code); text-align: right }}
.foot {{ position: running(foot); font-size: 7.2pt; color: {look.QUIET_INK} }}
.code span {{ font-size: 7.4pt }} .code b {{ font-size: 13pt; color: {look.ACCENT} }}
.mast {{ display: flex; justify-content: space-between; align-items: flex-end }}
.mast .emblem {{ width: 15mm }} .mast .qr {{ width: 65.5pt }} .frieze {{ width: 100%; display: block }}
h1 {{ font-size: 19pt; line-height: 22.5pt; color: {look.ACCENT}; width: 90mm; margin: 6pt 0 }}
h2 {{ font-size: 11.5pt; color: {look.ACCENT}; margin: 10pt 0 2pt }} h3 {{ font-size: 8.4pt; margin: 2pt 0 }}
.name {{ font-size: 15pt; font-weight: 700; margin: 2pt 0 }} p {{ margin: 0 0 2pt }}
table {{ border-collapse: collapse; width: 100%; font-size: 7.6pt; line-height: 9.2pt; table-layout: fixed }}
th, td {{ border: .5pt solid {look.HAIRLINE}; padding: 1.5pt 3.2pt; text-align: left }}
td {{ text-align: center; font-size: 8.2pt }} thead th + th {{ text-align: center }}
tbody th {{ font-weight: 400 }} tbody th.strong {{ font-weight: 700; border-top-color: {look.AREA_LINE} }}
col.area {{ width: 75pt }} col.mark {{ width: 45pt }}
thead tr:first-child th {{ background: {look.ACCENT}; color: #fff }}
thead th, .group th, .final * {{ background: {look.PAPER} }}
.final td {{ font-size: 6.8pt; padding: 1.5pt 0 }}
.list {{ display: flex; font-size: 8pt }} .list h3 {{ width: 42mm }}
ul {{ list-style: none; padding: 0; margin: 2pt 0 }}
.panel {{ display: flex; font-size: 7.6pt; margin-top: 8pt; break-inside: avoid }}
.panel section {{ background: {look.PAPER}; padding: 7.4pt; box-sizing: border-box; width: 30% }}
.panel section:last-child {{ background: none; border: .9pt solid {look.ACCENT}; width: 40% }}
.panel .mark {{ float: right; width: 8mm }}
"""


def start(setup: dict[str, Any]) -> Callable[[int], bytes]:
    """Parse the stylesheet and give what draws."""
    faces = FontConfiguration()
    css = weasyprint.CSS(string=_CSS, font_config=faces, base_url=f"{setup['fonts']}/")

    def draw(number: int) -> bytes:
        content = setup["contents"][number]
        attachment = weasyprint.Attachment(
            string=content["attachment"], name="constancia.json", relationship="Data"
        )
        document = weasyprint.HTML(string=_html(content))
        made = document.write_pdf(
            font_config=faces, stylesheets=[css], pdf_variant="pdf/a-3a", attachments=[attachment]
        )
        assert isinstance(made, bytes)
        return made

    return draw


def _html(content: dict[str, Any]) -> str:
    said = {name: escape(value) for name, value in content.items() if isinstance(value, str)}
    emblem = content["emblem"]["svg"].replace("<svg", '<svg class="emblem"', 1)
    mark = content["emblem"]["svg"].replace("<svg", '<svg class="mark"', 1)
    symbol = look.symbol_svg(content["qr"]).replace("<svg", '<svg class="qr"', 1)
    frieze = look.frieze_svg(content["frieze"]).replace("<svg", '<svg class="frieze"', 1)
    foot = "<br>".join(map(escape, content["foot"]))
    panel = "".join(
        f"<section>{mark if number == 2 else ''}<h3>{escape(heading)}</h3>"
        + "".join(f"<p>{escape(item)}</p>" for item in items)
        + "</section>"
        for number, (heading, items) in enumerate(content["panel"])
    )
    return (
        f"<html lang=es-PE><head><title>{said['file_title']}</title>"
        f"<meta name=author content='{said['author']}'></head><body>"
        f"<div class=head><b>{said['short_title']}</b><br>{said['name']}</div>"
        f"<div class=code><span>{said['code_label']}</span><br><b>{said['code']}</b></div>"
        f"<div class=foot>{foot}</div><div class=band>{said['band']}</div>"
        f"<div class=mast><div>{emblem} {said['state']} <b>{said['ministry']}</b>"
        f"<h1>{said['title']}</h1>{said['modality']} {said['levels']}</div>{symbol}</div>{frieze}"
        f"<p>{said['opening']}<p class=name>{said['name']}<p>{said['closing']}"
        f"{''.join(map(_section, content['sections']))}<div class=panel>{panel}</div></body></html>"
    )


def _section(section: dict[str, Any]) -> str:
    lists = "".join(
        f"<div class=list><h3>{escape(heading)}</h3><ul>"
        + "".join(f"<li>{escape(item)}" for item in items)
        + "</ul></div>"
        for heading, items in section["lists"]
    )
    return f"<h2>{escape(section['heading'])}</h2>{''.join(map(_table, section['tables']))}{lists}"


def _table(table: dict[str, Any]) -> str:
    columns = len(table["head"][0]) - 1
    rows = []
    for group in table["groups"]:
        rows.append(
            f"<tr class=group><th class=strong colspan={columns + 2} scope=rowgroup>"
            f"{escape(group['heading'])}"
        )
        for area in group["areas"]:
            for number, (label, *marks) in enumerate(area["rows"]):
                name = ""
                if area["name"] and not number:
                    name = f"<th class=strong scope=row rowspan={len(area['rows'])}>{escape(area['name'])}"
                span = "" if area["name"] else " colspan=2"
                rows.append(f"<tr>{name}<th scope=row{span}>{escape(label)}{_cells('td', marks)}")
    label, *marks = table["final"]
    rows.append(f"<tr class=final><th class=strong colspan=2 scope=row>{escape(label)}{_cells('td', marks)}")
    head = "".join(
        f"<tr><th colspan=2 scope=row>{escape(label)}{_cells('th scope=col', marks)}"
        for label, *marks in table["head"]
    )
    return (
        f"<h3>{escape(table['heading'])}</h3><table><col class=area><col>{'<col class=mark>' * columns}"
        f"<thead>{head}</thead><tbody>{''.join(rows)}</tbody></table>"
    )


def _cells(tag: str, marks: list[str]) -> str:
    return "".join(f"<{tag}>{escape(mark)}" for mark in marks)
