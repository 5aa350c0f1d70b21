"""The mouse on the chart, and what the kernel knows of it."""

from __future__ import annotations

import pytest

from browser.chromium import expect
from browser.notebook import Show

PIXEL = 1.5  # how many pixels of time a place may be off


def test_cursor_is_dragged(show: Show) -> None:
    notebook, chart = show()
    price, y = chart.bar("price"), chart.ruler_y
    wanted, near = chart.time_at(price.x + 8), PIXEL * chart.ns_a_pixel
    chart.drag((chart.ticks[0][0] + 1, y), (price.x + 8, y))
    notebook.wait_until(f"abs(timeline.moment.time_ns - {wanted}) < {near}")
    stack = notebook.read("[frame.function for frame in timeline.moment.stack()]")
    assert stack[-6:] == ["price", "<genexpr>", "sum", "total", "bill", "<module>"]
    assert notebook.read("repr(timeline.moment.stack()) == repr(scope.last.at(timeline.moment.time_ns, 'ns').stack())")
    inspected = notebook.cell(2).locator(".scope-inspector .scope-stack option")
    expect(inspected).to_have_count(len(stack))
    for label, function in zip(inspected.all_inner_texts(), stack, strict=True):
        assert function in label


def test_span_is_clicked(show: Show) -> None:
    notebook, chart = show()
    chart.click("price")
    expect(chart.strip).to_contain_text("price(item='pen', count=1) → 3")
    expect(chart.strip).to_contain_text("def price(item, count):")
    notebook.wait_until("timeline.moment.frame.function == 'price'")
    assert notebook.read("timeline.moment.args['item']") == "pen"
    inspector = notebook.cell(2).locator(".scope-inspector")
    expect(inspector).to_contain_text("'pen'")
    expect(inspector.locator("pre [aria-current]")).to_contain_text("time.sleep(0.01)")


@pytest.mark.parametrize("held", [None, "Control"])
def test_wheel_zooms_where_the_pointer_is(show: Show, held: str | None) -> None:
    _, chart = show()
    place = chart.bar("price")
    if held:
        chart.page.keyboard.down(held)
    else:
        chart.click("price")
        expect(chart.strip).to_contain_text("price")
    scale, time = chart.ns_a_pixel, chart.time_at(place.x)
    chart.wheel(place.x, place.y, -300)
    chart.wait_for_zoom(scale, 0.9)
    assert chart.time_at(place.x) == pytest.approx(time, abs=PIXEL * scale)
    zoomed = chart.ns_a_pixel
    chart.wheel(place.x, place.y, 300)
    chart.wait_until(lambda: chart.ns_a_pixel > zoomed * 1.1, "zoomed out again")


def test_wheel_scrolls_the_page_until_the_chart_is_clicked(show: Show) -> None:
    _, chart = show()
    place, scale = chart.bar("price"), chart.ns_a_pixel
    chart.wheel(place.x, place.y, -120)
    expect(chart.root.locator(".scope-hint")).to_contain_text("Ctrl")
    assert chart.ns_a_pixel == scale


def test_chart_is_dragged_along(show: Show) -> None:
    _, chart = show()
    scale = chart.ns_a_pixel
    chart.press("+", "+", "+")
    chart.wait_for_zoom(scale, 0.5)
    place = chart.bar("price")
    time = chart.time_at(place.x)
    chart.drag((place.x, place.y), (place.x - 60, place.y))
    near = PIXEL * chart.ns_a_pixel
    chart.wait_until(lambda: abs(chart.time_at(place.x - 60) - time) < near, "the time has moved along")


def test_double_click_zooms_to_a_call(show: Show) -> None:
    _, chart = show()
    place = chart.bar("price")
    chart.canvas.dblclick(position={"x": place.x, "y": place.y})
    chart.wait_until(lambda: [text.text for text in chart.texts].count("price") == 1, "one price is shown")
    canvas, bar = chart.canvas.bounding_box(), chart.rect_under(chart.bar("price"))
    assert canvas
    assert bar["width"] > canvas["width"] / 2


def test_call_under_the_pointer_is_told(show: Show) -> None:
    _, chart = show()
    place = chart.bar("total")
    chart.canvas.hover(position={"x": place.x, "y": place.y})
    tip = chart.root.locator(".scope-tip")
    expect(tip).to_contain_text("total")
    expect(tip).to_contain_text("ms")
