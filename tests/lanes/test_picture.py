"""Pictures against the slices that they show: nothing is lost, and what is merged adds up."""

from __future__ import annotations

import math
import random
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading.logs import Event, Script, code, write_log
from reading.scripts import CODES, scripts

from scope_repl import Recording
from scope_repl.query.palette import LIGHT
from scope_repl.query.picture import KIND_SHIFT, Picture, RectFlag, Rows, Viewport, picture
from scope_repl.recording.contents import Contents
from scope_repl.schema import CallKind, Kind, Outcome

pytestmark = pytest.mark.native


class Slice(NamedTuple):
    """A slice as the tables have it."""

    start: int
    end: int
    call: int
    code: int


def lane(contents: Contents, track: int, depth: int) -> list[Slice]:
    tables = contents.tables
    bounds = tables.bounds[track]
    rows = [row for row in range(bounds.first_slice, bounds.slice_end) if tables.slices["depth"][row] == depth]
    calls = [contents.slices.call(row) for row in rows]
    return [
        Slice(contents.slices.start[row], contents.slices.end[row], call, contents.spans.code[call])
        for row, call in zip(rows, calls, strict=True)
    ]


def everything(contents: Contents, columns: int) -> Viewport:
    rows = tuple(Rows(track, 0, depth) for track, depth in enumerate(contents.lanes.depths) if depth)
    return Viewport(0.0, float(max(contents.end_ns, 1)), columns, rows)


def assert_shows(contents: Contents, viewport: Viewport, drawn: Picture) -> None:
    """Row by row: the rectangles are the slices in sight, each once, in their order."""
    lanes = [(track, depth) for track, first, end in drawn.rows for depth in range(first, end)]
    assert np.array_equal(drawn.row, np.sort(drawn.row))
    for row, (track, depth) in enumerate(lanes):
        waiting = [
            piece
            for piece in lane(contents, track, depth)
            if piece.start <= viewport.end_ns and (piece.end > viewport.start_ns or piece.start >= viewport.start_ns)
        ]
        for rect in np.flatnonzero(drawn.row == row):
            exact = bool(drawn.flags[rect] & RectFlag.EXACT)
            count = 1 if exact else int(drawn.number[rect])
            shown, waiting = waiting[:count], waiting[count:]
            assert len(shown) == count
            assert_rect(drawn, int(rect), exact, shown)
        assert all(column_of(drawn, piece.start) > drawn.columns - 1e-6 for piece in waiting)


def column_of(drawn: Picture, time_ns: float) -> float:
    return (time_ns - drawn.start_ns) / drawn.grain_ns


def assert_rect(drawn: Picture, rect: int, exact: bool, shown: list[Slice]) -> None:
    x0, x1 = column_of(drawn, shown[0].start), column_of(drawn, shown[-1].end)
    assert drawn.x0[rect] == pytest.approx(x0, rel=1e-6, abs=1e-6)
    assert drawn.width[rect] == pytest.approx(x1 - x0, rel=1e-6)
    longest = max(piece.end - piece.start for piece in shown)
    assert drawn.codes[drawn.code[rect]] in {piece.code for piece in shown if piece.end - piece.start == longest}
    if exact:
        assert drawn.number[rect] == shown[0].call
        assert drawn.shade[rect] == 255
    else:
        assert longest < drawn.grain_ns
        begins = [int(np.floor(column_of(drawn, piece.start))) for piece in shown]
        assert max(np.diff(begins), default=0) <= 1
        busy = sum(piece.end - piece.start for piece in shown) / drawn.grain_ns
        assert drawn.shade[rect] == pytest.approx(min(max(255 * busy / max(x1 - x0, 1.0), 1), 255), abs=0.6)


@st.composite
def crowds(draw: st.DrawFn) -> Script:
    """Many calls of all lengths, up to three deep, on two threads."""
    dice = random.Random(draw(st.integers(0, 2**32)))
    tick = 0
    script = Script([], CODES, threads=2, chunk_events=draw(st.sampled_from([7, 1000])))
    for _ in range(draw(st.integers(1, 300))):
        thread, depth = dice.randrange(2), dice.randrange(1, 4)
        for kind in (Kind.CALL,) * depth + (Kind.RETURN,) * depth:
            tick += dice.choice([0, 1, 1, 2, 5, 40, 1000])
            script.events.append(Event(tick, thread, kind, dice.randrange(1, 4)))
    stack: dict[int, list[int]] = {0: [], 1: []}
    for event in script.events:  # what is called is what returns
        if event.kind == Kind.CALL:
            stack[event.thread].append(event.code)
        else:
            event.code = stack[event.thread].pop()
    script.end = tick + 10
    return script


