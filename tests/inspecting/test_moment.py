"""What views ask of a moment: its track, its frames, and whether there is more on either side."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading.logs import Event, Held, Script, code, write_log
from reading.scripts import scripts

from scope_repl import OutOfRange, Recording, UnknownValue
from scope_repl.query.moment import Moment
from scope_repl.schema import Kind

pytestmark = pytest.mark.native


def can(step: object) -> bool:
    assert callable(step)
    try:
        step()
    except OutOfRange:
        return False
    return True


@given(scripts(), st.integers(0, 100))
@settings(deadline=None)
def test_there_is_a_step_where_one_can_be_taken(script: Script, share: int) -> None:
    moment = Recording(write_log(script)).at(f"{share}%")
    assert (moment.has_next, moment.has_previous) == (can(moment.next), can(moment.previous))


@given(scripts(), st.integers(0, 100))
@settings(deadline=None)
def test_the_track_is_that_of_the_stack(script: Script, share: int) -> None:
    rec = Recording(write_log(script))
    moment = rec.at(f"{share}%")
    assert moment.track == moment.stack().track
    for track in range(len(rec.tracks)):
        there = moment.on(track)
        assert (there.track, there.time_ns, there.contents) == (track, moment.time_ns, rec.contents)
        assert repr(there.stack()) == repr(moment.stack(track))


@pytest.fixture
def moment() -> Moment:
    events = [Event(10 * number, 0, Kind.CALL, number) for number in (1, 2, 3)]
    codes = {number: code(f"f{number}") for number in (1, 2, 3)}
    return Recording(write_log(Script(events, codes, threads=2, end=100))).at(50, unit="ns")


def test_selecting_frames(moment: Moment) -> None:
    assert [moment.select(number).frame.qualname for number in (0, 1, 2)] == ["f3", "f2", "f1"]
    assert moment.select(2).selected == moment.select(99).selected == 2
    assert moment.select(-5).selected == 0
    assert moment.select(2).down().frame.qualname == "f2"


def test_a_deep_stack_is_shown_in_part() -> None:
    events = [Event(number, 0, Kind.CALL, 1) for number in range(1, 101)]
    stack = Recording(write_log(Script(events, {1: code("f")}, end=200))).at(100, unit="ns").stack()
    lines = repr(stack).splitlines()
    assert (len(stack), len(lines)) == (100, 37)
    assert lines[31] == "  … 65 more frames"


def test_other_tracks_by_name(moment: Moment) -> None:
    assert moment.select(2).on("thread-1").selected == 0
    assert len(moment.on("thread-1").stack()) == 0
    with pytest.raises(LookupError, match="track=2: the tracks are 0 to 1"):
        moment.on(2)


def test_how_long_a_call_will_go_on(moment: Moment) -> None:
    assert (moment.frame.running_ns, moment.frame.remaining_ns) == (20, 50)


def test_the_line_at_the_time_of_the_entry_is_exact_if_the_entry_was_seen(moment: Moment) -> None:
    entered = Moment(moment.contents, 30).frame
    assert (entered.line, entered.standing("line").exact) == (10, True)
    begun = Script([], {1: code("main")}, keyframes=[[Held(Kind.OPEN, 1)]], end=100)
    frame = Recording(write_log(begun)).at(0).frame
    assert (frame.line, frame.standing("line").exact) == (10, False)


def test_a_recording_of_nothing_has_no_track() -> None:
    moment = Recording(write_log(Script([], {}, threads=0, end=100))).at(0)
    assert (moment.has_next, moment.has_previous) == (False, False)
    with pytest.raises(UnknownValue, match="nothing was recorded"):
        _ = moment.track


def test_a_track_that_is_over_is_not_the_one_that_is_meant() -> None:
    calls = [(10, 0, Kind.CALL), (20, 1, Kind.CALL), (30, 1, Kind.RETURN)]
    events = [Event(*call, 1) for call in calls]
    recording = Recording(write_log(Script(events, {1: code("f")}, threads=2, end=100)))
    assert recording.at(25, unit="ns").track == 1
    assert recording.at(50, unit="ns").track == 0
    assert recording.at(5, unit="ns").track in (0, 1)
