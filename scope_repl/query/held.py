"""What the names of a frame hold at a moment, with who wrote it and what was there at the line before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from scope_repl.errors import UnknownValue
from scope_repl.query.changes import NEW, UNTOLD, Changes
from scope_repl.query.frame import Frame
from scope_repl.query.moment import Moment
from scope_repl.query.nodes import Entry
from scope_repl.query.shown import plain
from scope_repl.recording.captured import CapturedNamed, CapturedType
from scope_repl.recording.durations import duration_text
from scope_repl.recording.standing import EXACT, Known

if TYPE_CHECKING:
    from scope_repl.query.variables import Variables, Written
    from scope_repl.recording.contents import Contents

_NAME = 100
_SORTED = 300


class Held(NamedTuple):
    """A name of a frame, with what it holds.

    Attributes:
        entry: the value, as a row shows it.
        line: the line of the frame that wrote it last, or from which what wrote it was called; 0 if that is not known.
    """

    entry: Entry
    line: int


def held(frame: Frame, before: Before | None, moment: Moment, most: int) -> tuple[int, list[Held]]:
    """What the names of a frame hold.

    Args:
        frame: the frame.
        before: what it is compared with; None if there is nothing.
        moment: the moment.
        most: how many names are looked at.

    Returns:
        How many names there are, and what the first of them hold: its locals where they were captured, else its
        arguments as the call began. See `entries` for their order.
    """
    if frame.standing("locals").known is Known.NOT:
        total, found = entries(moment, frame.args, None, None, most)
    else:
        total, found = entries(moment, frame.locals, before and before.frame.locals, before, most)
    return total, [Held(entry, _line(moment.contents, frame, written)) for entry, written in found]


class Before(NamedTuple):
    """What a moment is compared with: the line before the current one of its selected frame.

    Attributes:
        moment: the moment at which that line began.
        frame: the frame, at that moment.
        changes: tells what has changed since.
    """

    moment: Moment
    frame: Frame
    changes: Changes


def line_before(frame: Frame, moment: Moment) -> Before | None:
    """When the line began in a frame that ran before its current one.

    Args:
        frame: the frame.
        moment: the moment.

    Returns:
        The moment and the frame then; None if there was no such line.
    """
    contents, state = moment.contents, moment.contents.state
    current = state.line(frame.span, moment.time_ns)
    before = None if current is None else state.line(frame.span, current.time_ns - 1)
    if before is None:
        return None
    then = Frame(contents, before.time_ns, frame.track, frame.span, EXACT, -1, False)
    changes = Changes(contents, before.time_ns, moment.time_ns)
    return Before(Moment(contents, before.time_ns, frame.track), then, changes)


def entries(
    moment: Moment, variables: Variables, earlier: Variables | None, before: Before | None, most: int
) -> tuple[int, list[tuple[Entry, Written | None]]]:
    """The names of a namespace as rows show them, each with who wrote it where that is known.

    Args:
        moment: the moment.
        variables: the namespace.
        earlier: it at the time that it is compared with; None if there is none.
        before: tells what has changed since; None if there is none.
        most: how many names are looked at.

    Returns:
        How many names there are, and the first of them: those that recorded lines wrote before the others, and
        functions, classes and modules last, unless there are very many names.
    """
    names = [*_in_order(variables), *variables.unknown_names]
    found = []
    for name in names[:most]:
        standing = variables.standing(name)
        known = standing.known is not Known.NOT
        value = variables[name] if known else None
        then = _then(earlier, name) if known else UNTOLD
        changed = before is not None and before.changes.changed(value, then)
        written = _written(variables, name)
        text = written_text(moment.contents, written, moment.time_ns)
        found.append((Entry(name, value, standing, changed, then, text), written))
    return len(names), found


def _in_order(variables: Variables) -> list[str]:
    names = sorted(variables, key=lambda name: variables.bound(name).span < 0)
    first = sorted(names[:_SORTED], key=lambda name: isinstance(variables[name], CapturedType | CapturedNamed))
    return [*first, *names[_SORTED:]]


def _then(earlier: Variables | None, name: str) -> Any:
    if earlier is None or name in earlier.unknown_names:
        return UNTOLD
    return earlier.get(name, NEW)


def _written(variables: Variables, name: str) -> Written | None:
    try:
        return variables.written(name)
    except UnknownValue:
        return None


def written_text(contents: Contents, written: Written | None, time_ns: int) -> str:
    """Who wrote a value, in words; "" if that is not known.

    Args:
        contents: the recording's contents.
        written: the write.
        time_ns: the moment's time.
    """
    if written is None:
        return ""
    age = f"{duration_text(time_ns - written.time_ns)} before" if written.time_ns < time_ns else "at this moment"
    if written.span < 0:
        return f"{written.what} {age}"
    function = plain(written.function, _NAME)
    if written.what == "bound" and written.time_ns == contents.spans.start[written.span]:
        return f"argument of {function}, {age}"
    place = f"line {written.line} of {function}" if written.line else function
    return f"{'changed' if written.what == 'changed' else 'set'} in {place}, {age}"


def _line(contents: Contents, frame: Frame, written: Written | None) -> int:
    """The line of a frame that wrote something, or that was running when another frame did."""
    if written is None:
        return 0
    if written.span == frame.span:
        return written.line or contents.codes[contents.spans.code[frame.span]].first_line
    line = contents.state.line(frame.span, written.time_ns)
    return line.line if line is not None else 0
