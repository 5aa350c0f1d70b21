"""All that is measured of the views, in rounds in which everything takes its turn."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable

from benchmarks.views.figures import Views
from benchmarks.views.page import PLOTLY, TIMELINE, Shown, open_stage, show

SIZES = (10_000, 1_000_000, 10_000_000)
BARS = (10_000, 100_000)


def measure(rounds: int, report: Callable[[str], None]) -> Views:
    views = Views()
    for calls in SIZES:
        views.timelines[calls] = Shown(f"timeline of {calls:,} calls", TIMELINE.format(calls=calls), is_timeline=True)
        views.stores[calls] = defaultdict(list)
    views.peers = [Shown(f"plotly's chart of {bars:,} bars", PLOTLY.format(bars=bars)) for bars in BARS]
    measure_stores(views, rounds, report)
    measure_pages(views, rounds, report)
    return views


def measure_stores(views: Views, rounds: int, report: Callable[[str], None]) -> None:
    for number in range(rounds):
        for calls, figures in views.stores.items():
            report(f"round {number + 1} of {rounds}, store of {calls:,} calls")
            command = [sys.executable, "-m", "benchmarks.views.store", str(calls)]
            done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
            for name, value in json.loads(done.stdout).items():
                figures[name].append(value)


def measure_pages(views: Views, rounds: int, report: Callable[[str], None]) -> None:
    shown = [*views.timelines.values(), *views.peers]
    report("recording")
    with open_stage(SIZES, shown) as notebook:
        for number in range(rounds):
            turn = number % len(shown)
            for each in shown[turn:] + shown[:turn]:
                report(f"round {number + 1} of {rounds}, {each.name}")
                show(notebook, each, shown.index(each) + 1)
