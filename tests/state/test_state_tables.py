"""Calls and events of logs with records of state: those are events of the call that runs, and begin and end none."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading.logs import Event, Script, write_log
from reading.oracle import begin, ns, ordered, replay, step
from reading.test_replay import expected_calls

from scope_repl import Recording
from scope_repl.recording.contents import Contents
from scope_repl.schema import Kind
from state.dense import dense, dense_script
from state.scripts import CODES, pack, scripts

pytestmark = pytest.mark.native

LOGS = st.one_of(scripts(), dense())
OF_STATE = frozenset({Kind.LINE, Kind.VERSION, Kind.NAMES, Kind.OUTPUT, Kind.ATTRIBUTE})


@given(LOGS)
@settings(deadline=None)
def test_calls(script: Script) -> None:
    rec = Recording(write_log(script))
    expected = expected_calls(script)
    actual = rec.calls[list(expected.columns)].astype({"name": object, "outcome": object})
    pd.testing.assert_frame_equal(actual, expected.astype(actual.dtypes.to_dict()), check_index_type=False)
    assert rec.stats.ignored == replay(script).ignored


@given(LOGS)
@settings(deadline=None)
def test_events(script: Script) -> None:
    events = Recording(write_log(script)).events
    expected = sorted(script.events, key=lambda event: (ns(script, event.tick), event.thread, event.tick))
    assert events.time_ns.tolist() == [ns(script, event.tick) for event in expected]
    assert events.kind.astype(object).tolist() == [event.kind.name.lower() for event in expected]
    running = running_calls(script)
    shown = zip(expected, events.call.tolist(), events.name.astype(object).tolist(), strict=True)
    for event, call, name in shown:
        if event.kind in OF_STATE:
            row, code = running[event.tick]
            assert call == row
            assert name == CODES[code].qualname if code else pd.isna(name)


def running_calls(script: Script) -> dict[int, tuple[int, int]]:
    """The row and the code of the innermost open call at each event, by its tick; -1 and 0 for none."""
    state, innermost = begin(script), {}
    for event in script.events:
        step(script, state, event, ns(script, event.tick))
        stack = state.stacks[event.thread]
        innermost[event.tick] = stack[-1][0] if stack else None
    rows = {call: row for row, call in enumerate(ordered(state))}
    return {tick: (rows[call], call.code) if call else (-1, 0) for tick, call in innermost.items()}


def test_a_frame_that_runs_ends_those_above_it_unseen() -> None:
    events = [
        Event(10, 0, Kind.CALL, 1),
        Event(20, 0, Kind.CALL, 2),
        Event(30, 0, Kind.CALL, 4),
        Event(40, 0, Kind.FRAME, 1),
        Event(41, 0, Kind.LINE, 7, 6, pack(-10) + pack("known")),
        Event(50, 0, Kind.FRAME, 8),  # which is not open
        Event(60, 0, Kind.RETURN, 1),
    ]
    rec = Recording(write_log(Script(events, CODES, chunk_events=3)))
    assert rec.calls.outcome.astype(object).tolist() == ["return", "unknown", "unknown"]
    assert rec.calls.end_ns.tolist() == [60, 40, 40]
    assert rec.events.call.tolist() == [0, 1, 2, 0, 0, -1, 0]
    assert rec.stats.ignored == 0
    contents = Contents(write_log(Script(events, CODES, chunk_events=3)))
    assert contents.state.locals(0, 45)[-10].data == pack("known")


def test_many_threads_may_ask_first() -> None:
    script = dense_script(7)
    contents = Contents(write_log(script))
    calls = range(len(contents.tables.calls["code"]))
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: [contents.state.locals(call, contents.end_ns) for call in calls], range(16)))
    assert answers == [answers[0]] * 16
    assert any(answers[0])
