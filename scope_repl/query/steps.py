"""From line to line, in both directions: the nearest line that began anywhere, in a frame, or in what called it.

Where no frame is left, it goes on with what ran next on the track: each statement of a cell has a frame of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scope_repl.errors import OutOfRange, UnknownValue
from scope_repl.query.stack import stack_at
from scope_repl.recording.durations import time_text

if TYPE_CHECKING:
    from scope_repl.query.moment import Moment
    from scope_repl.recording.contents import Contents
    from scope_repl.recording.written import LineEvent


def next_line(contents: Contents, moment: Moment) -> LineEvent:
    """The first line that begins after a moment on its track, in whichever frame.

    Args:
        contents: the recording's contents.
        moment: the moment.

    Raises:
        OutOfRange: there is none.
        UnknownValue: lines were not captured.
    """
    return _found(contents, moment, contents.state.step(moment.track, moment.time_ns, True), "after")


def previous_line(contents: Contents, moment: Moment) -> LineEvent:
    """The newest line that began before a moment on its track, in whichever frame.

    Args:
        contents: the recording's contents.
        moment: the moment.

    Raises:
        OutOfRange: there is none, or it was before the horizon.
        UnknownValue: lines were not captured.
    """
    return _found(contents, moment, contents.state.step(moment.track, moment.time_ns, False), "before")


def line_of_frames(contents: Contents, moment: Moment, outwards: int, back: bool) -> LineEvent:
    """The next line of a frame, or else of those that called it: whichever begins first; or else of what ran next.

    Args:
        contents: the recording's contents.
        moment: the moment, of whose stack the frame is.
        outwards: how many frames outwards of the selected one it is.
        back: the previous line; where the frame begins after it, it is the line that called the frame, or else the last
            one of what ran before.

    Raises:
        OutOfRange: there is none.
        UnknownValue: lines were not captured.
    """
    calls = [frame.span for frame in moment.stack()][moment.selected + outwards :]
    if back:
        found = [event for call in calls if (event := contents.state.line(call, moment.time_ns - 1))]
        newest = max(found, key=lambda event: event.time_ns, default=None)
        if newest is None and not outwards:
            newest = _ran_before(contents, moment)
        return _found(contents, moment, newest, "before", calls)
    nearest: LineEvent | None = None
    for call in calls:
        event = _next(contents, call, moment.time_ns)
        if event is not None and (nearest is None or event.time_ns < nearest.time_ns):
            nearest = event
        if event is not None and not contents.codes.suspends[contents.spans.code[call]]:
            break  # the frames that called it go on only when it has ended
    return _found(contents, moment, nearest or _ran_next(contents, moment), "after", calls)


def _ran_next(contents: Contents, moment: Moment) -> LineEvent | None:
    """The first line on a moment's track after all frames of its stack have ended."""
    outermost = [frame.span for frame in moment.stack()][-1:]
    end_ns = max([moment.time_ns, *(contents.spans.end[call] for call in outermost)])
    return contents.state.step(moment.track, end_ns, True)


def _ran_before(contents: Contents, moment: Moment) -> LineEvent | None:
    """The last line of the outermost frame that ran on a moment's track before its stack began."""
    outermost = [frame.span for frame in moment.stack()][-1:]
    start_ns = min([moment.time_ns, *(contents.spans.start[call] for call in outermost)])
    newest = contents.state.step(moment.track, start_ns, False)
    if newest is None:
        return None
    calls = [frame.span for frame in stack_at(contents, moment.track, newest.time_ns)]
    found = (contents.state.line(call, newest.time_ns) for call in reversed(calls))
    return next((event for event in found if event is not None), newest)


def _next(contents: Contents, call: int, time_ns: int) -> LineEvent | None:
    event = contents.state.next_line(call, time_ns)
    while event is not None and event.line == 0:
        event = contents.state.next_line(call, event.time_ns)
    return event


def _found(
    contents: Contents, moment: Moment, event: LineEvent | None, side: str, calls: list[int] | None = None
) -> LineEvent:
    if event is not None:
        return event
    check_lines(contents, "the line")
    if calls is None:
        where = f"on track {moment.track}"
    else:
        names = [contents.codes[contents.spans.code[call]].qualname for call in calls]
        where = f"in {', '.join(names)}" if names else "in a calling frame: there is none"
    known = f"the recording knows {time_text(contents.horizon_ns)} to {time_text(contents.end_ns)}"
    raise OutOfRange(f"no line begins {side} {time_text(moment.time_ns)} {where}; {known}")


def check_lines(contents: Contents, what: str) -> None:
    """See that lines were captured.

    Args:
        contents: the recording's contents.
        what: what was asked for.

    Raises:
        UnknownValue: none was.
    """
    if not contents.state.has_lines:
        raise UnknownValue(
            what,
            f"no function was recorded at level lines, which captures lines and locals (level={contents.log.level!r})",
        )
