"""Spanish texts on a page in another language."""

import pytest

from constancia.web.fallbacks import marked, plain, tell

HOLA = marked("Hola")


@pytest.mark.parametrize(
    ("page", "told"),
    [
        (f"<p>{HOLA}</p>", '<p><span lang="es-PE">Hola</span></p>'),
        (
            f"<p>a {HOLA}, b {HOLA}.</p>",
            '<p>a <span lang="es-PE">Hola</span>, b <span lang="es-PE">Hola</span>.</p>',
        ),
        (f'<a title="{HOLA}" href="/a?b">x</a>', '<a title="Hola" href="/a?b">x</a>'),
        (f"<a title='1 > 2 {HOLA}'>x</a>", "<a title='1 > 2 Hola'>x</a>"),
        (
            f"<title>{HOLA} – x</title><p>{HOLA}</p>",
            '<title>Hola – x</title><p><span lang="es-PE">Hola</span></p>',
        ),
        (f"<option>{HOLA}</option>", "<option>Hola</option>"),
        (f"<TEXTAREA>{HOLA}</TEXTAREA>{HOLA}", '<TEXTAREA>Hola</TEXTAREA><span lang="es-PE">Hola</span>'),
        (f"<!-- {HOLA} -->", "<!-- Hola -->"),
        ("<p>Napaykullayki</p>", "<p>Napaykullayki</p>"),
    ],
)
def test_a_text_that_fell_back_says_its_language_where_an_element_can(page: str, told: str) -> None:
    assert tell(page, "es-PE") == told


def test_a_text_within_another_is_told_with_it() -> None:
    page = f"<p>{marked(f'Desde el {marked("lunes")}, <a href="/">aquí</a>')}</p>"

    assert tell(page, "es-PE") == '<p><span lang="es-PE">Desde el lunes, <a href="/">aquí</a></span></p>'


@pytest.mark.parametrize("typed", [HOLA[0], HOLA[-1], HOLA[-1] + HOLA[0], HOLA[0] * 3 + HOLA[-1]])
def test_marks_that_somebody_typed_leave_the_page_whole(typed: str) -> None:
    told = tell(f"<p>{typed}</p><p>{HOLA}</p>", "es-PE")

    assert plain(told) == told
    assert told.count("<span") == told.count("</span>")


def test_what_is_no_page_carries_no_mark() -> None:
    assert plain(HOLA) == "Hola"
