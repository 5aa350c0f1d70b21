"""Loss is data: what does not fit is counted to the last event, and what is left is right."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from reference.events import ENTERS, LEAVES
from reference.log import chunks, parse, thread_records
from reference.recorded import recording

from scope_repl import _tracer, schema
from scope_repl.schema import Kind

pytestmark = pytest.mark.native

SMALLEST = 2 * schema.CHUNK_BYTES
KEYFRAME = (Kind.OPEN, Kind.SUSPENDED)


def leaf(n: int) -> int:
    return n


def pair(n: int, text: str) -> int:
    return leaf(n) + 1


def numbers(n: int) -> Iterator[int]:
    for i in range(n):
        yield leaf(i)


def down(n: int, work: Any) -> Any:
    return work() if n == 0 else down(n - 1, work)


def pairs(n: int) -> None:
    for i in range(n):
        pair(i, "text")


def own_events(raw: Any) -> int:
    """Stored events, counted in the log itself."""
    return sum(len(records) for records in thread_records(raw))


def check_counts(raw: Any) -> None:
    stored, dropped = 0, 0
    for thread, records in zip(raw.threads, thread_records(raw), strict=True):
        assert thread[6] == len(records), "the thread's count of what is stored"
        stored += thread[6]
        dropped += thread[7]
    assert (raw.stored, raw.dropped) == (stored, dropped)


@pytest.mark.parametrize("values", [False, True], ids=["calls", "values"])
@pytest.mark.parametrize("drop_newest", [False, True], ids=["oldest", "newest"])
@pytest.mark.parametrize("buffer", [SMALLEST, 5 * schema.CHUNK_BYTES, 1 << 20])
def test_produced_is_stored_and_dropped(values: bool, drop_newest: bool, buffer: int) -> None:
    calls = 60_000
    with recording(__file__, values=values, c_calls=False, buffer_bytes=buffer, drop_newest=drop_newest) as recorded:
        pairs(calls)
    raw = recorded.raw
    check_counts(raw)
    assert raw.stored + raw.dropped == 2 + 4 * calls + 1  # and the call that ends the `with`
    assert raw.dropped > 0
    assert len(bytes(raw.chunks)) <= buffer


def test_nothing_is_dropped_when_all_fits() -> None:
    with recording(__file__, c_calls=False) as recorded:
        pairs(10_000)
    check_counts(recorded.raw)
    assert recorded.raw.dropped == 0
    assert recorded.raw.horizon <= recorded.raw.clock[0]


def test_counts_while_recording() -> None:
    with recording(__file__, values=False, c_calls=False, buffer_bytes=SMALLEST) as recorded:
        before = sum(_tracer.counts())
        pairs(20_000)
        after = sum(_tracer.counts())
    assert 80_000 <= after - before <= 80_100
    assert after <= recorded.raw.stored + recorded.raw.dropped


def test_drop_oldest_keeps_the_end_and_drop_newest_the_beginning() -> None:
    kept = {}
    for drop_newest in (False, True):
        with recording(__file__, c_calls=False, buffer_bytes=SMALLEST, drop_newest=drop_newest) as recorded:
            pairs(5_000)
        arguments = [
            event.values[0][1]
            for event in recorded.events()["MainThread"]
            if event.kind is Kind.CALL and event.name == "pair"
        ]
        assert arguments == list(range(arguments[0], arguments[-1] + 1)), "no hole in between"
        kept[drop_newest] = arguments
        if drop_newest:
            (main,) = (thread for thread in recorded.raw.threads if thread[0] == "MainThread")
            assert main[3] <= main[5] <= main[4] or main[5] < recorded.raw.clock[1]
    assert kept[False][-1] == 4_999
    assert kept[True][0] == 0


def replay(raw: Any, index: int, records: list[Any]) -> tuple[list[int], dict[int, int]]:
    """The stack (of code ids) and the suspended spans (frame address to code id) after a keyframe and some records."""
    stack: list[tuple[int, int]] = []
    suspended: dict[int, int] = {}
    for record in [*parse(raw.keyframes[index], 0), *records]:
        if record.kind is Kind.SUSPENDED:
            suspended[record.aux] = record.code
        elif record.kind is Kind.OPEN:
            stack.append((record.code, record.aux))
        elif record.kind in ENTERS:
            suspended.pop(record.aux, None)
            stack.append((record.code, record.aux))
        elif record.kind is Kind.C_CALL:
            stack.append((record.code, 0))
        elif record.kind in LEAVES or record.kind in (Kind.C_RETURN, Kind.C_RAISE):
            code, frame = stack.pop()
            assert code == record.code, "a span ends that is not the innermost one"
            if record.kind is Kind.YIELD:
                suspended[frame] = code
    return [code for code, _ in stack], suspended


def names(raw: Any, codes: list[int]) -> list[str]:
    return [raw.codes[code][1] for code in codes]


def test_open_frames_at_the_horizon() -> None:
    """After the log has wrapped many times inside deep calls, the stack is whole and each end is its own span's."""
    with recording(__file__, c_calls=False, buffer_bytes=SMALLEST) as recorded:
        down(300, lambda: pairs(20_000))
    raw = recorded.raw
    check_counts(raw)
    (index,) = (number for number, thread in enumerate(raw.threads) if thread[0] == "MainThread")
    frames = list(parse(raw.keyframes[index], 0))
    assert {record.kind for record in frames} <= set(KEYFRAME)
    stack, _ = replay(raw, index, [])
    ours = [name for name in names(raw, stack) if name == "down"]
    assert len(ours) == 301
    replay(raw, index, thread_records(raw)[index])
    depths = [record.data for record in frames if raw.codes[record.code][1] == "down"]
    assert len(set(depths)) == 301, "each open frame has arguments of its own"


