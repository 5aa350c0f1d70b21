from __future__ import annotations

from bisect import bisect_left, bisect_right
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scope_repl.recording.cells import Cells
from scope_repl.recording.codes import Codes
from scope_repl.recording.tables import Columns, Tables
from scope_repl.schema import EVENT_COLUMNS, Kind

_KINDS = pd.Index(["", *(kind.name.lower() for kind in Kind)], dtype=object)
_CHUNKS_KEPT = 32


class Event(NamedTuple):
    """One event, with the columns of ``rec.events``."""

    time_ns: int
    kind: str
    track: int
    call: int
    name: str
    cell: int


class Events:
    """The events of all tracks, read from the log's chunks when they are asked for.

    Args:
        tables: the tables.
        codes: the callables.
        cells: the cell runs.
    """

    def __init__(self, tables: Tables, codes: Codes, cells: Cells) -> None:
        self._tables = tables
        self._codes = codes
        self._cells = cells
        self._chunk_times = tables.index["time"].data
        self._chunk = lru_cache(maxsize=_CHUNKS_KEPT)(lambda position: tables.events(position, position + 1))

    def frame(self) -> pd.DataFrame:
        """All events in the order of time, with the columns of ``schema.EVENT_COLUMNS``."""
        tables = self._tables
        events = tables.events(0, len(tables.chunk_events))
        track = np.repeat(np.arange(len(tables.bounds), dtype=np.int32), self._counts())
        if len(tables.bounds) > 1:
            order = np.argsort(events["time"], kind="stable")
            events = {name: column[order] for name, column in events.items()}
            track = track[order]
        columns: dict[str, Any] = {
            "time_ns": events["time"],
            "kind": pd.Categorical.from_codes(events["kind"].view(np.int8), categories=_KINDS, validate=False),
            "track": track,
            "call": events["call"],
            "name": self._codes.names.column(events["code"]),
            "cell": self._cells.at(events["time"]),
        }
        for column in columns.values():
            if isinstance(column, np.ndarray):
                column.flags.writeable = False
        return pd.DataFrame({column.name: columns[column.name] for column in EVENT_COLUMNS}, copy=False)

    def _counts(self) -> list[int]:
        return [sum(self._tables.chunk_events[b.first_chunk : b.chunk_end]) for b in self._tables.bounds]

    def newest(self, track: int, time_ns: int, *, before: bool = False) -> Event | None:
        """The newest event of a track at or before a time; with ``before``, before it. None if there is none."""
        find = bisect_left if before else bisect_right
        bounds = self._tables.bounds[track]
        position = find(self._chunk_times, time_ns, bounds.first_chunk, bounds.chunk_end)
        while position > bounds.first_chunk:
            position -= 1
            times = self._chunk(position)["time"]
            row = int(np.searchsorted(times, time_ns, "left" if before else "right")) - 1
            if row >= 0:
                return self._event(track, position, row)
        return None

    def next(self, track: int, time_ns: int) -> Event | None:
        """The first event of a track after a time. None if there is none."""
        bounds = self._tables.bounds[track]
        position = bisect_right(self._chunk_times, time_ns, bounds.first_chunk, bounds.chunk_end) - 1
        for at in range(max(position, bounds.first_chunk), bounds.chunk_end):
            times = self._chunk(at)["time"]
            row = int(np.searchsorted(times, time_ns, "right"))
            if row < len(times):
                return self._event(track, at, row)
        return None

    def newest_of(self, track: int, time_ns: int, kinds: frozenset[Kind]) -> Event | None:
        """The newest event of some kinds, of a call, on a track at or before a time. None if there is none."""
        wanted = np.zeros(256, np.bool_)
        wanted[[int(kind) for kind in kinds]] = True
        bounds = self._tables.bounds[track]
        position = bisect_right(self._chunk_times, time_ns, bounds.first_chunk, bounds.chunk_end)
        while position > bounds.first_chunk:
            position -= 1
            chunk: Columns = self._chunk(position)
            end = int(np.searchsorted(chunk["time"], time_ns, "right"))
            rows: NDArray[Any] = np.flatnonzero(wanted[chunk["kind"][:end]] & (chunk["call"][:end] >= 0))
            if len(rows):
                return self._event(track, position, int(rows[-1]))
        return None

    def _event(self, track: int, position: int, row: int) -> Event:
        chunk = self._chunk(position)
        code = int(chunk["code"][row])
        time = chunk["time"][row : row + 1]
        return Event(
            time_ns=int(time[0]),
            kind=_KINDS[int(chunk["kind"][row])],
            track=track,
            call=int(chunk["call"][row]),
            name=self._codes[code].qualname,
            cell=int(self._cells.at(time)[0]),
        )
