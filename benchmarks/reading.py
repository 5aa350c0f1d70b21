"""Reading a recording of many calls: its tables, and moments with a stack twenty deep. A process of its own."""

from __future__ import annotations

import json
import random
import statistics
import sys
import time

import scope_repl
from scope_repl.query.recording import Recording

DEPTH = 20
CALLS_A_TREE = 1_000
MOMENTS = 2_000


def leaf(n: int) -> int:
    return n


def bottom(leaves: int) -> None:
    for n in range(leaves):
        leaf(n)


def descend(depth: int, leaves: int) -> None:
    if depth > 2:
        descend(depth - 1, leaves)
    else:
        bottom(leaves)


def grow(calls: int) -> None:
    """Call trees of a thousand calls each; all but a few of the calls are the innermost of a stack twenty deep."""
    for _ in range(calls // CALLS_A_TREE):
        descend(DEPTH - 1, CALLS_A_TREE - DEPTH + 1)


def record(calls: int) -> Recording:
    """A recording of so many calls, with a buffer that holds all of them."""
    with scope_repl.record(level="calls", all=True, c_calls=False, buffer=f"{calls // 40_000 + 64}MB") as recording:
        grow(calls)
    return recording


def measure(calls: int) -> dict[str, float]:
    recording = record(calls)
    start = time.perf_counter_ns()
    table = recording.calls
    opened = time.perf_counter_ns()
    python_calls = table[table["depth"] >= DEPTH - 1]
    rows = random.Random(7).sample(range(len(python_calls)), MOMENTS)
    middles = ((python_calls["start_ns"] + python_calls["end_ns"]) // 2).to_numpy()[rows].tolist()
    times, depths = [], []
    for moment in middles:
        before = time.perf_counter_ns()
        stack = recording.at(moment, unit="ns").stack()
        times.append(time.perf_counter_ns() - before)
        depths.append(len(stack))
    stats = recording.stats
    return {
        "calls": len(table),
        "open_s": (opened - start) / 1e9,
        "at_us": statistics.median(times[MOMENTS // 10 :]) / 1e3,
        "depth": statistics.median(depths),
        "bytes_an_event": stats.bytes / stats.stored,
    }


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]))))
