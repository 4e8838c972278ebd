"""Somebody on the site: what people do there, by the labels and roles that they see and hear.

Each step is written once, and taken with and without scripts, by touch, mouse or keyboard, in any language.
"""

import re
from typing import Final, Protocol

from playwright.sync_api import Locator, Page, Response

from constancia.web.fallbacks import plain
from constancia.web.languages import LANGUAGES, SPANISH, speech
from tests.browser.chromium import Watch
from tests.browser.site import Site

CODE: Final = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}")


class Hands(Protocol):
    """How somebody works the controls of a page."""

    def write(self, field: Locator, text: str) -> None: ...
    def choose(self, radio: Locator) -> None: ...
    def tick(self, box: Locator) -> None: ...
    def press(self, control: Locator) -> None: ...
    def pick(self, field: Locator, typed: str, option: str) -> None: ...
    def select(self, field: Locator, value: str) -> None: ...


class Pointer:
    """Hands with a mouse or on a touch screen."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def write(self, field: Locator, text: str) -> None:
        """Type over what stands in a field."""
        field.fill(text)

    def choose(self, radio: Locator) -> None:
        """Choose one of a group."""
        radio.check()

    def tick(self, box: Locator) -> None:
        """Tick a box."""
        box.check()

    def press(self, control: Locator) -> None:
        """Press a button or follow a link."""
        control.click()

    def pick(self, field: Locator, typed: str, option: str) -> None:
        """Type into a combobox and take an option of its list."""
        field.fill(typed)
        self._page.get_by_role("option", name=option, exact=True).click()

    def select(self, field: Locator, value: str) -> None:
        """Take an option of a plain list."""
        field.select_option(value)


class Visitor:
    """A person, with a browser and a language of their own."""

    def __init__(
        self, page: Page, watch: Watch, site: Site, *, scripts: bool = True, hands: Hands | None = None
    ) -> None:
        self.page = page
        self.watch = watch
        self.site = site
        self.scripts = scripts
        self.hands = hands or Pointer(page)
        self._language = SPANISH

    # ------------------------------------------------------------------ what every page has

    def open(self, address: str) -> Response:
        """Go to a path of the site, or to a whole address."""
        answer = self.page.goto(address if "://" in address else self.site.url + address)
        assert answer
        return answer

    def switch_to(self, language: str) -> None:
        """Choose a language at the top of the page."""
        self.open("/")
        self.speak(language)

    def speak(self, language: str) -> None:
        """Choose a language by its button on the page that is shown."""
        wanted = next(one for one in LANGUAGES if one.code == language)
        self.hands.press(self.page.get_by_role("button", name=wanted.name, exact=True))
        self._language = wanted
        self.page.locator(f'html[lang="{wanted.tag}"]').wait_for()

    def say(self, text: str) -> str:
        """A text of the site in the person's language; in Spanish where it has none there."""
        return plain(speech(self._language).gettext(text))

    def press(self, text: str) -> None:
        """Press the button, or the link that looks like one, that says this."""
        self.hands.press(self.page.get_by_role("button", name=self.say(text), exact=True))

    def follow(self, text: str) -> None:
        """Follow the first link in the page's content that says this."""
        main = self.page.get_by_role("main")
        self.hands.press(main.get_by_role("link", name=self.say(text), exact=True).first)

    def write(self, label: str, text: str) -> None:
        """Fill in the field of a label."""
        self.hands.write(self.page.get_by_label(self.say(label), exact=True), text)

    def choose(self, option: str) -> None:
        """Choose one of a group."""
        self.hands.choose(self.page.get_by_role("radio", name=self.say(option), exact=True))

    def tick(self, label: str) -> None:
        """Tick the box of a label."""
        self.hands.tick(self.page.get_by_role("checkbox", name=self.say(label), exact=True))

    @property
    def heading(self) -> str:
        """What the page is about: its h1."""
        return self.page.get_by_role("heading", level=1).inner_text().strip()

    @property
    def focus(self) -> Locator:
        """What has the focus."""
        return self.page.locator(":focus")

    def summary_of_faults(self) -> Locator:
        """Wait for the summary of what is wrong, which takes the focus."""
        summary = self.page.locator("[role=alert]:focus")
        summary.wait_for()
        return summary

    @property
    def text(self) -> str:
        """All that the page says."""
        return self.page.get_by_role("main").inner_text()

    def expect(self, heading: str) -> None:
        """Wait for the page with this heading."""
        self.page.get_by_role("heading", level=1, name=self.say(heading), exact=True).wait_for()

    def back(self, heading: str) -> None:
        """Go back with the browser's own button, and wait for the page with this heading.

        From a page that has come: Chromium can't go back while the next page is on its way.
        """
        self.page.go_back()
        self.expect(heading)

    # ------------------------------------------------------------------ what came of it

    @property
    def refusal(self) -> str:
        """The code of the message that says why not."""
        return self.page.get_by_role("main").locator("code[data-code]").get_attribute("data-code") or ""

    @property
    def code(self) -> str:
        """The virtual code on the page."""
        return self.page.get_by_role("main").get_by_text(CODE).first.inner_text()

    def download(self) -> bytes:
        """The file behind the button."""
        with self.page.expect_download() as started:
            self.press("Descargar la constancia (PDF)")
        return started.value.path().read_bytes()

    # ------------------------------------------------------------------ the verification

    def verify(self, code: str, document: str = "") -> None:
        """Ask about a code."""
        self.open("/validate")
        self.write("Código virtual", code)
        self.write("Número de documento del estudiante (opcional)", document)
        self.press("Verificar")
