"""The keyboard on the chart."""

from __future__ import annotations

import re

import pytest

from browser.chromium import expect
from browser.notebook import Show


def test_keys_zoom_move_and_show_all(show: Show) -> None:
    _, chart = show()
    whole, first = chart.ns_a_pixel, chart.ticks[0]
    chart.press("w", "w", "w")
    chart.wait_for_zoom(whole, 0.7**3)
    left = chart.ticks[0][0]
    time = chart.time_at(left)
    chart.press("d")
    chart.wait_until(lambda: chart.time_at(left) > time, "moved to later")
    chart.press("a")
    chart.wait_until(lambda: abs(chart.time_at(left) - time) < chart.ns_a_pixel, "moved back to earlier")
    chart.press("s")
    chart.wait_until(lambda: chart.ns_a_pixel == pytest.approx(whole * 0.7**2, rel=0.05), "zoomed out")
    chart.press("0")
    chart.wait_until(lambda: chart.ticks[0] == first, "the whole recording again")


def test_arrows_walk_over_the_calls(show: Show) -> None:
    notebook, chart = show()
    chart.click("price")
    expect(chart.strip).to_contain_text("price(item='pen'")
    walk = [
        ("ArrowRight", "price(item='ink'"),
        ("ArrowLeft", "price(item='pen'"),
        ("ArrowUp", "<genexpr>"),
        ("ArrowUp", "sum("),
        ("ArrowUp", "total("),
        ("ArrowDown", "sum("),
    ]
    for key, told in walk:
        chart.press(key)
        expect(chart.strip).to_contain_text(told)
    notebook.wait_until("timeline.moment.frame.function == 'sum'")


def test_full_stop_and_comma_step_from_event_to_event(show: Show) -> None:
    notebook, chart = show()
    chart.click("total")
    expect(chart.strip).to_contain_text("total(")
    start = notebook.read("timeline.moment.time_ns")
    wanted = [notebook.read(f"scope.last.at({start}, 'ns').next().time_ns")]
    wanted.append(notebook.read(f"scope.last.at({wanted[0]}, 'ns').next().time_ns"))
    chart.press(".")
    notebook.wait_until(f"timeline.moment.time_ns == {wanted[0]}")
    chart.press(".")
    notebook.wait_until(f"timeline.moment.time_ns == {wanted[1]}")
    chart.press(",")
    notebook.wait_until(f"timeline.moment.time_ns == {wanted[0]}")


def test_ends_selection_and_help(show: Show) -> None:
    notebook, chart = show()
    chart.click("price")
    expect(chart.strip).to_contain_text("price(")
    chart.press("End")
    notebook.wait_until("timeline.moment.time_ns == scope.last.stats.duration_ns")
    chart.press("Home")
    notebook.wait_until("timeline.moment.time_ns == 0")
    chart.press("Escape")
    expect(chart.strip).to_contain_text("Nothing selected")
    help_panel = chart.root.locator(".scope-help")
    expect(help_panel).to_be_hidden()
    chart.press("?")
    expect(help_panel).to_contain_text("zoom to the selected call")


def test_keys_do_not_reach_the_notebook(show: Show) -> None:
    """In JupyterLab's command mode `d d` deletes a cell, and `0 0` restarts the kernel."""
    notebook, chart = show()
    chart.click("price")
    expect(chart.strip).to_contain_text("price(")
    chart.press("d", "d", "0", "0", "a", "s", "t")
    expect(chart.table).to_be_visible()
    assert notebook.page.locator(".jp-Notebook .jp-Cell").count() == 3
    assert notebook.page.locator(".jp-Dialog").count() == 0
    assert notebook.read("timeline.moment.frame.function") == "price"


def test_chart_is_named_and_can_be_tabbed_to(show: Show) -> None:
    _, chart = show()
    chart.root.get_by_role("button").first.focus()
    chart.page.keyboard.press("Shift+Tab")
    expect(chart.root).to_be_focused()
    expect(chart.root).to_have_accessible_name("Timeline of the recorded calls")
    expect(chart.canvas).to_have_attribute("role", "img")
    for button in chart.root.get_by_role("toolbar").get_by_role("button").all():
        expect(button).to_have_accessible_name(re.compile(r"\w+"))
    chart.press(".")
    expect(chart.root.locator("[aria-live].scope-unseen")).to_contain_text("cursor at")
