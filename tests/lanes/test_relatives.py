"""The calls around a call, against the tables."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from reading.logs import Event, Script, write_log
from reading.scripts import CODES, scripts

from scope_repl import Recording
from scope_repl.errors import OptionError, OutOfRange
from scope_repl.query.relatives import relative, slice_at, track_of
from scope_repl.recording.contents import Contents
from scope_repl.schema import Kind

pytestmark = pytest.mark.native


def beside(contents: Contents, row: int, to: str, time_ns: int) -> int:
    try:
        return relative(contents, row, to, time_ns)
    except OutOfRange:
        return -1


@given(scripts())
@settings(deadline=None)
def test_every_way_out_leads_back(script: Script) -> None:
    contents = Recording(write_log(script)).contents
    tables, slices = contents.tables, contents.slices
    for track, bounds in enumerate(tables.bounds):
        rows = range(bounds.first_slice, bounds.slice_end)
        for row in rows:
            depth, start = tables.slices["depth"][row], slices.start[row]
            assert track_of(contents, row) == track
            assert beside(contents, row, "parent", start) == slices.parent[row]
            same = [other for other in rows if tables.slices["depth"][other] == depth]
            at = same.index(row)
            assert beside(contents, row, "left", start) == (same[at - 1] if at else -1)
            assert beside(contents, row, "right", start) == (same[at + 1] if at + 1 < len(same) else -1)
            below = [other for other in rows if slices.parent[other] == row]
            child = beside(contents, row, "child", start)
            assert child in below if below else child == -1


@given(scripts())
@settings(deadline=None)
def test_the_slice_of_a_call_at_a_time(script: Script) -> None:
    contents = Recording(write_log(script)).contents
    slices = contents.slices
    for row in range(len(slices.start)):
        call = slices.call(row)
        middle = (slices.start[row] + slices.end[row]) // 2
        found = slice_at(contents, call, middle)
        assert slices.call(found) == call
        if slices.start[row] <= middle < slices.end[row]:
            assert slices.start[found] <= middle <= slices.end[found]


@pytest.mark.parametrize("call", [-1, 1, 2**70])
def test_there_is_no_such_call(call: int) -> None:
    contents = Recording(write_log(Script([Event(1, 0, Kind.CALL, 1)], CODES))).contents
    with pytest.raises(LookupError, match=f"call={call}: the calls are 0 to 0"):
        slice_at(contents, call, 0)


def test_the_child_at_the_cursor_comes_before_the_first() -> None:
    kinds = [Kind.CALL, Kind.CALL, Kind.RETURN, Kind.CALL, Kind.RETURN, Kind.RETURN]
    codes = [1, 2, 2, 3, 3, 1]
    events = [Event(10 * n, 0, kind, number) for n, (kind, number) in enumerate(zip(kinds, codes, strict=True), 1)]
    contents = Recording(write_log(Script(events, CODES, end=100))).contents
    assert relative(contents, 0, "child", 15) == 1
    assert relative(contents, 0, "child", 45) == 2


def test_other_relatives_are_named() -> None:
    contents = Recording(write_log(Script([Event(1, 0, Kind.CALL, 1)], CODES, end=10))).contents
    with pytest.raises(OptionError, match=r"'aunt'.*parent, child, left, right"):
        relative(contents, 0, "aunt", 5)
    with pytest.raises(OutOfRange, match="no caller"):
        relative(contents, 0, "parent", 5)
