"""The tables that are printed."""

from __future__ import annotations

from rich.table import Table

from benchmarks.rounds import Heat, Sample, middle


def spread(values: list[float], digits: int) -> str:
    """The median and the range of the rounds."""
    return f"{middle(values):.{digits}f}  [dim]{min(values):.{digits}f} to {max(values):.{digits}f}[/]"


def floor_of(heat: Heat) -> Sample | None:
    """The floor that ratios refer to: the first that was measured."""
    return next((sample for sample in heat.samples if sample.contender.is_floor and sample.pairs), None)


def counted(heat: Heat) -> str:
    kinds = zip(("Python events", "of C calls", "lines"), heat.counts, strict=True)
    return ", ".join(f"{count:,} {kind}" for kind, count in kinds if count)


def bytes_a_line(heat: Heat, sample: Sample) -> str:
    """All that a recording takes, calls included, for each line that ran and was stored."""
    if sample.size is None:
        return ""
    size, share = sample.size
    return f"{size / (heat.counts.lines * share):.1f}" + (f" ({share:.0%} stored)" if share < 1 else "")


def heat_table(heat: Heat) -> Table:
    bare = middle([pair[0] / 1e6 for sample in heat.samples for pair in sample.pairs])
    table = Table(
        title=f"{heat.workload.name}, {heat.events}: {counted(heat)}, {bare:.1f} ms untraced", title_justify="left"
    )
    table.add_column("hook")
    for heading in ("ns an event", "x untraced", "x floor", *["B a line"] * bool(heat.counts.lines)):
        table.add_column(heading, justify="right")
    base = floor_of(heat)
    for sample in heat.samples:
        if sample.failure:
            table.add_row(sample.contender.name, f"[red]{sample.failure}[/]")
            continue
        ratio = ""
        if base is not None and sample is not base:
            ratio = f"{middle(sample.per_event(1)) / middle(base.per_event(1)):.2f}"
        table.add_row(
            sample.contender.name,
            spread(sample.per_event(heat.event_count), 1),
            spread(sample.slowdowns, 2),
            ratio,
            *[bytes_a_line(heat, sample)] * bool(heat.counts.lines),
        )
    return table
