"""One process of a measurement: a workload, untraced and then under one hook. Prints its times as JSON."""

from __future__ import annotations

import gc
import json
import sys
import time

from benchmarks.hooks import CONTENDERS, Context, Events
from benchmarks.hooks.nothing import count
from benchmarks.workloads import WORKLOADS, Pass

COUNT = "count"
DISTURBED = 0.01  # of a pass spent waiting
TRIES = 5


def timed(run: Pass, passes: int) -> list[int]:
    """Nanoseconds for each of several passes, after one that is not timed.

    A pass in which other processes took the CPU for a good part is run again, up to a limit.
    """
    quiet: list[int] = []
    disturbed: list[int] = []
    run()
    gc.collect()
    while len(quiet) < passes and len(disturbed) < TRIES * passes:
        cpu, start = time.process_time_ns(), time.perf_counter_ns()
        run()
        took, used = time.perf_counter_ns() - start, time.process_time_ns() - cpu
        (quiet if took - used < DISTURBED * took else disturbed).append(took)
    return quiet or disturbed


def measure(workload_name: str, contender_name: str, events: Events, passes: int) -> dict[str, object]:
    workload = WORKLOADS[workload_name]
    run = workload.load()
    if contender_name == COUNT:
        run()
        python_events, c_events = count(events, run)
        return {"python_events": python_events, "c_events": c_events}
    hook = CONTENDERS[contender_name].load()
    gc.collect()
    gc.freeze()  # what was imported until now; the workload's own garbage is collected as ever
    bare = timed(run, passes)
    with hook(Context(events, workload.everything)):
        traced = timed(run, passes)
    return {"bare": bare, "traced": traced}


if __name__ == "__main__":
    workload_name, contender_name, events, passes = sys.argv[1:]
    print(json.dumps(measure(workload_name, contender_name, Events.parse(events), int(passes))))
