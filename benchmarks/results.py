"""RESULTS.md: what was measured, one section for each Python version, replaced as a whole."""

from __future__ import annotations

import datetime
import os
import platform
import re
from pathlib import Path

from benchmarks.rounds import Heat, middle
from benchmarks.table import bytes_a_line, floor_of
from benchmarks.targets import TARGETS, Measurements

PAGE = Path(__file__).with_name("RESULTS.md")


def processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        models = re.findall(r"^model name\s*: (.+)$", cpuinfo.read_text(), re.MULTILINE)
        if models:
            return str(models[0])
    return platform.processor() or platform.machine()


def target_rows(measurements: Measurements) -> list[str]:
    rows = ["| | target | measured |", "|---|---|---|"]
    for target in TARGETS:
        answer = target.answer(measurements)
        if answer is not None:
            rows.append(f"| {target.what} | {target.bound} | {answer} |")
    return rows


def heat_rows(heat: Heat) -> list[str]:
    base = floor_of(heat)
    rows = []
    for sample in heat.samples:
        if not sample.pairs:
            continue
        times = sample.per_event(heat.event_count)
        to_floor = f"{middle(times) / middle(base.per_event(heat.event_count)):.2f}" if base else ""
        rows.append(
            f"| {heat.workload.name} | {heat.events} | {sample.contender.name} | {middle(times):.1f} "
            f"| {min(times):.1f} to {max(times):.1f} | {middle(sample.slowdowns):.2f} | {to_floor} |"
            + (f" {bytes_a_line(heat, sample)} |" if heat.counts.lines else "")
        )
    return rows


def machine(rounds: int) -> str:
    """When and where this is measured."""
    return (
        f"Measured on {datetime.date.today():%Y-%m-%d}, {platform.system()} {platform.machine()}, {processor()}, "
        f"{os.cpu_count()} CPUs, Python {platform.python_version()}, {rounds} rounds."
    )


def section(title: str, measurements: Measurements, rounds: int) -> str:
    with_lines = any(heat.counts.lines for heat in measurements.heats)
    lines = [
        f"## {title}",
        "",
        machine(rounds),
        "",
        *target_rows(measurements),
        "",
        "| workload | events | hook | ns an event | range of the rounds | × untraced | × floor |"
        + " B a line |" * with_lines,
        "|---|---|---|--:|---|--:|--:|" + "--:|" * with_lines,
        *(row for heat in measurements.heats for row in heat_rows(heat)),
        "",
    ]
    return "\n".join(lines)


def save(measurements: Measurements, rounds: int, subject: str = "") -> None:
    """Put this version's section in place of the one that is there. A subject has a section of its own."""
    major, minor, _ = platform.python_version_tuple()
    put(
        f"## {subject}Python {major}.{minor}.",
        section(f"{subject}Python {platform.python_version()}", measurements, rounds),
    )


def put(heading: str, text: str) -> None:
    """Put a section in place of the one whose heading begins like this."""
    head, *sections = re.split(r"^(?=## )", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    kept = [section.strip() + "\n" for section in sections if not section.startswith(heading)]
    PAGE.write_text("\n".join([head.strip() + "\n", *sorted([*kept, text])]), encoding="utf-8")
