from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scope_repl._reader import Reader
from scope_repl.errors import DamagedLog
from scope_repl.model import Log
from scope_repl.schema import CodeFlag

Columns = dict[str, NDArray[Any]]

_CALLS = {
    "start": np.int64,
    "end": np.int64,
    "self": np.int64,
    "code": np.int32,
    "parent": np.int32,
    "depth": np.int32,
    "track": np.int32,
    "outcome": np.uint8,
    "seen": np.uint8,
}
_PLACES = {"entry": np.uint32, "exit": np.uint32}
_SLICES = {"start": np.int64, "end": np.int64, "call": np.int32, "parent": np.int32, "depth": np.int32}
_INDEX = {"time": np.int64, "top": np.int32, "next_row": np.int32}
_ENDS = {"time": np.int64, "top": np.int32}
_EVENTS = {"time": np.int64, "kind": np.uint8, "code": np.int32, "call": np.int32, "place": np.uint32}
_SUSPENDS = CodeFlag.GENERATOR | CodeFlag.COROUTINE | CodeFlag.ASYNC_GENERATOR


@dataclass(frozen=True, slots=True)
class Bounds:
    """Where one track's chunks and slices stand in the tables."""

    first_chunk: int
    chunk_end: int
    first_slice: int
    slice_end: int


@dataclass(frozen=True, slots=True)
class Tables:
    """A log's calls, slices and chunks as columns, as ``_reader.pyi`` describes them.

    ``slices["call"]`` is there only when a call can have more than one slice, that is when ``plain`` is false.
    """

    reader: Reader
    calls: Columns
    slices: Columns
    index: Columns
    ends: Columns
    bounds: tuple[Bounds, ...]
    chunk_events: tuple[int, ...]
    end_ns: int
    ignored: int

    @property
    def plain(self) -> bool:
        """Whether calls and slices are the same rows."""
        return "call" not in self.slices

    def events(self, first: int, last: int) -> Columns:
        """The events of the chunks from ``first`` to before ``last``, in the order of the log."""
        rows = sum(self.chunk_events[first:last])
        events = _allocate(_EVENTS, rows)
        try:
            self.reader.events(first, last, events, self.calls, self.slices, self.index)
        except ValueError as error:
            raise DamagedLog(f"the log cannot be read: {error}") from None
        return events


def _allocate(columns: dict[str, type[Any]], rows: int) -> Columns:
    return {name: np.empty(rows, dtype) for name, dtype in columns.items()}


def _suspends(log: Log, largest: int) -> bytes:
    flags = bytearray(largest + 1)
    for number, code in log.codes.items():
        if number <= largest:
            flags[number] = bool(code.flags & _SUSPENDS)
    return bytes(flags)


def _closing(log: Log) -> int:
    """The number of the exception type that ends a generator which is closed, or 0 if none was."""
    types = (
        number for number, code in log.codes.items() if code.flags & CodeFlag.TYPE and code.name == "GeneratorExit"
    )
    return next(types, 0)


def read_tables(log: Log) -> Tables:
    """Replay a log into tables.

    Raises:
        DamagedLog: the log does not follow its format.
    """
    try:
        return _read(log)
    except (ValueError, OverflowError, TypeError) as error:
        raise DamagedLog(f"the log cannot be read: {error}") from None


def _read(log: Log) -> Tables:
    clock = log.clock
    if len(log.end_known) != len(log.keyframes) or len(log.threads) != len(log.keyframes):
        raise ValueError(f"{len(log.threads)} threads, {len(log.keyframes)} keyframes, {len(log.end_known)} known ends")
    reader = Reader(log.chunks, log.keyframes, clock.start, clock.end, clock.ns_per_tick)
    calls = _allocate(_CALLS | _PLACES if reader.payloads else _CALLS, reader.call_rows)
    slices = {} if reader.plain else _allocate(_SLICES, reader.slice_rows)
    chunk_events = tuple(reader.chunk_events())
    index = _allocate(_INDEX, len(chunk_events))
    ends = _allocate(_ENDS, len(log.threads))
    end_known = np.array(log.end_known, np.uint64)
    rows, ignored, end_ns = reader.replay(
        calls, slices, index, ends, _suspends(log, reader.largest_id), _closing(log), end_known
    )
    calls = {name: column[:rows] for name, column in calls.items()}
    if reader.plain:
        slices = {name: calls[name] for name in ("start", "end", "parent", "depth")}
    for column in (*calls.values(), *slices.values(), *index.values(), *ends.values()):
        column.flags.writeable = False
    bounds = tuple(Bounds(*row) for row in reader.tracks())
    return Tables(reader, calls, slices, index, ends, bounds, chunk_events, end_ns, ignored)
