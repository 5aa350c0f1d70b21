from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from scope_repl.export.text import clipped, marked_up
from scope_repl.query.palette import LIGHT
from scope_repl.query.picture import KIND_SHIFT, Picture, RectFlag
from scope_repl.recording.durations import duration_text

if TYPE_CHECKING:
    from scope_repl.recording.contents import Contents

CELL = 6.05  # the width of a character of 10 px in a font of fixed width

_INK = "#1a1a1a"
_DANGER = "#d22"
_PALE = "#c4c4c4"
# How much of its colour a call has: into Python code, into a library, into C; as STRENGTH in widgets/assets/bars.js.
_COLOURED = (1.0, 0.55, 0.4)
_OPACITIES = 5
_LEAST_WIDTH = 0.6
_NARROW, _MARK = 8, 4
_LABEL_BYTES = 14_000
_NAMED = 5

_EXPLAINED = {
    RectFlag.RAISED: "red: raised",
    RectFlag.OPEN | RectFlag.CUT: "dotted edge: its start or end was not seen",
}


class Bars:
    """The rectangles of a picture as SVG, in the colours of the light palette, which both grounds bear.

    Args:
        contents: the recording's contents.
        drawn: the picture.
        scale: the width of its columns in pixels.
        tops: where each of its rows begins.
        height: how high a bar is.
    """

    def __init__(self, contents: Contents, drawn: Picture, scale: float, tops: Sequence[int], height: int) -> None:
        self._contents = contents
        self._drawn = drawn
        self._height = height
        self._left = drawn.x0.astype(np.float64) * scale
        self._width = np.maximum(drawn.width.astype(np.float64) * scale, _LEAST_WIDTH)
        self._top = np.array(tops)[drawn.row]
        self._exact = (drawn.flags & RectFlag.EXACT) > 0
        self._widest = np.flatnonzero(self._exact)[np.argsort(-self._width[self._exact], kind="stable")]

    def parts(self) -> Iterator[str]:
        """The bars, the marks on their edges, and the labels of those that have room for one."""
        yield from self._fills()
        right = self._left + self._width
        for flag, at, stroke in (
            (RectFlag.RAISED, right - 1.5, f'stroke="{_DANGER}" stroke-width="3"'),
            (RectFlag.OPEN, right - 1, f'stroke="{_INK}" stroke-width="2" stroke-dasharray="2 3"'),
            (RectFlag.CUT, self._left + 1, f'stroke="{_INK}" stroke-width="2" stroke-dasharray="2 3"'),
        ):
            marked = np.flatnonzero((self._drawn.flags & flag) > 0).tolist()
            if marked:
                yield f'<path d="{"".join(self._edge(i, at[i]) for i in marked)}" fill="none" {stroke}/>'
        yield from self._labels()

    def _edge(self, i: int, x: float) -> str:
        """A mark on an edge: as high as the bar, unless that is so narrow that nothing else would be seen of it."""
        height = self._height if self._width[i] >= _NARROW else _MARK
        return f"M{number(x)} {self._top[i] + self._height - height}v{height}"

    def _fills(self) -> Iterator[str]:
        drawn = self._drawn
        kinds = (drawn.flags >> np.uint8(KIND_SHIFT)) & np.uint8(3)
        share = np.where(self._exact, 1.0, 0.2 + 0.6 * drawn.shade / 255)
        styles = np.stack([drawn.colours[drawn.code], kinds, np.ceil(share * _OPACITIES)], axis=1).astype(np.int64)
        used, style = np.unique(styles, axis=0, return_inverse=True)
        style = style.reshape(-1)
        for position, (colour, kind, opacity) in enumerate(used.tolist()):
            path = "".join(self._bar(i) for i in np.flatnonzero(style == position).tolist())
            faint = "" if opacity == _OPACITIES else f' fill-opacity="{opacity / _OPACITIES:g}"'
            yield f'<path d="{path}" fill="{_mixed(LIGHT[colour], _COLOURED[kind])}"{faint}/>'

    def _bar(self, i: int) -> str:
        width = self._width[i]
        shown = number(width - 0.7 if width >= 4 else width)  # a gap between neighbours
        return f"M{number(self._left[i])} {self._top[i]}h{shown}v{self._height}h-{shown}z"

    def _labels(self) -> Iterator[str]:
        texts: list[str] = []
        room = _LABEL_BYTES
        for i in self._widest.tolist():
            name = clipped(self._name(i), int((self._width[i] - 6) / CELL))
            if len(name) < 2:
                continue
            text = (
                f'<text x="{number(self._left[i] + 3)}" y="{self._top[i] + self._height - 4}">{marked_up(name)}</text>'
            )
            room -= len(text.encode())
            if room < 0:
                break
            texts.append(text)
        if texts:
            yield f'<g fill="{_INK}">\n' + "\n".join(texts) + "\n</g>"

    def _name(self, i: int) -> str:
        return self._contents.codes[int(self._drawn.codes[self._drawn.code[i]])].qualname

    def legend(self) -> list[str]:
        """What needs to be explained of what is there."""
        texts = [] if self._exact.all() else ["pale: many calls, merged"]
        return texts + [text for flag, text in _EXPLAINED.items() if (self._drawn.flags & flag).any()]

    def longest(self) -> str:
        """A sentence about the longest calls; empty if there are none."""
        ns = self._drawn.grain_ns * self._drawn.width.astype(np.float64)
        named = [f"{clipped(self._name(i), 60)} {duration_text(round(ns[i]))}" for i in self._widest[:_NAMED].tolist()]
        return f"The longest: {', '.join(named)}." if named else ""


def number(value: float) -> str:
    """A coordinate, to the tenth of a pixel."""
    return f"{value:.1f}".removesuffix(".0")


def _mixed(colour: str, share: float) -> str:
    """A colour that has been made paler."""
    pairs = zip(bytes.fromhex(colour[1:]), bytes.fromhex(_PALE[1:]), strict=True)
    return "#" + bytes(round(pale + (full - pale) * share) for full, pale in pairs).hex()
