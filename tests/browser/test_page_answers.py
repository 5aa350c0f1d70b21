"""What the one HTML file says of what it does not know, and that it says nothing that is not so."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from reading.logs import Event, Held, Script, code, write_log

from browser.chart import Chart
from browser.chromium import expect
from browser.notebook import OpenFile
from scope_repl import Recording
from scope_repl.schema import CodeFlag, Kind

SECOND = 10**9
FRAME = 0x1000
WRITTEN = "this file holds"

Opened = Callable[[Script], Chart]


@pytest.fixture
def opened(tmp_path: Path, open_file: OpenFile) -> Opened:
    """A recording, written to a page that is open."""

    def start(script: Script) -> Chart:
        Recording(write_log(script)).to_html(tmp_path / "page.html")
        page = open_file(tmp_path / "page.html")
        expect(page.locator("footer")).to_contain_text(WRITTEN)
        chart = Chart(page.locator("body"))
        chart.wait()
        return chart

    return start


def call(number: int, start: int, length: int, thread: int = 0) -> list[Event]:
    return [Event(start, thread, Kind.CALL, number), Event(start + length, thread, Kind.RETURN, number)]


def dropped() -> Script:
    """The older events are gone on the first track, the newer ones on the second, and all on the third."""
    old = [*call(3, 700, 100), Event(950, 0, Kind.RETURN, 2)]
    new = [Event(550, 1, Kind.CALL, 1)]
    held = [[Held(Kind.OPEN, 1, 100), Held(Kind.OPEN, 2, 450)]]
    known = {1: 600, 2: 100}
    codes = {1: code("main"), 2: code("work"), 3: code("step")}
    return Script([*old, *new], codes, 3, held, end=1000, horizon=500, end_known=known)


def merged() -> Script:
    """A thousand calls in the width of a column, of which one made a call, between two that are kept whole."""
    start = 5 * SECOND  # where a column begins
    ticks = [event for n in range(1000) for event in call(1, start + 4 * n, 2)]
    inner = [Event(start + 2000, 0, Kind.CALL, 1), *call(2, start + 2001, 1), Event(start + 2003, 0, Kind.RETURN, 1)]
    ticks[1000:1002] = inner
    codes = {1: code("tick"), 2: code("inner"), 3: code("before"), 4: code("after")}
    around = (call(3, start - 20_010, 20_000), call(4, start + 4_002, 20_000))
    return Script([*around[0], *ticks, *around[1]], codes, end=10 * SECOND)


def suspended() -> Script:
    """A generator that stays suspended, after so many calls that its details are not kept."""

    def events() -> Iterator[Event]:
        for n in range(3000):
            yield from call(1, n * 2000, 1000)
        yield Event(6_000_000, 0, Kind.CALL, 2, 0, None)
        yield Event(6_000_200, 0, Kind.YIELD, 2, 0, FRAME.to_bytes(8, "little"))

    codes = {1: code("long"), 2: code("numbers", CodeFlag.GENERATOR)}
    return Script(list(events()), codes, end=6_000_500)


def stack(chart: Chart) -> str:
    return chart.page.get_by_label("Stack at the cursor").inner_text()


def select(chart: Chart, name: str) -> None:
    """Select a call in the table."""
    chart.root.focus()
    chart.press("t")
    chart.root.get_by_role("searchbox").fill(name)
    rows = chart.table.locator("tbody tr")
    expect(rows).to_have_count(1)
    rows.click()
    expect(chart.strip).to_contain_text(name)


def test_before_what_is_known(opened: Opened) -> None:
    chart = opened(dropped())
    chart.root.focus()
    chart.press("Home")
    text = stack(chart)
    assert re.search(r"At 500 ns\s+thread-0\s+main.*\s+work", text), text
    assert "Not known, for older events were dropped: thread-2" in text
    assert "No call was running" not in text


def test_after_what_is_known(opened: Opened) -> None:
    chart = opened(dropped())
    chart.root.focus()
    chart.press("End")
    text = stack(chart)
    assert re.search(r"thread-0\s+main", text), text
    assert "work" not in text
    assert re.search(r"thread-1\s+main.*\s+last known at 600 ns", text), text


def test_merged_bar_is_clicked(opened: Opened) -> None:
    chart = opened(merged())
    chart.wait_until(lambda: any(text.text == "1,000 calls" for text in chart.texts), "the merged calls")
    chart.click("1,000 calls")
    expect(chart.strip).to_contain_text("1,000 calls here")
    expect(chart.strip).to_contain_text("the longest: tick")
    expect(chart.strip).to_contain_text("only merged in this file")
    expect(chart.page.get_by_label("Selected call")).to_contain_text("None")
    assert "1,000 calls around here, the longest: tick" in stack(chart)
    for name in ("before", "after"):
        chart.click(name)
        expect(chart.strip).to_contain_text(f"{name}(")
        chart.click("1,000 calls")
        expect(chart.strip).to_contain_text("only merged in this file")


def test_caller_is_not_kept(opened: Opened) -> None:
    chart = opened(merged())
    select(chart, "inner")
    chart.press("ArrowUp")
    expect(chart.root.locator(".scope-hint")).to_have_text("its caller is not kept in this file")
    expect(chart.strip).to_contain_text("inner(")


def test_suspended_call_is_not_said_to_have_returned(opened: Opened) -> None:
    chart = opened(suspended())
    select(chart, "numbers")
    expect(chart.strip).to_contain_text("one part of the call")
    expect(chart.strip).to_contain_text("200 ns in this part")
    for place in (chart.strip, chart.page.get_by_label("Selected call"), chart.table):
        expect(place).not_to_contain_text("returned")
    assert chart.table.locator("tbody td").all_inner_texts()[4] == ""


def test_lengths_are_exact_and_starts_are_not_more_than_that(opened: Opened) -> None:
    length = 300
    events = [event for n in range(4000) for event in call(1, n * 2_500_000 + 13, length)]
    chart = opened(Script(events, {1: code("short")}, end=10 * SECOND))
    chart.root.focus()
    chart.press("t")
    chart.table.get_by_role("button", name="Start").click()  # the last first, whose details are not kept
    rows = chart.table.locator("tbody tr")
    expect(rows.first).to_contain_text("10.00 s")
    expect(rows).to_have_count(100)
    assert set(chart.table.locator("tbody td:nth-child(5)").all_inner_texts()) == {f"{length} ns"}
    rows.first.click()
    expect(chart.strip).to_contain_text("outcome not kept in this file")
    expect(chart.strip).to_contain_text(f"{length} ns · at 9.997500 s")
    chart.root.focus()
    chart.press("Enter")
    chart.wait_until(lambda: any(text.text == "short" for text in chart.texts), "the call is close by")
    bar = chart.bar("short")
    chart.canvas.hover(position={"x": bar.x, "y": bar.y})
    expect(chart.root.locator(".scope-tip")).to_contain_text(f"{length} ns · at 9.997500 s")


def test_tracks_and_rows_that_are_left_out(opened: Opened) -> None:
    events = [Event(5 + depth, thread, Kind.CALL, 1) for depth in range(3) for thread in range(200)]
    chart = opened(Script(events, {1: code("down")}, 200))
    chart.root.focus()
    chart.press("End")
    assert re.search(r"thread-0\s+down.*\s+down.*\s+the calls below are not kept in this file", stack(chart))
    chart = opened(Script(events[:200] + [Event(6, n, Kind.CALL, 1) for n in range(200, 600)], {1: code("down")}, 600))
    chart.root.focus()
    chart.press("End")
    assert "Not kept in this file: thread-400, thread-401, thread-402, thread-403, thread-404, 195 more" in stack(chart)
