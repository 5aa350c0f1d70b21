"""Several views of one recording."""

from __future__ import annotations

import pytest

from browser.chart import Chart
from browser.chromium import expect
from browser.notebook import Show

UNSEEN = """with scope_repl.record() as recording:
    sorted([3, 1, 2], key=lambda n: -n)
contents = weakref.ref(recording.contents)
recording.timeline()"""
FREED = "(gc.collect(), contents() is None)[1]"


@pytest.mark.parametrize("again", ["timeline", "scope.last.timeline()"])
def test_views_share_the_cursor_and_the_selection(show: Show, again: str) -> None:
    notebook, first = show(more=[again])
    notebook.run(3)
    second = Chart(notebook.cell(3))
    second.wait()
    second.root.scroll_into_view_if_needed()
    second.click("total")
    expect(second.strip).to_contain_text("total(")
    expect(first.strip).to_contain_text("total(")
    first.press("End")
    end = notebook.read("scope.last.stats.duration_ns")
    notebook.wait_until(f"timeline.moment.time_ns == {end}")
    chart_end = first.texts[-1].text
    second.wait_until(lambda: second.texts[-1].text == chart_end, f"the other cursor stands at {chart_end} too")


def test_view_zooms_by_itself(show: Show) -> None:
    notebook, first = show(more=["timeline"])
    notebook.run(3)
    second = Chart(notebook.cell(3))
    second.wait()
    scale, other = first.ns_a_pixel, second.ns_a_pixel
    first.press("+", "+")
    first.wait_for_zoom(scale, 0.5)
    assert second.ns_a_pixel == other


def test_kernel_moves_the_cursor(show: Show) -> None:
    notebook, chart = show(more=["timeline.moment = scope.last.at('50%')"])
    half, handle = notebook.read("scope.last.stats.duration_ns") / 2, chart.texts[-1]
    notebook.run(3)
    chart.wait_until(lambda: chart.texts[-1] != handle, "the cursor has moved")
    assert chart.time_at(chart.cursor_x) == pytest.approx(half, abs=2 * chart.ns_a_pixel)


def test_last_view_frees_the_recording(show: Show) -> None:
    notebook, _ = show(program=UNSEEN, more=["del recording\nscope.forget()"])
    Chart(notebook.cell(1)).wait()
    notebook.run(3)
    assert notebook.read("(gc.collect(), contents() is not None)[1]")
    notebook.clear(1)
    notebook.clear(2)
    notebook.wait_until(FREED)


def test_running_the_cell_again_frees_the_recording(show: Show) -> None:
    notebook, _ = show(program=UNSEEN, more=["first = contents\ndel recording\nscope.forget()"])
    notebook.run(3)
    notebook.clear(2)
    assert notebook.read("(gc.collect(), first() is not None)[1]")
    notebook.run(1)
    Chart(notebook.cell(1)).wait()
    notebook.wait_until("(gc.collect(), first() is None)[1]")
    assert notebook.read("contents() is not None")


def test_other_view_keeps_the_recording(show: Show) -> None:
    notebook, chart = show()
    notebook.clear(1)
    scale = chart.ns_a_pixel
    chart.press("+")
    chart.wait_for_zoom(scale, 0.7)
    chart.click("total")
    expect(chart.strip).to_contain_text("total(")
    assert notebook.read("timeline.comm is not None")
