from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from scope_repl.model import Log, Thread
from scope_repl.recording.tables import Tables
from scope_repl.recording.ticks import clock_ns


class Tracks:
    """The tracks of a recording: its threads, with times in ns.

    Args:
        log: the log.
        tables: its tables.
    """

    def __init__(self, log: Log, tables: Tables) -> None:
        self.threads: tuple[Thread, ...] = log.threads
        self.end_known_ns: list[int] = tables.ends["time"].tolist()
        self._starts = [_seen(log, thread.start) for thread in log.threads]
        self._ends = [_seen(log, thread.end) for thread in log.threads]
        self._calls = np.bincount(tables.calls["track"], minlength=len(log.threads))

    def __len__(self) -> int:
        return len(self.threads)

    def find(self, track: int | str) -> int:
        """The row of a track.

        Args:
            track: its row, or its thread's name.

        Raises:
            LookupError: there is no such track, or more than one of that name.
        """
        if isinstance(track, str):
            rows = [row for row, thread in enumerate(self.threads) if thread.name == track]
            if len(rows) == 1:
                return rows[0]
            names = ", ".join(sorted({thread.name for thread in self.threads}))
            raise LookupError(f"track={track!r}: {len(rows)} tracks have this name; the names are {names}")
        if not 0 <= track < len(self.threads):
            raise LookupError(f"track={track!r}: the tracks are 0 to {len(self.threads) - 1}")
        return int(track)

    def frame(self) -> pd.DataFrame:
        """The tracks as a DataFrame with the columns of ``schema.TRACK_COLUMNS``."""
        columns: dict[str, Any] = {
            "name": pd.array([thread.name for thread in self.threads], dtype="string"),
            "ident": np.array([thread.ident for thread in self.threads], np.uint64).astype(np.int64),
            "native_id": np.array([thread.native_id for thread in self.threads], np.int64),
            "start_ns": np.array(self._starts, np.int64),
            "end_ns": np.array(self._ends, np.int64),
            "end_known_ns": np.array(self.end_known_ns, np.int64),
            "calls": self._calls.astype(np.int64),
            "stored": np.array([thread.stored for thread in self.threads], np.int64),
            "dropped": np.array([thread.dropped for thread in self.threads], np.int64),
        }
        return pd.DataFrame(columns)


def _seen(log: Log, tick: int) -> int:
    return clock_ns(log.clock, tick) if tick else -1
