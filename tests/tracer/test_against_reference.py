"""The native tracer against the plain-Python one: the same events on the same programs."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from reference.compare import EXCEPTION_FLOW, difference
from reference.events import ENTERS, LEAVES, Event
from reference.programs import programs
from reference.recorded import recording
from reference.spans import spans
from reference.tracer import Behaviour, observing, run

from scope_repl.schema import Kind

pytestmark = [pytest.mark.native, pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning")]

PROGRAMS = sorted((Path(__file__).parents[1] / "programs").glob("*.py"))
# Before 3.12 a plain-Python tracer is not told which of several exceptions a `finally` raises again.
NOT_SEEN = EXCEPTION_FLOW if sys.version_info < (3, 12) else frozenset()
SETTINGS = [(values, c_calls) for values in (False, True) for c_calls in (False, True)]
NAMES = [f"{'values' if values else 'calls'}-{'c' if c_calls else 'no_c'}" for values, c_calls in SETTINGS]


def compare(path: Path, values: bool, c_calls: bool, leave_out: frozenset[Kind] = frozenset()) -> None:
    run(path)  # so that what it imports is there from now on
    with observing(path, values=values, c_calls=c_calls) as trace:
        observed = run(path)
    with recording(path, values=values, c_calls=c_calls) as recorded:
        behaviour = run(path)
    assert sorted_log(behaviour) == sorted_log(observed)
    events = recorded.events()
    for name in [name for name, found in events.items() if name not in trace.threads and idle(found)]:
        del events[name]
    found_difference = difference(trace.threads, events, leave_out)
    assert not found_difference, "\n" + found_difference
    for found in events.values():
        well_nested(found)


def sorted_log(behaviour: Behaviour) -> Behaviour:
    """Threads take turns as they like: the order of what several of them say means nothing."""
    return Behaviour(sorted(behaviour.log, key=repr), behaviour.exception)


def idle(events: list[Event]) -> bool:
    """A thread that ran nothing in scope; the reference does not see it."""
    return all(event.kind in (Kind.THREAD_START, Kind.THREAD_END) for event in events)


def well_nested(events: list[Event]) -> None:
    stack = []
    for event in events:
        if event.kind in ENTERS or event.kind is Kind.C_CALL:
            stack.append(event.name)
        elif event.kind in LEAVES or event.kind in (Kind.C_RETURN, Kind.C_RAISE):
            assert stack, f"{event} ends a span, and none is open"
            assert stack.pop() == event.name, f"{event} ends another span than the innermost one"
        elif event.kind in EXCEPTION_FLOW:
            assert stack, f"{event} happens in no span"
            assert stack[-1] == event.name, f"{event} happens in another span than the innermost one"
    assert not stack


@pytest.mark.parametrize(("values", "c_calls"), SETTINGS, ids=NAMES)
@pytest.mark.parametrize("path", PROGRAMS, ids=[path.stem for path in PROGRAMS])
def test_same_events_on_the_same_program(path: Path, values: bool, c_calls: bool) -> None:
    compare(path, values, c_calls)


@pytest.mark.parametrize("path", PROGRAMS, ids=[path.stem for path in PROGRAMS])
def test_recording_changes_nothing(path: Path) -> None:
    expected = run(path)
    with recording(path):
        behaviour = run(path)
    assert sorted_log(behaviour) == sorted_log(expected)
    with recording(values=False):
        behaviour = run(path)
    assert sorted_log(behaviour) == sorted_log(expected)


@pytest.mark.slow
@pytest.mark.parametrize(("values", "c_calls"), SETTINGS, ids=NAMES)
def test_same_events_on_made_up_programs(values: bool, c_calls: bool, tmp_path: Path) -> None:
    path = tmp_path / "program.py"

    @settings(
        max_examples=25,
        deadline=None,
        phases=(Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink),  # not "explain", which is a monitoring tool
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example],
    )
    @given(programs())
    def same_events(source: str) -> None:
        path.write_text(source)
        compare(path, values, c_calls, NOT_SEEN)

    same_events()


def test_spans_of_the_reference_are_well_nested() -> None:
    for path in PROGRAMS:
        with observing(path, values=False, c_calls=True) as trace:
            run(path)
        for events in trace.threads.values():
            well_nested(events)
        assert spans(trace.threads)
