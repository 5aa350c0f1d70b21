"""When a value that a row of the tree shows was written last."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from scope_repl.errors import OutOfRange, UnknownValue
from scope_repl.query.changes import Changes
from scope_repl.query.frame import Frame
from scope_repl.query.moment import Moment
from scope_repl.query.nodes import Path, inside
from scope_repl.query.variables import last_change
from scope_repl.recording.captured import address_of
from scope_repl.recording.parts import in_reach
from scope_repl.recording.standing import EXACT, Known

if TYPE_CHECKING:
    from scope_repl.query.variables import Variables, Written

_LOOKED_AT = 100  # objects in a value
_LOOKS = 200


class _State(NamedTuple):
    """What a path led to at a time.

    Attributes:
        value: the value.
        newest: the newest write of what led to it, or of something in it.
    """

    value: Any
    newest: Written


def origin(moment: Moment, path: Path) -> Moment:
    """The moment at which a value had just been written; from there, that of the write before.

    Args:
        moment: the moment at which it is looked at.
        path: what leads to it: a section, a name, and labels of what is in it.

    Returns:
        The moment. Of a local, with the same frame selected; else with the frame selected that wrote it.

    Raises:
        UnknownValue: the value is not known, or who wrote it.
        OutOfRange: no earlier write is known.
        LookupError: there is no such row.
    """
    write = _write(moment, path, moment.time_ns)
    if write.time_ns == moment.time_ns:
        write = _write(moment, path, moment.time_ns - 1)
    if path[0] == "locals":
        return at_frame(moment, write.time_ns)
    return _with_frame(Moment(moment.contents, write.time_ns, write.track), write.span)


def _write(moment: Moment, path: Path, time_ns: int) -> Written:
    """The newest write by which a value became what it is at a time."""
    now = at = _state(moment, path, time_ns)
    for _ in range(_LOOKS):
        since_ns = at.newest.time_ns
        if since_ns <= moment.contents.horizon_ns:
            raise OutOfRange(f"{path[-1]} was written before the horizon: what was written then is not known")
        try:
            before = _state(moment, path, since_ns - 1)
        except (UnknownValue, LookupError, OutOfRange):
            return at.newest
        if Changes(moment.contents, since_ns - 1, time_ns).changed(now.value, before.value):
            return at.newest
        at = before
    raise OutOfRange(f"{path[-1]} was the same in the last {_LOOKS:,} writes: go to an earlier moment first")


def _state(moment: Moment, path: Path, time_ns: int) -> _State:
    root, bound = _root(moment, path, time_ns)
    met = inside(root, path[2:])
    changes = [last_change(moment.contents, address, time_ns) for address in _addresses(met)]
    writes = [write for write in (bound, *changes) if write is not None]
    if not writes:
        raise UnknownValue(f"the last write of {path[-1]}", "it is not in the log")
    return _State(met[-1], max(writes, key=lambda write: write.time_ns))


def _addresses(met: list[Any]) -> Iterator[int]:
    """Those of the objects on the way to a value, and of some of those in it."""
    for value in (*met, *islice(in_reach(met[-1:]), _LOOKED_AT)):
        address = address_of(value)
        if address is not None:
            yield address


def _root(moment: Moment, path: Path, time_ns: int) -> tuple[Any, Written | None]:
    """What a name led to at a time, and who bound it to that; an object is bound to nothing."""
    section, name = path[:2]
    if section == "objects":
        objects = Moment(moment.contents, time_ns, moment.track).objects
        return objects[int(name)], None
    variables = _variables(moment, section, time_ns)
    return variables[name], variables.bound(name)


def _variables(moment: Moment, section: str, time_ns: int) -> Variables:
    if section == "namespace":
        return Moment(moment.contents, time_ns, moment.track).namespace
    if section != "locals":
        raise LookupError(f"nothing of the section {section!r} is written by a line")
    frame = moment.frame
    if time_ns < moment.contents.spans.start[frame.span]:
        raise OutOfRange("there is no earlier write: the call had not begun")
    frame = Frame(moment.contents, time_ns, frame.track, frame.span, EXACT, -1, False)
    return frame.args if frame.standing("locals").known is Known.NOT else frame.locals


def at_frame(moment: Moment, time_ns: int) -> Moment:
    """Another time with the same frame selected, if it was running then.

    Args:
        moment: the moment at which the frame is selected.
        time_ns: the time.
    """
    stack = moment.stack()
    span = stack[min(moment.selected, len(stack) - 1)].span if len(stack) else -1
    return _with_frame(Moment(moment.contents, time_ns, moment.track), span)


def _with_frame(moment: Moment, span: int) -> Moment:
    """The moment with the frame of a call selected, if it was running."""
    spans = [frame.span for frame in moment.stack()]
    return moment.select(spans.index(span)) if span in spans else moment
