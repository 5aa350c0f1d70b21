"""pyttd (py-tt-debug on PyPI): a time-travel debugger that records lines and locals, and writes them to SQLite from a
thread of its own. Its process snapshots for replaying are off: what is measured is recording.

Its wheel brings an SQLite of its own, which ruins the file that Python's has open beside it, so that recording fails:
build it with `pip install --no-binary py-tt-debug py-tt-debug`. What its thread does not get written in time it drops,
uncounted; that is why the rows of its file are counted.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from pyttd.config import PyttdConfig
from pyttd.recorder import Recorder

from benchmarks.hooks import Context, Size


class Run:
    def __init__(self) -> None:
        self.bytes = self.stored = self.seen = 0


@contextmanager
def recording(context: Context) -> Iterator[Run]:
    run = Run()
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder, "run.db")
        recorder = Recorder(PyttdConfig(checkpoint_interval=0))
        recorder.start(str(database), attach=True)
        try:
            yield run
        finally:
            run.seen = recorder.stop()["frame_count"]
            recorder.cleanup()
        with closing(sqlite3.connect(database)) as connection:
            run.stored = connection.execute("select count(*) from executionframes").fetchone()[0]
        run.bytes = database.stat().st_size


def size(run: Run) -> Size:
    return Size(run.bytes, run.stored / run.seen)
