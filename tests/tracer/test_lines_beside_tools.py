"""Level lines beside other tools: on 3.11 it needs the trace function that debuggers need and leaves it to them."""

from __future__ import annotations

import bdb
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from reference import log
from reference.recorded import MEGABYTE

import scope_repl
from scope_repl import _tracer
from scope_repl.errors import TraceTaken
from scope_repl.schema import Kind

pytestmark = pytest.mark.native

TRACED = pytest.mark.skipif(sys.version_info >= (3, 12), reason="lines come from sys.monitoring since 3.12")
OFF, VALUES, LINES = (_tracer.LEVELS[level] for level in ("off", "values", "lines"))


@pytest.fixture(autouse=True)
def _untraced() -> Iterator[None]:
    before = sys.gettrace()
    sys.settrace(None)
    yield
    sys.settrace(before)


def trace(frame: Any, event: str, argument: Any) -> Any:
    return trace


class Debugger:
    def dispatch(self, frame: Any, event: str, argument: Any) -> Any:
        return self.dispatch

    def __call__(self, frame: Any, event: str, argument: Any) -> Any:
        return self


def a_bdb() -> bdb.Bdb:
    debugger = bdb.Bdb()
    debugger.reset()
    return debugger


def leaf(n: int) -> int:
    m = n + 1
    return m


def start(level: int = LINES, c_calls: bool = False) -> None:
    _tracer.start(
        buffer_bytes=MEGABYTE,
        drop_newest=False,
        rules=[(level, "file", __file__)],
        default_level=OFF,
        c_calls=c_calls,
        max_depth=0,
        thread_entries=[threading.Thread._bootstrap.__code__],  # type: ignore[attr-defined]
        muted_threads=[],
    )


def told(raw: Any, thread: int = 0) -> list[tuple[str, object]]:
    """The calls and their ends by name, and the lines counted from their function's first."""
    found: list[tuple[str, object]] = []
    stack: list[tuple[Any, ...]] = []
    for record in log.thread_records(raw)[thread]:
        if record.kind is Kind.CALL:
            stack.append(raw.codes[record.code])
            found.append(("call", stack[-1][0]))
        elif record.kind in (Kind.RETURN, Kind.UNWIND):
            found.append(("end", raw.codes[record.code][0]))
            del stack[-1:]
        elif record.kind is Kind.FRAME:
            stack = [raw.codes[record.code]]
        elif record.kind is Kind.LINE and record.code:
            found.append(("line", record.code - stack[-1][4]))
    return found


@TRACED
@pytest.mark.parametrize(
    ("function", "holder"),
    [
        (trace, f"{__name__}.trace"),
        (Debugger(), f"{__name__}.Debugger"),
        (Debugger().dispatch, f"{__name__}.Debugger.dispatch"),
        (a_bdb().trace_dispatch, "bdb.Bdb.trace_dispatch"),
    ],
)
def test_where_a_debugger_is_the_error_names_it(function: Callable[..., Any], holder: str) -> None:
    sys.settrace(function)
    try:
        with pytest.raises(RuntimeError) as refused:
            start()
        assert refused.value.args == (holder,)
        with pytest.raises(TraceTaken, match=holder), scope_repl.record(level="lines"):
            pass
        with scope_repl.record(level="values") as recording:
            leaf(1)
        assert sys.gettrace() == function
    finally:
        sys.settrace(None)
    assert list(recording.calls.name).count("leaf") == 1


