"""The targets that Scope set itself, and where in the measurements the answers stand."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.rounds import Heat, Sample, middle

Reading = dict[str, float]


@dataclass(frozen=True)
class Measurements:
    heats: list[Heat]
    reading: Reading | None

    def sample(self, workload: str, events: str, contender: str) -> tuple[Heat, Sample] | None:
        for heat in self.heats:
            if (heat.workload.name, str(heat.events)) == (workload, events):
                for sample in heat.samples:
                    if sample.contender.name == contender and sample.pairs:
                        return heat, sample
        return None

    def nanoseconds(self, workload: str, events: str, contender: str) -> float | None:
        found = self.sample(workload, events, contender)
        return middle(found[1].per_event(found[0].event_count)) if found else None

    def slowdown(self, workload: str, events: str, contender: str = "Scope") -> float | None:
        found = self.sample(workload, events, contender)
        return middle(found[1].slowdowns) if found else None


@dataclass(frozen=True)
class Target:
    what: str
    bound: str
    answer: Callable[[Measurements], str | None]
    applies: bool = True


OLD = sys.version_info < (3, 12)
BARE = ("recursion", "methods", "richards", "deltablue", "chaos", "json-dumps")
PLAIN = ("ints", "floats", "strings")


def nanoseconds(workloads: tuple[str, ...], events: str) -> Callable[[Measurements], str | None]:
    def answer(measurements: Measurements) -> str | None:
        found = [(name, measurements.nanoseconds(name, events, "Scope")) for name in workloads]
        return ", ".join(f"{name} {value:.1f} ns" for name, value in found if value is not None) or None

    return answer


def ratio(workloads: tuple[str, ...], events: str, to: str) -> Callable[[Measurements], str | None]:
    def answer(measurements: Measurements) -> str | None:
        parts = []
        for name in workloads:
            ours, theirs = (measurements.nanoseconds(name, events, who) for who in ("Scope", to))
            if ours is not None and theirs:
                parts.append(f"{name} {ours / theirs:.2f}")
        return ", ".join(parts) or None

    return answer


def slowdown(workload: str, *event_sets: str) -> Callable[[Measurements], str | None]:
    def answer(measurements: Measurements) -> str | None:
        found = [(events, measurements.slowdown(workload, events)) for events in event_sets]
        return ", ".join(f"{events} {value:.2f}" for events, value in found if value is not None) or None

    return answer


def reading(key: str, form: str) -> Callable[[Measurements], str | None]:
    return lambda measurements: form.format(measurements.reading[key]) if measurements.reading else None


TARGETS = [
    target
    for target in [
        Target(
            "bare call or return, to a hook that does nothing",
            "≤ 1.4",
            ratio(BARE, "calls", "no-op monitoring"),
            not OLD,
        ),
        Target(
            "the same, to a hook that only reads the clock",
            "no target",
            ratio(BARE, "calls", "clock-only monitoring"),
            not OLD,
        ),
        Target("the same, to trace0", "< 1", ratio(BARE, "calls", "trace0"), sys.version_info >= (3, 13)),
        Target("bare call or return", "≤ 14 ns" if OLD else "no target", nanoseconds(BARE, "calls")),
        Target(
            "the same, to a frame hook that only reads the clock",
            "no target",
            ratio(BARE, "calls", "clock-only frame hook"),
            OLD,
        ),
        Target(
            "events with C calls, to a profile hook that does nothing",
            "≤ 1.15",
            ratio(("c-calls", *BARE[2:]), "calls+c", "no-op profile hook"),
            OLD,
        ),
        Target("user code that calls library loops, to untraced", "≤ 1.1", slowdown("library", "calls+c", "values+c")),
        Target(
            "event with arguments and results: up to three ints, floats or short strings",
            "no target" if OLD else "≤ 70 ns",
            nanoseconds(PLAIN, "values"),
        ),
        Target(
            "pandas, all code, to untraced",
            "≤ 1.5 with arguments and results",
            slowdown("pandas", "calls+c", "values+c"),
        ),
        Target("memory for a bare event", "8 B", reading("bytes_an_event", "{:.2f} B")),
        Target("spans, indexes and `rec.calls` for 10 million calls", "≤ 2 s", reading("open_s", "{:.2f} s")),
        Target("`at(t).stack()` on them, warm, stack of 20 or more", "≤ 50 µs median", reading("at_us", "{:.1f} µs")),
    ]
    if target.applies
]
