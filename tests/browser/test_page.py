"""The one HTML file that `to_html` writes, opened from the disk with the network cut."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from browser.chart import Chart
from browser.chromium import expect
from browser.notebook import OpenFile

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

PROGRAM = """
import sys, time, scope_repl
def price(item, count):
    time.sleep(0.01)
    return 3 * count
def total(order):
    return sum(price(item, count) for item, count in order)
def bill(order):
    time.sleep(0.01)
    return f"{total(order)} EUR"
def fail():
    raise ValueError("no more ink")
with scope_repl.record(level="values") as recording:
    bill([("pen", 1), ("ink", 2), ("pad", 3)])
    try:
        fail()
    except ValueError:
        pass
    for n in range(int(sys.argv[2])):
        abs(n)
        total([])
recording.to_html(sys.argv[1])
"""


def write_page(folder: Path, calls: int) -> Path:
    path = folder / "recording.html"
    subprocess.run([sys.executable, "-c", PROGRAM, path, str(calls)], check=True)
    return path


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_page(tmp_path_factory.mktemp("page"), 0)


@pytest.fixture
def asked(context: BrowserContext) -> Iterator[list[str]]:
    """What pages ask for: nothing but the file."""
    urls: list[str] = []
    context.on("request", lambda request: urls.append(request.url))
    yield urls
    assert [url for url in urls if not url.startswith(("file:", "data:"))] == []


@pytest.fixture
def chart(file: Path, open_file: OpenFile, asked: list[str]) -> Chart:
    opened = Chart(open_file(file).locator("body"))
    opened.wait()
    opened.wait_until(lambda: any(text.text == "price" for text in opened.texts), "the calls are named")
    assert asked == [file.as_uri()]
    return opened


def test_call_is_clicked(chart: Chart) -> None:
    chart.click("price")
    expect(chart.strip).to_contain_text("price(item='pen', count=1) → 3")
    expect(chart.page.get_by_label("Selected call")).to_contain_text("'pen'")
    chart.press("ArrowRight")
    expect(chart.strip).to_contain_text("price(item='ink', count=2) → 6")
    chart.press("ArrowUp", "ArrowUp", "ArrowUp")
    expect(chart.strip).to_contain_text("total(")


def test_cursor_is_dragged(chart: Chart) -> None:
    stack = chart.page.get_by_label("Stack at the cursor")
    expect(stack).not_to_contain_text("price")
    chart.drag((chart.ticks[0][0] + 1, chart.ruler_y), (chart.bar("price").x, chart.ruler_y))
    for name in ("bill", "total", "price"):
        expect(stack).to_contain_text(name)


def test_wheel_and_keys(chart: Chart) -> None:
    place, scale = chart.bar("price"), chart.ns_a_pixel
    time = chart.time_at(place.x)
    chart.page.keyboard.down("Control")
    chart.wheel(place.x, place.y, -300)
    chart.page.keyboard.up("Control")
    chart.wait_for_zoom(scale, 0.8)
    assert chart.time_at(place.x) == pytest.approx(time, abs=1.5 * scale)
    chart.root.focus()
    chart.press("0")
    chart.wait_until(lambda: chart.ns_a_pixel == pytest.approx(scale, rel=0.01), "the whole recording again")
    chart.press("t")
    expect(chart.table.locator("tbody tr", has_text="price")).to_have_count(3)
    chart.table.locator("tbody tr", has_text="fail").click()
    expect(chart.strip).to_contain_text("ValueError")


def test_dark_system(file: Path, open_file: OpenFile) -> None:
    page = open_file(file)
    chart = Chart(page.locator("body"))
    chart.wait()
    light = chart.ground
    page.emulate_media(color_scheme="dark")
    chart.wait_until(lambda: chart.ground != light, "the ground is dark")
    assert max(bytes.fromhex(chart.ground[1:])) < 64


def test_many_calls(tmp_path: Path, open_file: OpenFile, asked: list[str]) -> None:
    path = write_page(tmp_path, 300_000)
    chart = Chart(open_file(path).locator("body"))
    chart.wait()
    scale = chart.ns_a_pixel
    chart.root.focus()
    chart.press("+", "+", "+", "+", "+", "+")
    chart.wait_for_zoom(scale, 0.2)
    assert len(chart.shown["rects"]) > 50
    assert asked == [path.as_uri()]
