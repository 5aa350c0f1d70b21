"""trace0: a Rust tracer on sys.monitoring that writes a file from a thread of its own. It does not see C calls."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from trace0 import Tracer

from benchmarks.hooks import Context


@contextmanager
def recording(context: Context) -> Iterator[object]:
    with (
        tempfile.TemporaryDirectory() as folder,
        Tracer(str(Path(folder, "trace.pb")), trace_subprocesses=False) as tracer,
    ):
        yield tracer
