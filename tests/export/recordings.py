"""Recordings of every kind that an export has to bear."""

from __future__ import annotations

import random

from hypothesis import strategies as st
from reading.logs import Event, Script, code, write_log
from reading.scripts import scripts

import scope_repl
from scope_repl import Recording
from scope_repl.schema import Kind

NASTY = (
    "</script><script>alert(1)</script>",
    "<!-- --> ]]> &amp; <module>",
    "quote \" and ' and `",
    "control \x00\x01\x1b[31m \x7f\x85 \ufffe\uffff",
    "half a pair \ud800",
    "turned \u202e round",
    "日本語の名前" * 30,
    "two\nlines\tand\rmore",
    "&" * 500,
    "{line} %s %{x} \\u003c",
    "",
)

names = st.one_of(st.sampled_from(NASTY), st.text(max_size=40))


@st.composite
def named(draw: st.DrawFn) -> Recording:
    """A log as a tracer could leave it, of callables with any names."""
    script = draw(scripts(bogus=False))
    script.codes = {
        number: code(draw(names), entry.flags, qualname=draw(names), module=draw(names), first_line=entry.first_line)
        for number, entry in script.codes.items()
    }
    return Recording(write_log(script))


def empty() -> Recording:
    return Recording(write_log(Script([], {}, threads=0, end=10)))


def one_call() -> Recording:
    events = [Event(5, 0, Kind.CALL, 1), Event(900, 0, Kind.RETURN, 1)]
    return Recording(write_log(Script(events, {1: code("only")})))


def deep(depth: int = 700) -> Recording:
    events = [Event(tick, 0, Kind.CALL, 1) for tick in range(1, depth + 1)]
    return Recording(write_log(Script(events, {1: code("down")})))


def crowded(threads: int = 1, calls: int = 300, name: str = "call") -> Recording:
    """Threads of nested calls of many lengths and many functions."""
    dice = random.Random(threads)
    codes = {number: code(f"{name}{number}") for number in range(1, 200)}
    script = Script([], codes, threads=threads)
    for thread in range(threads):
        tick = 0
        for _ in range(calls):
            stack = [dice.randrange(1, 200) for _ in range(dice.randrange(1, 4))]
            for kind, number in [*((Kind.CALL, n) for n in stack), *((Kind.RETURN, n) for n in reversed(stack))]:
                tick += dice.choice([1, 2, 10, 10_000])
                script.events.append(Event(tick, thread, kind, number))
    return Recording(write_log(script))


def dropped() -> Recording:
    """A real recording of which only the end is left."""
    with scope_repl.record(level="calls", buffer="64KB") as recording:
        for _ in range(20_000):
            _nothing()
    return recording


def long(calls: int = 100_000) -> Recording:
    with scope_repl.record(level="values", include="export.recordings", c_calls=False) as recording:
        for number in range(calls):
            _nothing(number)
    return recording


def _nothing(number: int = 0) -> int:
    return number


KINDS = {
    "empty": empty,
    "one call": one_call,
    "deep": deep,
    "hundred tracks": lambda: crowded(100, 30),
    "thousand tracks": lambda: crowded(1000, 1),
    "crowded": lambda: crowded(3, 3000),
    "dropped": dropped,
}
