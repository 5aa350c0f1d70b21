"""A cell is recorded, and what it left stands below it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from browser.chart import Chart
from browser.chromium import expect
from browser.lab import Lab
from browser.notebook import Open
from browser.programs import LOAD, ORDERS


def test_recorded_cell_shows_its_line_and_its_timeline(open_notebook: Open) -> None:
    notebook = open_notebook(LOAD, "")
    notebook.run(0)
    notebook.type(1, ORDERS)
    notebook.page.keyboard.press("Control+Enter")
    expect(notebook.cell(1).locator(".jp-OutputArea")).to_contain_text("'18 EUR'")
    chart = Chart(notebook.cell(1))
    chart.wait()
    line = notebook.read("scope.last.stats.line()")
    expect(notebook.cell(1).get_by_text(line, exact=True).first).to_be_visible()
    shown = [text.text for text in chart.texts]
    assert {"<module>", "bill", "total", "price", "MainThread"} <= set(shown)
    assert "[2]" in shown


def test_scope_kernel_needs_no_extension(lab: Lab, open_notebook: Open) -> None:
    command = Path(sys.executable).with_name("scope-repl")
    subprocess.run([command, "install", "--prefix", str(lab.prefix)], check=True, capture_output=True)
    notebook = open_notebook("import time", ORDERS, kernel="scope")
    notebook.run(0)
    notebook.run(1)
    chart = Chart(notebook.cell(1))
    chart.wait()
    chart.click("price")
    expect(chart.strip).to_contain_text("price(item='pen', count=1) → 3")
    notebook.wait_until("scope.last is not None")


def test_bars_stand_where_the_calls_were(open_notebook: Open) -> None:
    notebook = open_notebook(LOAD, ORDERS)
    notebook.run(0)
    notebook.run(1)
    chart = Chart(notebook.cell(1))
    chart.wait()
    for name in ("bill", "total", "price"):
        start = notebook.read(f"int(scope.calls.start_ns[scope.calls.name == {name!r}].iloc[0])")
        label = chart.bar(name)
        bar = chart.rect_under(label)
        assert abs(chart.time_at(bar["x"]) - start) < 1.5 * chart.ns_a_pixel
        duration = notebook.read(f"int(scope.calls.duration_ns[scope.calls.name == {name!r}].iloc[0])")
        assert abs(bar["width"] * chart.ns_a_pixel - duration) < 2.5 * chart.ns_a_pixel
    depths = [chart.bar(name).y for name in ("<module>", "bill", "total", "sum", "<genexpr>", "price", "sleep")]
    assert depths[:6] == sorted(depths[:6])


def test_inspectors_buttons_go_from_event_to_event(open_notebook: Open) -> None:
    notebook = open_notebook(LOAD, ORDERS, "timeline = scope.last.timeline()\ntimeline")
    for index in range(3):
        notebook.run(index)
    inspector = notebook.cell(2).locator(".scope-inspector")
    times = [notebook.read("timeline.moment.next().time_ns"), notebook.read("timeline.moment.next().next().time_ns")]
    inspector.get_by_role("button", name="Next event").click()
    notebook.wait_until(f"timeline.moment.time_ns == {times[0]}")
    inspector.get_by_role("button", name="Next event").click()
    notebook.wait_until(f"timeline.moment.time_ns == {times[1]}")
    inspector.get_by_role("button", name="Previous event").click()
    notebook.wait_until(f"timeline.moment.time_ns == {times[0]}")
