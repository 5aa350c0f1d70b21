from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

import scope_repl
from scope_repl import _tracer
from scope_repl.capture import cost
from scope_repl.session import scope

needs_monitoring = pytest.mark.skipif(sys.version_info < (3, 12), reason="sys.monitoring came with Python 3.12")


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    yield
    scope.forget()


def work() -> int:
    return 1


def names(recording: scope_repl.Recording) -> list[str]:
    return list(recording.calls["name"])


def run(program: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)], cwd=folder, capture_output=True, text=True, timeout=60
    )


def test_a_block_is_recorded() -> None:
    with scope_repl.record() as recording:
        work()
    assert names(recording).count("work") == 1
    assert scope.last is recording
    assert not [module for module in recording.calls["module"] if module.startswith("scope_repl")]


def test_a_recording_cannot_be_read_before_it_has_ended() -> None:
    with scope_repl.record() as recording, pytest.raises(scope_repl.StillRecording):
        _ = recording.calls


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit, GeneratorExit])
def test_a_block_that_fails_is_recorded_and_its_error_goes_on(error: type[BaseException]) -> None:
    def fail() -> None:
        with scope_repl.record():
            work()
            raise error

    with pytest.raises(error):
        fail()
    assert names(scope.last).count("work") == 1
    assert not _tracer.running()


def test_an_interrupt_from_outside() -> None:
    def be_interrupted() -> None:
        with scope_repl.record():
            work()
            os.kill(os.getpid(), signal.SIGINT)
            for _ in range(1000):
                work()

    with pytest.raises(KeyboardInterrupt):
        be_interrupted()
    assert "work" in names(scope.last)
    assert not _tracer.running()


def test_one_recording_at_a_time() -> None:
    with scope_repl.record() as recording:
        with pytest.raises(scope_repl.AlreadyRecording, match="end that one first"), scope_repl.record():
            pass
        work()
    assert names(recording).count("work") == 1


def test_a_recording_that_is_ended_from_within() -> None:
    with scope_repl.record() as first:
        scope.stop()
        with scope_repl.record() as second:
            work()
    assert "work" not in names(first)
    assert names(second).count("work") == 1
    assert scope.recordings == (first, second)


def test_the_inner_recording_outlives_the_block_of_the_outer() -> None:
    outer = scope_repl.record()
    with outer:
        scope.stop()
        inner = scope_repl.record()
        recording = inner.__enter__()
    assert scope.growing is recording
    inner.__exit__(None, None, None)
    assert recording.finished


@needs_monitoring
def test_a_recorder_of_somebody_else_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_tracer, "start", raising(RuntimeError("coverage", "debugpy")))
    with pytest.raises(scope_repl.ToolConflict, match="held by coverage, debugpy") as caught, scope_repl.record():
        pass
    assert caught.value.holders == ("coverage", "debugpy")
    assert scope.growing is None


def test_memory_that_there_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_tracer, "start", raising(MemoryError()))
    with pytest.raises(scope_repl.OptionError, match="ask for less"), scope_repl.record():
        pass
    assert scope.growing is None


def raising(error: Exception) -> object:
    def start(**_: object) -> None:
        raise error

    return start


@needs_monitoring
def test_every_tool_id_is_taken() -> None:
    taken = [number for number in range(6) if sys.monitoring.get_tool(number) is None]
    for number in taken:
        sys.monitoring.use_tool_id(number, f"tool {number}")
    try:
        with pytest.raises(scope_repl.ToolConflict, match=f"tool {taken[0]}"), scope_repl.record():
            pass
    finally:
        for number in taken:
            sys.monitoring.free_tool_id(number)
    with scope_repl.record() as recording:
        work()
    assert "work" in names(recording)


def test_a_forked_child_does_not_record_and_the_parent_goes_on() -> None:
    with scope_repl.record() as recording:
        child = os.fork()
        if child == 0:
            os._exit(child_status())
        status = os.waitpid(child, 0)[1]
        work()
    assert status == 0
    assert names(recording).count("work") == 1


def child_status() -> int:
    """0 if nothing is recorded in the child and something can be."""
    if _tracer.running() or scope.growing is not None:
        return 1
    with scope_repl.record() as recording:
        work()
    return 0 if "work" in names(recording) else 2


