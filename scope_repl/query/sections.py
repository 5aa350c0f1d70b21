"""The sections of the state at a moment: locals, watched objects, the notebook's variables, output. Plain JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from scope_repl.errors import UnknownValue
from scope_repl.query.changes import NEW, UNTOLD
from scope_repl.query.held import Before, Held, entries, written_text
from scope_repl.query.nodes import Entry, Nodes, type_text
from scope_repl.query.shown import plain, standing_of
from scope_repl.recording.durations import duration_text
from scope_repl.recording.standing import EXACT, Known, Standing, unknown

if TYPE_CHECKING:
    from scope_repl.query.frame import Frame
    from scope_repl.query.moment import Moment

CHARACTERS = 20_000
_NAME = 200
_NOTE = 500
_ENDINGS = {"return": "returned", "raise": "raised", "closed": "closed"}
_LATER = "(later)"
_EMPTY = "no variable had a value yet"
_UNWATCHED = "no object is watched: scope.watch(obj) or --watch NAME records each write to its attributes"
_SILENT = "nothing had been put out"

Section = dict[str, Any]
Values = tuple[int, Sequence[Held]]


def section(name: str, moment: Moment, values: Values, before: Before | None, nodes: Nodes) -> Section:
    """One section of the state at a moment.

    Args:
        name: ``locals``, ``objects``, ``namespace`` or ``output``.
        moment: the moment.
        values: how many names its selected frame has, and what the first of them hold.
        before: what it is compared with; None if there is nothing.
        nodes: makes the rows.

    Returns:
        name, note (what is to be said about all of it), rows (see `Nodes.row`) and pieces: texts, each with its stream.
    """
    try:
        return {"name": name, "rows": [], "pieces": []} | SECTIONS[name](moment, values, before, nodes)
    except UnknownValue as error:
        return {"name": name, "rows": [], "pieces": [], "note": plain(str(error), _NOTE)}


def _locals(moment: Moment, values: Values, _: Before | None, nodes: Nodes) -> Section:
    frame = moment.frame
    total, found = values
    note = _age(frame)
    standing = frame.standing("locals")
    if standing.known is not Known.NOT and not found:
        note += f" · {_EMPTY}"
    if standing.known is Known.NOT:
        note += f" · {_reason(standing)}"
        note += "; the arguments are those with which the call began" if found else ""
    return {
        "note": plain(note, _NOTE),
        "rows": [
            *nodes.rows("locals", [each.entry for each in found], total),
            nodes.row(("locals", _LATER), _ending(frame)) | {"later": True},
        ],
    }


def _age(frame: Frame) -> str:
    age = f"running for {duration_text(frame.running_ns)}"
    return f"{plain(frame.qualname, _NAME)}, {age if frame.standing('start').exact else 'start unknown'}"


def _reason(standing: Standing) -> str:
    return standing.reason or str(standing)


def _ending(frame: Frame) -> Entry:
    """What became of the call later."""
    outcome = frame.outcome
    name = _ENDINGS.get(outcome, "result")
    if outcome in _ENDINGS:
        name += f" {duration_text(frame.remaining_ns)} later"
    if outcome == "raise":
        raised = frame.exception
        standing = EXACT if raised else unknown("the log does not tell the exception's type")
        return Entry(name, raised, standing, jumps=False)
    try:
        value = frame.result
    except UnknownValue as error:
        return Entry(name, None, unknown(error.reason), jumps=False)
    return Entry(name, value, standing_of(value), jumps=False)


def _objects(moment: Moment, _: Values, before: Before | None, nodes: Nodes) -> Section:
    watched = moment.objects.watched
    found = [_watched(address, moment, before) for address in watched[: nodes.most("objects")]]
    return {"note": "" if watched else _UNWATCHED, "rows": nodes.rows("objects", found, len(watched))}


def _watched(address: int, moment: Moment, before: Before | None) -> Entry:
    objects = moment.objects
    standing = objects.standing(address)
    if standing.known is Known.NOT:
        return Entry(f"object at {address:#x}", None, standing, key=str(address))
    value = objects[address]
    then: Any = UNTOLD if before is None else before.moment.objects.get(address, NEW)
    changed = before is not None and before.changes.changed(value, then)
    written = written_text(moment.contents, objects.written(address), moment.time_ns)
    return Entry(f"{type_text(value)} at {address:#x}", value, standing, changed, then, written, str(address))


def _namespace(moment: Moment, _: Values, before: Before | None, nodes: Nodes) -> Section:
    earlier = None if before is None else before.moment.namespace
    total, found = entries(moment, moment.namespace, earlier, before, nodes.most("namespace"))
    return {
        "note": "" if found else "no name of the notebook was captured",
        "rows": nodes.rows("namespace", [entry for entry, _ in found], total),
    }


def _output(moment: Moment, *_: Any) -> Section:
    records = moment.output.records
    pieces: list[dict[str, str]] = []
    room = CHARACTERS
    for record in reversed(records):
        if room <= 0:
            break
        text = record.text[-room:]
        room -= len(text)
        pieces.append({"stream": record.stream, "text": plain(text, CHARACTERS)})
    hidden = sum(len(record.text) for record in records) - sum(len(piece["text"]) for piece in pieces)
    note = f"{hidden:,} characters before these are not shown" if hidden > 0 else "" if pieces else _SILENT
    return {"note": note, "pieces": pieces[::-1]}


SECTIONS = {"locals": _locals, "objects": _objects, "namespace": _namespace, "output": _output}
