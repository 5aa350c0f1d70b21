"""Interleaved rounds: each round runs every contender once, in a process of its own, and all meet the same weather."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks.hooks import Contender, Events, Size
from benchmarks.hooks.nothing import Counts
from benchmarks.worker import COUNT, SIZE, TIME
from benchmarks.workloads import Workload


class WorkerError(RuntimeError):
    """A process of a measurement failed; the message holds the end of what it wrote."""


@dataclass
class Sample:
    """What one contender took on one workload: for each round the fastest untraced pass of all processes and its own
    fastest traced pass, in ns; and how large a recording of one pass is, where that is known."""

    contender: Contender
    pairs: list[tuple[int, int]] = field(default_factory=list)
    size: Size | None = None
    failure: str = ""

    @property
    def slowdowns(self) -> list[float]:
        return [traced / bare for bare, traced in self.pairs]

    def per_event(self, events: int) -> list[float]:
        return [(traced - bare) / events for bare, traced in self.pairs]


@dataclass
class Heat:
    """All contenders on one workload and one event set."""

    workload: Workload
    events: Events
    counts: Counts
    samples: list[Sample]

    @property
    def event_count(self) -> int:
        return sum(self.counts)


def run_worker(task: str, workload: Workload, contender: str, events: Events, passes: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.worker", task, workload.name, contender, str(events), str(passes)]
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    if done.returncode != 0:
        *_, reason = [f"exit status {done.returncode}", *done.stderr.strip().splitlines()]
        raise WorkerError(reason)
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def run_heat(
    workload: Workload,
    events: Events,
    contenders: Sequence[Contender],
    rounds: int,
    passes: int,
    report: Callable[[str], None],
) -> Heat:
    counts = Counts(**run_worker(TIME, workload, COUNT, events, passes))
    samples = [Sample(contender) for contender in contenders]
    for number in range(rounds):
        times: list[tuple[Sample, dict[str, list[int]]]] = []
        # Each round starts at another contender, so that none always follows the same one.
        for sample in samples[number % len(samples) :] + samples[: number % len(samples)]:
            report(f"{workload.name}, {events}: round {number + 1} of {rounds}, {sample.contender.name}")
            if not sample.failure:
                try:
                    times.append((sample, run_worker(TIME, workload, sample.contender.name, events, passes)))
                except WorkerError as error:
                    sample.failure = str(error)
        bare = min((duration for _, result in times for duration in result["bare"]), default=0)
        for sample, result in times:
            sample.pairs.append((bare, min(result["traced"])))
    for sample in samples:
        if events.level == "lines" and sample.contender.size and not sample.failure:
            sample.size = Size(**run_worker(SIZE, workload, sample.contender.name, events, passes))
    return Heat(workload, events, counts, samples)


def middle(values: Sequence[float]) -> float:
    return statistics.median(values)
