"""Measures what recording costs, beside hooks that do nothing and other tracers: python -m benchmarks [options]."""

from __future__ import annotations

import argparse
import importlib.util
import json
import subprocess
import sys

from rich.console import Console
from rich.table import Table

from benchmarks import floor
from benchmarks.hooks import CONTENDERS, Contender, Events
from benchmarks.results import save
from benchmarks.rounds import Heat, run_heat
from benchmarks.table import heat_table
from benchmarks.targets import TARGETS, Measurements, Reading
from benchmarks.views import measure
from benchmarks.views.figures import Views, save_views, views_table
from benchmarks.workloads import WORKLOADS, Workload
from tests.browser.chromium import executable

READING = "reading"
VIEWS = "views"


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    names = ", ".join([*WORKLOADS, READING, VIEWS])
    parser.add_argument("workloads", nargs="*", metavar="WORKLOAD", help=f"of {names}; all if none is named")
    parser.add_argument("--events", choices=["calls", "calls+c", "values", "values+c"], help="only this event set")
    parser.add_argument("--hook", action="append", metavar="HOOK", help=f"only these: {'; '.join(CONTENDERS)}")
    parser.add_argument("--rounds", type=int, default=5, help="how often each process is started (default 5)")
    parser.add_argument("--passes", type=int, default=20, help="timed passes in each process (default 20)")
    parser.add_argument("--calls", type=int, default=10_000_000, help="calls in the recording that is read")
    parser.add_argument("--save", action="store_true", help="write what was measured into benchmarks/RESULTS.md")
    options = parser.parse_args(arguments)
    for name in options.workloads:
        if name not in [*WORKLOADS, READING, VIEWS]:
            parser.error(f"there is no workload {name!r}; there are {names}")
    for name in options.hook or ():
        if name not in CONTENDERS:
            parser.error(f"there is no hook {name!r}; there are {'; '.join(CONTENDERS)}")
    return options


def is_installed(package: str) -> bool:
    return not package or importlib.util.find_spec(package) is not None


def contenders_for(workload: Workload, events: Events, wanted: list[str] | None) -> list[Contender]:
    return [
        contender
        for name, contender in CONTENDERS.items()
        if (wanted is None or name in wanted)
        and contender.can(events, sys.version_info[:2])
        and (contender.every_thread or workload.name != "threads")
        and is_installed(contender.needs)
    ]


def measure_heats(options: argparse.Namespace, console: Console) -> list[Heat]:
    heats = []
    for name in options.workloads or WORKLOADS:
        workload = WORKLOADS.get(name)
        if workload is None:
            continue
        if not is_installed(workload.needs):
            console.print(f"{name}: left out, {workload.needs} is not installed")
            continue
        for events in workload.events:
            if options.events in (None, events):
                contenders = contenders_for(workload, Events.parse(events), options.hook)
                with console.status("") as status:
                    heat = run_heat(
                        workload, Events.parse(events), contenders, options.rounds, options.passes, status.update
                    )
                console.print(heat_table(heat), "")
                heats.append(heat)
    return heats


def measure_reading(calls: int, console: Console) -> Reading:
    with console.status(f"reading {calls:,} calls"):
        command = [sys.executable, "-m", "benchmarks.reading", str(calls)]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    reading: Reading = json.loads(done.stdout)
    return reading


def measure_views(rounds: int, console: Console) -> Views | None:
    missing = [package for package in ("jupyterlab", "playwright") if not is_installed(package)]
    missing += [] if executable() else ["chromium"]
    if missing:
        console.print(f"{VIEWS}: left out, not installed: {', '.join(missing)}")
        return None
    with console.status("") as status:
        views = measure.measure(rounds, status.update)
    console.print(views_table(views), "")
    return views


def target_table(measurements: Measurements) -> Table:
    table = Table(title="targets", title_justify="left")
    for heading in ("", "target", "measured"):
        table.add_column(heading)
    for target in TARGETS:
        answer = target.answer(measurements)
        if answer is not None:
            table.add_row(target.what, target.bound, answer)
    return table


def main(arguments: list[str]) -> None:
    options = parse(arguments)
    console = Console()
    needed = {c.needs for c in CONTENDERS.values() if c.since <= sys.version_info[:2]}
    missing = sorted(package for package in needed if not is_installed(package))
    if missing:
        console.print(f"not installed, and so left out: {', '.join(missing)}")
    floor.build()
    heats = measure_heats(options, console)
    wanted = options.workloads or [READING, VIEWS]
    views = measure_views(options.rounds, console) if VIEWS in wanted else None
    measurements = Measurements(heats, measure_reading(options.calls, console) if READING in wanted else None)
    measured = bool(measurements.heats or measurements.reading)
    if measured:
        console.print(target_table(measurements))
    if options.save and measured:
        save(measurements, options.rounds)
    if options.save and views:
        save_views(views, options.rounds)


if __name__ == "__main__":
    main(sys.argv[1:])
