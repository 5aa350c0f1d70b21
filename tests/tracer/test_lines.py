"""What level lines writes, and what it does not: the log itself, read in plain Python."""

from __future__ import annotations

import gc
import struct
import weakref
from collections.abc import Callable
from typing import Any

import pytest
from reference.log import Record, chunks, parse, thread_records
from reference.recorded import recording

from scope_repl import schema
from scope_repl.schema import Kind

pytestmark = pytest.mark.native

VERSION = struct.Struct("=IHH")
CUT = schema.LINE_CUT


def record(work: Callable[[], Any], **options: Any) -> tuple[Any, list[Record]]:
    """The log, and its records from the call of ``work`` to its return."""
    with recording(__file__, lines=True, **options) as recorded:
        work()
    records = [record for records in thread_records(recorded.raw) for record in records]
    own = [number for number, record in enumerate(records) if is_of(recorded.raw, record, work.__qualname__)]
    return recorded.raw, records[own[0] : own[-1] + 1]


def is_of(raw: Any, record: Record, qualname: str) -> bool:
    return record.kind in (Kind.CALL, Kind.RETURN) and raw.codes[record.code][1] == qualname


def of_kind(records: list[Record], *kinds: Kind) -> list[Record]:
    return [record for record in records if record.kind in kinds]


def test_a_line_that_changes_nothing_is_one_word() -> None:
    def idle() -> None:
        flag = None
        if flag is None:
            pass
        if flag is None:
            pass

    _, records = record(idle)
    quiet = [record for record in of_kind(records, Kind.LINE) if not record.data]
    assert len(quiet) >= 3
    assert all(record.aux == 0 for record in quiet)


def test_a_line_with_one_small_change_takes_at_most_24_bytes() -> None:
    def count() -> None:
        n = 0
        for i in range(100):
            n = i  # noqa: F841 - what is bound is what is recorded

    _, records = record(count)
    changed = [record for record in of_kind(records, Kind.LINE) if record.data]
    assert len(changed) > 150
    assert all(16 + (len(record.data) + 7) // 8 * 8 <= 24 for record in changed)


def test_an_append_to_a_long_list_costs_the_appended_item() -> None:
    def fill() -> None:
        items: list[int] = []
        for i in range(100):
            items.append(i)

    _, records = record(fill)
    versions = of_kind(records, Kind.VERSION)
    whole = [version for version in versions if VERSION.unpack_from(version.data)[1:] == (0, 0)]
    spliced = [len(version.data) - VERSION.size for version in versions if version not in whole]
    assert len(spliced) >= 90
    assert max(spliced) == 1  # a small int
    assert len(whole) < 10


def test_a_loop_over_a_long_list_does_not_write_it_again() -> None:
    def total() -> None:
        items = list(range(1000))
        result = 0
        for item in items:
            result += item

    _, records = record(total)
    assert len(of_kind(records, Kind.LINE)) > 2000
    assert len(of_kind(records, Kind.VERSION)) == 1


def test_what_two_names_lead_to_is_written_once() -> None:
    def alias() -> None:
        one = [1]
        other = one
        holder = {"held": one}
        other.append(2)
        del holder

    _, records = record(alias)
    addresses = [version.aux for version in of_kind(records, Kind.VERSION)]
    assert len(set(addresses)) == 2
    assert len(addresses) == 3, "the list, the dictionary, and the list again when it had changed"


def test_every_version_builds_on_one_in_its_own_chunk() -> None:
    def work() -> None:
        tables = [{"n": 0} for _ in range(5)]
        for i in range(3000):
            tables[i % 5]["n"] = i

    with recording(__file__, lines=True, buffer_bytes=4 * schema.CHUNK_BYTES) as recorded:
        work()
    assert recorded.raw.dropped > 1000
    seen_before = {
        record.aux for record in parse(recorded.raw.keyframes[0], 0) if record.kind is Kind.VERSION
    }  # only for the chunk that is folded in part
    for number, chunk in enumerate(chunks(recorded.raw)):
        known = set(seen_before) if number == 0 else set()
        for version in parse(chunk.records, chunk.base):
            if version.kind is Kind.VERSION:
                whole = VERSION.unpack_from(version.data)[1:] == (0, 0)
                assert whole or version.aux in known
                known.add(version.aux)


def test_the_keyframe_has_the_state_at_the_horizon() -> None:
    def work() -> None:
        early, table = "early", {"kept": [1, 2]}
        n = 0
        for i in range(20_000):
            n = i  # noqa: F841
        del early, table

    with recording(__file__, lines=True, buffer_bytes=4 * schema.CHUNK_BYTES) as recorded:
        work()
    raw = recorded.raw
    assert raw.dropped > 0
    kept = list(parse(raw.keyframes[0], 0))
    kinds = [record.kind for record in kept]
    assert kinds[0] is Kind.VERSION
    assert kinds.index(Kind.OPEN) > max(n for n, kind in enumerate(kinds) if kind is Kind.VERSION)
    assert any(b"kept" in record.data for record in kept if record.kind is Kind.VERSION)
    assert any(b"early" in record.data for record in kept if record.kind is Kind.LINE)


def test_produced_is_stored_and_dropped() -> None:
    def work(n: int) -> None:
        held: list[list[int]] = []
        for i in range(n):
            held.append([i])
            if len(held) > 8:
                held.pop(0)

    with recording(__file__, lines=True) as whole:
        work(4000)
    with recording(__file__, lines=True, buffer_bytes=4 * schema.CHUNK_BYTES) as wrapped:
        work(4000)
    versions_again = 200  # a version is whole anew in each chunk, so that their number may differ a little
    assert wrapped.raw.dropped > 0
    assert abs(wrapped.raw.stored + wrapped.raw.dropped - whole.raw.stored) <= versions_again
    for raw in (whole.raw, wrapped.raw):
        assert raw.stored == sum(len(records) for records in thread_records(raw))


def test_nothing_is_kept_alive_and_no_dict_is_made() -> None:
    class Plain:
        def __init__(self) -> None:
            self.value = [1]

    gone: list[bool] = []

    def work() -> None:
        plain = Plain()
        reference = weakref.ref(plain)
        del plain
        gone.append(reference() is None)

    gc.disable()
    try:
        record(work)
    finally:
        gc.enable()
    assert gone == [True]


def test_too_much_in_reach_says_that_not_all_was_looked_at() -> None:
    def work() -> None:
        rows = [[n] for n in range(100)]
        rows[0].append(1)

    _, records = record(work)
    assert any(record.aux & CUT for record in of_kind(records, Kind.LINE))


def test_values_of_secrets_are_not_written() -> None:
    def work() -> None:
        password = "hunter2"
        settings = {"api_key": "hunter3", "token": ["hunter4"]}
        del password, settings

    raw, _ = record(work)
    assert b"hunter" not in bytes(raw.chunks)


def test_frames_too_deep_have_no_lines() -> None:
    def down(n: int) -> int:
        m = n
        return 0 if n == 0 else down(m - 1)

    with recording(__file__, lines=True, max_depth=4) as recorded:
        down(10)
    (records,) = thread_records(recorded.raw)
    calls = [record for record in records if is_of(recorded.raw, record, down.__qualname__)]
    assert 0 < len(calls) <= 8
    assert len(of_kind(records, Kind.LINE)) <= 3 * len(calls)
