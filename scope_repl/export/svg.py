"""A still picture of a whole recording, for where no script runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scope_repl.export.bars import CELL, Bars, number
from scope_repl.export.rows import first_rows
from scope_repl.export.ruler import ticks
from scope_repl.export.text import clipped, marked_up
from scope_repl.query.picture import Rows, Viewport, picture
from scope_repl.query.scene import scene

if TYPE_CHECKING:
    from scope_repl.recording.contents import Contents

_INK = "#777"  # readable on white and on black

_ROWS = 40
_RECTS = 1_500
_ROW, _BAR = 15, 14
_HEAD = 17
_RULER = 20
_GAP = 6
_NAME_CELLS = 100
_TICK_WIDTH = 90


def svg(contents: Contents, width: int = 960, caption: bool = True) -> str:
    """Draw a recording: its first rows over its whole time, in at most 60 KB.

    The picture refers to nothing outside of itself, is readable on light and dark ground, and is the same for the same
    recording.

    Args:
        contents: the recording's contents.
        width: its width in pixels.
        caption: whether the recording in one line stands below it.

    Returns:
        One SVG element.
    """
    line = contents.stats.line()
    depths = contents.lanes.depths
    rows = first_rows(depths, _ROWS)
    drawing = _Drawing(contents, width)
    drawing.ruler()
    for shown in rows:
        drawing.track(shown)
    if rows:
        drawing.bars(rows)
    else:
        drawing.line("no calls were recorded")
    hidden = sum(depths) - sum(shown.end for shown in rows)
    if hidden:
        unseen = sum(depth > 0 for depth in depths) - len(rows)
        drawing.line(f"… {_count(hidden, 'more row')}" + (f", and {_count(unseen, 'more track')}" if unseen else ""))
    if drawing.legend:
        drawing.line("; ".join(drawing.legend))
    if caption:
        drawing.line(line)
    return drawing.element(f"Timeline: {line}")


class _Drawing:
    """A picture that grows downwards."""

    def __init__(self, contents: Contents, width: int) -> None:
        self._contents = contents
        self._scene = scene(contents)
        self._width = width
        self._end_ns = max(contents.end_ns, 1)
        self._parts: list[str] = []
        self._tops: dict[int, int] = {}
        self._height = 0
        self._longest = ""
        self.legend: list[str] = []

    def element(self, title: str) -> str:
        width, height = self._width, self._height + 2
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{width}" height="{height}"'
            f' viewBox="0 0 {width} {height}" style="max-width:100%;height:auto"'
            f' font-family="ui-monospace,monospace" font-size="10" fill="{_INK}">\n'
            f"<title>{marked_up(title)}</title>\n<desc>{marked_up(self._description())}</desc>\n"
            + "\n".join(self._parts)
            + "\n</svg>"
        )

    def _description(self) -> str:
        tracks = self._scene["tracks"]
        text = f"{_count(sum(track['calls'] for track in tracks), 'call')} on {_count(len(tracks), 'track')}."
        return f"{text} {self._longest}".strip()

    def _x(self, time_ns: float) -> str:
        return number(time_ns / self._end_ns * self._width)

    def line(self, text: str) -> None:
        """A line of text below what is there."""
        self._height += _HEAD
        self._text(2, self._height - 5, clipped(text, int(self._width / CELL)))

    def _text(self, x: float | str, y: float, text: str, more: str = "") -> None:
        self._parts.append(f'<text x="{x}" y="{y}"{more}>{marked_up(text)}</text>')

    def ruler(self) -> None:
        """Ticks at round times, and the stretch before the horizon."""
        marks = ticks(self._end_ns, max(self._width // _TICK_WIDTH, 1))
        path = "".join(f"M{self._x(tick.time_ns)} 0v{_RULER - 5}" for tick in marks)
        self._parts.append(f'<path d="{path}M0 {_RULER - 5}h{self._width}" fill="none" stroke="{_INK}"/>')
        for tick in marks:
            x = tick.time_ns / self._end_ns * self._width + 3
            if x + len(tick.text) * CELL <= self._width:
                self._text(number(x), 10, tick.text)
        self._height = _RULER

    def track(self, shown: Rows) -> None:
        """A track's name, and the room for its rows."""
        track = self._scene["tracks"][shown.track]
        name = f"{clipped(track['name'], _NAME_CELLS)} · {_count(track['calls'], 'call')}"
        if track["rows"] > shown.end:
            name += f" · the first {shown.end:,} of {track['rows']:,} rows"
        self.line(name)
        self._tops[shown.track] = self._height
        rows_height = shown.end * _ROW
        for start, end in ((0, self._scene["horizon_ns"]), (track["known_ns"], self._end_ns)):
            self._hatch(start, min(end, self._end_ns), rows_height)
        self._height += rows_height + _GAP

    def _hatch(self, start_ns: int, end_ns: int, height: int) -> None:
        """Stripes over a stretch in which nothing is known."""
        if (end_ns - start_ns) / self._end_ns * self._width < 1:
            return
        path = f"M{self._x(start_ns)} {number(self._height + height / 2)}H{self._x(end_ns)}"
        self._parts.append(
            f'<path d="{path}" stroke="{_INK}" stroke-opacity=".5" stroke-width="{height}" stroke-dasharray="1 5"/>'
        )
        self._explain("striped: dropped, nothing is known")

    def _explain(self, text: str) -> None:
        if text not in self.legend:
            self.legend.append(text)

    def bars(self, rows: tuple[Rows, ...]) -> None:
        """The calls themselves."""
        drawn = picture(self._contents, Viewport(0.0, float(self._end_ns), self._width, rows), _RECTS)
        tops = [self._tops[track] + depth * _ROW for track, first, end in drawn.rows for depth in range(first, end)]
        bars = Bars(self._contents, drawn, self._width / drawn.columns, tops, _BAR)
        self._parts += bars.parts()
        self._longest = bars.longest()
        for text in bars.legend():
            self._explain(text)


def _count(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