viewports = st.tuples(st.floats(-0.5, 1.5), st.floats(0.0001, 1.5), st.integers(1, 300))


@given(st.one_of(crowds(), scripts()), viewports)
@settings(deadline=None)
def test_a_picture_shows_the_slices_in_sight(script: Script, seen: tuple[float, float, int]) -> None:
    contents = Recording(write_log(script)).contents
    whole = everything(contents, seen[2])
    start = seen[0] * whole.end_ns
    viewport = whole._replace(start_ns=start, end_ns=start + seen[1] * whole.end_ns)
    assert_shows(contents, viewport, picture(contents, viewport, limit=100_000))


@given(crowds(), st.integers(1, 50))
@settings(deadline=None)
def test_densities_add_up_to_the_time_that_calls_took(script: Script, columns: int) -> None:
    contents = Recording(write_log(script)).contents
    drawn = picture(contents, everything(contents, columns), limit=100_000)
    exact = (drawn.flags & RectFlag.EXACT) != 0
    width = drawn.width.astype(float)
    drawn_time = np.where(exact, width, np.maximum(width, 1.0) * drawn.shade / 255) * drawn.grain_ns
    slices = contents.tables.slices
    took = int((slices["end"] - slices["start"]).sum())
    # a shade is one of 255 steps, and the faintest is not nothing
    steps = np.where(exact, 0.0, np.maximum(width, 1.0)).sum() * drawn.grain_ns / 255
    assert drawn_time.sum() == pytest.approx(took, rel=1e-5, abs=steps + 1)


@given(crowds(), st.integers(8, 40))
@settings(deadline=None)
def test_columns_grow_until_the_rectangles_fit(script: Script, limit: int) -> None:
    contents = Recording(write_log(script)).contents
    viewport = everything(contents, 500)
    drawn = picture(contents, viewport, limit=limit)
    assert len(drawn.x0) <= limit
    assert drawn.grain_ns * drawn.columns == pytest.approx(viewport.end_ns)
    assert_shows(contents, viewport, drawn)


def test_more_rows_than_rectangles_show_the_first_rows() -> None:
    events = [Event(tick, 0, Kind.CALL, 1) for tick in range(1, 101)]
    contents = Recording(write_log(Script(events, CODES, end=200))).contents
    drawn = picture(contents, everything(contents, 10), limit=60)
    assert drawn.rows == (Rows(0, 0, 50),)


@given(scripts())
@settings(deadline=None)
def test_flags_say_how_a_call_began_and_ended(script: Script) -> None:
    contents = Recording(write_log(script)).contents
    calls = contents.tables.calls
    drawn = picture(contents, everything(contents, 10**6), limit=100_000)
    for rect in np.flatnonzero(drawn.flags & RectFlag.EXACT):
        call, flags = int(drawn.number[rect]), int(drawn.flags[rect])
        outcome = Outcome(calls["outcome"][call])
        whole = not flags & RectFlag.PART
        assert not flags & RectFlag.RAISED or outcome is Outcome.RAISE
        assert not flags & RectFlag.CUT or not calls["seen"][call]
        if whole:
            assert bool(flags & RectFlag.RAISED) == (outcome is Outcome.RAISE)
            assert bool(flags & RectFlag.OPEN) == (outcome in (Outcome.OPEN, Outcome.UNKNOWN))
            assert bool(flags & RectFlag.CUT) == (not calls["seen"][call])
        assert CallKind(flags >> KIND_SHIFT & 3) == contents.codes.kinds[calls["code"][call]]


