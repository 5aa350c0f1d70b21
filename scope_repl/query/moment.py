from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from scope_repl.errors import OutOfRange, UnknownValue
from scope_repl.query.differences import Differences
from scope_repl.query.ended import Ended
from scope_repl.query.frame import Frame
from scope_repl.query.main_module import main_namespace
from scope_repl.query.objects import Objects
from scope_repl.query.output import Output
from scope_repl.query.shown import plain
from scope_repl.query.stack import Stack, stack_at
from scope_repl.query.steps import line_of_frames, next_line, previous_line
from scope_repl.query.variables import Variables
from scope_repl.recording.durations import time_text
from scope_repl.recording.events import Event
from scope_repl.recording.resolve import Resolver
from scope_repl.recording.standing import EXACT, Known, Standing, last_known
from scope_repl.schema import Kind, Outcome

if TYPE_CHECKING:
    from scope_repl.recording.contents import Contents
    from scope_repl.recording.written import LineEvent

_ENDS = frozenset({Kind.RETURN, Kind.UNWIND})
_LINE = 100
_VARIABLES = 12


class TrackState(NamedTuple):
    """A track at a moment.

    Attributes:
        track: its row in ``rec.tracks``.
        name: the thread's name.
        depth: how many calls stood on its stack.
        changed_ns: when a call last began or ended on it, in ns since the recording's start; None if none had.
        standing: how this is known.
    """

    track: int
    name: str
    depth: int
    changed_ns: int | None
    standing: Standing


