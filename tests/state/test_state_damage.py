"""A damaged log gives an error or an answer, never a crash and never an endless search."""

from __future__ import annotations

import contextlib
import dataclasses
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading.logs import SPANS, Event, Held, Script, write_log

from scope_repl.errors import DamagedLog
from scope_repl.model import Log
from scope_repl.recording.contents import Contents
from scope_repl.recording.state import State, values_of
from scope_repl.schema import LINE_CUT, CodeFlag, Kind
from state.dense import dense
from state.scripts import ADDRESSES, CODES, MODULES, pack, scripts

pytestmark = pytest.mark.native

CALL = Event(10, 0, Kind.CALL, 2)


def exercise(log: Log) -> None:
    """Ask everything once, whatever the answer."""
    contents = Contents(log)
    state = contents.state
    calls = len(contents.tables.calls["code"])
    for time in (0, contents.horizon_ns, contents.end_ns // 2, contents.end_ns):
        for call in {0, calls // 2, calls - 1} & set(range(calls)):
            _ask_call(state, call, time)
        for module in MODULES.values():
            state.names(module, time)
            state.name_before(module, "x", time)
            state.name_after(module, "x", time)
        for address in ADDRESSES:
            state.version(address, time)
            state.version_after(address, time)
        list(state.addresses(time))
        for track in (None, *range(len(log.threads))):
            state.step(track, time, True)
            state.step(track, time, False)
    for address in ADDRESSES:
        state.versions(address)
        state.sizes(address)
        state.attribute_writes(address)
    table = state.line_table()
    for history in (state.history(CODES, "x"), state.name_history("__main__", "x")):
        history.rows_at(table)
        history.decode().values()
        for row in range(0, len(history), 7):
            history.write(row)
    state.outputs(contents.end_ns)


def _ask_call(state: State, call: int, time: int) -> None:
    state.locals(call, time)
    state.line(call, time)
    state.next_line(call, time)
    for key in (0, 3, -10):
        state.write_before(call, key, time)
        state.write_after(call, key, time)


@given(
    st.one_of(scripts(), dense()),
    st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 255)), min_size=1, max_size=8),
    st.booleans(),
)
@settings(deadline=None)
def test_changed_bytes(script: Script, changes: list[tuple[int, int]], in_keyframe: bool) -> None:
    log = write_log(script, shuffle=False)
    pool, keyframes = bytearray(log.chunks), [bytearray(keyframe) for keyframe in log.keyframes]
    for at, value in changes:
        target = keyframes[0] if in_keyframe and keyframes[0] else pool
        if target:
            target[at % len(target)] = value
    with contextlib.suppress(DamagedLog):
        exercise(dataclasses.replace(log, chunks=memoryview(bytes(pool)), keyframes=tuple(map(bytes, keyframes))))


@given(dense(), st.binary(min_size=1, max_size=40), st.randoms())
@settings(deadline=None)
def test_changed_payloads(script: Script, data: bytes, random: object) -> None:
    """Payloads that are whole as records, and no values."""
    for event in script.events:
        if event.data is not None and event.kind is not Kind.ATTRIBUTE and random.random() < 0.2:  # type: ignore[attr-defined]
            event.data = data
        if event.content is not None and random.random() < 0.2:  # type: ignore[attr-defined]
            event.content, event.data = None, data.ljust(8, b"\1")
    with contextlib.suppress(DamagedLog):
        exercise(write_log(script))


@given(dense())
@settings(deadline=None)
def test_what_is_whole_is_read(script: Script) -> None:
    exercise(write_log(script))


def refused(*events: Event, held: list[Held] | None = None, **fields: object) -> None:
    script = Script([CALL, *events], CODES, keyframes=[held or []], horizon=5)
    exercise(dataclasses.replace(write_log(script), **fields))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "event",
    [
        Event(20, 0, Kind.LINE, 1, 0, pack(0)),  # a key without a value
        Event(20, 0, Kind.LINE, 1, 0, pack("x") + pack(1)),
        Event(20, 0, Kind.LINE, 1, 0, pack(70_000) + pack(1)),
        Event(20, 0, Kind.LINE, 1, 0, pack(-(2**21)) + pack(1)),
        Event(20, 0, Kind.LINE, 1, 0, pack(0) + b"\xd9\xff"),
        Event(20, 0, Kind.LINE, 1, 0, pack(0) + b"\xc1"),
        Event(20, 0, Kind.LINE, 1, 0, pack(0) + b"\xdd\xff\xff\xff\xff"),
        Event(20, 0, Kind.NAMES, 12, 0, pack(-10)),
        Event(20, 0, Kind.CALL, 2, 0, b"\x93" + pack(1)),
        Event(20, 0, Kind.VERSION, 9, ADDRESSES[0], struct.pack("=IHH", 1, 1, 0)),
        Event(20, 0, Kind.VERSION, 9, ADDRESSES[0], b"1234567"),
        Event(20, 0, Kind.ATTRIBUTE, 10, ADDRESSES[0], b"123"),
        Event(20, 0, Kind.ATTRIBUTE, 10, ADDRESSES[0], bytes(4) + pack(1)),
        Event(20, 0, Kind.ATTRIBUTE, 10, ADDRESSES[0], bytes(4) + pack(1) + b"\xda"),
        Event(20, 0, Kind.OUTPUT, 5, 0, pack("text")),
        Event(20, 0, Kind.OUTPUT, 1, 0, pack(7)),
        Event(20, 0, Kind.OUTPUT, 1, 0, b""),
    ],
)
def test_what_is_no_value_is_refused(event: Event) -> None:
    with pytest.raises(DamagedLog):
        refused(event, Event(30, 0, Kind.RETURN, 2) if event.kind is Kind.CALL else Event(30, 0, Kind.LINE, 1))