def test_a_child_that_leaves_the_block(tmp_path: Path) -> None:
    ran = run(
        """
        import os, scope_repl
        with scope_repl.record() as recording:
            child = os.fork()
        if child == 0:
            print("child", recording.finished, flush=True)
        else:
            os.waitpid(child, 0)
            print("parent", recording.finished)
        """,
        tmp_path,
    )
    assert (ran.stdout, ran.stderr, ran.returncode) == ("child False\nparent True\n", "", 0)


@pytest.mark.parametrize(
    "end",
    ["", "sys.exit(3)", "os._exit(3)", "os.kill(os.getpid(), 15)", "threading.Timer(0.01, f).start()"],
)
def test_the_interpreter_ends_while_recording(tmp_path: Path, end: str) -> None:
    ran = run(
        f"""
        import os, sys, threading
        from scope_repl.config import Options
        from scope_repl.session import scope
        def f(): pass
        recording = scope.start(Options.of())
        f()
        {end}
        """,
        tmp_path,
    )
    assert ran.stderr == ""
    assert ran.returncode == {"": 0, "os.kill(os.getpid(), 15)": -15, "threading.Timer(0.01, f).start()": 0}.get(end, 3)


def test_threads_that_debuggers_leave_alone_are_left_out() -> None:
    quiet = threading.Thread(target=work, name="quiet")
    quiet.pydev_do_not_trace = True  # type: ignore[attr-defined]
    with scope_repl.record() as recording:
        quiet.start()
        quiet.join()
        loud = threading.Thread(target=work, name="loud")
        loud.start()
        loud.join()
    assert list(recording.tracks["name"]) == ["MainThread", "loud"]


def test_the_cost_is_measured() -> None:
    with scope_repl.record() as recording:
        for _ in range(1000):
            work()
    assert 0 < recording.stats.cost_ns < recording.stats.duration_ns


def test_the_cost_is_measured_once() -> None:
    assert cost.measure("values") is cost.measure("values")
    assert cost.measure("off") == cost.Cost(0.0, 0.0, 0.0)


def test_the_cost_counts_dropped_events_and_captured_bytes() -> None:
    measured = cost.Cost(event_ns=10.0, byte_ns=2.0, look_ns=7.0)
    assert measured.of(events=4, stored=2, stored_bytes=60, compared=3) == 4 * (10 + 2 * 30) + 3 * 7
    assert measured.of(events=0, stored=0, stored_bytes=0, compared=0) == 0


def test_stored_bytes_are_those_of_the_stored_events() -> None:
    with scope_repl.record(buffer="64KB", level="calls") as recording:
        for _ in range(20_000):
            work()
    stats = recording.stats
    assert stats.dropped > 0
    assert stats.bytes == cost.stored_bytes(recording.contents.log.chunks)


def test_secrets_are_redacted_and_the_words_can_be_chosen() -> None:
    program = """
        import sys, scope_repl
        def f(password, colour): pass
        if len(sys.argv) > 1:
            scope_repl.redact(["Colour"])
        with scope_repl.record() as recording:
            f("hunter2", "green")
        print(recording.tree())
    """
    shown = [
        subprocess.run([sys.executable, "-c", textwrap.dedent(program), *words], capture_output=True, text=True).stdout
        for words in ([], ["own"])
    ]
    assert "hunter2" not in shown[0]
    assert "green" in shown[0]
    assert "hunter2" in shown[1]
    assert "green" not in shown[1]


@pytest.mark.parametrize("words", [[""], [3]])
def test_what_is_no_word(words: list[str]) -> None:
    with pytest.raises(scope_repl.OptionError):
        scope_repl.redact(words)


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="later Pythons have sys.monitoring for lines")
def test_the_plan_goes_without_lines_where_a_debugger_is() -> None:
    before = sys.gettrace()

    def trace(*_: object) -> None:
        return None

    sys.settrace(trace)
    try:
        with scope_repl.record(include="__main__") as recording:
            work()
    finally:
        sys.settrace(before)
    (note,) = (note for note in recording.stats.notes if "sys.settrace is held by" in note)
    assert f"{__name__}.test_the_plan" in note
    assert note.endswith("what the plan has at lines was recorded at values")
    assert names(recording).count("work") == 1