@given(crowds())
@settings(deadline=None)
def test_a_packed_picture_can_be_unpacked(script: Script) -> None:
    contents = Recording(write_log(script)).contents
    drawn = picture(contents, everything(contents, 100))
    header, data = drawn.header(), drawn.data()
    count, codes = header["count"], header["code_count"]
    at = 0
    for name, dtype, items in (
        ("x0", "<f4", count),
        ("width", "<f4", count),
        ("number", "<u4", count),
        ("codes", "<u4", codes),
        ("row", "<u2", count),
        ("code", "<u2", count),
        ("shade", "u1", count),
        ("flags", "u1", count),
        ("colours", "u1", codes),
    ):
        column = np.frombuffer(data, dtype, items, at)
        assert np.array_equal(column, getattr(drawn, name))
        at += column.nbytes
    assert at == len(data)
    assert drawn.colours.max(initial=0) < len(LIGHT)


def test_rows_that_are_not_there_are_left_out() -> None:
    contents = Recording(write_log(Script([Event(1, 0, Kind.CALL, 1)], CODES, threads=2, end=10))).contents
    wanted = (Rows(0, 0, 5), Rows(1, 0, 3), Rows(7, 0, 1), Rows(-1, 0, 1), Rows(0, 4, 2))
    assert picture(contents, Viewport(0.0, 10.0, 10, wanted)).rows == (Rows(0, 0, 1),)


def test_more_callables_than_there_are_numbers_for_make_the_columns_wider() -> None:
    codes = {number: code(f"f{number}") for number in range(1, 70_001)}
    events = [Event(2 * n + end, 0, (Kind.CALL, Kind.RETURN)[end], n) for n in codes for end in (0, 1)]
    contents = Recording(write_log(Script(events, codes))).contents
    drawn = picture(contents, everything(contents, 140_000), limit=100_000)
    assert 2**15 < len(drawn.codes) <= 2**16
    assert np.array_equal(drawn.codes[drawn.code[:-1]], np.unique(drawn.codes[drawn.code[:-1]]))
    exact = (drawn.flags & RectFlag.EXACT) != 0
    assert np.array_equal(drawn.codes[drawn.code[exact]], contents.tables.calls["code"][drawn.number[exact]])


def test_an_empty_recording_has_an_empty_picture() -> None:
    contents = Recording(write_log(Script([], CODES, threads=0, end=10))).contents
    assert contents.lanes.depths == []
    assert len(picture(contents, Viewport(0.0, 10.0, 10, ())).x0) == 0


@pytest.mark.parametrize(
    "viewport",
    [
        Viewport(0, 1, 0, ()),
        Viewport(0, 1, 2**23, ()),
        Viewport(1, 1, 5, ()),
        Viewport(2, 1, 5, ()),
        Viewport(0, math.inf, 5, ()),
    ],
)
def test_a_viewport_without_room_is_refused(viewport: Viewport) -> None:
    contents = Recording(write_log(Script([Event(1, 0, Kind.CALL, 1)], CODES, end=10))).contents
    with pytest.raises(ValueError, match="cannot be drawn"):
        picture(contents, viewport)


@given(crowds(), st.floats(0, 1), st.floats(0, 0.3))
@settings(deadline=None)
def test_the_longest_and_the_nearest_slice_in_a_stretch(script: Script, start: float, length: float) -> None:
    contents = Recording(write_log(script)).contents
    first, last = start * contents.end_ns, (start + length) * contents.end_ns
    for track, depths in enumerate(contents.lanes.depths):
        for depth in range(depths):
            pieces = lane(contents, track, depth)
            within = [piece.end - piece.start for piece in pieces if piece.start >= first and piece.end <= last]
            found = contents.lanes.longest(track, depth, first, last)
            if within:
                assert contents.slices.end[found] - contents.slices.start[found] == max(within)
            else:
                assert found == -1
            distances = [max(piece.start - first, first - piece.end, 0) for piece in pieces]
            near = contents.lanes.nearest(track, depth, first, last - first)
            if min(distances) <= last - first:
                distance = max(contents.slices.start[near] - first, first - contents.slices.end[near], 0)
                assert distance == min(distances)
                assert contents.slices.call(near) in {piece.call for piece in pieces}
            else:
                assert near == -1


def test_the_store_takes_little_memory() -> None:
    pair = (Kind.CALL, Kind.RETURN)
    events = [Event(tick, 0, pair[tick % 2], 1) for tick in range(10_000)]
    contents = Recording(write_log(Script(events, CODES))).contents
    assert contents.lanes.nbytes <= 21 * 5000
