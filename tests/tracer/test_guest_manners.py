"""A good guest: other tools' hooks work before, during and after a recording, and everything is put back."""

from __future__ import annotations

import cProfile
import pstats
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from reference.recorded import recording

from scope_repl.schema import Kind

pytestmark = pytest.mark.native

MONITORING = pytest.mark.skipif(sys.version_info < (3, 12), reason="sys.monitoring came with 3.12")


def leaf(n: int = 0) -> int:
    return n


def work() -> None:
    for n in range(3):
        leaf(n)
    len("c call")


@pytest.fixture(autouse=True)
def _restore() -> Iterator[None]:
    yield
    sys.setprofile(None)
    threading.setprofile(None)  # type: ignore[arg-type]
    sys.settrace(None)
    threading.settrace(None)  # type: ignore[arg-type]


def names(recorded: Any) -> list[str]:
    return [event.name for event in recorded.events()["MainThread"] if event.kind is Kind.CALL and not event.opaque]


class Counting:
    """A profile or trace function in Python."""

    def __init__(self) -> None:
        self.calls: list[str] = []

    def __call__(self, frame: Any, event: str, argument: Any) -> Any:
        if event == "call" and frame.f_code.co_filename == __file__:
            self.calls.append(frame.f_code.co_name)
        return self


@pytest.mark.parametrize("install", [sys.setprofile, sys.settrace])
def test_a_python_hook_before_during_and_after(install: Any) -> None:
    read = sys.getprofile if install is sys.setprofile else sys.gettrace
    before = read()
    hook = Counting()
    install(hook)
    with recording(__file__) as recorded:
        assert read() is hook
        work()
    assert read() is hook
    work()
    install(before)
    assert hook.calls.count("leaf") == 6
    assert names(recorded).count("leaf") == 3


@pytest.mark.parametrize("install", [sys.setprofile, sys.settrace])
def test_a_python_hook_that_comes_and_goes_while_recording(install: Any) -> None:
    read = sys.getprofile if install is sys.setprofile else sys.gettrace
    before = read()
    hook = Counting()
    with recording(__file__) as recorded:
        work()
        install(hook)
        work()
        install(before)
        work()
    assert read() is before
    assert hook.calls.count("leaf") == 3
    assert names(recorded).count("leaf") == 9


@pytest.mark.parametrize("install", [sys.setprofile, sys.settrace])
def test_a_python_hook_that_stays_behind(install: Any) -> None:
    read = sys.getprofile if install is sys.setprofile else sys.gettrace
    before = read()
    hook = Counting()
    with recording(__file__):
        install(hook)
        work()
    assert read() is hook
    work()
    install(before)
    assert hook.calls.count("leaf") == 6


def profile_counts(profile: cProfile.Profile) -> dict[str, int]:
    stats: dict[Any, Any] = pstats.Stats(profile).stats  # type: ignore[attr-defined]
    return {key[2]: value[0] for key, value in stats.items() if key[0] == __file__}


def test_cprofile_around_a_recording() -> None:
    profile = cProfile.Profile()
    profile.enable()
    with recording(__file__) as recorded:
        work()
    work()
    profile.disable()
    assert profile_counts(profile)["leaf"] == 6
    assert names(recorded).count("leaf") == 3


def test_cprofile_inside_a_recording() -> None:
    profile = cProfile.Profile()
    with recording(__file__) as recorded:
        work()
        profile.enable()
        work()
        profile.disable()
        work()
    assert profile_counts(profile)["leaf"] == 3
    assert names(recorded).count("leaf") == 9


def test_cprofile_that_begins_inside_and_ends_after() -> None:
    profile = cProfile.Profile()
    with recording(__file__):
        profile.enable()
        work()
    work()
    profile.disable()
    assert profile_counts(profile)["leaf"] == 6


def test_hooks_are_as_before() -> None:
    def hooks() -> tuple[Any, ...]:
        found = (
            sys.getprofile(),
            sys.gettrace(),
            threading.getprofile(),
            threading.gettrace(),
            sys.getrecursionlimit(),
        )
        if sys.version_info < (3, 12):
            return found
        tools = tuple(sys.monitoring.get_tool(number) for number in range(6))
        return (*found, *tools)

    before = hooks()
    for _ in range(3):
        with recording(__file__):
            assert hooks()[:5] == before[:5]
            work()
        assert hooks() == before


