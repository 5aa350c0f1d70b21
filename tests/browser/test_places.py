"""The chart in narrow, hidden and dark places."""

from __future__ import annotations

import re
from typing import Any

import pytest

from browser.chart import Chart
from browser.chromium import expect
from browser.notebook import Show

HIDDEN = "import ipywidgets\nfolded = ipywidgets.Accordion([scope.last.timeline()])\nfolded"
NUMBER = re.compile(r"\d+")


def luminance(colour: str) -> float:
    """Relative luminance, as WCAG 2 defines it."""
    digits = [colour[i : i + 2] for i in (1, 3, 5)]
    parts = [int(each, 16) / 255 for each in digits]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_shown_after_it_was_hidden(show: Show) -> None:
    notebook, _ = show(more=[HIDDEN])
    notebook.run(3)
    chart = Chart(notebook.cell(3))
    expect(chart.root).to_be_hidden()
    notebook.cell(3).locator(".jupyter-widget-Collapse-header").click()
    chart.wait()
    chart.wait_until(lambda: any(text.text == "price" for text in chart.texts), "the calls are there")
    assert chart.ticks


def test_collapsed_output(show: Show) -> None:
    notebook, chart = show()
    collapser = notebook.cell(2).locator(".jp-OutputCollapser")
    collapser.click()
    expect(chart.root).to_be_hidden()
    collapser.click()
    expect(chart.root).to_be_visible()
    scale = chart.ns_a_pixel
    chart.press("+")
    chart.wait_for_zoom(scale, 0.7)


def test_narrow_window(show: Show) -> None:
    notebook, chart = show()
    notebook.page.evaluate("() => window.jupyterapp.commands.execute('application:toggle-left-area')")
    width = chart.canvas.bounding_box()
    notebook.page.set_viewport_size({"width": 360, "height": 740})
    chart.wait_until(lambda: chart.canvas.bounding_box() != width, "the canvas has another width")
    box = chart.root.bounding_box()
    assert box
    assert box["width"] > 150
    assert box["x"] + box["width"] <= 360
    assert notebook.cell(2).locator(".jp-OutputArea-output").last.evaluate("e => e.scrollWidth - e.clientWidth") <= 1
    chart.canvas.scroll_into_view_if_needed()
    chart.click("bill")
    expect(chart.strip).to_contain_text("bill(")
    notebook.wait_until("timeline.moment.frame.function == 'bill'")


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_labels_can_be_read(show: Show, theme: str) -> None:
    notebook, chart = show()
    notebook.set_theme(theme)
    dark = theme.endswith("Dark")
    chart.wait_until(lambda: (luminance(chart.ground) < 0.2) == dark, f"the ground is that of {theme}")
    for label in chart.texts:
        if label.text in {"<module>", "bill", "total", "sum", "price", "sleep"}:
            assert contrast(label.colour, chart.rect_under(label)["colour"]) >= 4.5, label
    for part in (chart.strip.locator("span").first, notebook.cell(2).locator(".scope-inspector [role=status]").first):
        assert contrast(css(part, "color"), chart.ground) >= 4.5


def css(element: Any, name: str) -> str:
    """A colour of an element's, as #rrggbb."""
    text = element.evaluate("(element, name) => getComputedStyle(element)[name]", name)
    return "#" + "".join(f"{int(part):02x}" for part in NUMBER.findall(text)[:3])
