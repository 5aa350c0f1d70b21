"""The targets that Scope set itself, and where in the measurements the answers stand."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.rounds import Heat, Sample, middle
from benchmarks.table import bytes_a_line

Reading = dict[str, float]


@dataclass(frozen=True)
class Measurements:
    heats: list[Heat]
    reading: Reading

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
LINES = ("still-lines", "local-lines", "appends", "long-list")
BUSY = ("recursion", "methods", "richards")


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


def bytes_of_a_line(workload: str) -> Callable[[Measurements], str | None]:
    def answer(measurements: Measurements) -> str | None:
        found = measurements.sample(workload, "lines", "Scope")
        return f"{text} B" if found and (text := bytes_a_line(*found)) else None

    return answer


def reading(form: str) -> Callable[[Measurements], str | None]:
    def answer(measurements: Measurements) -> str | None:
        try:
            return form.format_map(measurements.reading)
        except KeyError:  # another recording was read
            return None

    return answer


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
        Target("memory for a bare event", "8 B", reading("{bytes_an_event:.2f} B")),
        Target("spans, indexes and `rec.calls` for 10 million calls", "≤ 2 s", reading("{open_s:.2f} s")),
        Target("`at(t).stack()` on them, warm, stack of 20 or more", "≤ 50 µs median", reading("{at_us:.1f} µs")),
        Target("line that changed nothing", "no target" if OLD else "≤ 35 ns", nanoseconds(("still-lines",), "lines")),
        Target(
            "line that changed one simple local",
            "no target" if OLD else "≤ 70 ns",
            nanoseconds(("local-lines",), "lines"),
        ),
        Target(
            "richards at level lines, to untraced",
            "no target" if OLD else "≤ 12",
            slowdown("richards", "lines", "lines+c"),
        ),
        Target("memory for a line that changed one simple local", "≤ 24 B", bytes_of_a_line("local-lines")),
        Target(
            "lines, to a trace function that does nothing",
            "≤ 1.3",
            ratio((*LINES, *BUSY), "lines", "no-op trace function"),
            OLD,
        ),
        Target(
            "lines, to a hook that does nothing",
            "no target",
            ratio((*LINES, *BUSY), "lines", "no-op monitoring"),
            not OLD,
        ),
        Target("the same, to pyttd", "< 1", ratio((*LINES, *BUSY), "lines", "pyttd"), not OLD),
        Target("memory for a line, calls included", "no target", reading("{bytes_a_line:.1f} B")),
        Target("the first moment's locals on 10 million lines", "no target", reading("{lines_open_s:.2f} s")),
        Target(
            "`at(t)` with locals on them, warm",
            "≤ 1 ms",
            reading("{locals_ms:.2f} ms median, {locals_most_ms:.2f} ms at 99 %"),
        ),
        Target(
            "`last_write` on them",
            "≤ 5 ms",
            reading("{last_write_ms:.2f} ms median, {last_write_most_ms:.2f} ms at 99 %"),
        ),
        Target("`when` over all of them, for what never held", "≤ 5 s", reading("{when_s:.2f} s")),
    ]
    if target.applies
]
