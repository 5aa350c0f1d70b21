"""The one place that knows how a recording is asked: what the oracle's truths are compared with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from reference.tracer import Behaviour, run

import scope_repl
from oracle.copies import Atom, atom_of
from scope_repl import Recording
from scope_repl.recording.captured import (
    CapturedArray,
    CapturedDerived,
    CapturedException,
    CapturedFrame,
    CapturedNamed,
    CapturedObject,
    CapturedType,
    TypeName,
)
from scope_repl.recording.containers import CapturedDict, Container
from scope_repl.recording.cut import Cut, CutBytes, CutInt, CutText, Redacted, Seen

EXITS = ("return", "yield", "unwind")
HELPERS = Path(__file__).parents[1]


class Place(NamedTuple):
    """A line that began, or (kind return, yield or unwind, line 0) the last nanosecond in which a frame was running."""

    kind: str
    function: str
    line: int
    time_ns: int
    track: int
    call: int
    rec: Recording

    def cut(self) -> bool:
        """Whether not everything in reach was looked at when it began."""
        event = self.rec.contents.state.line(self.call, self.time_ns)
        return event is not None and event.cut

    @property
    def place(self) -> tuple[str, str, int]:
        return self.kind, self.function, self.line


@dataclass(frozen=True, slots=True)
class Shown:
    """What a recording shows of a value, one level deep. The fields are those of ``copies.Node``.

    ``mark`` says that something is missing, and why; ``whole`` whether all items or attributes are there; ``exact``
    whether it is said to have been so at that very time.
    """

    form: str
    type: str = ""
    size: int = 0
    items: tuple[Any, ...] = ()
    last: tuple[Any, ...] = ()
    attributes: Mapping[str, Any] | None = None
    content: Any = None
    mark: str = ""
    whole: bool = True
    exact: bool = True


def record(path: Path, times: int = 1, **options: Any) -> tuple[Recording, Behaviour]:
    """Record each line of a program's file."""
    with scope_repl.record(
        level="lines", include=str(path), exclude=[f"{HELPERS}/reference/*.py", __file__], **options
    ) as rec:
        for _ in range(times):
            behaviour = run(path)
    return rec, behaviour


def places(rec: Recording, path: Path) -> dict[str, list[Place]]:
    """The lines of a file, and the exits from its frames, in the order of each thread."""
    own = (rec.calls.file == str(path)).to_numpy()
    names = rec.calls.name.astype(str).tolist()
    threads = rec.tracks.name.tolist()
    found: dict[str, list[Place]] = {name: [] for name in threads}
    lines, events = rec.contents.state.line_table(), rec.events
    exits = events[events.kind.isin(EXITS)]
    rows = [("line", *row) for row in zip(lines.line, lines.time, lines.track, lines.call, strict=True)]
    rows += zip(exits.kind, [0] * len(exits), exits.time_ns - 1, exits.track, exits.call, strict=True)
    for kind, line, time_ns, track, call in sorted(rows, key=lambda row: row[2]):
        if call >= 0 and own[call]:
            place = Place(str(kind), names[call], int(line), int(time_ns), int(track), int(call), rec)
            found[threads[track]].append(place)
    return {name: places for name, places in found.items() if places}


def type_text(name: TypeName) -> str:
    return name.qualname if name.module == "builtins" else f"{name.module}.{name.qualname}"


def show(value: Any) -> Atom | Shown:
    """A captured value for comparison."""
    atom = atom_of(value)
    if atom is not None:
        return atom
    match value:
        case Container():
            return _container(value)
        case bytearray():
            return Shown("bytearray", "bytearray", len(value), content=Atom("bytes", bytes(value)))
        case slice():
            return Shown("slice", "slice", 3, (value.start, value.stop, value.step))
        case CapturedType():
            return Shown("class", type_text(value.type))
        case CapturedNamed():
            words = atom_of(value.module), atom_of(value.name)
            return Shown("named", type_text(value.type), items=words, content=value.bound_to)
        case CapturedArray():
            shape = (value.dtype, value.shape)
            mark = "" if value.complete else "truncated"
            return Shown(
                "array", type_text(value.type), value.size, value.items, content=shape, mark=mark, whole=value.complete
            )
        case CapturedFrame():
            return Shown(
                "frame",
                type_text(value.type),
                0,
                value.columns,
                content=value.shape,
                mark="shape and columns only",
                whole=False,
            )
        case CapturedObject():
            return _instance(value)
    return _cut(value)


def _container(value: Any) -> Shown:
    kept = value.kept
    form = type(kept).__name__
    items = tuple(kept.items() if isinstance(value, CapturedDict) else kept)
    first = len(items) if value.complete else value._gap  # what stands behind the gap are the last items
    flat = tuple(part for pair in items for part in pair) if isinstance(value, CapturedDict) else items
    first *= 2 if isinstance(value, CapturedDict) else 1
    standing = value.standing
    mark = "" if value.complete else "sampled" if value.sampled else "truncated"
    return Shown(
        form,
        form,
        value.size,
        flat[:first],
        flat[first:],
        mark=mark if standing.exact else str(standing),
        whole=value.complete,
        exact=standing.exact,
    )


def _instance(value: CapturedObject) -> Shown:
    known = value.__captured__
    form = (
        "derived"
        if isinstance(value, CapturedDerived)
        else "exception"
        if isinstance(value, CapturedException)
        else "object"
    )
    standing = getattr(known, "standing", None)
    mark = "not looked at" if known.size is None else "" if known.complete else "truncated"
    return Shown(
        form,
        type_text(known.type),
        known.size or 0,
        attributes=known.attributes,
        content=known.content,
        mark=mark if standing is None or standing.exact else str(standing),
        whole=known.complete,
        exact=standing is None or standing.exact,
    )


def _cut(value: Any) -> Shown:
    match value:
        case CutText():
            return Shown("str", "str", value.size, content=value.text, mark="truncated", whole=False)
        case CutBytes():
            return Shown(value.kind, value.kind, value.size, content=value.data, mark="truncated", whole=False)
        case CutInt():
            return Shown("int", "int", value.bits, content=value.leading, mark="truncated", whole=False)
        case Cut():
            return Shown("cut", mark="no room", whole=False)
        case Redacted():
            return Shown("redacted", mark="redacted", whole=False)
        case Seen():
            return Shown("seen", content=value.address)
    return Shown("strange", type(value).__qualname__, content=repr(value))
