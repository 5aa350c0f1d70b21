from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, overload

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scope_repl.query.moment import Moment
from scope_repl.schema import MOMENT_COLUMNS

if TYPE_CHECKING:
    from scope_repl.query.tally import Tally
    from scope_repl.recording.contents import Contents


class Moments(Sequence[Moment]):
    """The moments at which a condition held, in the order of time. Each is made when it is asked for.

    Attributes:
        tally: how many lines were looked at, and at how many of them it is not known whether the condition held.
    """

    def __init__(
        self,
        contents: Contents,
        time: NDArray[np.int64],
        call: NDArray[np.int32],
        line: NDArray[np.int32],
        tally: Tally,
    ) -> None:
        self._contents = contents
        self._time = time
        self._call = call
        self._line = line
        self.tally = tally

    def __len__(self) -> int:
        return len(self._time)

    @overload
    def __getitem__(self, index: int) -> Moment: ...
    @overload
    def __getitem__(self, index: slice) -> Moments: ...
    def __getitem__(self, index: int | slice) -> Moment | Moments:
        if isinstance(index, slice):
            return Moments(self._contents, self._time[index], self._call[index], self._line[index], self.tally)
        call = int(self._call[index])
        moment = Moment(self._contents, int(self._time[index]), self._contents.spans.track[call])
        calls = [frame.span for frame in moment.stack()]
        return moment.select(calls.index(call)) if call in calls else moment

    @property
    def table(self) -> pd.DataFrame:
        """One row for each moment; the columns are described in ``schema.MOMENT_COLUMNS``."""
        calls = self._contents.tables.calls
        columns = {
            "time_ns": self._time,
            "line": self._line,
            "function": self._contents.codes.names.column(calls["code"][self._call]),
            "span": self._call,
            "track": calls["track"][self._call],
        }
        return pd.DataFrame({column.name: columns[column.name] for column in MOMENT_COLUMNS})

    def __repr__(self) -> str:
        return f"{self.tally}\n{self.table}" if len(self) else str(self.tally)

    def _repr_html_(self) -> str:
        head = f"<p>{self.tally.html}</p>"
        return f"{head}{self.table.to_html(max_rows=20, index=True)}" if len(self) else head
