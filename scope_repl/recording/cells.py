from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scope_repl.model import Log
from scope_repl.recording.ticks import clock_ns


class Cells:
    """The cell runs of a recording, in the order of their starts.

    Args:
        log: the log.
        end_ns: the recording's end.
    """

    def __init__(self, log: Log, end_ns: int) -> None:
        clock = log.clock
        self._runs = sorted(log.cells, key=lambda run: run.start)
        self._starts = np.array([clock_ns(clock, run.start) for run in self._runs], np.int64)
        ends = [clock_ns(clock, run.end) if run.end else end_ns for run in self._runs]
        self._ends = np.array(ends, np.int64)

    @cached_property
    def boundaries(self) -> list[int]:
        """When runs begin and end, in ns since the recording's start, in the order of time."""
        return sorted([*self._starts.tolist(), *self._ends.tolist()])

    def at(self, times: NDArray[np.int64]) -> NDArray[np.int32]:
        """The row of the cell run in which each time lies, or -1.

        Args:
            times: nanoseconds since the recording's start.
        """
        if not self._runs:
            return np.full(len(times), -1, np.int32)
        row = np.searchsorted(self._starts, times, side="right").astype(np.int32)
        row -= 1
        row[times > self._ends[row]] = -1
        return row

    def frame(self) -> pd.DataFrame:
        """The cell runs as a DataFrame with the columns of ``schema.CELL_COLUMNS``."""
        columns: dict[str, Any] = {
            "number": pd.array([run.number for run in self._runs], dtype="Int64"),
            "source": pd.array([run.source for run in self._runs], dtype="string"),
            "start_ns": self._starts,
            "end_ns": self._ends,
        }
        return pd.DataFrame(columns)
