"""Records programs with the native tracer itself, below the outer face, and reads the log in plain Python."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from reference import log
from reference.events import Event
from scope_repl import _tracer

MEGABYTE = 1 << 20


class Recorded:
    """The raw log of a block, once it has ended."""

    raw: Any

    def events(self) -> dict[str, list[Event]]:
        return log.events(self.raw, _tracer.type_name)


@contextlib.contextmanager
def recording(
    *patterns: str | Path,
    values: bool = True,
    lines: bool = False,
    c_calls: bool = True,
    max_depth: int = 0,
    buffer_bytes: int = 256 * MEGABYTE,
    drop_newest: bool = False,
) -> Iterator[Recorded]:
    """Record the code of the files that the globs name; without any, all code but this file's own."""
    level = _tracer.LEVELS["lines" if lines else "values" if values else "calls"]
    rules = [(level, "file", str(pattern)) for pattern in patterns]
    recorded = Recorded()
    _tracer.start(
        buffer_bytes=buffer_bytes,
        drop_newest=drop_newest,
        rules=[(_tracer.LEVELS["off"], "file", __file__), *rules],
        default_level=_tracer.LEVELS["off"] if patterns else level,
        c_calls=c_calls,
        max_depth=max_depth,
        thread_entries=[threading.Thread._bootstrap.__code__],  # type: ignore[attr-defined]
        muted_threads=[],
    )
    try:
        yield recorded
    finally:
        recorded.raw = _tracer.stop()
