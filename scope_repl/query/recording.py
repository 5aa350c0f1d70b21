from __future__ import annotations

from collections.abc import Iterable, Mapping
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from scope_repl.errors import StillRecording
from scope_repl.model import Log
from scope_repl.query.instant import instant_ns, instant_track
from scope_repl.query.moment import Moment
from scope_repl.query.search import find_calls
from scope_repl.query.tree import CallTree
from scope_repl.recording.contents import Contents
from scope_repl.recording.durations import duration_text
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
