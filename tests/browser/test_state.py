"""The state beside the timeline: source, values, steps, and the way back to where a value came from."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from browser.chart import Chart
from browser.chromium import eventually, expect
from browser.inspector import Inspector
from browser.notebook import Notebook, Show
from browser.programs import STATE, WATCHED
from browser.test_places import contrast, css, luminance

RETURN, LOG, LOOP, PRICE, APPEND, NOTE, CALL = 9, 12, 13, 14, 15, 16, 19  # lines of the program; the magic is the first
START = (
    "timeline.moment = scope.last.at(scope.last.find('price').iloc[1])\ntimeline.moment = timeline.moment.step_out()"
)

Shown = tuple[Notebook, Chart, Inspector]


@pytest.fixture
def state(show: Show) -> Callable[..., Shown]:
    """Show the state in the second round of the program's loop, when the second price is known."""

    def start(*more: str) -> Shown:
        notebook, chart = show(STATE, [START, *more])
        notebook.run(3)
        inspector = Inspector(notebook.cell(2))
        inspector.wait_for_line(APPEND)
        inspector.root.scroll_into_view_if_needed()
        return notebook, chart, inspector

    return start


def test_source_with_the_current_line_and_the_values_beside_the_lines(state: Callable[..., Shown]) -> None:
    _, _, inspector = state()
    expect(inspector.current).to_contain_text("order.items.append((name, cost))")
    assert inspector.beside(LOG) == []
    assert inspector.beside(LOOP) == ["name = 'ink'"]
    assert inspector.beside(PRICE) == ["cost = 7"]
    assert inspector.beside(NOTE) == ["log = ['pen: 3']"]
    expect(inspector.line(PRICE).locator(".scope-changed")).to_have_text("cost = 7")
    box, current = inspector.source.bounding_box(), inspector.current.bounding_box()
    assert box
    assert current
    assert box["y"] <= current["y"] <= box["y"] + box["height"] - current["height"]


def test_values_open_level_by_level(state: Callable[..., Shown]) -> None:
    _, _, inspector = state()
    order = inspector.row("order")
    expect(order).to_have_attribute("aria-expanded", "false")
    expect(order).to_have_attribute("aria-level", "1")
    names = [row.get_attribute("data-id") for row in inspector.rows.all()]
    inspector.toggle("order")
    expect(order).to_have_attribute("aria-expanded", "true")
    items = inspector.row("order", ".items")
    expect(items).to_have_attribute("aria-level", "2")
    expect(items.locator(".scope-value")).to_have_text("[('pen', 3)]")
    inspector.toggle("order", ".items")
    expect(inspector.row("order", ".items", "[0]").locator(".scope-value")).to_have_text("('pen', 3)")
    inspector.step("Step over calls")
    expect(inspector.row("order", ".items", "[1]").locator(".scope-value")).to_have_text("('ink', 7)")
    inspector.toggle("order")
    expect(items).to_have_count(0)
    assert [row.get_attribute("data-id") for row in inspector.rows.all()] == names


def test_changed_values_are_marked_for_eyes_and_ears(state: Callable[..., Shown]) -> None:
    _, _, inspector = state()
    cost, log = inspector.row("cost"), inspector.row("log")
    expect(cost.locator(".scope-mark")).to_be_visible()
    expect(cost).to_have_accessible_name(re.compile(r"cost\W+7\W+changed\W+exact"))
    expect(log.locator(".scope-mark")).to_have_count(0)
    expect(log).to_have_accessible_name(re.compile(r"log\W+\['pen: 3'\]\W+exact"))
    inspector.toggle("order")
    inspector.step("Step over calls")
    for path in [("order",), ("order", ".items")]:
        expect(inspector.row(*path).locator(".scope-mark")).to_be_visible()
    expect(inspector.row("order", ".customer").locator(".scope-mark")).to_have_count(0)
    expect(cost.locator(".scope-mark")).to_have_count(0)


