"""Where the time of a recording went, by module and function."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd
import plotly.graph_objects as go

from scope_repl.errors import OptionError
from scope_repl.export.nodes import Node, nodes
from scope_repl.export.text import clipped, marked_up, written
from scope_repl.query.functions import functions
from scope_repl.recording.durations import duration_text

if TYPE_CHECKING:
    from scope_repl.query.recording import Recording

_KINDS: dict[str, tuple[type[Any], dict[str, Any]]] = {
    "icicle": (go.Icicle, {"tiling": {"orientation": "v"}, "leaf": {"opacity": 1}}),
    "treemap": (go.Treemap, {"marker": {"pad": {"t": 20, "l": 2, "r": 2, "b": 2}}}),
}
_MIMETYPE = "application/vnd.plotly.v1+json"
_HEIGHT = 440
_INK, _BLOCK_INK = "#777", "#1a1a1a"  # readable on white and on black; readable on the blocks
_ROWS = 20
_NOTHING = "no calls were recorded"


class Summary:
    """The self time of a recording by module and function: in a notebook a plotly figure, else a table.

    Args:
        recording: the recording.
        kind: ``"icicle"`` or ``"treemap"``.

    Attributes:
        table: one row for each function, those with the most self time first: module, function, calls, self_ns (the
            time spent in it alone) and total_ns (the time in which it or what it called was running).
        figure: the plotly figure, in which the functions that took least are summed up.

    Raises:
        OptionError: there is no such kind.
    """

    def __init__(self, recording: Recording, kind: str = "icicle") -> None:
        if kind not in _KINDS:
            raise OptionError("kind", kind, f"the kinds are {' and '.join(map(repr, _KINDS))}")
        self.table: pd.DataFrame = functions(recording.contents)
        self.figure: go.Figure = _figure(self.table, kind)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        if self.table.empty:
            return {"text/plain": _NOTHING}
        figure = self.figure.to_plotly_json() | {"config": {"displaylogo": False}}
        return {_MIMETYPE: figure, "text/html": self._html(), "text/plain": repr(self)}

    def _html(self) -> str:
        rows = "".join(f"<tr>{''.join(f'<td>{marked_up(text)}</td>' for text in row)}</tr>\n" for row in self._texts())
        head = "".join(f"<th>{name}</th>" for name in _HEADS)
        return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n<p>{self._more()}</p>"

    def _texts(self) -> list[tuple[str, ...]]:
        columns = [
            self.table[name].head(_ROWS).tolist() for name in ("function", "module", "calls", "self_ns", "total_ns")
        ]
        return [
            (_name(function), _name(module), f"{calls:,}", duration_text(self_ns), duration_text(total_ns))
            for function, module, calls, self_ns, total_ns in zip(*columns, strict=True)
        ]

    def _more(self) -> str:
        hidden = len(self.table) - _ROWS
        return f"… {hidden:,} more {'function' if hidden == 1 else 'functions'}" if hidden > 0 else ""

    def __repr__(self) -> str:
        if self.table.empty:
            return _NOTHING
        rows = [_HEADS, *self._texts()]
        widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADS))]
        lines = [_line(row, widths) for row in rows]
        return "\n".join([*lines, *filter(None, [self._more()])])


_HEADS = ("function", "module", "calls", "self", "total")
_TEXTS = 2  # the columns in front of the numbers
_NAME = 100


def _name(text: str) -> str:
    return written(clipped(text, _NAME))


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    cells = [
        text.ljust(width) if column < _TEXTS else text.rjust(width)
        for column, (text, width) in enumerate(zip(row, widths, strict=True))
    ]
    return "  ".join(cells).rstrip()


def _figure(table: pd.DataFrame, kind: str) -> go.Figure:
    shown: list[Node] = nodes(table) if len(table) else []
    make, settings = _KINDS[kind]
    trace = make(
        ids=[node.id for node in shown],
        labels=[node.label for node in shown],
        parents=[node.parent for node in shown],
        values=[node.self_ns for node in shown],
        hovertext=[node.hover for node in shown],
        text=[duration_text(node.self_ns) for node in shown],
        marker={"colors": [node.colour for node in shown], "line": {"width": 1, "color": "rgba(127,127,127,0.4)"}},
        branchvalues="total",
        hoverinfo="text",
        textinfo="label+text",
        textfont={"color": _BLOCK_INK},
    )
    trace.update(settings)
    clear = "rgba(0,0,0,0)"
    figure = go.Figure(trace)
    figure.update_layout(
        template="none",
        height=_HEIGHT,
        margin={"l": 4, "r": 4, "t": 4, "b": 4},
        font={"color": _INK},
        paper_bgcolor=clear,
        plot_bgcolor=clear,
    )
    return figure
