"""Real recordings: the tables are whole, whatever was dropped."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

import scope_repl
from scope_repl import OutOfRange, Recording

pytestmark = pytest.mark.native


def leaf(x: int) -> int:
    return x


def numbers(count: int) -> Iterator[int]:
    for number in range(count):
        yield leaf(number)


def total(count: int) -> int:
    return sum(leaf(number) for number in numbers(count))


def record(count: int, **options: object) -> Recording:
    held = numbers(10**9)
    with scope_repl.record(include=__file__, **options) as rec:  # type: ignore[arg-type]
        next(held)
        threads = [threading.Thread(target=total, args=(count,)) for _ in range(3)]
        for thread in threads:
            thread.start()
        total(count)
        next(held)
        for thread in threads:
            thread.join()
    return rec


def check(rec: Recording) -> None:
    stats, calls, events = rec.stats, rec.calls, rec.events
    assert stats.produced == stats.stored + stats.dropped
    assert (len(events), stats.ignored) == (stats.stored, 0)
    assert events.time_ns.is_monotonic_increasing
    assert events.time_ns.min() >= stats.horizon_ns
    assert (calls.self_ns >= 0).all()
    assert (calls.end_ns >= calls.start_ns).all()
    within = calls[
        (calls.parent >= 0) & (calls.outcome == "return") & ~calls.name.isin(["numbers", "total.<locals>.<genexpr>"])
    ]
    assert (within.start_ns >= calls.start_ns.to_numpy()[within.parent]).all()


def test_everything_kept() -> None:
    rec = record(300)
    check(rec)
    assert rec.stats.dropped == 0
    assert (rec.calls.name == "leaf").sum() == 4 * 300 * 2 + 2
    assert not (rec.calls.outcome == "unknown").any()
    assert rec.find("total", where={"count": 300}).outcome.tolist() == ["return"] * 4


@pytest.mark.parametrize("overflow", ["drop-oldest", "drop-newest"])
def test_some_dropped(overflow: str) -> None:
    rec = record(5000, buffer="1MB", overflow=overflow)
    check(rec)
    assert rec.stats.dropped > 0
    assert rec.tracks.dropped.sum() == rec.stats.dropped
    if overflow == "drop-oldest":
        assert rec.stats.horizon_ns > 0
        assert not (rec.calls.outcome == "unknown").any()
        with pytest.raises(OutOfRange, match="is before the horizon"):
            rec.at(0)
    else:
        assert rec.stats.horizon_ns == 0
        known = rec.tracks.end_known_ns.min()
        assert rec.at(int(known), unit="ns").standing(0).exact
        assert not rec.at("100%").standing(int(rec.tracks.end_known_ns.idxmin())).exact


def test_a_generator_that_began_before_the_horizon_is_still_known() -> None:
    rec = record(5000, buffer="1MB")
    held = [frame for frame in rec.at("100%").suspended() if frame.qualname == "numbers"]
    assert [dict(frame.args) for frame in held] == [{"count": 10**9}]
