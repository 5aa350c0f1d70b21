"""Named values as text in columns and as HTML that can be opened without a script. All text is escaped."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import escape
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from scope_repl.query.shown import Part, parts, plain, short, standing_of
from scope_repl.recording.nesting import text_of
from scope_repl.recording.standing import Standing

if TYPE_CHECKING:
    from scope_repl.query.variables import Written

ROWS = 100
_NAME = 80
_VALUE = 200
_STANDING = 300
_PARTS = 30
_DEPTH = 4
_NODES = 300

_STYLE = (
    "color: var(--jp-content-font-color1, inherit); font-family: var(--jp-code-font-family, monospace); "
    "font-size: var(--jp-code-font-size, 13px); line-height: 1.4; overflow-wrap: anywhere"
)
_MUTED = "color: var(--jp-content-font-color2, inherit); opacity: 0.85"
_INDENT = "margin-left: 2ch"


class Entry(NamedTuple):
    """A named value.

    Attributes:
        name: its name.
        value: gives the value; None if it is not known.
        standing: tells how it is known.
        written: tells where it was written; None if that is not known.
    """

    name: str
    value: Callable[[], Any] | None
    standing: Callable[[], Standing]
    written: Callable[[], Written] | None


def entries_text(entries: Iterable[Entry], count: int, most: int = ROWS) -> str:
    """Named values in aligned columns: name, value, and how it is known.

    Args:
        entries: the values.
        count: how many there are.
        most: how many are shown.
    """
    rows = [
        (plain(entry.name, _NAME), "?" if entry.value is None else plain(short(entry.value())), entry.standing())
        for entry in islice(entries, most)
    ]
    names = max((len(name) for name, _, _ in rows), default=0)
    values = max((len(value) for _, value, _ in rows), default=0)
    lines = [f"{name:<{names}} = {value:<{values}}  [{standing}]" for name, value, standing in rows]
    return "\n".join([*lines, *([f"… and {count - most:,} more"] if count > most else [])])


def entries_html(entries: Iterable[Entry], count: int, nothing: str) -> str:
    """Named values as HTML: each can be opened to see what it holds.

    Args:
        entries: the values.
        count: how many there are.
        nothing: what is said if there are none.
    """
    tree = _Tree()
    rows = [tree.entry(entry) for entry in islice(entries, ROWS)]
    if count > ROWS:
        rows.append(_remark(f"… and {count - ROWS:,} more"))
    return f'<div style="{_STYLE}">{"".join(rows) or _remark(nothing)}</div>'


class _Tree:
    """Writes values and what they hold, as deep as there is room for."""

    def __init__(self) -> None:
        self._left = _NODES

    def entry(self, entry: Entry) -> str:
        where = "" if entry.written is None else str(entry.written())
        if entry.value is None:
            return _row(entry.name, "?", str(entry.standing()), where)
        return self._node(entry.name, entry.value(), str(entry.standing()), where, 0)

    def _node(self, label: str, value: Any, standing: str, where: str, depth: int) -> str:
        self._left -= 1
        row = _row(label, text_of(value, _VALUE), standing, where)
        total, found = parts(value, count=_PARTS) if depth < _DEPTH and self._left > 0 else (0, [])
        if not found:
            return f'<div style="{_INDENT}">{row}</div>'
        inner = [self._part(part, depth + 1) for part in found]
        if total > len(found):
            inner.append(_remark(f"… and {total - len(found):,} more that were kept"))
        return f'<details><summary>{row}</summary><div style="{_INDENT}">{"".join(inner)}</div></details>'

    def _part(self, part: Part, depth: int) -> str:
        return self._node(part.label, part.value, str(standing_of(part.value, _VALUE)), "", depth)


def _row(label: str, text: str, standing: str, where: str) -> str:
    title = f' title="{escape(plain(where))}"' if where else ""
    return (
        f"<b{title}>{escape(plain(label, _NAME))}</b> = {escape(plain(text, _VALUE))} "
        f'<span style="{_MUTED}">[{escape(plain(standing, _STANDING))}]</span>'
    )


def _remark(text: str) -> str:
    return f'<div style="{_INDENT}; {_MUTED}">{escape(plain(text))}</div>'
