"""What recording costs: the time of an event and of a captured byte, measured in this process."""

from __future__ import annotations

import functools
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

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
        look_ns: what it takes to compare an object with its last version; 0 where objects are not looked at.
    """

    event_ns: float
    byte_ns: float
    look_ns: float

    def of(self, events: int, stored: int, stored_bytes: int, compared: int) -> float:
        """The time that a recording added to the program, in nanoseconds.

        Args:
            events: the events that it produced.
            stored: those that are stored; the others are taken to have been as large.
            stored_bytes: the bytes that these take.
            compared: how many times an object was compared.
        """
        return events * (self.event_ns + self.byte_ns * stored_bytes / max(stored, 1)) + compared * self.look_ns


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
        return Cost(0.0, 0.0, 0.0)
    small, large = _loop(level, 1), _loop(level, _Sample())
    if level == "lines":  # a large value that stays the same costs a look and no bytes
        byte_ns = measure("values").byte_ns
        event_ns = max(small.ns / small.events - byte_ns * small.bytes / small.events, 0.0)
        look_ns = max(large.ns - small.ns, 0.0) / max(large.compared, 1)
        return Cost(event_ns, byte_ns, look_ns)
    small_bytes, added = small.bytes / small.events, large.bytes / large.events - small.bytes / small.events
    byte_ns = max(large.ns / large.events - small.ns / small.events, 0.0) / added if added > 0 else 0.0
    return Cost(max(small.ns / small.events - byte_ns * small_bytes, 0.0), byte_ns, 0.0)


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


class _Recorded(NamedTuple):
    """What recording a loop took more than it takes alone, and what came of it."""

    ns: float
    events: float
    bytes: float
    compared: float


def _loop(level: str, value: object) -> _Recorded:
    """Of a loop that calls a function which takes and returns the value."""
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
    found = (max(log.stored, 1), stored_bytes(log.chunks), log.compared)
    return _Recorded(max(recorded_ns - bare_ns, 0), *(number / ROUNDS for number in found))


def _best(run: Callable[[], int]) -> int:
    return min(run() for _ in range(ROUNDS))


def _loop_ns(value: object) -> int:
    start = time.perf_counter_ns()
    for _ in range(CALLS):
        _callee(value)
    return time.perf_counter_ns() - start


def _callee(value: object) -> object:
    return value
