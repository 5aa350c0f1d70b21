"""Columns of all lines and all writes against the plain search, and plain values decoded by the million."""

from __future__ import annotations

import struct
from typing import Any

import msgpack
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading.logs import Event, Held, Script, code, write_log

from scope_repl.recording.contents import Contents
from scope_repl.recording.history import History, LineTable, ValueKind
from scope_repl.schema import CodeFlag, Kind
from state import oracle
from state.dense import dense
from state.scripts import CODES, GONE, MODULES, NAMES, VALUES, pack, ref, scripts
from state.test_state_questions import opened

pytestmark = pytest.mark.native

LOGS = st.one_of(scripts(), dense())
PYTHON = (1, 2, 3, 4, 7, 8)


def slots_of(number: int) -> tuple[str, ...]:
    return CODES[number].slots or CODES[number].arguments


def of_name(told: oracle.Told, numbers: tuple[int, ...], name: str) -> list[Any]:
    found = []
    for write in told.writes:
        number = told.codes[write.call] if write.call >= 0 else 0
        slots = slots_of(number) if number in numbers else ()
        known = NAMES.get(-write.key) if write.key < 0 else slots[write.key] if write.key < len(slots) else None
        if number in numbers and known == name:
            found.append(write)
    return sorted(found, key=lambda write: write.time_ns)


def rows(history: History) -> list[Any]:
    return [(history.write(row), history.value(row)) for row in range(len(history))]


@given(LOGS, st.sets(st.sampled_from(PYTHON)), st.sampled_from(["x", "total", "count", "__class__", "nothing"]))
@settings(deadline=None)
def test_histories(script: Script, numbers: set[int], name: str) -> None:
    _, state, told = opened(script)
    history = state.history(numbers, name)
    expected = of_name(told, tuple(numbers), name)
    assert history.time.tolist() == [write.time_ns for write in expected]
    assert history.call.tolist() == [write.call for write in expected]
    assert history.line.tolist() == [write.line for write in expected]
    for row, write in enumerate(expected):
        assert history.value(row) == write.data
        # In these logs a call has a slot and a name that are called the same.
        assert history.write(row)._replace(key=write.key) == write


@given(LOGS)
@settings(deadline=None)
def test_histories_of_modules(script: Script) -> None:
    _, state, told = opened(script)
    for module in (*MODULES.values(), "json", "nowhere"):
        for name in (*NAMES.values(), "nothing"):
            history = state.name_history(module, name)
            expected = [write for owner, write in told.names if owner == module and NAMES[-write.key] == name]
            assert rows(history) == [(write, write.data) for write in expected]


@given(LOGS, st.one_of(st.none(), st.sets(st.integers(0, 14))))
@settings(deadline=None)
def test_lines(script: Script, numbers: set[int] | None) -> None:
    _, state, told = opened(script)
    table = state.line_table(numbers)
    expected = [line for line in told.lines if line.line and (numbers is None or told.codes[line.call] in numbers)]
    assert len(table) == len(expected)
    columns = (table.time.tolist(), table.track.tolist(), table.call.tolist(), table.line.tolist())
    assert list(zip(*columns, strict=True)) == [line[:4] for line in expected]


@given(LOGS)
@settings(deadline=None)
def test_newest_rows_at_lines(script: Script) -> None:
    _, state, _ = opened(script)
    table = state.line_table()
    histories = [state.history(PYTHON, "x"), state.name_history("__main__", "x")]
    for history, own in zip(histories, (True, False), strict=True):
        expected = []
        for time, call in zip(table.time.tolist(), table.call.tolist(), strict=True):
            known = np.flatnonzero((history.time <= time) & ((history.call == call) | (not own))).tolist()
            expected.append(known[-1] if known else -1)
        assert history.rows_at(table).tolist() == expected


def history_of(values: list[Any]) -> History:
    """The history of one local that gets these values."""
    events = [Event(1, 0, Kind.CALL, 1)]
    events += [Event(2 + at, 0, Kind.LINE, 5, 4, pack(0) + pack(value)) for at, value in enumerate(values)]
    script = Script(events, {1: code("f", slots=("x",), level="lines")}, chunk_events=7)
    return Contents(write_log(script)).state.history({1}, "x")


def kind_of(value: Any) -> ValueKind:
    if value is None:
        return ValueKind.NONE
    if isinstance(value, msgpack.ExtType):
        return {28: ValueKind.REF, 29: ValueKind.GONE}.get(value.code, ValueKind.OTHER)
    kinds = {bool: ValueKind.BOOL, float: ValueKind.FLOAT, str: ValueKind.TEXT}
    if type(value) is int and -(2**63) <= value < 2**63:
        return ValueKind.INT
    return kinds.get(type(value), ValueKind.OTHER)


