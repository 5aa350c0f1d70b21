from __future__ import annotations

import importlib.util
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from browser.chart import WATCH, Chart
from browser.chromium import NAMES, PATIENCE_MS, Errors, chromium, executable
from browser.lab import Lab
from browser.notebook import Notebook, Open, OpenFile, Show
from browser.programs import LOAD, ORDERS, SHOW

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

HERE = Path(__file__).parent
SCREENSHOTS = HERE.parents[1] / "build" / "screenshots"
FAILED = pytest.StashKey[bool]()


def missing() -> str:
    """What these tests need and the machine lacks, if anything."""
    for package in ("jupyterlab", "playwright"):
        if importlib.util.find_spec(package) is None:
            return f"{package} is not installed: pip install --group browser"
    return "" if executable() else f"none of {', '.join(NAMES)} is on the PATH"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.slow)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


# Playwright keeps an event loop running in the main thread: it must have ended before the tests of other folders.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    reason = missing()
    if reason and os.environ.get("CI"):
        pytest.fail(reason)
    if reason:
        pytest.skip(reason)
    with chromium() as started:
        yield started


@pytest.fixture(scope="package")
def lab(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with Lab(tmp_path_factory.mktemp("lab")) as started:
        yield started


@pytest.fixture(scope="package")
def window(browser: Browser) -> Iterator[BrowserContext]:
    """Where all pages are opened: they share what the browser keeps of JupyterLab's scripts."""
    opened = browser.new_context(viewport={"width": 1600, "height": 1000})
    opened.add_init_script(WATCH)
    opened.set_default_timeout(PATIENCE_MS)
    yield opened
    opened.close()


@pytest.fixture
def context(window: BrowserContext, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    """The window without a page; a failed test leaves a picture of each of its pages."""
    errors = Errors(window)
    yield window
    if request.node.stash.get(FAILED, False) or errors.found:
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        name = re.sub(r"\W+", "-", request.node.name)
        for number, page in enumerate(window.pages):
            page.screenshot(path=SCREENSHOTS / f"{name}-{number}.png")
    for page in window.pages:
        page.close()
    errors.stop()
    assert errors.found == []


@pytest.fixture
def open_notebook(lab: Lab, context: BrowserContext) -> Iterator[Open]:
    """Open a new notebook with these cells, none of which has run."""
    opened: list[Notebook] = []

    def start(*cells: str, kernel: str = "python3") -> Notebook:
        path = lab.write(f"{uuid4()}.ipynb", *cells, kernel=kernel)
        notebook = Notebook(context.new_page(), lab, path.name)
        opened.append(notebook)
        notebook.open()
        return notebook

    yield start
    for notebook in opened:
        notebook.shut_down()
    lab.reset()


@pytest.fixture
def open_file(context: BrowserContext) -> Iterator[OpenFile]:
    """Open a file from the disk with the network cut."""

    def start(path: Path) -> Page:
        context.set_offline(True)
        page = context.new_page()
        page.goto(path.as_uri())
        return page

    yield start
    context.set_offline(False)


@pytest.fixture
def show(open_notebook: Open) -> Show:
    """Record a program in a new notebook and show its timeline in the third cell; further cells wait below."""

    def start(program: str = ORDERS, more: Sequence[str] = (), kernel: str = "python3") -> tuple[Notebook, Chart]:
        notebook = open_notebook(LOAD, program, SHOW, *more, kernel=kernel)
        for index in range(3):
            notebook.run(index)
        chart = Chart(notebook.cell(2))
        chart.wait()
        chart.canvas.scroll_into_view_if_needed()
        return notebook, chart

    return start
