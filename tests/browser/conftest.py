"""One browser and one platform for each worker; what a test does in them is its own."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from infra.local.platform import LocalPlatform
from tests.browser.chromium import PHONE, Size, Watch, chromium, new_context
from tests.browser.keyboard import Keys
from tests.browser.site import ONE_ADDRESS, Site
from tests.browser.visitor import Visitor

type NewVisitor = Callable[..., Visitor]


# Of the package, not of the session: while Playwright runs, asyncio is its own, and other tests want it too.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    with chromium() as started:
        yield started


@pytest.fixture(scope="package")
def running_site() -> Iterator[Site]:
    """The whole platform."""
    with LocalPlatform.start(parameters=ONE_ADDRESS) as platform:
        yield Site(platform)


@pytest.fixture
def site(browser: Browser, running_site: Site) -> Site:
    """The site, which forgot who asked before. (The browser comes first: without it nothing is started.)"""
    running_site.forget()
    return running_site


@pytest.fixture
def new_visitor(browser: Browser, site: Site) -> Iterator[NewVisitor]:
    """Makes people who come with a browser of their own: `new_visitor(scripts=False, language="en")`."""
    contexts = []

    def make(
        size: Size = PHONE,
        *,
        scripts: bool = True,
        touch: bool = False,
        keyboard: bool = False,
        language: str = "es",
    ) -> Visitor:
        context = new_context(browser, size, scripts=scripts, touch=touch)
        contexts.append(context)
        watch, page = Watch(context, site.url), context.new_page()
        hands = Keys(page) if keyboard else None
        visitor = Visitor(page, watch, site, scripts=scripts, hands=hands)
        if language != "es":
            visitor.switch_to(language)
        return visitor

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def visitor(new_visitor: NewVisitor) -> Visitor:
    """Somebody with a phone."""
    return new_visitor()
