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
READING_LINES = "reading-lines"
VIEWS = "views"
EVENT_SETS = ["calls", "calls+c", "values", "values+c", "lines", "lines+c"]
OTHERS = [READING, READING_LINES, VIEWS]


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    names = ", ".join([*WORKLOADS, *OTHERS])
    parser.add_argument("workloads", nargs="*", metavar="WORKLOAD", help=f"of {names}; all if none is named")
    parser.add_argument("--events", action="append", choices=EVENT_SETS, help="only these event sets")
    parser.add_argument("--hook", action="append", metavar="HOOK", help=f"only these: {'; '.join(CONTENDERS)}")
    parser.add_argument("--rounds", type=int, default=5, help="how often each process is started (default 5)")
    parser.add_argument("--passes", type=int, default=20, help="timed passes in each process (default 20)")
    parser.add_argument("--calls", type=int, default=10_000_000, help="calls, or lines, in a recording that is read")
    parser.add_argument("--save", action="store_true", help="write what was measured into benchmarks/RESULTS.md")
    options = parser.parse_args(arguments)
    for name in options.workloads:
        if name not in [*WORKLOADS, *OTHERS]:
            parser.error(f"there is no workload {name!r}; there are {names}")
    for name in options.hook or ():
        if name not in CONTENDERS:
            parser.error(f"there is no hook {name!r}; there are {'; '.join(CONTENDERS)}")
    return options


def others(events: list[str] | None) -> list[str]:
    """What else belongs to a run in which no workload is named."""
    if events is None:
        return OTHERS
    lines = [name for name in events if name.startswith("lines")]
    return [READING_LINES] * bool(lines) + [READING] * (len(events) > len(lines))


def is_installed(package: str) -> bool:
    return not package or importlib.util.find_spec(package) is not None


def contenders_for(workload: Workload, events: Events, wanted: list[str] | None) -> list[Contender]:
    return [
        contender
        for name, contender in CONTENDERS.items()
        if (wanted is None or name in wanted)
        and contender.can(events, sys.version_info[:2])
        and (contender.every_thread or workload.name != "threads")
        and (contender.every_line or not workload.only_lines)
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
            if options.events is None or events in options.events:
                contenders = contenders_for(workload, Events.parse(events), options.hook)
                with console.status("") as status:
                    heat = run_heat(
                        workload, Events.parse(events), contenders, options.rounds, options.passes, status.update
                    )
                console.print(heat_table(heat), "")
                heats.append(heat)
    return heats


def measure_reading(module: str, events: int, console: Console) -> Reading:
    with console.status(f"{module}, {events:,} of them"):
        command = [sys.executable, "-m", f"benchmarks.{module}", str(events)]
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
    wanted = options.workloads or others(options.events)
    views = measure_views(options.rounds, console) if VIEWS in wanted else None
    subjects = {
        "": Measurements(
            [heat for heat in heats if heat.events.level != "lines"],
            measure_reading("reading", options.calls, console) if READING in wanted else {},
        ),
        "Lines, ": Measurements(
            [heat for heat in heats if heat.events.level == "lines"],
            measure_reading("reading_lines", options.calls, console) if READING_LINES in wanted else {},
        ),
    }
    for subject, measurements in subjects.items():
        if measurements.heats or measurements.reading:
            console.print(target_table(measurements))
            if options.save:
                save(measurements, options.rounds, subject)
    if options.save and views:
        save_views(views, options.rounds)


if __name__ == "__main__":
    main(sys.argv[1:])