def test_click_on_a_value_goes_to_its_last_write(state: Callable[..., Shown]) -> None:
    notebook, chart, inspector = state()
    handle = chart.texts[-1]
    inspector.row("log").locator(".scope-value").click()
    inspector.wait_for_line(NOTE)
    assert inspector.value("log") == "['pen: 3']"
    assert notebook.read("timeline.moment.time_ns == timeline.moment.locals.written('log').time_ns")
    chart.wait_until(lambda: chart.texts[-1] != handle, "the cursor has moved")
    inspector.row("log").press("Enter")  # from a write, the one before
    expect(inspector.row("log").locator(".scope-value")).to_have_text("[]")
    assert inspector.current_number in (LOG, LOOP)
    inspector.row("log").press("Enter")
    expect(inspector.message).to_contain_text("log")


def test_click_on_a_value_beside_a_line_goes_there(state: Callable[..., Shown]) -> None:
    notebook, _, inspector = state()
    inspector.line(NOTE).locator(".scope-wrote").click()
    inspector.wait_for_line(NOTE)
    notebook.wait_until("timeline.moment.locals['log'] == ['pen: 3']")


STEPS = [
    ("Next line", "n", NOTE),
    ("Previous line", "p", RETURN),
    ("Step over calls", "Shift+N", NOTE),
    ("Step back over calls", "Shift+P", PRICE),
    ("Step back out of the call", "Shift+U", CALL),
    ("Step out of the call", "u", None),
]


@pytest.mark.parametrize("means", ["button", "key", "key in the chart"])
def test_steps(state: Callable[..., Shown], means: str) -> None:
    notebook, chart, inspector = state("timeline.moment = start")
    notebook.read("globals().update(start=timeline.moment)")
    for name, key, line in STEPS:
        if means == "button":
            button = inspector.root.get_by_role("button", name=name, exact=True)
            expect(button).to_have_attribute("title", f"{name} ({key})")
            button.click()
        elif means == "key":
            inspector.row("log").press(key)
        else:
            chart.press(key)
        if line is None:
            expect(inspector.message if means != "key in the chart" else chart.status).to_contain_text("no line")
        else:
            inspector.wait_for_line(line)
        notebook.run(4)
        inspector.wait_for_line(APPEND)


def test_arrows_walk_over_the_tree_which_is_one_stop_of_the_tab_key(state: Callable[..., Shown]) -> None:
    _, _, inspector = state()
    inspector.tab("Locals").focus()
    inspector.page.keyboard.press("Tab")
    expect(inspector.rows.first).to_be_focused()
    press = inspector.page.keyboard.press
    for key, focused in [
        ("ArrowDown", ("order",)),
        ("ArrowRight", ("order",)),
        ("ArrowRight", ("order", ".customer")),
        ("ArrowDown", ("order", ".items")),
        ("ArrowLeft", ("order",)),
    ]:
        press(key)
        expect(inspector.row(*focused)).to_be_focused()
        if key == "ArrowRight":
            expect(inspector.row("order")).to_have_attribute("aria-expanded", "true")
    expect(inspector.facts).to_contain_text("Order · exact")
    press("ArrowLeft")
    expect(inspector.row("order")).to_have_attribute("aria-expanded", "false")
    press("End")
    expect(inspector.rows.last).to_be_focused()
    press("Home")
    expect(inspector.rows.first).to_be_focused()
    assert [row.get_attribute("tabindex") for row in inspector.rows.all()].count("0") == 1
    press("Shift+Tab")
    expect(inspector.tab("Locals")).to_be_focused()


def test_keys_do_not_reach_the_notebook(state: Callable[..., Shown]) -> None:
    notebook, _, inspector = state()
    for key in ("d", "d", "x", "0", "0", "a", "n"):
        inspector.row("log").press(key)
    inspector.wait_for_line(NOTE)
    assert notebook.page.locator(".jp-Notebook .jp-Cell").count() == 4
    assert notebook.page.locator(".jp-Dialog").count() == 0
    expect(inspector.row("log")).to_be_focused()


