"""What journeys stand on: the portal at work, a real browser, and the accessibility check inside.

A journey is marked ``@pytest.mark.journey`` and asks for ``page`` (1280 px wide), ``narrow_page`` (360 px) or
``page_without_scripts``; addresses are relative (``page.goto("/aktivitates/")``). Where an error was written to the
browser's console, or the page asked for anything from elsewhere, the journey fails.
"""

import functools
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Locator,
    Page,
    Response,
    Route,
    sync_playwright,
)
from pytest_django.live_server_helper import LiveServer

from tests.harness import offences
from tests.harness.skipping import NO_CHROMIUM, chromium

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDE = {"width": 1280, "height": 900}
NARROW = {"width": 360, "height": 740}
AXE = Path(__file__).parent / "axe.min.js"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
PATIENCE_MS = 10_000


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all journeys of a process."""
    executable = chromium()
    if executable is None:
        pytest.skip(NO_CHROMIUM)
    # Playwright's loop runs in this thread, and Django, seeing a loop, would refuse to touch the database.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    try:
        with sync_playwright() as playwright:
            started = playwright.chromium.launch(executable_path=executable, args=FLAGS, headless=True)
            yield started
            started.close()
    finally:
        if before is None:
            del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
        else:
            os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before


def standing(act: Callable[..., None]) -> Callable[..., None]:
    """A click or a key that, where it leads to another page, returns when that page stands.

    Playwright's own returns as soon as the next page is answered: what is counted or measured then may be a page that
    has nothing in it yet, or not so much as a root. On a slow machine it is.
    """

    @functools.wraps(act)
    def acted(self: Locator, *args: Any, **options: Any) -> None:
        act(self, *args, **options)
        self.page.wait_for_load_state("domcontentloaded")

    return acted


@pytest.fixture(scope="session", autouse=True)
def every_page_stands() -> Iterator[None]:
    """Whatever a journey does to a page, it next looks at one that is whole."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("click", "press", "check", "select_option"):
            patch.setattr(Locator, name, standing(getattr(Locator, name)))
        yield


@pytest.fixture
def portal(live_server: LiveServer, settings: Any) -> str:
    """The address of the portal at work, which its messages name too."""
    settings.SITE_URL = live_server.url
    settings.CSRF_TRUSTED_ORIGINS = [live_server.url]
    return live_server.url


class Watch:
    """What goes wrong in a browser while a journey runs."""

    def __init__(self, portal: str) -> None:
        self.portal = portal
        # Who else stands on this machine in a journey that needs it: an identity provider.
        self.others: tuple[str, ...] = ()
        # The accessibility check sets styles of its own, which the policy of the page rightly blocks; the browser
        # says so when it finds the time.
        self.was_checked = False

    def route(self, route: Route) -> None:
        """Nothing is asked of anybody else; what the portal itself is asked does not come here."""
        if route.request.url.startswith((*self.others, "data:", "blob:")):
            route.continue_()
        else:
            offences.record(f"the page asked for {route.request.url}")
            route.abort()

    def console(self, message: ConsoleMessage) -> None:
        """An error in the console is one. What is not found is seen by its answer."""
        is_axe = self.was_checked and message.text.startswith("Applying inline style violates")
        if message.type == "error" and not is_axe and "Failed to load resource" not in message.text:
            offences.record(f"console: {message.text} {message.location.get('url') or ''}")

    def response(self, response: Response) -> None:
        """A page may refuse (404, 409, 422 …), but a style, a script, a font or a picture is there."""
        if response.status >= 500 or (
            response.status >= 400 and response.request.resource_type not in ("document", "fetch", "xhr")
        ):
            offences.record(f"{response.status} for {response.url}")

    def error(self, error: Error) -> None:
        """A script failed."""
        offences.record(f"script: {error}")


@pytest.fixture
def watch(portal: str) -> Watch:
    """What goes wrong in the browsers of this journey."""
    return Watch(portal)


@pytest.fixture
def open_page(browser: Browser, watch: Watch) -> Iterator[Callable[..., Page]]:
    """``open_page(viewport=NARROW)``: a page in a browser that has never been here, watched."""
    contexts: list[BrowserContext] = []

    def open_(**options: Any) -> Page:
        chosen = {"locale": "lv-LV", "timezone_id": "Europe/Riga", "viewport": WIDE, **options}
        context = browser.new_context(base_url=watch.portal, reduced_motion="reduce", **chosen)
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        # What is the portal's own need not be asked about: each question is a way through three processes.
        context.route(re.compile(f"^(?!{re.escape(watch.portal)})"), watch.route)
        page = context.new_page()
        page.on("console", watch.console)
        page.on("pageerror", watch.error)
        page.on("response", watch.response)
        return page

    yield open_
    for context in contexts:
        context.close()


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    """A page 1280 px wide."""
    return open_page()


@pytest.fixture
def narrow_page(open_page: Callable[..., Page]) -> Page:
    """A page as on a small telephone."""
    return open_page(viewport=NARROW, has_touch=True, is_mobile=True)


@pytest.fixture
def page_without_scripts(open_page: Callable[..., Page]) -> Page:
    """A page in a browser that runs no scripts: everything must work there too."""
    return open_page(java_script_enabled=False)


@pytest.fixture
def axe(watch: Watch) -> Callable[[Page], None]:
    """``axe(page)``: the page as it stands meets WCAG 2.2 AA, as far as a program can tell."""

    def check(page: Page) -> None:
        watch.was_checked = True
        # A click returns before the styles of the next page are there.
        page.wait_for_load_state("load")
        # Evaluated by the debugger's way, which the page's own Content-Security-Policy does not concern.
        page.evaluate(AXE.read_text(encoding="utf-8") + ";null")
        found = page.evaluate("tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']})", WCAG)
        told = [tell(violation) for violation in found["violations"]]
        if told:
            pytest.fail(f"{page.url} is not accessible:\n" + "\n".join(told), pytrace=False)

    return check


def tell(violation: dict[str, Any]) -> str:
    """One rule that is broken, and where."""
    lines = [f"- {violation['id']} ({violation['impact']}): {violation['help']}"]
    for node in violation["nodes"]:
        lines.append(f"    {' '.join(map(str, node['target']))}: {node['html'][:160]}")
        # `any`: one of these would do; `all` and `none`: each of these.
        lines += [f"      {check['message']}" for kind in ("any", "all", "none") for check in node[kind]]
    return "\n".join(lines)


@pytest.fixture
def no_sideways() -> Callable[[Page], None]:
    """``no_sideways(page)``: nothing makes the page scroll sideways."""

    def check(page: Page) -> None:
        # A click returns before the next page has so much as a root.
        page.wait_for_load_state("load")
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert over <= 0, f"{page.url} is {over} px wider than the window"

    return check
