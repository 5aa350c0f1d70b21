"""The chart's answers to what a view may ask of recordings of any kind."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any

import pytest
from reading.logs import Event, Script, code, write_log
from reading.scripts import CODES

from scope_repl import Recording
from scope_repl.recording.contents import Contents
from scope_repl.schema import Kind

pytest.importorskip("anywidget")

from scope_repl.widgets.chart import Chart

pytestmark = pytest.mark.native

BYTES = 200_000
NAMES = ("half a pair \ud800", "\ud83d" * 10_000, "日" * 10_000, "\U0001f40d" * 10_000, "\x00" * 10_000, "x" * 10_000)


@pytest.fixture
def made() -> Iterator[list[Chart]]:
    charts: list[Chart] = []
    yield charts
    for chart in charts:
        chart.close()


def ask(chart: Chart, **message: Any) -> dict[str, Any]:
    answer = chart.answer({"view": "here", "seq": 1, **message})
    assert answer is not None
    content, buffers = answer
    assert len(sent(content)) + sum(map(len, buffers)) < BYTES
    return content


def sent(content: dict[str, Any]) -> bytes:
    """What goes over the wire."""
    return json.dumps(content, ensure_ascii=False, allow_nan=False).encode()


def pairs(spans: list[tuple[int, int, int, int]], threads: int = 1) -> Contents:
    """Calls that do not overlap, each of a start, an end, a callable and a thread."""
    events = [
        Event(tick, thread, kind, number)
        for start, end, number, thread in spans
        for tick, kind in ((start, Kind.CALL), (end, Kind.RETURN))
    ]
    return Recording(
        write_log(Script(events, CODES, threads=threads, end=10 + max(span[1] for span in spans)))
    ).contents


@pytest.mark.parametrize("name", NAMES)
def test_names_of_any_kind_can_be_sent(name: str, made: list[Chart]) -> None:
    count = 6000
    codes = {number: code(f"{number}{name}", module=name) for number in range(1, count + 1)}
    events = [Event(3 * n + end, 0, (Kind.CALL, Kind.RETURN)[end], n) for n in codes for end in (0, 1)]
    contents = Recording(write_log(Script(events, codes))).contents
    made.append(chart := Chart(contents))
    assert len(sent(chart.overview)) + len(chart.overview_data) < BYTES
    picture = {"kind": "picture", "start_ns": 0, "end_ns": contents.end_ns, "rows": [[0, 0, 1]]}
    sent_before: set[int] = set()
    assert chart.answer({"kind": "opened", "view": "here"}) is None
    for _ in range(3):
        names = {number for number, _, _ in ask(chart, columns=7_500, **picture)["names"]}
        assert names
        assert not names & sent_before
        sent_before |= names
    ask(chart, kind="rows", start_ns=0, end_ns=10**6, filter="", sort="name", descending=False, limit=100)
    assert ask(chart, kind="pick", call=5, time_ns=0)["kind"] == "done"
    assert len(sent(chart.selection)) < BYTES


def test_names_of_threads_can_be_sent(made: list[Chart]) -> None:
    log = write_log(Script([Event(1, 0, Kind.CALL, 1)], CODES))
    object.__setattr__(log.threads[0], "name", "\ud800" + "n" * 10_000)
    made.append(chart := Chart(Recording(log).contents))
    assert len(sent(chart.scene)) < 2_000


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ({"kind": "pick", "call": 0, "time_ns": math.inf}, "infinity"),
        ({"kind": "pick", "call": 2, "time_ns": 0}, "call=2: the calls are 0 to 1"),
        ({"kind": "pick", "call": 0}, "the message has no 'time_ns'"),
        ({"kind": "pick", "track": 0, "depth": 1, "start_ns": 0, "end_ns": 99, "time_ns": 0}, "track 0 has no row 1"),
        ({"kind": "pick", "track": -1, "depth": 0, "start_ns": 0, "end_ns": 99, "time_ns": 0}, "track -1 has no row 0"),
        ({"kind": "pick", "track": 1, "depth": -1, "start_ns": 0, "end_ns": 9, "time_ns": 0}, "track 1 has no row -1"),
        ({"kind": "pick", "track": 0, "depth": 0, "start_ns": 70, "end_ns": 80, "time_ns": 0}, "no call stands here"),
        ({"kind": "picture", "start_ns": 0, "end_ns": math.inf, "columns": 9, "rows": [[0, 0, 1]]}, "cannot be drawn"),
        ({"kind": "dance"}, "kind='dance': the kinds are picture, rows, pick, unpick, step, opened and closed"),
    ],
)
def test_what_cannot_be_answered_has_a_reason(message: dict[str, Any], reason: str, made: list[Chart]) -> None:
    made.append(chart := Chart(pairs([(5, 10, 1, 0), (20, 90, 2, 1)], threads=2)))
    answer = ask(chart, **message)
    assert answer["kind"] == "failed"
    assert reason in answer["message"]
    assert chart.selection == {}


def test_a_merged_rectangle_is_found_though_its_edges_are_rounded(made: list[Chart]) -> None:
    second = 10**9
    calls = [(start * second, start * second, 1, 0) for start in range(1, 4)] + [(40 * second, 40 * second + 7, 2, 0)]
    made.append(chart := Chart(pairs(calls)))
    for number, rounded in ((0, -60), (1, 100), (2, 0), (3, 1000), (3, -1000)):
        at = calls[number][0] + rounded
        answer = ask(chart, kind="pick", track=0, depth=0, start_ns=at, end_ns=at, time_ns=at)
        assert answer["kind"] == "done"
        assert chart.selection["call"] == number


def test_a_merged_rectangle_of_calls_far_apart_is_found_though_its_edges_are_rounded(made: list[Chart]) -> None:
    made.append(
        chart := Chart(pairs([(10**8, 10**8 + 10, 1, 0), (10**8 + 1600, 10**8 + 1677, 2, 0), (10**9, 10**9, 1, 0)]))
    )
    answer = ask(chart, kind="pick", track=0, depth=0, start_ns=10**8 + 8, end_ns=10**8 + 1670, time_ns=10**8)
    assert answer["kind"] == "done"
    assert chart.selection["call"] in (0, 1)


def test_what_begins_where_a_merged_rectangle_ends_is_not_in_it(made: list[Chart]) -> None:
    calls = [(0, 90, 1, 0), (100, 103, 2, 0), (104, 109, 3, 0), (110, 112, 2, 0), (113, 900, 1, 0)]
    made.append(chart := Chart(pairs(calls)))
    ask(chart, kind="pick", track=0, depth=0, start_ns=89.0, end_ns=113.0, time_ns=105)
    assert chart.selection["call"] == 2
