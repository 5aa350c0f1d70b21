"""Reading a recording of many lines: moments with their locals, last writes, and a search. A process of its own."""

from __future__ import annotations

import json
import random
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import scope_repl
from scope_repl.query.moment import Moment
from scope_repl.query.recording import Recording

LINES_A_CALL = 10
CALLS_A_ROUND = 100
MOMENTS = 1_000
WARM = 100  # of them, which are not counted


def price(order: int, rates: list[float]) -> float:
    """Eight or nine lines; with the caller's, ten or eleven for each call."""
    amount = order % 97
    rate = rates[order % 8]
    net = amount * rate
    if amount > 50:
        net = net - 1.0
    net = net + 0.5
    tax = net * 0.19
    gross = net + tax
    return round(gross, 2)


def settle(first: int, rates: list[float], book: dict[str, float]) -> float:
    """A hundred calls, and a dictionary that each of them changes."""
    total = 0.0
    for order in range(first, first + CALLS_A_ROUND):
        total += price(order, rates)
        book["last"] = total
    return total


def trade(rounds: int) -> dict[str, float]:
    rates = [0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0, 2.25]
    book = {"last": 0.0, "sum": 0.0}
    recent: list[float] = []
    for number in range(rounds):
        recent.append(settle(number * CALLS_A_ROUND, rates, book))
        book["sum"] += recent[-1]
        if len(recent) > 20:
            del recent[0]
    return book


def record(lines: int) -> Recording:
    """A recording of so many lines, with a buffer that holds all of them."""
    with scope_repl.record(level="lines", all=True, c_calls=False, buffer=f"{lines // 10_000 + 64}MB") as recording:
        trade(lines // (LINES_A_CALL * CALLS_A_ROUND))
    return recording


def timed(ask: Callable[..., Any], *about: object) -> tuple[float, Any]:
    """Milliseconds of processor time, which other work on the machine does not change, and the answer."""
    start = time.process_time_ns()
    answer = ask(*about)
    return (time.process_time_ns() - start) / 1e6, answer


def look(recording: Recording, moment: int) -> dict[str, object]:
    """The locals at a time, each of them decoded."""
    return dict(recording.at(moment, unit="ns").locals)


def last_write(recording: Recording, name: str, before: Moment) -> object:
    return recording.last_write(name, before=before)


def search(recording: Recording) -> object:
    """For what never held, so that every line is looked at."""
    return recording.when("amount > 200 and net < 0", function="price", all=True)


def measure(lines: int) -> dict[str, float]:
    recording = record(lines)
    end = recording.stats.duration_ns
    opened, _ = timed(look, recording, end // 2)
    chance = random.Random(7)
    at, writes = [], []
    for _ in range(MOMENTS):
        moment = chance.randrange(end // 100, end)
        took, found = timed(look, recording, moment)
        at.append(took)
        name = chance.choice(sorted(found))
        writes.append(timed(last_write, recording, name, recording.at(moment, unit="ns"))[0])
    searched, _ = timed(search, recording)
    return {
        "bytes_a_line": recording.stats.bytes / lines,
        "lines_open_s": opened / 1e3,
        "locals_ms": statistics.median(at[WARM:]),
        "locals_most_ms": statistics.quantiles(at[WARM:], n=100)[-1],
        "last_write_ms": statistics.median(writes[WARM:]),
        "last_write_most_ms": statistics.quantiles(writes[WARM:], n=100)[-1],
        "when_s": searched / 1e3,
    }


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]))))
