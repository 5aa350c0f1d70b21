"""The level-of-detail store and the HTML file of a recording of many calls. A process of its own."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.reading import record


def measure(calls: int) -> dict[str, float]:
    recording = record(calls)
    contents = recording.contents
    count = len(recording.calls)
    began = time.perf_counter()
    lanes = contents.lanes
    built = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "recording.html"
        before = time.perf_counter()
        recording.to_html(path)
        written = time.perf_counter()
        size = path.stat().st_size
    return {
        "calls": count,
        "build_s": built - began,
        "bytes_a_call": lanes.nbytes / count,
        "html_s": written - before,
        "html_bytes": size,
    }


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]))))