def bits_of(value: Any, kind: ValueKind) -> int:
    if kind is ValueKind.FLOAT:
        return int(struct.unpack("=q", struct.pack("=d", value))[0])
    if kind is ValueKind.REF:
        return int(msgpack.unpackb(value.data)[0])
    return int(value) if kind in (ValueKind.BOOL, ValueKind.INT) else 0


@given(st.lists(VALUES, max_size=40))
@settings(deadline=None)
def test_plain_values(values: list[Any]) -> None:
    decoded = history_of(values).decode()
    kinds = [kind_of(value) for value in values]
    assert decoded.kind.tolist() == kinds
    assert decoded.bits.tolist() == [bits_of(value, kind) for value, kind in zip(values, kinds, strict=True)]
    assert list(decoded.texts) == [value for value in values if isinstance(value, str)]
    plain = {ValueKind.BOOL, ValueKind.INT, ValueKind.FLOAT, ValueKind.TEXT}
    expected = [value if kind in plain else None for value, kind in zip(values, kinds, strict=True)]
    actual = decoded.values().tolist()
    assert actual == expected
    assert [type(value) for value in actual] == [type(value) for value in expected]


@pytest.mark.parametrize(
    ("values", "dtype"),
    [
        ([1, -5, 2**40], np.int64),
        ([0.5, float("inf")], np.float64),
        ([True, False], np.bool_),
        ([1, 0.5], object),
        ([1, True], object),
        (["a", "b", "a"], object),
        ([1, GONE], object),
        ([ref(16), None], object),
        ([], object),
    ],
)
def test_values_have_the_dtype_that_all_of_them_have(values: list[Any], dtype: Any) -> None:
    assert history_of(values).decode().values().dtype == dtype


def test_texts_that_repeat_are_one_object() -> None:
    texts = history_of(["paid", "sent", "paid", "x" * 500]).decode().texts
    assert list(texts) == ["paid", "sent", "paid", "x" * 500]
    assert texts[0] is texts[2]


def test_columns_cannot_be_changed() -> None:
    history = history_of([1, 2])
    for column in (history.time, history.call, history.line, history.place):
        with pytest.raises(ValueError, match="read-only"):
            column[0] = 0


def test_a_generator_that_goes_from_thread_to_thread_has_one_history() -> None:
    codes = {1: code("ticks", CodeFlag.GENERATOR, slots=("n",), level="lines")}
    events = [Event(10, 0, Kind.CALL, 1, 64)]
    for number in range(100):
        tick, thread = 20 + number * 10, number % 3
        events += [
            *([Event(tick, thread, Kind.RESUME, 1, 64)] if number else []),
            Event(tick + 1, thread, Kind.LINE, 7, 6, pack(0) + pack(number)),
            Event(tick + 2, thread, Kind.YIELD, 1),
        ]
    contents = Contents(write_log(Script(events, codes, threads=3, chunk_events=4, ns_per_tick=1.0)))
    state = contents.state
    assert len(contents.calls) == 1
    history = state.history({1}, "n")
    assert history.decode().values().tolist() == list(range(100))
    assert history.write(50) == state.write_before(0, 0, int(history.time[50]))
    for number in range(100):
        tick = 20 + number * 10
        assert state.locals(0, tick + 5)[0].data == pack(number)
        assert state.locals(0, tick + 5)[0].track == number % 3
        after = state.write_after(0, 0, tick + 5)
        assert (after.data if after else None) == (pack(number + 1) if number < 99 else None)


def test_locals_of_a_keyframe_are_those_at_the_horizon() -> None:
    codes = {1: code("f", slots=("a", "b"), arguments=("a",), level="lines")}
    held = [Held(Kind.OPEN, 1, 5, 0, pack([1])), Held(Kind.LINE, 8, 0, 3, pack(0) + pack(2) + pack(1) + pack("b"))]
    events = [Event(90, 0, Kind.LINE, 9, 8, pack(1) + pack("c")), Event(91, 0, Kind.RETURN, 1)]
    contents = Contents(write_log(Script(events, codes, keyframes=[held], horizon=50)))
    state = contents.state
    known = {key: (write.time_ns, write.data) for key, write in state.locals(0, 50).items()}
    assert known == {0: (50, pack(2)), 1: (50, pack("b"))}
    assert [state.line(0, 50), state.line(0, 90)] == [(50, 0, 0, 8, False), (90, 0, 0, 9, False)]
    assert state.next_line(0, 50) == (90, 0, 0, 9, False)
    assert state.write_before(0, 1, 89).line == 0  # type: ignore[union-attr]
    assert state.write_before(0, 1, 95).line == 8  # type: ignore[union-attr]
    assert state.history({1}, "a").time.tolist() == [5, 50]
    assert isinstance(state.line_table(), LineTable)
    assert state.line_table().line.tolist() == [9]
