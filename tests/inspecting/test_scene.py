from __future__ import annotations

from collections.abc import Sequence

from reading.logs import Event, Held, Script, code, write_log

from scope_repl import Recording
from scope_repl.query.scene import scene
from scope_repl.schema import Kind


def calls_ns(*events: Event, horizon: int = 0, begun: Sequence[Held] = ()) -> list[int]:
    script = Script(list(events), {1: code("only")}, keyframes=[list(begun)], end=100_000, horizon=horizon)
    extent: list[int] = scene(Recording(write_log(script)).contents)["calls_ns"]
    return extent


def test_from_the_first_call_to_the_last() -> None:
    calls = [Event(500, 0, Kind.CALL, 1), Event(700, 0, Kind.RETURN, 1)]
    assert calls_ns(*calls) == [500, 700]
    assert calls_ns(*calls, Event(800, 0, Kind.CALL, 1), Event(900, 0, Kind.RETURN, 1)) == [500, 900]


def test_a_call_that_has_not_ended_lasts_to_the_end() -> None:
    assert calls_ns(Event(500, 0, Kind.CALL, 1)) == [500, 100_000]


def test_what_had_begun_before_the_horizon_is_known_from_there() -> None:
    begun = [Held(Kind.OPEN, 1, start=100)]
    assert calls_ns(Event(700, 0, Kind.RETURN, 1), horizon=300, begun=begun) == [300, 700]


def test_without_calls_it_is_the_whole_time() -> None:
    assert calls_ns() == [0, 100_000]
