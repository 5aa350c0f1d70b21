"""Recordings of odd shapes are drawn, and can be moved about in."""

from __future__ import annotations

import pytest

from browser.chart import Chart
from browser.chromium import expect
from browser.notebook import Notebook, Open
from browser.programs import DEEP, DROPPED, EMPTY, LOAD, ONE, THREADS


def shown(open_notebook: Open, program: str) -> tuple[Notebook, Chart]:
    notebook = open_notebook(LOAD, program, "timeline = recording.timeline()\ntimeline")
    for index in range(3):
        notebook.run(index)
    chart = Chart(notebook.cell(2))
    chart.root.scroll_into_view_if_needed()
    chart.wait()
    return notebook, chart


def use(chart: Chart) -> None:
    """Every key, and the wheel in the middle; in the end the whole recording is in sight."""
    chart.root.focus()
    keys = ["w", "d", "a", "s", "PageDown", "PageUp", ".", ",", "End", "Home", "ArrowRight", "ArrowDown", "ArrowUp"]
    chart.press(*keys, "ArrowLeft", "Enter", "t", "0", "t", "Escape")
    chart.await_paint()
    whole, box = chart.ns_a_pixel, chart.canvas.bounding_box()
    assert box
    chart.wheel(box["width"] / 2, box["height"] / 2, -100)
    chart.wait_for_zoom(whole, 0.9)
    chart.press("0")
    chart.wait_until(lambda: chart.ns_a_pixel == pytest.approx(whole, rel=0.01), "the whole recording")


def test_nothing_recorded(open_notebook: Open) -> None:
    _, chart = shown(open_notebook, EMPTY)
    expect(chart.root).to_contain_text("Nothing was recorded")
    use(chart)


def test_one_call(open_notebook: Open) -> None:
    notebook, chart = shown(open_notebook, ONE)
    use(chart)
    chart.click("once")
    expect(chart.strip).to_contain_text("once(")
    assert notebook.read("len(recording.calls)") == 1


def test_deep_recursion(open_notebook: Open) -> None:
    notebook, chart = shown(open_notebook, DEEP)
    assert notebook.read("int(recording.calls.depth.max())") > 19_000
    chart.wait_until(lambda: any(text.text == "down" for text in chart.texts), "the calls are named")
    chart.click("down")
    expect(chart.strip).to_contain_text("down(")
    chart.press("PageDown", "PageDown")
    chart.wait_until(lambda: chart.texts[0].text == "down", "the rows further down are named")
    use(chart)
    chart.click("down")
    expect(chart.strip).to_contain_text("down(")


def test_hundred_tracks(open_notebook: Open) -> None:
    notebook, chart = shown(open_notebook, THREADS)
    assert notebook.read("len(recording.tracks)") >= 100
    last = notebook.read("recording.tracks.name.iloc[-1]")
    chart.root.focus()

    def reached() -> bool:
        chart.press("PageDown")
        return any(text.text == last for text in chart.texts)

    chart.wait_until(reached, f"{last} is in sight")
    use(chart)


def test_dropped_events_are_told(open_notebook: Open) -> None:
    notebook, chart = shown(open_notebook, DROPPED)
    dropped = notebook.read("recording.stats.dropped")
    assert dropped > 0
    expect(chart.root.locator(".scope-drops")).to_have_text(f"{dropped:,} events dropped")
    use(chart)
