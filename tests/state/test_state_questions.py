"""Every question at every time against the plain search."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading.logs import Script, write_log
from reading.oracle import ns

from scope_repl.model import Log
from scope_repl.recording.contents import Contents
from scope_repl.recording.state import State
from state import oracle
from state.dense import dense
from state.scripts import ADDRESSES, MODULES, NAMES, scripts

pytestmark = pytest.mark.native

T = TypeVar("T", bound=Any)
LOGS = st.one_of(scripts(), dense())
KEYS = (0, 1, 2, 3, *(-number for number in NAMES))


def times(script: Script, contents: Contents) -> list[int]:
    """Every time at which something happens, and those around it."""
    found = {ns(script, event.tick) for event in script.events} | {contents.horizon_ns, contents.end_ns}
    around = found | {time + 1 for time in found} | {time - 1 for time in found}
    return sorted(time for time in around if contents.horizon_ns <= time <= contents.end_ns)


def opened(script: Script) -> tuple[Contents, State, oracle.Told]:
    log: Log = write_log(script)
    contents = Contents(log)
    return contents, contents.state, oracle.read(script)


def newest(rows: Sequence[T], until_ns: int) -> T | None:
    return next((row for row in reversed(rows) if row.time_ns <= until_ns), None)


def first(rows: Sequence[T], after_ns: int) -> T | None:
    return next((row for row in rows if row.time_ns > after_ns), None)


@given(LOGS)
@settings(deadline=None)
def test_locals(script: Script) -> None:
    contents, state, told = opened(script)
    for call in range(len(contents.calls)):
        writes = [write for write in told.writes if write.call == call]
        for time in times(script, contents):
            expected = {write.key: write for write in writes if write.time_ns <= time}
            assert state.locals(call, time) == expected, (call, time)


@given(LOGS)
@settings(deadline=None)
def test_writes_before_and_after(script: Script) -> None:
    contents, state, told = opened(script)
    for call in range(len(contents.calls)):
        for key in KEYS:
            writes = [write for write in told.writes if (write.call, write.key) == (call, key)]
            for time in times(script, contents)[::2]:
                before = newest(writes, time)
                after = first(writes, time)
                assert (state.write_before(call, key, time), state.write_after(call, key, time)) == (before, after)


@given(LOGS)
@settings(deadline=None)
def test_lines_of_calls(script: Script) -> None:
    contents, state, told = opened(script)
    assert state.has_lines == any(event.kind.name == "LINE" for event in script.events) or bool(told.held_lines)
    for call in range(len(contents.calls)):
        lines = [line for line in (*told.held_lines, *told.lines) if line.call == call]
        begun = [line for line in lines if line.line]
        for time in times(script, contents):
            assert state.line(call, time) == newest(begun, time)
            assert state.next_line(call, time) == first(lines, time)


@given(LOGS)
@settings(deadline=None)
def test_steps(script: Script) -> None:
    contents, state, told = opened(script)
    for track in (None, *range(script.threads)):
        lines = [line for line in told.lines if line.line and track in (None, line.track)]
        for time in times(script, contents):
            assert state.step(track, time, True) == first(lines, time)
            assert state.step(track, time, False) == newest(lines, time - 1)


@given(LOGS)
@settings(deadline=None)
def test_names_of_modules(script: Script) -> None:
    contents, state, told = opened(script)
    for module in (*MODULES.values(), "json", "nowhere"):
        names = [write for owner, write in told.names if owner == module]
        for time in times(script, contents):
            expected = {NAMES[-write.key]: write for write in names if write.time_ns <= time}
            assert state.names(module, time) == expected
            for number, name in NAMES.items():
                writes = [write for write in names if write.key == -number]
                assert state.name_before(module, name, time) == expected.get(name)
                assert state.name_after(module, name, time) == first(writes, time)


@given(LOGS)
@settings(deadline=None)
def test_objects(script: Script) -> None:
    contents, state, told = opened(script)
    for time in times(script, contents):
        for address in (*ADDRESSES, 0x1234):
            versions = [version for version in told.versions if version.address == address]
            assert state.version(address, time) == newest(versions, time)
            assert state.version_after(address, time) == first(versions, time)
        known = {version.address for version in told.versions if version.time_ns <= time}
        assert list(state.addresses(time)) == sorted(known)
    for address in (*ADDRESSES, 0x1234):
        assert state.versions(address) == [version for version in told.versions if version.address == address]
        times_of, sizes = state.sizes(address)
        expected = [(version.time_ns, oracle.size(version.content)) for version in state.versions(address)]
        assert list(zip(times_of.tolist(), sizes.tolist(), strict=True)) == expected
        assert state.attribute_writes(address) == [write for write in told.attributes if write.address == address]


@given(LOGS)
@settings(deadline=None)
def test_output(script: Script) -> None:
    contents, state, told = opened(script)
    for time in times(script, contents):
        assert state.outputs(time) == [output for output in told.outputs if output.time_ns <= time]
