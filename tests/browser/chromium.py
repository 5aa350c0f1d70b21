"""The Chromium of the system, without a window, and what goes wrong in its pages."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, LocatorAssertions, Page, WebError

NAMES = ("chromium", "chromium-browser", "google-chrome")
OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE_MS = 20_000
OURS = ("blob:", "anywidget", "scope_repl", "file:")


def executable() -> str | None:
    """The first browser on the PATH that playwright can drive; it never downloads one of its own."""
    return next(filter(None, map(shutil.which, NAMES)), None)


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser, for as long as the block lasts."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), headless=True, args=list(OPTIONS))
        try:
            yield browser
        finally:
            browser.close()


def expect(locator: Locator) -> LocatorAssertions:
    """Playwright's own, imported when it is needed: a machine without it skips these tests, and says so."""
    from playwright.sync_api import expect

    expect.set_options(timeout=PATIENCE_MS)
    return expect(locator)


def eventually(page: Page, condition: Callable[[], bool], what: str) -> None:
    """Wait until a condition holds, looking once a frame.

    Raises:
        AssertionError: it does not; the message says `what`.
    """
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while not condition():
        assert time.monotonic() < deadline, f"did not come true: {what}"
        page.evaluate("() => new Promise(requestAnimationFrame)")


class Errors:
    """The errors that come from widgets' scripts: JupyterLab's own are not ours to judge.

    A widget's module is loaded from a blob.
    """

    def __init__(self, context: BrowserContext) -> None:
        self.found: list[str] = []
        self._context = context
        context.on("console", self._said)
        context.on("weberror", self._raised)

    def stop(self) -> None:
        self._context.remove_listener("console", self._said)
        self._context.remove_listener("weberror", self._raised)

    def _said(self, message: ConsoleMessage) -> None:
        self._take(message.type, message.text, str(message.location["url"]))

    def _raised(self, error: WebError) -> None:
        self._take("error", str(error.error.stack or error.error), "")

    def _take(self, kind: str, text: str, place: str) -> None:
        if kind == "error" and any(sign in text or sign in place for sign in OURS):
            self.found.append(f"{place}: {text}" if place else text)
