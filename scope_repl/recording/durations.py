from __future__ import annotations

_UNITS = ((1_000_000_000, "s"), (1_000_000, "ms"), (1_000, "µs"))


def duration_text(ns: int) -> str:
    """A duration for reading, with three digits and a fitting unit.

    Args:
        ns: nanoseconds.
    """
    for size, unit in _UNITS:
        if abs(ns) >= size:
            value = ns / size
            decimals = max(0, 2 - (len(str(int(abs(value)))) - 1))
            return f"{value:.{decimals}f} {unit}"
    return f"{ns} ns"


def time_text(ns: int) -> str:
    """A time of the recording for reading: seconds since its start, to the nanosecond.

    Args:
        ns: nanoseconds since the recording's start.
    """
    seconds, rest = divmod(ns, 1_000_000_000)
    return f"{seconds}.{rest:09d} s"
