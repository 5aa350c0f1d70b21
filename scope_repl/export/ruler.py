from __future__ import annotations

from typing import NamedTuple

_UNITS = ((1_000_000_000, "s"), (1_000_000, "ms"), (1_000, "µs"), (1, "ns"))


class Tick(NamedTuple):
    """A mark on the ruler."""

    time_ns: int
    text: str


def ticks(end_ns: int, most: int) -> list[Tick]:
    """Marks at round times, from 0 to a recording's end, all in one unit.

    Args:
        end_ns: the end.
        most: how many steps there may be at the most; at least 1.
    """
    step = _step(end_ns / most)
    size, unit = next(((size, unit) for size, unit in _UNITS if end_ns >= size), _UNITS[-1])
    decimals = next(count for count in range(10) if step * 10**count % size == 0)
    return [Tick(time, f"{time / size:.{decimals}f} {unit}") for time in range(0, end_ns + 1, step)]


def _step(least: float) -> int:
    """The smallest of 1, 2 and 5 times a power of ten that is not below a length, and not below 1."""
    power = 1
    while power * 10 <= least:
        power *= 10
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= least)