def test_a_splice_needs_a_version_that_is_long_enough() -> None:
    whole = Event(20, 0, Kind.VERSION, 9, ADDRESSES[0], struct.pack("=IHH", 1, 0, 0) + b"\x08\x01\x02")
    for front, back in ((4, 0), (0, 4), (2, 2), (65535, 65535)):
        with pytest.raises(DamagedLog, match="builds on one that is not there"):
            refused(whole, Event(21, 0, Kind.VERSION, 9, ADDRESSES[0], struct.pack("=IHH", 1, front, back) + b"\x03"))
    refused(whole, Event(21, 0, Kind.VERSION, 9, ADDRESSES[0], struct.pack("=IHH", 1, 2, 1) + b"\x03"))


@pytest.mark.parametrize(
    "held",
    [
        [Held(Kind.LINE, 3)],
        [Held(Kind.OPEN, 2), Held(Kind.NAMES, 12)],
        [Held(Kind.OPEN, 2), Held(Kind.VERSION, 9, 0, 16, bytes(9))],
        [Held(Kind.OUTPUT, 1)],
        [Held(Kind.FRAME, 2)],
        [Held(Kind.ATTRIBUTE, 10, 0, 16, bytes(12))],
    ],
)
def test_a_keyframe_holds_its_records_in_order(held: list[Held]) -> None:
    bare = [one for one in held if one.kind in SPANS]
    with pytest.raises(DamagedLog, match="something else than open and suspended spans with their state"):
        refused(held=held)
    refused(held=bare)


def test_values_that_cannot_be_told_apart() -> None:
    values = [pack(1), pack("é"), pack([1, [2], {"a": None}])]
    assert values_of(b"".join(values)) == values
    for damaged in (b"\xc1", b"\xa5four", b"\x92\x01", b"\xc7\x05\x08"):
        with pytest.raises(DamagedLog):
            values_of(damaged)


def test_calls_and_tracks_that_are_not_there() -> None:
    state = Contents(write_log(Script([CALL], CODES))).state
    for question in (state.line, state.next_line, state.locals):
        for call in (-1, 1):
            with pytest.raises(IndexError):
                question(call, 10)
    with pytest.raises(IndexError):
        state.step(7, 10, True)


def test_a_line_outside_any_call_says_nothing() -> None:
    line = Event(5, 0, Kind.LINE, 7, LINE_CUT, pack(0) + pack(1) + pack(-10) + pack(2))
    contents = Contents(write_log(Script([line, CALL], CODES)))
    assert contents.state.has_lines
    assert len(contents.state.line_table()) == 0
    assert contents.state.step(None, 0, True) is None
    assert contents.event_table["kind"].tolist() == ["line", "call"]
    assert contents.event_table["call"].tolist() == [-1, 0]


def test_numbers_of_lines_types_and_streams_are_no_callables() -> None:
    events = [
        CALL,
        Event(11, 0, Kind.LINE, 1_000_000),
        Event(12, 0, Kind.VERSION, 900_000, 16, content=b"\x08"),
        Event(13, 0, Kind.OUTPUT, 1, 0, pack("x")),
        Event(14, 0, Kind.NAMES, 800_000, 0, b""),
    ]
    contents = Contents(write_log(Script(events, CODES)))
    assert contents.tables.reader.largest_id == 2
    assert contents.event_table["name"].astype(object).tolist() == ["price"] * 5
    assert contents.state.versions(16)[0].type == 900_000


def test_an_exception_is_known_whatever_is_told_of_the_frame_on_its_way() -> None:
    raised = [
        Event(20, 0, Kind.RAISE, 2, 9, pack("no such order")),
        Event(21, 0, Kind.VERSION, 9, 16, content=b"\x08"),
        Event(22, 0, Kind.LINE, 0, 5, pack(0) + pack(1)),
        Event(23, 0, Kind.UNWIND, 2, 9),
    ]
    contents = Contents(write_log(Script([CALL, *raised], CODES, chunk_events=2)))
    assert str(contents.payloads.raised(0)) == "ValueError: no such order"
    assert CODES[9].flags & CodeFlag.TYPE