@MONITORING
def test_another_monitoring_tool_sees_what_it_would_see_alone() -> None:
    events = sys.monitoring.events
    tool = 3

    def observe(record: bool) -> list[str]:
        seen: list[str] = []

        def on_start(code: Any, offset: int) -> Any:
            if code.co_filename == __file__:
                seen.append(code.co_name)
            return None if code.co_name == "leaf" else sys.monitoring.DISABLE

        sys.monitoring.use_tool_id(tool, "other")
        sys.monitoring.restart_events()
        sys.monitoring.register_callback(tool, events.PY_START, on_start)
        sys.monitoring.set_events(tool, events.PY_START)
        work()
        if record:
            with recording(__file__):
                work()
        else:
            work()
        work()
        sys.monitoring.set_events(tool, 0)
        sys.monitoring.register_callback(tool, events.PY_START, None)
        sys.monitoring.free_tool_id(tool)
        return [name for name in seen if name in ("work", "leaf")]

    assert observe(True).count("leaf") == observe(False).count("leaf") == 9


@MONITORING
def test_the_ids_of_well_known_tools_are_left_to_them() -> None:
    with recording(__file__):
        for number in (sys.monitoring.DEBUGGER_ID, sys.monitoring.COVERAGE_ID, sys.monitoring.PROFILER_ID):
            assert sys.monitoring.get_tool(number) is None


def python(tmp_path: Path, source: str) -> str:
    path = tmp_path / "program.py"
    path.write_text(textwrap.dedent(source))
    done = subprocess.run(
        [sys.executable, str(path)], capture_output=True, text=True, timeout=120, cwd=tmp_path, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_recursion_to_the_end_of_memory_is_an_error_not_a_crash(tmp_path: Path) -> None:
    """20,000 deep in threads with small stacks; then as deep as the limit allows."""
    python(
        tmp_path,
        """
        import resource, sys, threading
        import scope_repl

        def down(n):
            return n and 1 + down(n - 1)

        def through_c(n):
            return n and 1 + max([n - 1], key=through_c) * 0 + 0

        sys.setrecursionlimit(30_000)
        threading.stack_size(256 * 1024)
        results = []
        with scope_repl.record(level="calls") as rec:
            results.append(down(20_000))
            threads = [threading.Thread(target=lambda: results.append(down(20_000))) for _ in range(3)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            try:
                down(200_000)
            except RecursionError:
                results.append("too deep")
        assert results == [20_000] * 4 + ["too deep"], results
        calls = rec.calls
        assert (calls["name"] == "down").sum() >= 4 * 20_001
        assert calls["depth"].max() >= 20_000
        """,
    )


def test_a_recursion_limit_raised_far(tmp_path: Path) -> None:
    python(
        tmp_path,
        """
        import resource, sys
        import scope_repl

        def down(n):
            return n and down(n - 1)

        sys.setrecursionlimit(10**6)
        with scope_repl.record(level="calls", buffer="64MB"):
            assert down(150_000) == 0
        """,
    )


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="only 3.11 records from the frame-evaluation hook")
def test_the_frame_evaluation_hook_is_put_back(tmp_path: Path) -> None:
    pytest.importorskip("ctypes")
    python(
        tmp_path,
        """
        import ctypes
        import scope_repl

        api = ctypes.pythonapi
        HOOK = ctypes.PYFUNCTYPE(ctypes.py_object, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int)
        api.PyInterpreterState_Get.restype = ctypes.c_void_p
        api._PyInterpreterState_GetEvalFrameFunc.restype = ctypes.c_void_p
        api._PyInterpreterState_GetEvalFrameFunc.argtypes = [ctypes.c_void_p]
        api._PyInterpreterState_SetEvalFrameFunc.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
        interpreter = api.PyInterpreterState_Get()
        default = ctypes.cast(api._PyEval_EvalFrameDefault, ctypes.c_void_p).value

        def current():
            return api._PyInterpreterState_GetEvalFrameFunc(interpreter)

        def leaf():
            pass

        assert current() == default
        with scope_repl.record() as rec:
            assert current() != default
            leaf()
        assert current() == default
        """,
    )


def test_debugpy(tmp_path: Path) -> None:
    pytest.importorskip("debugpy")
    python(
        tmp_path,
        """
        import os
        os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"
        import debugpy
        import scope_repl

        def leaf(n):
            return n

        with scope_repl.record() as before:
            leaf(1)
        debugpy.listen(("127.0.0.1", 0))
        with scope_repl.record() as during:
            leaf(2)
        assert list(before.calls["name"]).count("leaf") == 1
        assert list(during.calls["name"]).count("leaf") == 1
        os._exit(0)
        """,
    )
