"""One process of a measurement: a workload, untraced and then under one hook. Prints its times as JSON.

Or the events that the workload has, or how large its recording is."""

from __future__ import annotations

import gc
import json
import sys
import time

from benchmarks.hooks import CONTENDERS, Contender, Context, Events
from benchmarks.hooks.nothing import count
from benchmarks.workloads import WORKLOADS, Pass

COUNT = "count"  # stands for a contender
TIME, SIZE = "time", "size"
DISTURBED = 0.01  # of a pass spent waiting
TRIES = 5
PATIENCE_NS = 8_000_000_000  # for all passes of one kind; two there are in any case


def timed(run: Pass, passes: int) -> list[int]:
    """Nanoseconds for each of several passes, after one that is not timed.

    A pass in which other processes took the CPU for a good part is run again, up to a limit; if there is no quiet one,
    the processor time counts. Of slow passes there are fewer.
    """
    quiet: list[int] = []
    disturbed: list[int] = []
    run()
    gc.collect()
    end = time.perf_counter_ns() + PATIENCE_NS
    while len(quiet) < passes and len(disturbed) < TRIES * passes:
        if time.perf_counter_ns() > end and len(quiet) + len(disturbed) > 1:
            break
        cpu, start = time.process_time_ns(), time.perf_counter_ns()
        run()
        took, used = time.perf_counter_ns() - start, time.process_time_ns() - cpu
        if took - used < DISTURBED * took:
            quiet.append(took)
        else:
            disturbed.append(used)
    return quiet or disturbed


def times(run: Pass, contender: Contender, context: Context, passes: int) -> dict[str, object]:
    hook = contender.load()
    gc.collect()
    gc.freeze()  # what was imported until now; the workload's own garbage is collected as ever
    bare = timed(run, passes)
    with hook(context):
        traced = timed(run, passes)
    return {"bare": bare, "traced": traced}


def size(run: Pass, contender: Contender, context: Context) -> dict[str, object]:
    """How large a recording of one pass is."""
    run()
    with contender.load()(context) as recording:
        run()
    return contender.load_size()(recording)._asdict()


def measure(task: str, workload_name: str, contender_name: str, events: Events, passes: int) -> dict[str, object]:
    workload = WORKLOADS[workload_name]
    run = workload.load()
    if contender_name == COUNT:
        run()
        return count(events, run)._asdict()
    context = Context(events, workload.everything)
    contender = CONTENDERS[contender_name]
    return size(run, contender, context) if task == SIZE else times(run, contender, context, passes)


if __name__ == "__main__":
    task, workload_name, contender_name, events, passes = sys.argv[1:]
    print(json.dumps(measure(task, workload_name, contender_name, Events.parse(events), int(passes))))
