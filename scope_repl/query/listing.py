"""The source of a frame at a moment: its lines, the one that runs, and what each of them wrote last. Plain JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from scope_repl.query.nodes import row_id, text_of
from scope_repl.query.shown import plain
from scope_repl.recording.durations import duration_text
from scope_repl.recording.standing import Known

if TYPE_CHECKING:
    from scope_repl.query.former import Former
    from scope_repl.query.frame import Frame
    from scope_repl.query.held import Held

_AROUND = 30
_ALIGNED = 10  # the lines that are sent move in steps, so that those that are shown do not
_LINE = 300
_NAME = 60
_TEXT = 60
_VALUES = 12

NO_SOURCE: dict[str, Any] = {
    "place": "", "file": "", "line": 0, "first": 0, "lines": [], "values": {}, "known": "", "exact": True,
}  # fmt: skip


def listing(frame: Frame, values: Iterable[Held], former: Iterable[Former], time_ns: int) -> dict[str, Any]:
    """The source around the current line of a frame.

    Args:
        frame: the frame.
        values: what its names hold.
        former: what lines of it wrote that is there no more.
        time_ns: the moment's time.

    Returns:
        place (the file in short, and the line), file, line (0: not known), first (the number of the first of the
        lines), lines, values (by lines, those that the line wrote last: name, text, changed, written, and id, the row
        of the name, or time_ns, when it was written, where the name has another value by now), known (how the line and
        the source are known), and exact (whether these lines are what ran).
    """
    if not frame.file:
        return NO_SOURCE | {"known": "no source: it is a C callable"}
    line = frame.line or 0
    before = line - max((line - _AROUND) // _ALIGNED * _ALIGNED + 1, 1)
    block = frame.source(before, _AROUND + _ALIGNED)
    values_by_line: dict[int, list[dict[str, Any]]] = {}
    for number, value in (*_current(values), *_former(former, time_ns)):
        if 0 <= number - block.first < len(block.lines):
            here = values_by_line.setdefault(number, [])
            here += [value] if len(here) < _VALUES else []
    return {
        "place": f"{plain(frame.title, _LINE)}, line {line}",
        "file": plain(frame.file, _LINE),
        "line": line,
        "first": block.first,
        "lines": [plain(text.expandtabs(4), _LINE) for text in block.lines],
        "values": values_by_line,
        "known": f"line {frame.standing('line')} · source {block.standing}",
        "exact": block.standing.exact,
    }


def _current(values: Iterable[Held]) -> Iterator[tuple[int, dict[str, Any]]]:
    for entry, line in values:
        if entry.standing.known is not Known.NOT:
            shown_value = _value(entry.name, entry.value, entry.changed, entry.written)
            yield line, shown_value | {"id": row_id(("locals", entry.name))}


def _former(former: Iterable[Former], time_ns: int) -> Iterator[tuple[int, dict[str, Any]]]:
    for name, value, written in former:
        age = duration_text(time_ns - written.time_ns)
        text = f"set in this line {age} before, and by another line since"
        yield written.line, _value(name, value, False, text) | {"time_ns": written.time_ns}


def _value(name: str, value: Any, changed: bool, written: str) -> dict[str, Any]:
    return {"name": plain(name, _NAME), "text": text_of(value, _TEXT), "changed": changed, "written": written}
