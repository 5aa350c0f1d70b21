"""The table's rows against all calls, one by one."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading.logs import Event, Script, code, write_log
from reading.scripts import scripts

from scope_repl import OptionError, Recording
from scope_repl.query import rows as rows_module
from scope_repl.query.rows import SORTS, rows
from scope_repl.schema import Kind

pytestmark = pytest.mark.native

COLUMNS = ("call", "track", "depth", "start_ns", "duration_ns", "self_ns", "name", "module", "outcome")


def expected(rec: Recording, start: int, end: int, text: str, sort: str, descending: bool) -> list[list[Any]]:
    found = []
    for number, call in enumerate(rec.calls.itertuples()):
        module = call.module if isinstance(call.module, str) else ""
        if call.start_ns > end or call.end_ns < start:
            continue
        if text.lower() not in call.name.lower() and text.lower() not in module.lower():
            continue
        duration = call.end_ns - call.start_ns
        found.append(
            [number, call.track, call.depth, call.start_ns, duration, call.self_ns, call.name, module, call.outcome]
        )
    # Sorting is stable in either direction.
    return sorted(found, key=lambda row: row[COLUMNS.index(sort)], reverse=descending)


@given(
    script=scripts(),
    window=st.tuples(st.integers(0, 4000), st.integers(0, 4000)),
    text=st.sampled_from(["", "PRICE", "shop", "order.", "js", "<", "nothing"]),
    sort=st.sampled_from(SORTS),
    descending=st.booleans(),
    limit=st.integers(0, 12),
    at_once=st.sampled_from([1, 3, 2**20]),
)
@settings(deadline=None)
def test_rows(
    script: Script,
    window: tuple[int, int],
    text: str,
    sort: str,
    descending: bool,
    limit: int,
    at_once: int,
) -> None:
    rec = Recording(write_log(script))
    start, end = sorted(window)
    wanted = expected(rec, start, end, text, sort, descending)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rows_module, "_AT_ONCE", at_once)
        total, found = rows(rec.contents, start, end, filter=text, sort=sort, descending=descending, limit=limit)
    assert total == len(wanted)
    assert found == wanted[:limit]
    assert all(type(item) in (int, str) for row in found for item in row)


def test_a_recording_without_calls() -> None:
    rec = Recording(write_log(Script([], {})))
    assert rows(rec.contents, 0, 100) == (0, [])


@pytest.mark.parametrize("name", ["x" * 10_000, "日" * 10_000, "half a pair \ud800" * 1000, "\x00" * 10_000])
def test_long_and_unwritable_names_can_be_sent(name: str) -> None:
    events = [Event(tick, 0, Kind.CALL, 1) for tick in range(100)]
    rec = Recording(write_log(Script(events, {1: code(name, module=name)})))
    total, found = rows(rec.contents, 0, 1000, filter=name[:20])
    assert total == len(found) == 100
    assert len(json.dumps(found, ensure_ascii=False).encode()) < 200_000


def test_bad_options() -> None:
    rec = Recording(write_log(Script([], {})))
    with pytest.raises(OptionError, match=r"sort='size': the choices are start_ns, duration_ns, self_ns, name"):
        rows(rec.contents, 0, 100, sort="size")
    with pytest.raises(OptionError, match="limit=-1: give 0 or more"):
        rows(rec.contents, 0, 100, limit=-1)
