from __future__ import annotations

from functools import cached_property
from threading import Lock

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scope_repl.model import Log
from scope_repl.recording.binds import Binds
from scope_repl.recording.calls import calls_frame
from scope_repl.recording.cells import Cells
from scope_repl.recording.codes import Codes
from scope_repl.recording.events import Events
from scope_repl.recording.lanes import Lanes
from scope_repl.recording.payloads import Payloads
from scope_repl.recording.resolve import Resolver
from scope_repl.recording.slices import Slices
from scope_repl.recording.sources import Sources
from scope_repl.recording.spans import Spans
from scope_repl.recording.state import State
from scope_repl.recording.stats import Stats, read_stats
from scope_repl.recording.tables import read_tables
from scope_repl.recording.ticks import clock_ns
from scope_repl.recording.tracks import Tracks
from scope_repl.recording.watched import Watched


class Contents:
    """All that a log tells: what every question to a recording is answered from. Immutable.

    Args:
        log: the log.

    Raises:
        DamagedLog: the log does not follow its format.
    """

    def __init__(self, log: Log) -> None:
        self.log = log
        self.tables = read_tables(log)
        self.codes = Codes(log.codes, self.tables.reader.largest_id, log.titles)
        self.end_ns = self.tables.end_ns
        self.horizon_ns = clock_ns(log.clock, log.horizon)
        self.cells = Cells(log, self.end_ns)
        self.tracks = Tracks(log, self.tables)
        self.spans = Spans(self.tables)
        self.slices = Slices(self.tables)
        self.events = Events(self.tables, self.codes, self.cells)
        self.payloads = Payloads(self.tables.reader, self.spans, self.codes, log.level, lambda ns: Resolver(self, ns))
        self.sources = Sources(log, self.codes)
        self._lanes: Lanes | None = None
        self._state: State | None = None
        self._building = Lock()

    @cached_property
    def calls(self) -> pd.DataFrame:
        """The calls, with the columns of ``schema.CALL_COLUMNS``."""
        return calls_frame(self.tables, self.codes, self.cells)

    @cached_property
    def event_table(self) -> pd.DataFrame:
        """The events, with the columns of ``schema.EVENT_COLUMNS``."""
        return self.events.frame()

    @cached_property
    def stats(self) -> Stats:
        """The facts about the recording."""
        return read_stats(self.log, self.tables.reader.used_bytes, self.end_ns, self.tables.ignored)

    @property
    def lanes(self) -> Lanes:
        """The level-of-detail store; it is built when it is first asked for, by whichever thread asks."""
        with self._building:
            if self._lanes is None:
                self._lanes = Lanes(self.tables)
            return self._lanes

    @property
    def state(self) -> State:
        """Lines, locals, names, objects and output; read when they are first asked for, by whichever thread asks."""
        with self._building:
            if self._state is None:
                self._state = State(self.log, self.tables)
            return self._state

    @cached_property
    def watched(self) -> Watched:
        """The writes to attributes of watched objects."""
        return Watched(self.state, self.end_ns, self.log.watched)

    @cached_property
    def binds(self) -> Binds:
        """Which locals the lines of functions may bind."""
        return Binds(self.log.codes)

    @cached_property
    def suspending_calls(self) -> NDArray[np.intp]:
        """The rows of the calls of generators and coroutines."""
        return np.flatnonzero(self.codes.suspends[self.tables.calls["code"]])
