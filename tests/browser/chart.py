"""The timeline's chart, seen and used as a person does: what its canvas shows, and the mouse over it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .chromium import eventually

if TYPE_CHECKING:
    from playwright.sync_api import Locator

WATCH = Path(__file__).with_name("canvas.js").read_text(encoding="utf-8")
UNITS = {"ns": 1, "µs": 1_000, "ms": 1_000_000, "s": 1_000_000_000}
TIME = re.compile(r"([\d.]+) (ns|µs|ms|s)")
ROW = 18


@dataclass(frozen=True)
class Text:
    """A text on the canvas; x is its left, y its middle."""

    text: str
    x: float
    y: float
    colour: str


def parse_ns(text: str) -> float | None:
    found = TIME.fullmatch(text)
    return float(found[1]) * UNITS[found[2]] if found else None


class Chart:
    """One view of a timeline.

    Args:
        area: what it stands in.
    """

    def __init__(self, area: Locator) -> None:
        self.page = area.page
        self.area = area
        self.root = area.locator(".scope-chart")
        self.canvas = self.root.locator("canvas")
        self.strip = self.root.locator(".scope-strip")
        self.status = self.root.locator(".scope-status")
        self.table = self.root.locator("table")

    def wait(self) -> None:
        """Wait for the first paint."""
        self.canvas.wait_for()
        self.wait_until(lambda: bool(self.shown and self.shown["texts"]), "the canvas shows something")

    def await_paint(self) -> None:
        """Wait until what was done up to now has been painted: that happens in the next frame."""
        self.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")

    def wait_until(self, condition: Callable[[], bool], what: str) -> None:
        eventually(self.page, condition, f"{what}; shown: {[text.text for text in self.texts]}")

    @property
    def shown(self) -> dict[str, Any]:
        shown: dict[str, Any] = self.canvas.evaluate("canvas => canvas.shown")
        return shown

    @property
    def texts(self) -> list[Text]:
        return [Text(**each) for each in self.shown["texts"]]

    def bar(self, name: str) -> Text:
        """The first bar that is labelled so and not half behind the ruler."""
        found = [text for text in self.texts if text.text.startswith(name)]
        ruler = next((text.y for text in self.texts if parse_ns(text.text) is not None), 0)
        return next(text for text in found if text.y > ruler + ROW)

    @property
    def ground(self) -> str:
        """The colour behind everything."""
        return str(self.shown["ground"])

    def rect_under(self, text: Text) -> dict[str, Any]:
        """The rectangle that a text stands on."""
        found = [r for r in self.shown["rects"] if r["x"] <= text.x <= r["x"] + r["width"] and r["width"] > 3]
        on: dict[str, Any] = next(r for r in reversed(found) if r["y"] <= text.y <= r["y"] + r["height"])
        return on

    @property
    def cursor_x(self) -> float:
        """The middle of the cursor's line, which is painted last."""
        line: dict[str, Any] = self.shown["rects"][-1]
        return float(line["x"] + line["width"] / 2)

    @property
    def ticks(self) -> list[tuple[float, float]]:
        """The ruler's ticks: (x, ns). The last text that is painted is the cursor's handle."""
        told = [(text.x - 4, parse_ns(text.text)) for text in self.texts[:-1]]
        return sorted((x, ns) for x, ns in told if ns is not None)

    @property
    def ns_a_pixel(self) -> float:
        (x0, ns0), *_, (x1, ns1) = self.ticks
        return (ns1 - ns0) / (x1 - x0)

    def time_at(self, x: float) -> float:
        """The time at a place, by the ruler, in ns."""
        x0, ns0 = self.ticks[0]
        return ns0 + (x - x0) * self.ns_a_pixel

    def x_of(self, ns: float) -> float:
        """Where a time is, by the ruler."""
        x0, ns0 = self.ticks[0]
        return x0 + (ns - ns0) / self.ns_a_pixel

    def wait_for_zoom(self, before: float, share: float) -> None:
        """Wait until a pixel is no more than this share of the ns that it was."""
        self.wait_until(lambda: self.ns_a_pixel <= before * share * 1.01, f"{share} of {before} ns a pixel")

    @property
    def ruler_y(self) -> float:
        """The middle of the ruler, above the rows."""
        return next(text.y for text in self.texts if parse_ns(text.text) is not None)

    def click(self, name: str) -> None:
        """Click the bar that is labelled so."""
        bar = self.bar(name)
        self.canvas.click(position={"x": bar.x, "y": bar.y})

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Drag from one place on the canvas to another, in a few moves."""
        box = self.canvas.bounding_box()
        assert box
        mouse = self.page.mouse
        mouse.move(box["x"] + start[0], box["y"] + start[1])
        mouse.down()
        mouse.move(box["x"] + end[0], box["y"] + end[1], steps=5)
        mouse.up()

    def wheel(self, x: float, y: float, turn: float) -> None:
        self.canvas.hover(position={"x": x, "y": y})
        self.page.mouse.wheel(0, turn)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.root.press(key)