@TRACED
def test_where_coverage_measures_the_error_names_it(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(
        "import scope_repl\n"
        "try:\n"
        "    scope_repl.record(level='lines').__enter__()\n"
        "except scope_repl.ScopeError as error:\n"
        "    print(error)\n"
    )
    run = [sys.executable, "-m", "coverage", "run", str(program)]
    done = subprocess.run(run, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=True)
    assert "CTracer" in done.stdout


def with_a_debugger_for_a_while() -> int:
    x = 1
    sys.settrace(trace)
    x = 2
    y = leaf(x)
    sys.settrace(None)
    z = 3
    leaf(z)
    x = 4
    return x + y


@TRACED
def test_lines_are_left_to_a_debugger_that_comes_until_it_goes() -> None:
    start()
    assert with_a_debugger_for_a_while() == 7
    assert sys.gettrace() is None
    raw = _tracer.stop()
    found = told(raw)
    first = found.index(("call", "with_a_debugger_for_a_while"))
    assert found[first : found.index(("end", "with_a_debugger_for_a_while"))] == [
        ("call", "with_a_debugger_for_a_while"),
        ("line", 1),
        ("line", 2),  # it comes
        ("call", "leaf"),
        ("end", "leaf"),
        ("call", "leaf"),  # it has gone
        ("line", 1),
        ("line", 2),
        ("end", "leaf"),
        ("line", 8),
        ("line", 9),
    ]
    (note,) = raw.notes
    assert f"{__name__}.trace took sys.settrace" in note


@TRACED
def test_what_ran_beside_a_debugger_is_told_by_the_next_line() -> None:
    with scope_repl.record(level="lines") as recording:
        with_a_debugger_for_a_while()
    calls = recording.calls
    row = int(calls.index[calls.name == "with_a_debugger_for_a_while"][0])
    code = with_a_debugger_for_a_while.__code__
    state = recording.contents.state
    table = state.line_table()
    (moment,) = table.time[(table.call == row) & (table.line == code.co_firstlineno + 8)].tolist()
    written = {code.co_varnames[slot]: write.data for slot, write in state.locals(row, moment).items()}
    assert written == {"x": b"\x02", "y": b"\x03", "z": b"\x03"}


@TRACED
def test_nothing_is_seen_of_the_trace_function() -> None:
    def raises() -> None:
        raise KeyError(1)

    start()
    assert sys.gettrace() is None
    assert threading.gettrace() is None
    with pytest.raises(KeyError):
        raises()
    leaf(1)
    assert sys.gettrace() is None
    raw = _tracer.stop()
    assert ("end", "leaf") in told(raw)
    assert sys.gettrace() is None


def test_a_frame_that_runs_when_the_recording_begins() -> None:
    def run() -> Any:
        before = 1
        start()
        after = before + 1
        leaf(after)
        return _tracer.stop()

    found = told(run())
    assert found[found.index(("line", 3)) :] == [
        ("line", 3),
        ("line", 4),
        ("call", "leaf"),
        ("line", 1),
        ("line", 2),
        ("end", "leaf"),
        ("line", 5),
    ]


def test_a_thread_that_runs_when_the_recording_begins() -> None:
    running, on = threading.Event(), threading.Event()

    def work() -> None:
        first = 1
        running.set()
        on.wait()
        second = first + 1
        leaf(second)

    thread = threading.Thread(target=work)
    thread.start()
    running.wait()
    start()
    on.set()
    thread.join()
    raw = _tracer.stop()
    (index,) = (i for i, row in enumerate(raw.threads) if row[0] == thread.name)
    assert [what for what in told(raw, index) if what[0] != "end"][-4:] == [
        ("line", 5),
        ("call", "leaf"),
        ("line", 1),
        ("line", 2),
    ]


@pytest.mark.parametrize("c_calls", [False, True])
@pytest.mark.parametrize("first", [VALUES, LINES])
@pytest.mark.parametrize("second", [VALUES, LINES])
def test_a_frame_that_one_recording_leaves_and_the_next_one_finds(first: int, second: int, c_calls: bool) -> None:
    def change() -> None:
        _tracer.stop()
        start(second, c_calls)

    def work() -> int:
        change()
        return leaf(1)

    start(first)
    work()
    leaf(2)
    raw = _tracer.stop()
    ends = [what for what in told(raw) if what[0] != "line"]
    assert ends == [
        ("end", "start"),
        ("end", "change"),
        ("call", "leaf"),
        ("end", "leaf"),
        ("end", "work"),
        ("call", "leaf"),
        ("end", "leaf"),
    ]


def test_c_calls_of_the_frame_that_the_block_stands_in() -> None:
    with scope_repl.record(level="calls") as recording:
        len("text")
        leaf(abs(-1))
        max(1, 2)
    names = list(recording.calls.name)
    assert [name for name in names if name in ("len", "leaf", "abs", "max")] == ["len", "abs", "leaf", "max"]
