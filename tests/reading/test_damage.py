"""A damaged log gives an error or an answer, never a crash."""

from __future__ import annotations

import contextlib
import dataclasses
import struct
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reading.logs import START, Event, Script, write_log
from reading.scripts import CODES, scripts
from scope_repl import DamagedLog, Recording
from scope_repl.model import Clock, Log
from scope_repl.schema import CHUNK_BYTES, Kind

pytestmark = pytest.mark.native


def exercise(log: Log) -> None:
    rec = Recording(log)
    assert len(rec.calls) >= 0
    assert len(rec.events) >= 0
    assert len(rec.tracks) == len(log.threads)
    for share in ("0%", "50%", "100%"):
        moment = rec.at(share)
        for track in moment.tracks:
            repr(moment.stack(track.track))
        moment.suspended()
    str(rec.tree())


@given(scripts(), st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 255)), min_size=1, max_size=8), st.booleans())
@settings(deadline=None)
def test_changed_bytes(script: Script, changes: list[tuple[int, int]], in_keyframe: bool) -> None:
    log = write_log(script, shuffle=False)
    pool, keyframes = bytearray(log.chunks), [bytearray(keyframe) for keyframe in log.keyframes]
    for at, value in changes:
        target = keyframes[0] if in_keyframe and keyframes[0] else pool
        if target:
            target[at % len(target)] = value
    damaged = dataclasses.replace(log, chunks=memoryview(bytes(pool)), keyframes=tuple(map(bytes, keyframes)))
    with contextlib.suppress(DamagedLog):
        exercise(damaged)


def small() -> Script:
    return Script([Event(10, 0, Kind.CALL, 1), Event(20, 0, Kind.RETURN, 1)], CODES)


def with_header(at: int, form: str, value: int) -> Callable[[Log], Log]:
    def damage(log: Log) -> Log:
        pool = bytearray(log.chunks)
        struct.pack_into(form, pool, at, value)
        return dataclasses.replace(log, chunks=memoryview(pool))

    return damage


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (with_header(0, "=I", 7), "chunk 0 does not begin as a chunk does"),
        (with_header(4, "=H", 9), "chunk 0 is of a version of the format that cannot be read"),
        (with_header(6, "=H", 1), "chunk 0 is of a version of the format that cannot be read"),
        (with_header(8, "=I", 3), "chunk 0 belongs to a thread that is not listed"),
        (with_header(12, "=I", CHUNK_BYTES), "chunk 0 has an impossible length"),
        (with_header(12, "=I", 9), "chunk 0 has an impossible length"),
        (with_header(32, "=I", 999), "chunk 0 has an impossible length"),
        (with_header(24, "=Q", 2**64 - 1), "thread 0 has an impossible time"),
        (with_header(64, "=Q", 0), "chunk 0 holds something that is not a record"),
        (with_header(72, "=Q", 2**64 - 1), "chunk 0 holds something that is not a record"),
        (lambda log: dataclasses.replace(log, chunks=log.chunks[:100]), "100 bytes are not a whole number of chunks"),
        (
            lambda log: dataclasses.replace(log, keyframes=(b"1234567",)),
            "the keyframe of thread 0 holds something else",
        ),
        (lambda log: dataclasses.replace(log, keyframes=()), "1 threads, 0 keyframes"),
        (lambda log: dataclasses.replace(log, clock=Clock(START, START, float("nan"), 0)), "the clock is impossible"),
        (lambda log: dataclasses.replace(log, clock=Clock(START, START, 0.0, 0)), "the clock is impossible"),
        (lambda log: dataclasses.replace(log, clock=Clock(2**63, 2**63, 1.0, 0)), "the clock is impossible"),
    ],
)
def test_what_is_wrong_is_said(damage: Callable[[Log], Log], message: str) -> None:
    with pytest.raises(DamagedLog, match=message):
        exercise(damage(write_log(small(), shuffle=False)))


def test_the_same_chunk_twice() -> None:
    log = write_log(small(), shuffle=False)
    with pytest.raises(DamagedLog, match="has the sequence number of another"):
        exercise(dataclasses.replace(log, chunks=memoryview(bytes(log.chunks) * 2)))


def test_a_callable_that_the_log_does_not_name_is_shown_as_unknown() -> None:
    script = Script([Event(10, 0, Kind.CALL, 77), Event(20, 0, Kind.RETURN, 77)], CODES)
    rec = Recording(write_log(script))
    assert rec.calls.name.tolist() == ["?"]
    assert rec.at("50%").tracks[0].depth == 0


def test_an_empty_recording() -> None:
    log = dataclasses.replace(write_log(Script([], {}, threads=0)), chunks=memoryview(b""))
    exercise(log)
    rec = Recording(log)
    assert (len(rec.calls), len(rec.events), len(rec.tracks)) == (0, 0, 0)
    assert "nothing was recorded" in repr(rec.at("50%"))


def test_ends_that_match_nothing_are_counted_and_cost_no_more_than_their_number() -> None:
    deep = [Event(10 + i, 0, Kind.CALL, 1) for i in range(2000)]
    lost = [Event(5000 + i, 0, Kind.RETURN, 2) for i in range(2000)]
    rec = Recording(write_log(Script(deep + lost, CODES)))
    assert rec.stats.ignored == 2000
    assert rec.at("100%").tracks[0].depth == 2000
