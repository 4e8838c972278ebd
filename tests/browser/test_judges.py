"""Each judge of pages finds what it is there to find, and a sound page passes all of them."""

# ruff: noqa: E501 - pages and scripts in strings

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.chromium import Watch, new_context
from tests.browser.judges import JUDGES, findings
from tests.browser.keyboard import Keys

pytestmark = pytest.mark.slow

SITE = "http://site.example"
POLICY = "default-src 'none'; style-src 'self'; script-src 'self'; img-src * data:"
STYLE = (
    ":root { color-scheme: light } body { font: 16px/1.5 sans-serif; color: #111; background: #fff } "
    "input, button { min-height: 30px; color: #111; background: #fff } "
    ":focus-visible { outline: 3px solid #b00 }"
)
SOUND = """<!doctype html><html lang="es"><head><meta charset="utf-8"><title>Prueba – Sitio</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">
<link rel="stylesheet" href="/style.css"><!--head--></head>
<body><main><h1>Prueba</h1><!--top--><p>Un texto.</p><label for="name">Nombre</label> <input id="name">
<button id="go">Seguir</button><!--end--></main></body></html>"""

type Show = Callable[..., tuple[Page, Watch]]


@pytest.fixture
def show(browser: Browser) -> Iterator[Show]:
    """Shows a page that Playwright itself answers with, as a site of ours would."""
    context = new_context(browser)

    def shown(top: str = "", head: str = "", style: str = "", script: str = "") -> tuple[Page, Watch]:
        body = SOUND.replace("<!--top-->", top).replace("<!--head-->", head)
        answers = {
            "/": (
                "text/html",
                body.replace("<!--end-->", "<script src=/script.js></script>" if script else ""),
            ),
            "/style.css": ("text/css", STYLE + style),
            "/script.js": ("text/javascript", script),
        }
        for path, (kind, text) in answers.items():
            context.route(
                SITE + path,
                lambda route, kind=kind, text=text: route.fulfill(
                    body=text, content_type=kind, headers={"Content-Security-Policy": POLICY}
                ),
            )
        context.route(
            "http://other.example/**", lambda route: route.fulfill(body="", content_type="image/png")
        )
        watch, page = Watch(context, SITE), context.new_page()
        page.goto(SITE)
        return page, watch

    yield shown
    context.close()


def test_a_sound_page_passes(show: Show) -> None:
    assert findings(*show()) == []


MUTANTS = [
    ("accessible", "Form elements must have labels", {"top": "<p><input></p>"}),
    ("accessible", "contrast", {"top": "<p class=pale>Gris</p>", "style": ".pale { color: #aaa }"}),
    ("accessible", "touch targets", {"top": "<p><a href=/a class=t>a</a><a href=/b class=t>b</a></p>", "style": ".t { display: inline-block; font-size: 6px; width: 8px; height: 8px; overflow: hidden }"}),
    ("accessible", "alternative", {"top": "<img src=/style.css>"}),
    ("shaped", "2 h1", {"top": "<h1>Otro</h1>"}),
    ("shaped", "begin with the error", {"top": "<div class=govuk-error-summary>Falta algo</div>"}),
    ("shaped", "begin with the error", {"top": "<div class=govuk-error-summary>x</div>", "script": "document.documentElement.lang = 'qu-PE'; document.title = 'Error: x – y'"}),
    ("shaped", "inline: <p style", {"top": "<p style='color: #222'>x</p>"}),
    ("shaped", "inline: <script", {"top": "<script>1</script>"}),
    ("quiet", "style", {"top": "<p style='color: #222'>x</p>"}),
    ("quiet", "script", {"top": "<script>1</script>"}),
    ("quiet", "Boom", {"script": "throw new Error('Boom')"}),
    ("at home", "http://other.example/a.png", {"top": "<img alt='' src=http://other.example/a.png>"}),
    ("light", "bytes", {"style": "/*" + "x" * 60_000 + "*/"}),
    ("still", "layout shift", {"script": "setTimeout(() => document.querySelector('h1').before(Object.assign(document.createElement('p'), {className: 'tall', textContent: 'Aviso'})), 100)", "style": ".tall { height: 200px }"}),
    ("reflowing", "400 px in 320 px", {"top": "<div class=wide>ancho</div>", "style": "body { margin: 0 } .wide { width: 400px }"}),
    ("spacious", "apretado", {"top": "<p class=tight>apretado</p>", "style": ".tight { overflow: hidden; white-space: nowrap; width: 4.3em }"}),
    ("legible in other colours", "dark:", {"style": "@media (prefers-color-scheme: dark) { body { background: #000 } }"}),
    ("legible in other colours", "forced colours:", {"style": "@media (forced-colors: active) { p { forced-color-adjust: none; color: #eee; background: #fff } }"}),
    ("at rest", "h1", {"style": "h1 { transition: color 1s }"}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("judge", "says", "mutant"),
    MUTANTS,
    ids=[f"{n}-{judge}-{says}" for n, (judge, says, _) in enumerate(MUTANTS)],
)
def test_a_judge_sees(show: Show, judge: str, says: str, mutant: dict[str, str]) -> None:
    page, watch = show(**mutant)
    page.wait_for_timeout(300)

    found = JUDGES[judge](page, watch)

    assert any(says in one for one in found), found


def test_every_judge_was_shown_a_mutant() -> None:
    assert {judge for judge, _, _ in MUTANTS} == set(JUDGES)


KEYBOARD_MUTANTS = [
    ("does not show", {"style": ":focus-visible { outline: none }"}),
    ("does not show", {"style": ":focus-visible { outline: 3px solid #fff }"}),
    ("does not show", {"style": ":focus-visible { outline: 3px solid #ccc; box-shadow: 0 0 0 6px #eee }"}),
    ("does not show", {"style": "#name:focus-visible { outline: 3px solid #fff }", "script": "document.querySelector('#name').focus()"}),
    ("is covered", {"top": "<div class=lid></div>", "style": ".lid { position: fixed; inset: 0 }"}),
    ("before the last", {"top": "<p><a href=/x tabindex=2>uno</a></p><p><a href=/y tabindex=1>dos</a></p>"}),
    ("is lost", {"script": "document.querySelector('button').addEventListener('focus', (event) => event.target.blur())"}),
    ("at its end", {"script": "document.querySelector('button').tabIndex = -1"}),
]  # fmt: skip


def test_a_sound_page_is_gone_through_by_keyboard(show: Show) -> None:
    page, _ = show()

    Keys(page).go_to(page.get_by_role("button", name="Seguir"))


@pytest.mark.parametrize(("says", "mutant"), KEYBOARD_MUTANTS, ids=range(len(KEYBOARD_MUTANTS)))
def test_who_goes_by_keyboard_sees(show: Show, says: str, mutant: dict[str, str]) -> None:
    page, _ = show(**mutant)
    keys = Keys(page)

    with pytest.raises(AssertionError, match=says):
        keys.go_to(page.get_by_role("button", name="Seguir"))
