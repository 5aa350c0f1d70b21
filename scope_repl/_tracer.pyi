"""The native tracer: observes, stamps, interns, encodes, stores. One recorder a process; every call needs the GIL."""

from collections.abc import Sequence
from types import CodeType
from typing import Any, Final

LOG_VERSION: Final[int]
CHUNK_BYTES: Final[int]
PAYLOAD_MAX: Final[int]
KINDS: Final[dict[str, int]]
LEVELS: Final[dict[str, int]]  # "off", "calls", "values"; "hidden": not even a span where it is called
HOOK: Final[str]  # "sys.monitoring" or "frame evaluation"

class RawLog:
    """What a recording leaves behind. Owns the pool's memory; the memory is freed with the last view of it."""

    chunks: memoryview
    keyframes: tuple[bytes, ...]
    # (name, ident, native id, start, end, end_known, stored, dropped) for each thread; times in ticks
    threads: list[tuple[str, int, int, int, int, int, int, int]]
    # id -> (name, qualname, module, file, first line, flags, argument names, line table)
    codes: dict[int, tuple[str, str, str, str, int, int, tuple[str, ...], bytes]]
    # (start tick, end tick, nanoseconds a tick, wall clock in ns at the start)
    clock: tuple[int, int, float, int]
    horizon: int
    stored: int
    dropped: int
    notes: tuple[str, ...]
    hook: str

def start(
    *,
    buffer_bytes: int,
    drop_newest: bool,
    rules: Sequence[tuple[int, str, str]],
    default_level: int,
    c_calls: bool,
    max_depth: int,
    thread_entries: Sequence[CodeType],
    muted_threads: Sequence[int],
) -> None:
    """Start recording in every thread.

    rules: (level, "module" or "file", glob), the first that matches a code object decides its level; default_level for
    the rest. max_depth: 0 for no limit.
    thread_entries: code objects whose entry and exit are a thread's start and end.
    muted_threads: idents of threads that are left out.
    Raises RuntimeError when a recorder is running or no monitoring tool id is free (the holders are its arguments),
    ValueError for a buffer smaller than two chunks, MemoryError when the buffer cannot be reserved.
    """

def stop() -> RawLog:
    """Stop and hand over the log. Raises RuntimeError when no recorder is running."""

def abandon() -> None:
    """Stop and forget: for a forked child and for the interpreter's end. No error when nothing is running."""

def running() -> bool: ...
def counts() -> tuple[int, int]:
    """(stored, dropped) events so far."""

def now() -> int:
    """The clock, in ticks."""

def encode(value: Any, redact: bool = False, limit: int = 4096, room: int = 4096, /) -> bytes:
    """The value as the log would hold it, cut to ``limit`` bytes; empty if that takes more than ``room`` bytes."""

def type_name(id: int, /) -> tuple[str, str]:
    """(module, qualified name) of an interned type."""

def is_secret(name: str, /) -> bool: ...
def set_secrets(words: tuple[str, ...], /) -> None: ...