class Moment:
    """What was true at a time: the state after everything up to and including that time had happened.

    Attributes:
        time_ns: the time, in ns since the recording's start.
        selected: how many frames outwards of the innermost one ``frame`` is, after ``up()`` and ``down()``.
    """

    __slots__ = ("_contents", "_stack", "_track", "selected", "time_ns")

    def __init__(self, contents: Contents, time_ns: int, track: int | None = None, selected: int = 0) -> None:
        self._contents = contents
        self._track = track
        self._stack: Stack | None = None
        self.time_ns = time_ns
        self.selected = selected

    @property
    def contents(self) -> Contents:
        """The contents of the recording that it is a moment of."""
        return self._contents

    # ---- stacks ----

    def stack(self, track: int | str | None = None) -> Stack:
        """The stack of a track, innermost frame first.

        Args:
            track: its row in ``rec.tracks`` or its thread's name; without it, that of the event or call that the moment
                was found by, else, of the tracks on which something was running, the one that ran last.

        Returns:
            The frames, with their standing. On a track whose newest events were dropped, those that were last known.

        Raises:
            LookupError: there is no such track.
        """
        if track is None:
            if self._stack is None:
                self._stack = stack_at(self._contents, self.track, self.time_ns)
            return self._stack
        return stack_at(self._contents, self._contents.tracks.find(track), self.time_ns)

    @property
    def track(self) -> int:
        """The row of the track whose stack is meant where none is named.

        Raises:
            UnknownValue: nothing was recorded.
        """
        if self._track is None:
            count = len(self._contents.tracks)
            if count == 0:
                raise UnknownValue("the stack", "nothing was recorded: no thread ran code that is in scope")
            self._track = 0 if count == 1 else max(range(count), key=self._liveliness)
        return self._track

    def _liveliness(self, track: int) -> tuple[bool, int]:
        place = self._contents.slices.at(track, self.time_ns)
        return place.innermost >= 0, place.changed_ns

    def on(self, track: int | str) -> Moment:
        """The same time with another track's stack.

        Args:
            track: its row in ``rec.tracks`` or its thread's name.

        Raises:
            LookupError: there is no such track.
        """
        return Moment(self._contents, self.time_ns, self._contents.tracks.find(track))

    @property
    def tracks(self) -> tuple[TrackState, ...]:
        """All tracks at this moment."""
        return tuple(self._track_state(track) for track in range(len(self._contents.tracks)))

    def _track_state(self, track: int) -> TrackState:
        slices = self._contents.slices
        place = slices.at(track, self.time_ns)
        return TrackState(
            track=track,
            name=self._contents.tracks.threads[track].name,
            depth=len(slices.outwards(place.innermost)),
            changed_ns=place.changed_ns if place.changed_ns >= 0 else None,
            standing=self.standing(track),
        )

    def standing(self, track: int | str | None = None) -> Standing:
        """How the stack of a track is known.

        Args:
            track: as for ``stack()``.
        """
        row = self.track if track is None else self._contents.tracks.find(track)
        age = self.time_ns - self._contents.tracks.end_known_ns[row]
        return EXACT if age <= 0 else last_known(age, "the newest events of this track were dropped")

    def suspended(self) -> list[Frame]:
        """The generators and coroutines that had begun and waited to be resumed, oldest first."""
        contents = self._contents
        calls, candidates = contents.tables.calls, contents.suspending_calls
        outcome, end = calls["outcome"][candidates], calls["end"][candidates]
        ends_later = (end > self.time_ns) | (outcome == Outcome.SUSPENDED)
        ends_later |= (outcome == Outcome.UNKNOWN) & (end == contents.end_ns)
        waiting = candidates[(calls["start"][candidates] <= self.time_ns) & ends_later]
        stacks = [stack_at(contents, track, self.time_ns) for track in range(len(contents.tracks))]
        running = {frame.span for stack in stacks for frame in stack}
        rows = [row for row in waiting.tolist() if row not in running]
        age = self.time_ns - min(contents.tracks.end_known_ns, default=self.time_ns)
        standing = EXACT if age <= 0 else last_known(age, "the newest events of a track were dropped")
        rows.sort(key=lambda row: contents.spans.start[row])
        tracks = contents.spans.track
        return [Frame(contents, self.time_ns, tracks[row], row, standing, -1, False, suspended=True) for row in rows]

    # ---- the selected frame ----

    @property
    def frame(self) -> Frame:
        """The selected frame of ``stack()``: the innermost one, unless ``up()`` was called.

        Raises:
            UnknownValue: nothing was running.
        """
        stack = self.stack()
        if self.selected >= len(stack):
            raise UnknownValue("the frame", f"nothing recorded was running on track {stack.track} at this moment")
        return stack[self.selected]

    @property
    def args(self) -> Variables:
        """The arguments of the selected frame."""
        return self.frame.args

    @property
    def locals(self) -> Variables:
        """The local variables of the selected frame."""
        return self.frame.locals

    @property
    def frames(self) -> Stack:
        """The frames of ``stack()``, innermost first."""
        return self.stack()

    # ---- what the whole program held ----

    @property
    def resolver(self) -> Resolver:
        """The objects of this moment, by their addresses."""
        return self.stack().resolver if len(self._contents.tracks) else Resolver(self._contents, self.time_ns)

    @property
    def objects(self) -> Objects:
        """The watched objects, and all others that were captured so far, by address, captured value or live object."""
        return Objects(self._contents, self.resolver)

    @property
    def namespace(self) -> Variables:
        """The variables of the notebook, or of the main program, by name."""
        return main_namespace(self._contents, self.resolver)

    @property
    def output(self) -> Output:
        """What had been printed and displayed."""
        return Output(self._contents.state.outputs(self.time_ns))

    # ---- another frame ----

    def up(self) -> Moment:
        """The same moment with the calling frame selected; at the outermost frame, the same."""
        return self.select(self.selected + 1)

    def down(self) -> Moment:
        """The same moment with the called frame selected; at the innermost frame, the same."""
        return self.select(self.selected - 1)

    def select(self, selected: int) -> Moment:
        """The same moment with another frame of ``stack()`` selected.

        Args:
            selected: how many frames outwards of the innermost one it is; beyond the ends, the last one.
        """
        last = max(len(self.stack()) - 1, 0)
        moment = Moment(self._contents, self.time_ns, self._track, min(max(selected, 0), last))
        moment._stack = self._stack
        return moment

    # ---- what happened around it ----

    def last(self, track: int | str | None = None) -> Ended | None:
        """The last call that had returned, or ended by an exception, on a track.

        Args:
            track: as for ``stack()``.

        Returns:
            The call, or None when none had ended since the recording's start.

        Raises:
            UnknownValue: it was before the horizon.
            LookupError: there is no such track.
        """
        contents = self._contents
        row = self.track if track is None else contents.tracks.find(track)
        event = contents.events.newest_of(row, self.time_ns, _ENDS)
        if event is not None:
            age = self.time_ns - contents.tracks.end_known_ns[row]
            return Ended(contents, event.call, self.time_ns - event.time_ns, age)
        if contents.horizon_ns > 0:
            raise UnknownValue(f"the last return on track {row}", "it was before the horizon")
        return None

    @property
    def event(self) -> Event | None:
        """The newest event at or before this moment, over all tracks."""
        events = self._contents.events
        found = [events.newest(track, self.time_ns) for track in range(len(self._contents.tracks))]
        return max((event for event in found if event is not None), key=lambda event: event.time_ns, default=None)

    @property
    def has_next(self) -> bool:
        """Whether there is an event after this moment on any track."""
        events = self._contents.events
        return any(events.next(row, self.time_ns) is not None for row in self._rows(None))

    @property
    def has_previous(self) -> bool:
        """Whether there is an event before this moment on any track."""
        events = self._contents.events
        return any(events.newest(row, self.time_ns, before=True) is not None for row in self._rows(None))

    def next(self, track: int | str | None = None) -> Moment:
        """The moment of the first event after this one.

        Args:
            track: look at this track only; without it, at all.

        Raises:
            OutOfRange: there is none.
        """
        events = self._contents.events
        found = [events.next(row, self.time_ns) for row in self._rows(track)]
        event = min((event for event in found if event is not None), key=lambda event: event.time_ns, default=None)
        if event is None:
            raise OutOfRange(f"there is no event after {time_text(self.time_ns)}; {self._limits()}")
        return Moment(self._contents, event.time_ns, event.track)

    def previous(self, track: int | str | None = None) -> Moment:
        """The moment of the newest event before this one.

        Args:
            track: look at this track only; without it, at all.

        Raises:
            OutOfRange: there is none, or it is before the horizon.
        """
        events = self._contents.events
        found = [events.newest(row, self.time_ns, before=True) for row in self._rows(track)]
        event = max((event for event in found if event is not None), key=lambda event: event.time_ns, default=None)
        if event is None:
            raise OutOfRange(f"there is no event before {time_text(self.time_ns)}; {self._limits()}")
        return Moment(self._contents, event.time_ns, event.track)

    def diff(self, other: Moment) -> Differences:
        """What changed between this moment and another one, whichever comes first.

        Args:
            other: a moment of the same recording.

        Returns:
            Frames that were entered or left, locals of those that were there at both, the variables of modules, and
            watched objects; with a DataFrame in ``table``.

        Raises:
            OptionError: it is no moment of this recording.
        """
        return Differences(self._contents, self, other)

    # ---- lines ----

    def next_line(self) -> Moment:
        """The moment at which the next line begins on this track, in whichever frame: a step into what is called.

        Raises:
            OutOfRange: there is none.
            UnknownValue: lines were not captured.
        """
        return self._at_line(next_line(self._contents, self))

    def previous_line(self) -> Moment:
        """The moment at which the line before this one began on this track, in whichever frame.

        Raises:
            OutOfRange: there is none, or it was before the horizon.
            UnknownValue: lines were not captured.
        """
        return self._at_line(previous_line(self._contents, self))

    def step_over(self, back: bool = False) -> Moment:
        """The moment at which the next line of the selected frame begins, after all that this line calls.

        When the frame ends first, it is the next line of the frame that called it; where there is none, as in a cell
        whose next statement has a frame of its own, of what runs next on the track.

        Args:
            back: the previous line of the selected frame; before its first one, the line that called it, or else the
                last line of what ran before.

        Raises:
            OutOfRange: there is none.
            UnknownValue: lines were not captured.
        """
        return self._at_line(line_of_frames(self._contents, self, 0, back))

    def step_out(self, back: bool = False) -> Moment:
        """The moment at which the next line begins in the frame that called the selected one, or in one further out.

        Where there is none, it is the first line of what runs next on the track.

        Args:
            back: the line in which it was called.

        Raises:
            OutOfRange: there is none.
            UnknownValue: lines were not captured.
        """
        return self._at_line(line_of_frames(self._contents, self, 1, back))

    def _at_line(self, event: LineEvent) -> Moment:
        moment = Moment(self._contents, event.time_ns, event.track)
        calls = [frame.span for frame in moment.stack()]
        return moment.select(calls.index(event.call)) if event.call in calls else moment

    def _rows(self, track: int | str | None) -> range | list[int]:
        return range(len(self._contents.tracks)) if track is None else [self._contents.tracks.find(track)]

    def _limits(self) -> str:
        return f"the recording knows {time_text(self._contents.horizon_ns)} to {time_text(self._contents.end_ns)}"

    def __repr__(self) -> str:
        if not len(self._contents.tracks):
            return f"moment {time_text(self.time_ns)}: nothing was recorded"
        lines = [f"moment {time_text(self.time_ns)}", repr(self.stack())]
        others = len(self._contents.tracks) - 1
        if others:
            lines.append(f"and {others} other track{'s' if others > 1 else ''}: see m.tracks")
        return "\n".join([*lines, *self._state()])

    def _state(self) -> list[str]:
        """The line that the selected frame was in, and its variables, if lines were captured."""
        frame = next(iter(self.stack()[self.selected :]), None)
        if frame is None or frame.level != "lines" or frame.standing("locals").known is Known.NOT:
            return []
        source = "".join(frame.source(0, 0).lines).strip()
        line = f"{frame.title}:{frame.line}: {plain(source, _LINE)}" if source else f"{frame.title}:{frame.line}"
        return [line, *(f"  {text}" for text in frame.locals.text(_VARIABLES).splitlines())]
