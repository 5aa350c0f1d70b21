"""The chart while the kernel is busy, and when it has gone."""

from __future__ import annotations

from browser.chart import Chart
from browser.chromium import expect
from browser.notebook import Show
from browser.programs import TICKS

BUSY = "while not os.path.exists('go'):\n    time.sleep(0.05)"


def test_busy_kernel_answers(show: Show) -> None:
    notebook, chart = show(TICKS, more=[BUSY])
    middle = notebook.read("int(scope.calls.start_ns[scope.calls.name == 'tick'].iloc[10_000])")
    place = {"x": chart.x_of(middle), "y": chart.bar("wait").y}
    go = notebook.lab.notebooks / "go"
    notebook.begin(3)
    prompt = notebook.cell(3).locator(".jp-InputPrompt")
    expect(prompt).to_have_text("[*]:")
    chart.canvas.hover(position=place)
    zoom_until_named(chart, "tick")
    chart.click("tick")
    expect(chart.strip).to_contain_text("tick(n=")
    expect(prompt).to_have_text("[*]:")
    go.touch()
    notebook.end(3)
    go.unlink()
    notebook.wait_until("timeline.moment.frame.function == 'tick'")


def zoom_until_named(chart: Chart, name: str) -> None:
    """Zoom with the wheel until a call that is merged with others is named."""

    def named() -> bool:
        chart.page.mouse.wheel(0, -100)
        return any(text.text == name for text in chart.texts)

    assert not any(text.text == name for text in chart.texts)
    chart.page.keyboard.down("Control")
    chart.wait_until(named, f"a single {name} is named")
    chart.page.keyboard.up("Control")


def use_without_kernel(chart: Chart) -> None:
    """The picture is there, can be zoomed, and says what is the matter."""
    calls = {"bill", "total", "price"}
    assert calls <= {text.text for text in chart.texts}
    scale = chart.ns_a_pixel
    chart.press("+", "+")
    chart.wait_for_zoom(scale, 0.5)
    place = chart.bar("total")
    chart.canvas.hover(position={"x": place.x, "y": place.y})
    expect(chart.root.locator(".scope-tip")).to_contain_text("total")
    chart.click("total")
    expect(chart.status).to_contain_text("no kernel")
    chart.press("0", "t", "Escape", "ArrowRight", ".", "t")
    chart.wait_until(lambda: calls <= {text.text for text in chart.texts}, "the calls are still there")


def test_kernel_shut_down(show: Show) -> None:
    notebook, chart = show()
    notebook.shut_down()
    use_without_kernel(chart)


def test_kernel_restarted(show: Show) -> None:
    notebook, chart = show()
    notebook.restart()
    use_without_kernel(chart)
    assert notebook.read("6 * 7") == 42


def test_kernel_died(show: Show) -> None:
    notebook, chart = show(more=["os._exit(1)"])
    notebook.begin(3)
    notebook.page.locator(".jp-Dialog button.jp-mod-accept").click()
    use_without_kernel(chart)
