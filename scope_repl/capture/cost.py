"""What recording costs: the time of an event and of a captured byte, measured in this process."""

from __future__ import annotations

import functools
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass

from scope_repl import _tracer
from scope_repl.config import SMALLEST_BUFFER

CALLS = 400
ROUNDS = 5
BUFFER_BYTES = 64 * SMALLEST_BUFFER

_HEADER = struct.Struct("=IHHIIQQI")  # struct scope_chunk


@dataclass(frozen=True, slots=True)
class Cost:
    """The cost of recording at one level, from which that of a recording is estimated.

    Attributes:
        event_ns: what an event takes.
        byte_ns: what a byte of the log takes besides, by way of the values that it holds.
    """

    event_ns: float
    byte_ns: float

    def of(self, events: int, stored: int, stored_bytes: int) -> float:
        """The time that a recording added to the program, in nanoseconds.

        Args:
            events: the events that it produced.
            stored: those that are stored; the others are taken to have been as large.
            stored_bytes: the bytes that these take.
        """
        return events * (self.event_ns + self.byte_ns * stored_bytes / max(stored, 1))


class _Sample:
    """An object such as programs pass around."""

    def __init__(self) -> None:
        self.name = "sample"
        self.numbers = [1, 2.5, 300, 40_000]
        self.tags = {"colour": "green", "size": 7}


@functools.cache
def measure(level: str) -> Cost:
    """Measure what recording at a level costs here: what loops of calls take longer when they are recorded.

    It is done once a process for each level, in recordings of a few milliseconds together.

    Args:
        level: the level.

    Returns:
        The cost; for level ``"off"`` none.

    Raises:
        RuntimeError: a recorder is running, or other tools hold all that it could hook into.
        MemoryError: there is no memory for its log.
    """
    if level == "off":
        return Cost(0.0, 0.0)
    small_ns, small_bytes = _event(level, 1)
    if level == "lines":  # a large value that stays the same costs a look and no bytes
        byte_ns = measure("values").byte_ns
    else:
        large_ns, large_bytes = _event(level, _Sample())
        added = large_bytes - small_bytes
        byte_ns = max(large_ns - small_ns, 0.0) / added if added else 0.0
    return Cost(max(small_ns - byte_ns * small_bytes, 0.0), byte_ns)


def stored_bytes(chunks: memoryview) -> int:
    """What the stored events of a log take.

    Args:
        chunks: the log's chunks.

    Returns:
        Bytes, without the chunks' headers.
    """
    total = 0
    for start in range(0, len(chunks), _tracer.CHUNK_BYTES):
        _, _, _, _, used, sequence, _, skip = _HEADER.unpack_from(chunks, start)
        total += used - skip if sequence else 0
    return total


def _event(level: str, value: object) -> tuple[float, float]:
    """The nanoseconds and the bytes of an event, where a loop calls a function that takes and returns the value."""
    run = functools.partial(_loop_ns, value)
    bare_ns = _best(run)
    _tracer.start(
        buffer_bytes=BUFFER_BYTES,
        drop_newest=False,
        rules=((_tracer.LEVELS[level], "module", __name__),),
        default_level=_tracer.LEVELS["hidden"],
        c_calls=False,
        max_depth=0,
        thread_entries=(),
        muted_threads=(),
    )
    try:
        recorded_ns = _best(run)
        log = _tracer.stop()
    finally:
        _tracer.abandon()
    events = max(log.stored / ROUNDS, 1)
    return max(recorded_ns - bare_ns, 0) / events, stored_bytes(log.chunks) / max(log.stored, 1)


def _best(run: Callable[[], int]) -> int:
    return min(run() for _ in range(ROUNDS))


def _loop_ns(value: object) -> int:
    start = time.perf_counter_ns()
    for _ in range(CALLS):
        _callee(value)
    return time.perf_counter_ns() - start


def _callee(value: object) -> object:
    return value
