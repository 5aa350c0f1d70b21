from __future__ import annotations

from collections.abc import Iterable, Mapping
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, overload

import pandas as pd

from scope_repl.errors import OptionError, StillRecording
from scope_repl.model import Log
from scope_repl.query import when
from scope_repl.query.divergence import Divergence
from scope_repl.query.history import history_of_name, history_of_object
from scope_repl.query.instant import instant_ns, instant_track
from scope_repl.query.moment import Moment
from scope_repl.query.moments import Moments
from scope_repl.query.printed import Printed
from scope_repl.query.search import find_calls
from scope_repl.query.tree import CallTree
from scope_repl.query.why import DEPTH, Why, why
from scope_repl.query.writes import NamedWrite, last_write
from scope_repl.recording.contents import Contents
from scope_repl.recording.durations import duration_text, time_text
from scope_repl.recording.stats import Stats

if TYPE_CHECKING:
    from scope_repl.widgets.summary import Summary
    from scope_repl.widgets.timeline import Timeline


class Recording:
    """What was recorded: finished and immutable. Times are int64 nanoseconds since the recording's start.

    Args:
        log: the log; without it the recording is still running, and asking it anything raises ``StillRecording`` until
            the block ends.
    """

    __slots__ = ("__weakref__", "_contents", "_log")

    def __init__(self, log: Log | None = None) -> None:
        self._log = log
        self._contents: Contents | None = None

    def _finish(self, log: Log) -> None:
        """Hand over the log of the recording that has ended. It is read when something is first asked.

        Raises:
            ValueError: the recording has its log already.
        """
        if self._log is not None:
            raise ValueError("this recording is finished already: it is immutable")
        self._log = log

    @property
    def finished(self) -> bool:
        """Whether it has ended and can be read."""
        return self._log is not None

    @property
    def contents(self) -> Contents:
        """The recording's columns and tables, which every question is answered from.

        Raises:
            StillRecording: it has not ended.
            DamagedLog: its log does not follow the format.
        """
        if self._contents is None:
            if self._log is None:
                raise StillRecording
            self._contents = Contents(self._log)
        return self._contents

    @property
    def calls(self) -> pd.DataFrame:
        """One row for each call; the columns are described in ``schema.CALL_COLUMNS``.

        Rows of a track stand together, each before those that it called; generators that were suspended when the
        recording starts stand last.
        """
        return self.contents.calls.copy(deep=False)

    @property
    def events(self) -> pd.DataFrame:
        """One row for each event, in the order of time; the columns are described in ``schema.EVENT_COLUMNS``."""
        return self.contents.event_table.copy(deep=False)

    @property
    def tracks(self) -> pd.DataFrame:
        """One row for each thread; the columns are described in ``schema.TRACK_COLUMNS``."""
        return self.contents.tracks.frame()

    @property
    def cells(self) -> pd.DataFrame:
        """One row for each cell run; the columns are described in ``schema.CELL_COLUMNS``."""
        return self.contents.cells.frame()

    @property
    def stats(self) -> Stats:
        """How much was recorded, what was dropped, and what it cost."""
        return self.contents.stats

    def at(self, t: Any, unit: str = "s") -> Moment:
        """The moment at a time.

        Args:
            t: seconds since the recording's start; a Timedelta; a datetime (without a time zone it is local time); a
                share such as ``"50%"`` of the time that is known; or an event or a call: a row of ``events`` or
                ``calls``.
            unit: what a number counts: s, ms, us or ns.

        Returns:
            The state after everything up to and including that time had happened. Its ``stack()`` is that of the track
            of the event or the call, if one was given.

        Raises:
            OutOfRange: the time is before the horizon or after the end.
            ValueError: it cannot be understood.
            TypeError: it is of another type.
        """
        contents = self.contents
        return Moment(contents, instant_ns(contents, t, unit), instant_track(t))

    def find(
        self,
        name: str | None = None,
        *,
        module: str | None = None,
        kind: str | None = None,
        outcome: str | Iterable[str] | None = None,
        track: int | str | None = None,
        after: Any = None,
        before: Any = None,
        min_duration: Any = None,
        max_duration: Any = None,
        where: Mapping[str, Any] | None = None,
    ) -> pd.DataFrame:
        """The calls that answer to all conditions: rows of ``calls`` with their row numbers.

        Args:
            name: a glob over the callables' names and qualified names, such as ``"price*"``.
            module: a glob over the names of the modules that define them.
            kind: python, opaque or c.
            outcome: return, raise, open, suspended or unknown; or several of them.
            track: a row of ``tracks`` or a thread's name.
            after: calls that began at this time or later; any time that ``at()`` takes.
            before: calls that began at this time or earlier.
            min_duration: seconds, a Timedelta or a text such as ``"1ms"``.
            max_duration: likewise.
            where: argument names and the values that they had at the call's entry, or functions that say whether a
                captured value is wanted.

        Raises:
            ValueError: a condition cannot be understood.
            LookupError: there is no such track.
            UnknownValue: arguments were not captured.
            OutOfRange: a time is outside the recording.
        """
        rows = find_calls(
            self.contents,
            name=name,
            module=module,
            kind=kind,
            outcome=outcome,
            track=track,
            after=after,
            before=before,
            min_duration=min_duration,
            max_duration=max_duration,
            where=where,
        )
        return self.contents.calls.iloc[rows]

    def history(self, what: Any, name: Any = None) -> pd.DataFrame:
        """How a variable, or what is in an object, went.

        Args:
            what: the name of a variable, such as ``"total"``, or ``"f:total"`` for the local of f (f may be a glob, or
                a module's name), or a path such as ``"self.balance"``; or an object: a captured value, an address, or
                the object itself if it still lives.
            name: of an object the attribute, index or key that is meant; without it, the object as a whole.

        Returns:
            One row for each value that it got, and for each change of what is in it as far as a look at it goes; the
            columns are described in ``schema.HISTORY_COLUMNS``. A line that gave it the value that it had already has
            no row.

        Raises:
            OptionError: it is neither.
            UnknownValue: it was not captured. The error says why, and what was.
        """
        if not isinstance(what, str):
            return history_of_object(self.contents, what, name)
        if name is not None:
            raise OptionError("what", what, f"give an object for the history of its {name!r}, or '{what}.{name}'")
        return history_of_name(self.contents, what)

    def last_write(self, name: str, before: Any = None) -> NamedWrite:
        """The write that gave a value: where it came from.

        Args:
            name: a variable, such as ``"total"`` or ``"f:total"``, or what leads from one to what is in it, such as
                ``"self.balance"`` or ``"cart[0].price"``.
            before: the moment at which the value was there, or any time that ``at()`` takes, or a write, before which
                the one before is meant. The variable is looked for in the selected frame and those that called it,
                each with its module; where none has it, it is the one of this name that was written last. Without it,
                that is the one.

        Raises:
            OptionError: it is no such name, or the moment is one of another recording.
            UnknownValue: it is not known, as where it was before the horizon.
        """
        if isinstance(before, NamedWrite) and name == before.name:
            return before.previous()
        return last_write(self.contents, name, self._moment(before))

    def why(self, name: str, before: Any = None, depth: int = DEPTH) -> Why:
        """The chain of writes that led to a value: the last one, the last ones of what that line read, and so on.

        What a line reads is found in its source as it was recorded. Arguments lead to the line that made the call, and
        calls to the line that returned.

        Args:
            name: as for ``last_write()``.
            before: as for ``last_write()``.
            depth: how many writes there are one behind the other at the most.

        Raises:
            OptionError: it is no such name, or the depth cannot be used.
            UnknownValue: the write that gave the value is not known.
        """
        return why(self.contents, name, self._moment(before), depth)

    @overload
    def when(
        self, condition: str, function: str | None = None, all: Literal[False] = False, progress: bool = True
    ) -> Moment: ...
    @overload
    def when(
        self, condition: str, function: str | None = None, *, all: Literal[True], progress: bool = True
    ) -> Moments: ...
    def when(
        self, condition: str, function: str | None = None, all: bool = False, progress: bool = True
    ) -> Moment | Moments:
        """The first moment at which a condition held, or all of them.

        It is looked at whenever a line begins, and as a call ends, in the functions that have all its names as locals
        or as names of their module. Captured values only are looked at; no code of the program runs.

        Args:
            condition: such as ``"x > 5 and len(queue) > 10"``. Names, constants, attributes, items, comparisons,
                ``and``, ``or``, ``not``, arithmetic, ``x if c else y``, and the functions len, min, max, sum, abs, any,
                all, sorted and isinstance (by the type's name) can stand in it, and nothing else.
            function: a glob over the names of the functions; without it, all.
            all: give all moments, one for each line that began while it held.
            progress: show a bar if it takes longer than a second.

        Returns:
            The moment; or, with ``all``, the moments, with a DataFrame in ``table`` and the counts in ``tally``.

        Raises:
            ExpressionError: the condition is not of this language. The error says what, and at which column.
            UnknownValue: values of a name in it were never captured.
            NeverHeld: the first moment was asked for, and there is none.

        Warns:
            UnknownLines: it may have held before the first moment, where values are not known.
        """
        if all:
            return when.every(self.contents, condition, function, progress)
        return when.first(self.contents, condition, function, progress)

    def log(self, location: str, expressions: str) -> Printed:
        """What a print on a line would have printed, each time the line was about to run.

        Args:
            location: file and line, such as ``"pricing.py:12"`` or ``"In[3]:2"``; or a function and a line of its file,
                such as ``"price:12"``.
            expressions: what would have been printed, such as ``"x, total"``, in the language of ``when()``.

        Returns:
            The values of each time, with the text in ``text`` and a DataFrame in ``table``.

        Raises:
            OptionError: there is no such file, function or line. The error names those near it.
            ExpressionError: an expression is not of this language.
            UnknownValue: a name was not captured there, or no lines were.
        """
        return Printed(self.contents, location, expressions)

    def diff(self, other: Recording) -> Divergence:
        """Where two runs of the same code first did something else, or had other values.

        Lines are compared track by track, by function and line; values as they are but for the addresses of objects.

        Args:
            other: the recording of another run.

        Raises:
            OptionError: it is no recording.
            UnknownValue: lines were not captured in both.
        """
        if not isinstance(other, Recording):
            raise OptionError("other", other, "give another recording, such as scope.recordings[0]")
        return Divergence(self.contents, other.contents)

    def _moment(self, before: Any) -> Moment | None:
        if before is None:
            return None
        if isinstance(before, NamedWrite):
            before = before.moment
        if not isinstance(before, Moment):
            return self.at(before)
        if before.contents is not self.contents:
            raise OptionError("before", time_text(before.time_ns), "it is a moment of another recording")
        return before

    def tree(self, lines: int = 40, track: int | str | None = None) -> CallTree:
        """The call tree in text.

        Args:
            lines: how many calls are shown at the most; those that took longest are.
            track: a row of ``tracks`` or a thread's name; without it, all.

        Raises:
            OptionError: lines is less than 1.
            LookupError: there is no such track.
        """
        contents = self.contents
        return CallTree(contents, lines, None if track is None else contents.tracks.find(track))

    def timeline(self) -> Timeline:
        """The calls on their tracks, under a time cursor: a widget for notebooks.

        All timelines of a recording share the cursor; ``timeline.moment`` is the moment at which it stands.

        Raises:
            StillRecording: the recording has not ended.
            DamagedLog: its log cannot be read.
        """
        from scope_repl.widgets.timeline import Timeline  # only those who look need the widgets' libraries

        return Timeline(self)

    def summary(self, kind: str = "icicle") -> Summary:
        """Where the time went: the self time by module and function, as a plotly figure and a table.

        Args:
            kind: ``"icicle"`` or ``"treemap"``.

        Raises:
            OptionError: there is no such kind.
        """
        from scope_repl.widgets.summary import Summary

        return Summary(self, kind)

    def to_html(self, path: str | PathLike[str]) -> Path:
        """Write the timeline into one HTML file that opens in any browser, without a network.

        Args:
            path: the file; ``~`` is the home folder. What is there is replaced.

        Returns:
            The file's absolute path. It has at most 2 MB whatever was recorded: the longest calls are whole in it, and
            short ones are merged with their neighbours.

        Raises:
            UnwritablePath: the file cannot be written there.
        """
        from scope_repl.widgets.page import write_page

        return write_page(self, path)

    def __repr__(self) -> str:
        if not self.finished:
            return "<Recording, still running>"
        stats = self.stats
        return (
            f"<Recording of {duration_text(stats.duration_ns)}: {len(self.contents.spans.start):,} calls, "
            f"{stats.stored:,} events on {len(self.contents.tracks)} tracks, {stats.dropped:,} dropped>"
        )
