"""What the live side hands to the reading side, as plain, immutable data: a log and what its numbers stand for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from scope_repl.schema import CodeFlag


@dataclass(frozen=True, slots=True)
class Code:
    """A callable, as the log knows it by number.

    ``lines`` is CPython's ``co_linetable`` (PEP 626 location table) and ``first_line`` its start; empty and 0 for C
    callables. ``arguments`` names the captured arguments in the order of their values, ``slots`` all locals of a frame,
    the arguments first. ``level`` is how much was captured of it. ``binds`` tells which locals each line may bind, as
    int32: the line, how many they are, their keys as in a LINE record, the next line. Empty where that is not known.
    """

    name: str
    qualname: str
    module: str
    file: str
    first_line: int
    flags: CodeFlag
    arguments: tuple[str, ...] = ()
    lines: bytes = b""
    level: str = "off"
    slots: tuple[str, ...] = ()
    binds: bytes = b""


@dataclass(frozen=True, slots=True)
class Thread:
    """An OS thread that took part. Times are in ticks; 0 where the start or the end was not seen."""

    name: str
    ident: int
    native_id: int
    start: int
    end: int
    stored: int
    dropped: int


@dataclass(frozen=True, slots=True)
class Clock:
    """How ticks become time: ``ns = (tick - start) * ns_per_tick``.

    ``wall_ns`` is the wall clock (ns since 1970) at ``start``.
    """

    start: int
    end: int
    ns_per_tick: float
    wall_ns: int


@dataclass(frozen=True, slots=True)
class CellRun:
    """One execution of one notebook cell, with the cell's source as it was then. Times are in ticks."""

    number: int | None
    source: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Log:
    """A finished recording as the tracer left it, in the format of ``_native/event.h``.

    ``chunks`` is a pool of chunks of ``schema.CHUNK_BYTES``; unused ones have sequence 0. ``keyframes`` has for each
    thread the records (OPEN, SUSPENDED) of the state from which its chunks can be read. ``horizon`` is the earliest
    tick that is still knowable, ``end_known`` for each thread the last (``clock.end`` unless newest events were
    dropped). ``sources`` has the texts of source files as they were when the recording ended, by file name; some may be
    absent. ``changed_files`` names those of them that were written after the process began. ``titles`` has the names,
    such as ``In[3]``, of files that are cells of a notebook. ``watched`` has the addresses of the instances that were
    watched one by one.
    """

    chunks: memoryview
    keyframes: tuple[bytes, ...]
    threads: tuple[Thread, ...]
    codes: Mapping[int, Code]
    clock: Clock
    horizon: int
    end_known: tuple[int, ...]
    level: str
    hook: str
    overflow: str
    buffer_bytes: int
    stored: int
    dropped: int
    notes: tuple[str, ...] = ()
    cost_ns: float = 0.0
    cells: tuple[CellRun, ...] = field(default=())
    sources: Mapping[str, str] = field(default_factory=dict)
    changed_files: frozenset[str] = frozenset()
    titles: Mapping[str, str] = field(default_factory=dict)
    watched: tuple[int, ...] = ()
