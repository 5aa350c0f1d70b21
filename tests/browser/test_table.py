"""The table beside the chart: the same calls as rows, under the same cursor."""

from __future__ import annotations

from browser.chart import Chart
from browser.chromium import expect
from browser.notebook import Notebook, Show


def open_table(chart: Chart) -> None:
    chart.root.focus()
    chart.press("t")
    expect(chart.table.locator("tbody tr")).not_to_have_count(0)


def names(chart: Chart) -> list[str]:
    return chart.table.locator("tbody tr td:first-child").all_inner_texts()


def wanted(notebook: Notebook, expression: str) -> list[str]:
    """Names, as the recording's table of calls has them."""
    found: list[str] = notebook.read(f"list(scope.calls.{expression})")
    return found


def test_rows_are_the_calls_in_sight(show: Show) -> None:
    notebook, chart = show()
    open_table(chart)
    expect(chart.table.locator("tbody tr")).to_have_count(notebook.read("len(scope.calls)"))
    assert names(chart) == wanted(notebook, "sort_values('start_ns', kind='stable').name")


def test_filter_and_sort(show: Show) -> None:
    notebook, chart = show()
    open_table(chart)
    chart.root.get_by_placeholder("Filter").fill("price")
    expect(chart.table.locator("tbody tr")).to_have_count(3)
    chart.root.get_by_placeholder("Filter").fill("")
    expect(chart.table.locator("tbody tr")).to_have_count(notebook.read("len(scope.calls)"))
    heading = chart.table.get_by_role("columnheader", name="Duration")
    heading.get_by_role("button").click()
    expect(heading).to_have_attribute("aria-sort", "descending")
    longest = wanted(notebook, "sort_values('duration_ns', ascending=False, kind='stable').name")
    chart.wait_until(lambda: names(chart) == longest, "the longest calls come first")
    heading.get_by_role("button").click()
    expect(heading).to_have_attribute("aria-sort", "ascending")
    chart.wait_until(lambda: names(chart)[-1] == longest[0], "the longest call comes last")


def test_row_is_chosen(show: Show) -> None:
    notebook, chart = show()
    open_table(chart)
    row = chart.table.locator("tbody tr", has_text="price").nth(1)
    row.click()
    expect(chart.strip).to_contain_text("price(item='ink', count=2) → 6")
    expect(row).to_have_attribute("aria-selected", "true")
    notebook.wait_until("timeline.moment.frame.function == 'price'")
    assert notebook.read("timeline.moment.args['item']") == "ink"


def test_rows_are_walked_with_the_keyboard(show: Show) -> None:
    _, chart = show()
    open_table(chart)
    chart.table.locator("tbody tr", has_text="price").first.focus()
    chart.page.keyboard.press("ArrowDown")
    chart.page.keyboard.press("Enter")
    expect(chart.strip).to_contain_text("sleep(")
    expect(chart.table.locator("tbody tr:focus")).to_contain_text("sleep")


def test_only_what_is_in_sight_is_listed(show: Show) -> None:
    _, chart = show()
    chart.click("price")
    expect(chart.strip).to_contain_text("price(item='pen'")
    open_table(chart)
    chart.root.focus()
    chart.press("Enter")
    chart.wait_until(
        lambda: names(chart).count("price") in (1, 2) and "bill" in names(chart), "the other calls are gone"
    )
