"""Tables and moments against the plain replay."""

from __future__ import annotations

from collections import Counter

import pandas as pd
import pytest
from hypothesis import given, settings

from reading import oracle
from reading.logs import Script, write_log
from reading.scripts import scripts
from scope_repl import Recording
from scope_repl.errors import OutOfRange
from scope_repl.schema import CALL_COLUMNS, CELL_COLUMNS, EVENT_COLUMNS, TRACK_COLUMNS, Kind

pytestmark = pytest.mark.native


def expected_calls(script: Script) -> pd.DataFrame:
    calls = oracle.ordered(oracle.replay(script))
    rows = {call: row for row, call in enumerate(calls)}
    return pd.DataFrame(
        {
            "start_ns": [call.start for call in calls],
            "end_ns": [call.end for call in calls],
            "self_ns": [call.self_ns for call in calls],
            "parent": [rows[call.parent] if call.parent else -1 for call in calls],
            "depth": [call.depth for call in calls],
            "track": [call.track for call in calls],
            "name": [script.codes[call.code].qualname for call in calls],
            "outcome": [call.outcome for call in calls],
            "start_known": [call.seen for call in calls],
        }
    )


@given(scripts())
@settings(deadline=None)
def test_calls(script: Script) -> None:
    rec = Recording(write_log(script))
    expected = expected_calls(script)
    actual = rec.calls[list(expected.columns)].astype({"name": object, "outcome": object})
    pd.testing.assert_frame_equal(actual, expected.astype(actual.dtypes.to_dict()), check_index_type=False)
    assert rec.stats.ignored == oracle.replay(script).ignored


Key = tuple[int, bool, int]


def keys(calls: list[oracle.Call]) -> dict[oracle.Call, Key]:
    """Calls by what does not change while the log grows: the track, and the number among those that began there."""
    found: dict[oracle.Call, Key] = {}
    counts: Counter[tuple[int, bool]] = Counter()
    for call in calls:
        found[call] = (call.track, call.spare, counts[call.track, call.spare])
        counts[call.track, call.spare] += 1
    return found


def row_keys(script: Script) -> list[Key]:
    """The key of each row of ``rec.calls``."""
    return list(keys(oracle.ordered(oracle.replay(script))).values())


@given(scripts())
@settings(deadline=None)
def test_stacks_at_every_event(script: Script) -> None:
    rec = Recording(write_log(script))
    whole = row_keys(script)
    end_ns = rec.stats.duration_ns
    times = {oracle.ns(script, event.tick) for event in script.events} | {oracle.ns(script, script.horizon), end_ns}
    for time in sorted(times | {time + 1 for time in times} | {time - 1 for time in times}):
        if not rec.stats.horizon_ns <= time <= end_ns:
            continue
        state = oracle.replay(script, time)
        known = keys(state.calls)
        for track, stack in enumerate(state.stacks):
            actual = [whole[frame.span] for frame in rec.at(time, unit="ns").stack(track)]
            assert actual == [known[call] for call, _ in reversed(stack)], (time, track)


@given(scripts())
@settings(deadline=None)
def test_suspended(script: Script) -> None:
    rec = Recording(write_log(script))
    whole = row_keys(script)
    known_until = min([oracle.ns(script, tick) for tick in script.end_known.values()], default=rec.stats.duration_ns)
    for time in [oracle.ns(script, event.tick) for event in script.events[::5]]:
        if time > known_until:
            continue
        state = oracle.replay(script, time)
        known = keys(state.calls)
        running = {call for stack in state.stacks for call, _ in stack}
        expected = {known[call] for call in state.calls if call.outcome == "suspended" and call not in running}
        actual = {whole[frame.span] for frame in rec.at(time, unit="ns").suspended()}
        begun_before = {found for found in actual - expected if found[1]}  # known only from a later resume
        assert actual - begun_before == expected


@given(scripts(bogus=False))
@settings(deadline=None)
def test_events(script: Script) -> None:
    rec = Recording(write_log(script))
    events = rec.events
    expected = sorted(script.events, key=lambda event: (oracle.ns(script, event.tick), event.thread))
    assert events.time_ns.tolist() == [oracle.ns(script, event.tick) for event in expected]
    assert events.kind.astype(object).tolist() == [event.kind.name.lower() for event in expected]
    assert events.track.tolist() == [event.thread for event in expected]
    assert events.name.astype(object).tolist() == [script.codes[event.code].qualname for event in expected]
    assert (events.call >= 0).all()
    named = rec.calls.name.astype(object).to_numpy()[events.call]
    assert named.tolist() == events.name.astype(object).tolist()


@given(scripts())
@settings(deadline=None)
def test_steps_visit_every_time_once(script: Script) -> None:
    rec = Recording(write_log(script))
    times = sorted({oracle.ns(script, event.tick) for event in script.events})
    times = [time for time in times if time > rec.stats.horizon_ns]
    moment = rec.at(rec.stats.horizon_ns, unit="ns")
    for time in times:
        moment = moment.next()
        assert moment.time_ns == time
        assert moment.event is not None
        assert moment.event.time_ns == time
    with pytest.raises(OutOfRange, match="no event after"):
        moment.next()
    for time in reversed(times[:-1]):
        moment = moment.previous()
        assert moment.time_ns == time


@given(scripts())
@settings(deadline=None)
def test_last_return(script: Script) -> None:
    rec = Recording(write_log(script))
    times = sorted({oracle.ns(script, event.tick) for event in script.events})
    for time in times[::7]:
        for track in range(script.threads):
            events = rec.events
            ended = events[(events.track == track) & (events.time_ns <= time) & (events.call >= 0)]
            ended = ended[ended.kind.isin(["return", "unwind"])]
            if len(ended):
                last = rec.at(time, unit="ns").last(track)
                assert last is not None
                assert (last.span, last.age_ns) == (ended.call.iloc[-1], time - ended.time_ns.iloc[-1])


@given(scripts())
@settings(deadline=None)
def test_tree_shows_all_calls_with_room_enough(script: Script) -> None:
    rec = Recording(write_log(script))
    text = str(rec.tree(lines=1000))
    assert "more function" not in text
    for call in oracle.replay(script).calls:
        assert call.spare or script.codes[call.code].qualname in text
    assert len(str(rec.tree(lines=1)).splitlines()) <= 2 + 2 * script.threads


@given(scripts())
@settings(deadline=None)
def test_columns_and_dtypes_are_those_of_the_schema(script: Script) -> None:
    rec = Recording(write_log(script))
    described = (CALL_COLUMNS, EVENT_COLUMNS, TRACK_COLUMNS, CELL_COLUMNS)
    for frame, columns in zip((rec.calls, rec.events, rec.tracks, rec.cells), described, strict=True):
        assert list(frame.columns) == [column.name for column in columns]
        for column in columns:
            assert str(frame[column.name].dtype) == column.dtype, column
    assert set(rec.events.kind.astype(object)) <= {kind.name.lower() for kind in Kind}
