"""The timeline and a plotly chart as JupyterLab's page shows them, timed in the page."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from tests.browser.chromium import chromium
from tests.browser.lab import Lab
from tests.browser.notebook import Notebook

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
METER = (HERE / "meter.js").read_text(encoding="utf-8")
SCROLL = (HERE / "scroll.js").read_text(encoding="utf-8")
CLICK = (HERE / "click.js").read_text(encoding="utf-8")
FRAMES = 240
CLICKED_Y = 100  # some rows below the ruler, on calls that are there all the time
PATIENCE_MS = 180_000
CLEAR = "() => window.jupyterapp.commands.execute('notebook:clear-cell-output')"
RECORD = """import sys
sys.path.insert(0, {root!r})
import scope_repl
from benchmarks.reading import record
recordings = {{calls: record(calls) for calls in {sizes!r}}}
for recording in recordings.values():
    recording.contents.lanes"""
TIMELINE = "recordings[{calls}].timeline()"
PLOTLY = """import numpy as np, plotly.graph_objects as go
go.Figure(go.Bar(y=np.random.default_rng(7).random({bars})))"""


@dataclass
class Shown:
    """One contender's figures, one of each for a round."""

    name: str
    cell: str
    is_timeline: bool = False
    paint_ms: list[float] = field(default_factory=list)
    cell_ms: list[float] = field(default_factory=list)
    frame_ms: list[float] = field(default_factory=list)
    click_ms: list[float] = field(default_factory=list)
    picture_bytes: list[int] = field(default_factory=list)


@contextmanager
def open_stage(sizes: Sequence[int], shown: Sequence[Shown]) -> Iterator[Notebook]:
    """A notebook whose kernel holds recordings of these sizes, with a cell for each that is to be shown."""
    record = RECORD.format(root=str(ROOT), sizes=tuple(sizes))
    with tempfile.TemporaryDirectory() as folder, Lab(Path(folder)) as lab, chromium() as browser:
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        context.add_init_script(METER)
        context.set_default_timeout(PATIENCE_MS)
        path = lab.write("views.ipynb", record, *(each.cell for each in shown))
        notebook = Notebook(context.new_page(), lab, path.name)
        notebook.open()
        notebook.run(0)
        yield notebook
        notebook.shut_down()


def show(notebook: Notebook, shown: Shown, index: int) -> None:
    """Run the cell that shows it, use it if it is a timeline, and clear it away."""
    page = notebook.page
    notebook.cell(index).scroll_into_view_if_needed()
    began = page.evaluate("() => { window.meter.watch(); return performance.now(); }")
    notebook.run(index)
    page.wait_for_function("() => window.meter.painted")
    meter = page.evaluate("() => window.meter")
    shown.paint_ms.append(meter["painted"] - arrival(meter))
    shown.cell_ms.append(meter["painted"] - began)
    if shown.is_timeline:
        use(notebook, shown, index)
    page.evaluate(CLEAR)


def arrival(meter: dict[str, Any]) -> float:
    """When the output arrived: the last display message before the paint. What opens the widget came before it."""
    outputs = [each["at"] for each in meter["arrivals"] if each["type"] in ("display_data", "execute_result")]
    return max(at for at in outputs if at < meter["painted"])


def use(notebook: Notebook, shown: Shown, index: int) -> None:
    """Zoom and pan for some seconds, then click a call."""
    page = notebook.page
    canvas = notebook.cell(index).locator("canvas").first
    times = page.evaluate(SCROLL, [canvas.element_handle(), FRAMES])
    steps = sorted(after - before for before, after in pairwise(times))
    shown.frame_ms.append(steps[len(steps) * 95 // 100])
    pictures = [each["bytes"] for each in page.evaluate("() => window.meter.arrivals") if each["kind"] == "picture"]
    shown.picture_bytes += pictures
    page.keyboard.press("0")
    page.keyboard.press("Escape")
    chart = notebook.cell(index).locator(".scope-chart")
    chart.locator(".scope-strip", has_text="Nothing selected").wait_for()
    page.evaluate(f"chart => {{ window.answered = ({CLICK})(chart); }}", chart.element_handle())
    box = canvas.bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] * 0.6, box["y"] + CLICKED_Y)
    shown.click_ms.append(page.evaluate("() => window.answered"))