def test_generators_across_the_horizon() -> None:
    def drive() -> list[int]:
        kept = [numbers(10) for _ in range(20)]
        for generator in kept:
            next(generator)
        pairs(5_000)
        found = [next(generator) for generator in kept]
        pairs(100)
        for generator in kept[:5]:
            generator.close()
        return found

    with recording(__file__, c_calls=False, buffer_bytes=SMALLEST) as recorded:
        assert drive() == [1] * 20
    raw = recorded.raw
    (index,) = (number for number, thread in enumerate(raw.threads) if thread[0] == "MainThread")
    _, suspended = replay(raw, index, [])
    assert names(raw, list(suspended.values())).count("numbers") == 20
    replay(raw, index, thread_records(raw)[index])


def test_a_wrapped_recording_ends_like_the_whole_one() -> None:
    def program() -> None:
        for i in range(300):
            list(numbers(5))
            down(20, lambda: leaf(1))
            try:
                down(5, lambda: 1 // 0)
            except ZeroDivisionError:
                leaf(i)

    with recording(__file__) as whole:
        program()
    with recording(__file__, buffer_bytes=3 * schema.CHUNK_BYTES) as wrapped:
        program()
    assert wrapped.raw.dropped > 0
    assert whole.raw.stored == wrapped.raw.stored + wrapped.raw.dropped
    all_events = thread_records(whole.raw)[0]
    kept = thread_records(wrapped.raw)[0]
    described = [(record.kind, whole.raw.codes[record.code][1]) for record in all_events]
    assert described[-len(kept) :] == [(record.kind, wrapped.raw.codes[record.code][1]) for record in kept]
    for back in range(0, len(kept), 97):  # the stack at many moments after the horizon
        before, _ = replay(whole.raw, 0, all_events[: len(all_events) - len(kept) + back])
        after, _ = replay(wrapped.raw, 0, kept[:back])
        assert names(whole.raw, before) == names(wrapped.raw, after)


def test_chunks_are_in_order_and_times_never_go_back() -> None:
    with recording(__file__, buffer_bytes=1 << 20) as recorded:
        pairs(50_000)
    found = chunks(recorded.raw)
    assert [chunk.sequence for chunk in found] == sorted({chunk.sequence for chunk in found})
    for records in thread_records(recorded.raw):
        ticks = [record.ticks for record in records]
        assert ticks == sorted(ticks)
        assert not ticks or recorded.raw.horizon <= ticks[0]


@pytest.mark.parametrize("drop_newest", [False, True], ids=["oldest", "newest"])
@pytest.mark.parametrize("buffer", [SMALLEST, 12 * schema.CHUNK_BYTES, 64 << 20])
def test_fifty_threads(buffer: int, drop_newest: bool) -> None:
    calls, count = 400, 50
    ready = threading.Barrier(count)

    def work() -> None:
        ready.wait()
        pairs(calls)

    threads = [threading.Thread(target=work, name=f"stress {number}") for number in range(count)]
    with recording(__file__, c_calls=False, buffer_bytes=buffer, drop_newest=drop_newest) as recorded:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    raw = recorded.raw
    check_counts(raw)
    stress = {thread[0]: thread for thread in raw.threads if thread[0].startswith("stress")}
    assert len(stress) == count
    # THREAD_START and THREAD_END; work and pairs; the opaque ready.wait(); and four events for each call.
    assert {thread[6] + thread[7] for thread in stress.values()} == {2 + 2 + 2 + 2 + 4 * calls}
    if not drop_newest:
        for index in range(len(raw.threads)):
            replay(raw, index, thread_records(raw)[index])