def test_sections(state: Callable[..., Shown]) -> None:
    _, _, inspector = state()
    inspector.tab("Locals").focus()
    inspector.page.keyboard.press("ArrowRight")
    expect(inspector.tab("Objects")).to_have_attribute("aria-selected", "true")
    expect(inspector.root.get_by_role("tabpanel")).to_contain_text("no object is watched")
    inspector.tab("Notebook").click()
    expect(inspector.row("namespace", "price").locator(".scope-value")).to_have_text("<function price>")
    expect(inspector.tree).to_have_accessible_name("Notebook")
    inspector.tab("Output").click()
    expect(inspector.root.locator(".scope-transcript")).to_contain_text("nothing had been put out")
    for _ in range(8):
        inspector.step("Step over calls")
    expect(inspector.root.get_by_role("group", name="Output")).to_have_text("done\n")


def test_watched_objects(show: Show) -> None:
    notebook, _ = show(WATCHED, ["timeline.moment = scope.last.at('100%')"])
    notebook.run(3)
    inspector = Inspector(notebook.cell(2))
    inspector.root.scroll_into_view_if_needed()
    inspector.tab("Objects").click()
    account = inspector.rows.first
    expect(account).to_contain_text(re.compile(r"Account at 0x[0-9a-f]+"))
    account.press("ArrowRight")
    balance = inspector.row(".balance").locator(".scope-value")
    expect(balance).to_have_text("12")
    balance.click()
    expect(inspector.current).to_contain_text("self.balance += amount")
    expect(balance).to_have_text("12")
    balance.click()
    expect(balance).to_have_text("5")
    notebook.wait_until("timeline.moment.objects[account].balance == 5")


def test_frames_are_chosen(state: Callable[..., Shown]) -> None:
    notebook, _, inspector = state()
    frames = inspector.root.get_by_label("Stack, innermost first")
    frames.select_option(index=1)
    notebook.wait_until("timeline.moment.frame.function == '<module>'")
    inspector.wait_for_line(CALL)
    expect(inspector.row("locals", "bill").locator(".scope-value")).to_have_text("<function bill>")


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_values_can_be_read(state: Callable[..., Shown], theme: str) -> None:
    notebook, _, inspector = state()
    notebook.set_theme(theme)
    dark = theme.endswith("Dark")
    eventually(
        inspector.page,
        lambda: (luminance(css(inspector.root, "backgroundColor")) < 0.2) == dark,
        f"the ground of {theme}",
    )
    ground = css(inspector.root, "backgroundColor")
    for part in (".scope-name", ".scope-value", ".scope-known", ".scope-mark", ".scope-wrote", ".scope-number"):
        assert contrast(css(inspector.root.locator(part).first, "color"), ground) >= 4.5, part


def test_narrow_window(state: Callable[..., Shown]) -> None:
    notebook, _, inspector = state()
    notebook.page.evaluate("() => window.jupyterapp.commands.execute('application:toggle-left-area')")
    notebook.page.set_viewport_size({"width": 360, "height": 740})
    eventually(inspector.page, lambda: (inspector.root.bounding_box() or {"width": 999})["width"] < 340, "it is narrow")
    assert inspector.root.evaluate("e => e.scrollWidth - e.clientWidth") <= 1
    inspector.root.scroll_into_view_if_needed()
    inspector.toggle("order")
    expect(inspector.row("order", ".items").locator(".scope-value")).to_be_visible()


def test_without_a_kernel_the_last_moment_stays(state: Callable[..., Shown]) -> None:
    notebook, _, inspector = state()
    notebook.shut_down()
    inspector.row("log").press("n")
    expect(inspector.message).to_have_text("no kernel: showing the last moment")
    assert inspector.value("cost") == "7"
