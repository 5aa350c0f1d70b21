"""What was measured of the views, beside the targets that Scope set itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from rich.table import Table

from benchmarks.results import machine, put
from benchmarks.rounds import middle
from benchmarks.views.page import Shown

Stores = dict[int, dict[str, list[float]]]


@dataclass
class Views:
    """The figures of all rounds.

    Attributes:
        timelines: for each number of calls, what JupyterLab's page took.
        peers: what it took for plotly's charts.
        stores: for each number of calls, the figures of `benchmarks.views.store`.
    """

    timelines: dict[int, Shown] = field(default_factory=dict)
    peers: list[Shown] = field(default_factory=list)
    stores: Stores = field(default_factory=dict)


class Row(NamedTuple):
    what: str
    bound: str
    answer: Callable[[Views, int], str]


def of_page(form: str, name: str, choose: Callable[[list[float]], float] = middle) -> Callable[[Views, int], str]:
    return lambda views, calls: form.format(choose(getattr(views.timelines[calls], name)))


def of_store(form: str, name: str, unit: float = 1) -> Callable[[Views, int], str]:
    return lambda views, calls: form.format(middle(views.stores[calls][name]) / unit)


ROWS = [
    Row("first paint after the output arrived", "≤ 200 ms", of_page("{:.0f} ms", "paint_ms")),
    Row("the same since the cell was run", "no target", of_page("{:.0f} ms", "cell_ms")),
    Row("largest message with a picture", "≤ 200 kB", of_page("{:,.0f} B", "picture_bytes", max)),
    Row("frame while zooming and panning, 95th percentile", "≤ 25 ms", of_page("{:.1f} ms", "frame_ms")),
    Row("click until the call is told", "≤ 60 ms", of_page("{:.0f} ms", "click_ms")),
    Row("level-of-detail store", "≤ 50 B a call", of_store("{:.1f} B", "bytes_a_call")),
    Row("building it", "≤ 1 s", of_store("{:.3f} s", "build_s")),
    Row("`to_html`", "≤ 5 s", of_store("{:.2f} s", "html_s")),
    Row("its file", "≤ 2 MB", of_store("{:.2f} MB", "html_bytes", 1e6)),
]


def headings(views: Views) -> list[str]:
    return ["", "target", *(f"{calls:,} calls" for calls in views.timelines)]


def rows(views: Views) -> list[list[str]]:
    return [[row.what, row.bound, *(row.answer(views, calls) for calls in views.timelines)] for row in ROWS]


def peer_lines(views: Views) -> list[str]:
    return [f"{peer.name}: {middle(peer.paint_ms):,.0f} ms" for peer in views.peers]


def views_table(views: Views) -> Table:
    caption = "first paint of a peer: " + "; ".join(peer_lines(views))
    table = Table(title="views", title_justify="left", caption=caption, caption_justify="left")
    for heading in headings(views):
        table.add_column(heading)
    for row in rows(views):
        table.add_row(*row)
    return table


def save_views(views: Views, rounds: int) -> None:
    """Put the views' section in place of the one that is there."""
    head = headings(views)
    lines = [
        "## Views",
        "",
        f"{machine(rounds)} The page is JupyterLab's, in Chromium.",
        "",
        *(f"| {' | '.join(cells)} |" for cells in [head, ["---"] * len(head), *rows(views)]),
        "",
        "The first paint of a peer, after its output arrived:",
        "",
        *(f"- {line}" for line in peer_lines(views)),
        "",
    ]
    put("## Views", "\n".join(lines))
