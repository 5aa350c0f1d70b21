"""A notebook in JupyterLab, used as a person does: with the mouse, the keyboard and the menus."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .chromium import eventually

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from .chart import Chart
    from .lab import Lab

CONTEXT = "window.jupyterapp.shell.currentWidget.context"
READY = f"""async () => {{
    const session = {CONTEXT}.sessionContext;
    await session.ready;
    await session.session.kernel.info;
}}"""
READ = f"""async code => {{
    const kernel = {CONTEXT}.sessionContext.session.kernel;
    const content = {{code: "", silent: true, store_history: false, user_expressions: {{answer: code}}}};
    return (await kernel.requestExecute(content).done).content.user_expressions.answer;
}}"""
BEGIN = """index => {
    window.jupyterapp.shell.currentWidget.content.activeCellIndex = index;
    window.running ??= {};
    window.running[index] = window.jupyterapp.commands.execute("notebook:run-cell");
}"""
END = "async index => { await window.running[index]; }"
CLEAR = """index => {
    window.jupyterapp.shell.currentWidget.content.activeCellIndex = index;
    return window.jupyterapp.commands.execute("notebook:clear-cell-output");
}"""
THEME = "name => window.jupyterapp.commands.execute('apputils:change-theme', {theme: name})"


@dataclass
class Notebook:
    """One notebook in a page of its own."""

    page: Page
    lab: Lab
    name: str

    def open(self) -> None:
        """Load JupyterLab with nothing else open, and await the kernel."""
        self.page.goto(f"{self.lab.url}/lab/tree/{self.name}?reset")
        self.page.wait_for_function(f"() => window.jupyterapp?.shell?.currentWidget?.context && {CONTEXT}.isReady")
        self.page.evaluate(READY)

    def cell(self, index: int) -> Locator:
        return self.page.locator(".jp-Notebook .jp-Cell").nth(index)

    def outputs(self, index: int) -> Locator:
        return self.cell(index).locator(".jp-OutputArea-output")

    def type(self, index: int, source: str) -> None:
        """Put the cursor into a cell, and type over what is there."""
        self.cell(index).locator(".cm-content").click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(source)

    def run(self, index: int) -> None:
        """Run a cell, until its request has been answered and its outputs are there."""
        self.begin(index)
        self.end(index)

    def begin(self, index: int) -> None:
        self.page.evaluate(BEGIN, index)

    def end(self, index: int) -> None:
        self.page.evaluate(END, index)

    def clear(self, index: int) -> None:
        """Clear a cell's output, as the menu does."""
        self.page.evaluate(CLEAR, index)

    def read(self, expression: str) -> Any:
        """What a Python expression is in the kernel, as JSON has it.

        Raises:
            RuntimeError: it raised.
        """
        answer = self.page.evaluate(READ, f"__import__('json').dumps({expression})")
        if answer["status"] != "ok":
            raise RuntimeError(f"{expression} raised {answer['ename']}: {answer['evalue']}")
        return json.loads(eval(answer["data"]["text/plain"]))

    def wait_until(self, expression: str) -> None:
        """Wait until a Python expression holds in the kernel: what a widget sent may still be on its way."""
        eventually(self.page, lambda: bool(self.read(f"bool({expression})")), expression)

    def save(self) -> None:
        """Save with the keyboard, and wait until nothing is unsaved."""
        self.page.keyboard.press("Control+s")
        self.page.wait_for_function(f"() => !{CONTEXT}.model.dirty")

    def restart(self) -> None:
        """Restart the kernel as the toolbar's button does, and await the new one."""
        self.page.evaluate("() => { window.jupyterapp.commands.execute('notebook:restart-kernel'); }")
        self.page.locator(".jp-Dialog button.jp-mod-accept").click()
        self.page.locator(".jp-Dialog").wait_for(state="detached")
        self.page.evaluate(READY)

    def shut_down(self) -> None:
        """End the kernel, if there is one."""
        self.page.evaluate(f"async () => {{ await {CONTEXT}.sessionContext.shutdown(); }}")

    def set_theme(self, name: str) -> None:
        self.page.evaluate(THEME, name)
        self.page.wait_for_function("name => document.body.dataset.jpThemeName === name", arg=name)


Open = Callable[..., Notebook]  # one cell's source after the other; a kernel's name
Show = Callable[..., "tuple[Notebook, Chart]"]  # what is recorded, further cells; a kernel's name
OpenFile = Callable[[Path], "Page"]
