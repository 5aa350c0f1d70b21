"""The native tracer: observes, stamps, interns, encodes, stores. One recorder a process; every call needs the GIL."""

from collections.abc import Callable, Sequence
from types import CodeType
from typing import Any, Final

LOG_VERSION: Final[int]
CHUNK_BYTES: Final[int]
PAYLOAD_MAX: Final[int]
KINDS: Final[dict[str, int]]
LEVELS: Final[dict[str, int]]  # "off", "calls", "values", "lines"; "hidden": not even a span where it is called
HOOK: Final[str]  # "sys.monitoring" or "frame evaluation"

class RawLog:
    """What a recording leaves behind. Owns the pool's memory; the memory is freed with the last view of it."""

    chunks: memoryview
    keyframes: tuple[bytes, ...]
    # (name, ident, native id, start, end, end_known, stored, dropped) for each thread; times in ticks
    threads: list[tuple[str, int, int, int, int, int, int, int]]
    # id -> (name, qualname, module, file, first line, flags, argument names, line table, level, names of all locals,
    # what each line binds, as model.Code.binds says)
    codes: dict[int, tuple[Any, ...]]
    # (start tick, end tick, nanoseconds a tick, wall clock in ns at the start)
    clock: tuple[int, int, float, int]
    horizon: int
    stored: int
    dropped: int
    notes: tuple[str, ...]
    hook: str
    compared: int  # how many times an object was compared with its last version

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

def look(object: Any, /) -> None:
    """Look at an object now: its content is written if it differs from what the log holds; when recording."""

def look_namespace(module: str, namespace: dict[str, Any], hidden: frozenset[str], /) -> None:
    """Look at a module's variables now, but for the hidden ones: those that differ are written."""

def type_name(id: int, /) -> tuple[str, str]:
    """(module, qualified name) of an interned type."""

def is_secret(name: str, /) -> bool: ...
def set_secrets(words: tuple[str, ...], /) -> None: ...
def watch(thing: object, /) -> None:
    """Watch an instance, or all instances of a class, until `unwatch` is called.

    While a recorder runs, each write and delete of their attributes is recorded, and their state now. It holds nothing
    strongly, and runs no code of the program's. Raises TypeError for what cannot be watched.
    """

def unwatch() -> None:
    """Watch nothing any more: classes are as they were."""

def watched() -> list[int]:
    """The addresses of the instances that are watched, and still there."""

def look_at_watched(objects: list[Any], /) -> None:
    """Look at those of the objects that are watched. Nothing when not recording."""

def find(namespace: dict[str, Any], path: tuple[str, ...], /) -> Any:
    """What a name of a namespace stands for, or an attribute behind it, as stored; LookupError if there is none."""

def watch_later(path: tuple[str, ...], /) -> None:
    """Watch what a path leads to as soon as it is there: a module's name, a variable's, names of attributes."""

def waiting() -> list[tuple[str, ...]]:
    """The paths of `watch_later` that have led nowhere so far."""

def output(stream: int, text: str, /) -> None:
    """Record a text that is shown: 1 stdout, 2 stderr, 3 display, 4 result. Nothing when not recording."""

def tap(function: Callable[..., Any], stream: int, /) -> Callable[..., Any]:
    """A stand-in for a function that shows a text: it calls the function, and records the text if that succeeds.

    For streams 1 and 2 the text is the only argument; for 3 and 4 it is the item "text/plain" of the first argument, or
    of ``data``. Stream 0 records nothing. What another stand-in shows meanwhile on stdout (on stderr for stream 2) is
    not recorded.
    """
