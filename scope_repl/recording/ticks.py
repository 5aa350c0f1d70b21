from __future__ import annotations

from scope_repl.model import Clock


def clock_ns(clock: Clock, tick: int) -> int:
    """A tick as nanoseconds since the recording's start, as the native reader computes it; 0 for what was earlier.

    Args:
        clock: the log's clock.
        tick: the clock's reading.
    """
    return max(0, int((tick - clock.start) * clock.ns_per_tick))
