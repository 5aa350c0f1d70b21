from __future__ import annotations

from dataclasses import asdict, dataclass

import pandas as pd

from scope_repl.model import Log
from scope_repl.recording.durations import duration_text
from scope_repl.recording.ticks import clock_ns


@dataclass(frozen=True, slots=True)
class Stats:
    """The facts about a recording. Times are in ns since the recording's start, sizes in bytes.

    ``produced = stored + dropped``, always. ``horizon_ns`` is the earliest time that is still known. ``bytes`` is what
    the stored events take, ``buffer_bytes`` what they were allowed to. ``cost_ns`` is what recording is measured to
    have cost the program, ``cost_share`` that part of the duration. ``ignored`` counts ends of calls whose beginning is
    not known. ``notes`` says what else the recorder met, such as other tools' hooks.
    """

    level: str
    hook: str
    overflow: str
    duration_ns: int
    horizon_ns: int
    produced: int
    stored: int
    dropped: int
    ignored: int
    bytes: int
    buffer_bytes: int
    cost_ns: float
    cost_share: float
    notes: tuple[str, ...]

    def to_frame(self) -> pd.DataFrame:
        """One row, one column for each fact."""
        return pd.DataFrame([asdict(self)])

    def line(self) -> str:
        """The recording in one line: events, duration, cost and drops."""
        dropped = f"{self.dropped:,} dropped ({self.overflow})" if self.dropped else "none dropped"
        return (
            f"{self.produced:,} events in {duration_text(self.duration_ns)}, "
            f"of which recording took about {duration_text(round(self.cost_ns))}; {dropped}"
        )

    def __str__(self) -> str:
        return (
            f"{self.produced:,} events in {duration_text(self.duration_ns)} ({self.hook}, level {self.level}); "
            f"stored {self.stored:,} in {self.bytes:,} of {self.buffer_bytes:,} bytes, dropped {self.dropped:,} "
            f"({self.overflow}); cost {duration_text(round(self.cost_ns))} ({self.cost_share:.1%})"
        )


def read_stats(log: Log, used_bytes: int, end_ns: int, ignored: int) -> Stats:
    """The facts about a log.

    Args:
        log: the log.
        used_bytes: what its events take.
        end_ns: the recording's end.
        ignored: ends of calls whose beginning is not known.
    """
    return Stats(
        level=log.level,
        hook=log.hook,
        overflow=log.overflow,
        duration_ns=end_ns,
        horizon_ns=clock_ns(log.clock, log.horizon),
        produced=log.stored + log.dropped,
        stored=log.stored,
        dropped=log.dropped,
        ignored=ignored,
        bytes=used_bytes,
        buffer_bytes=log.buffer_bytes,
        cost_ns=log.cost_ns,
        cost_share=log.cost_ns / end_ns if end_ns else 0.0,
        notes=log.notes,
    )
