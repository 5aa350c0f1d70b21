"""What programs and their surroundings do to a recorder: the program's output and exit status stay what they were."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from weather import PROGRAMS

pytestmark = pytest.mark.native

MEMORY_ENDS = pytest.mark.skipif(
    "asan" in os.environ.get("LD_PRELOAD", ""), reason="the sanitizer aborts the process when memory ends"
)

START = """\
import scope_repl
recording = scope_repl.record(buffer="4MB", all={all}, level={level!r})
recording.__enter__()
"""
STOP = """
recording.__exit__(None, None, None)
"""


def outcome(path: Path, *arguments: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, *arguments, str(path)],
        input="text",
        capture_output=True,
        text=True,
        timeout=120,
        cwd=path.parent,
        check=False,
    )
    assert "scope_repl" not in done.stderr, done.stderr
    assert "Fatal Python error" not in done.stderr, done.stderr
    return done.returncode, done.stdout


@pytest.mark.parametrize("all", [False, True], ids=["scope", "all"])
@pytest.mark.parametrize("name", PROGRAMS)
def test_behaves_the_same_while_recorded(name: str, all: bool, tmp_path: Path) -> None:
    program = textwrap.dedent(PROGRAMS[name])
    path = tmp_path / "program.py"
    path.write_text(program)
    expected = outcome(path)
    path.write_text(START.format(all=all, level="values") + program)
    assert outcome(path) == expected
    path.write_text(START.format(all=all, level="calls") + program + STOP)
    assert outcome(path) == expected


OUT_OF_MEMORY = """
    import resource
    def grow(kept):
        while True:
            kept.append(bytes(1 << 20))
    used = int(open('/proc/self/statm').read().split()[0]) * 4096
    resource.setrlimit(resource.RLIMIT_AS, (used + (64 << 20), resource.RLIM_INFINITY))
    try:
        grow([])
    except MemoryError:
        print('no memory')
    print('goes on')
"""

RECURSION_UNTIL_MEMORY_ENDS = """
    import resource, sys
    def deeper(n):
        return deeper(n + 1)
    used = int(open('/proc/self/statm').read().split()[0]) * 4096
    resource.setrlimit(resource.RLIMIT_AS, (used + (64 << 20), resource.RLIM_INFINITY))
    sys.setrecursionlimit(10**8)
    try:
        deeper(0)
    except (MemoryError, RecursionError):
        pass
    print('goes on')
"""


@MEMORY_ENDS
@pytest.mark.parametrize("all", [False, True], ids=["scope", "all"])
def test_out_of_memory(all: bool, tmp_path: Path) -> None:
    """Large blocks only: when small ones run out, CPython 3.13 itself crashes."""
    path = tmp_path / "program.py"
    path.write_text(START.format(all=all, level="values") + textwrap.dedent(OUT_OF_MEMORY))
    assert outcome(path) == (0, "no memory\ngoes on\n")


@pytest.mark.skipif(
    sys.version_info >= (3, 12), reason="only on 3.11 does the hook take C stack; later CPython crashes here"
)
def test_recursion_until_memory_ends(tmp_path: Path) -> None:
    """When memory ends depends on what else there is of it; that it ends by an exception does not."""
    path = tmp_path / "program.py"
    path.write_text(START.format(all=False, level="values") + textwrap.dedent(RECURSION_UNTIL_MEMORY_ENDS))
    code, output = outcome(path)
    assert code in (0, 1)
    assert output in ("", "goes on\n")


@pytest.mark.parametrize("flags", [("-O",), ("-X", "dev"), ("-I",), ("-W", "error")], ids=" ".join)
def test_interpreter_options(flags: tuple[str, ...], tmp_path: Path) -> None:
    program = textwrap.dedent(PROGRAMS["shutdown with finalisers"])
    path = tmp_path / "program.py"
    path.write_text(program)
    expected = outcome(path, *flags)
    path.write_text(START.format(all=True, level="values") + program)
    assert outcome(path, *flags) == expected


def check(tmp_path: Path, source: str, *arguments: str) -> str:
    """Runs a program that checks itself; its output."""
    path = tmp_path / "program.py"
    path.write_text(textwrap.dedent(source))
    done = subprocess.run(
        [sys.executable, *arguments, str(path)], capture_output=True, text=True, timeout=120, cwd=tmp_path, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_forked_child_stops_cleanly_and_its_parent_goes_on(tmp_path: Path) -> None:
    check(
        tmp_path,
        """
        import os, warnings
        import scope_repl
        from scope_repl import _tracer
        warnings.simplefilter("ignore")

        def before(): pass
        def inside(): pass
        def after(): pass

        with scope_repl.record() as rec:
            before()
            child = os.fork()
            if child == 0:
                inside()
                running = _tracer.running()
                with scope_repl.record() as own:  # a child may record anew
                    inside()
                os._exit(10 + running + (list(own.calls["name"]).count("inside") != 1))
            status = os.waitpid(child, 0)[1]
            after()
        assert os.waitstatus_to_exitcode(status) == 10, status
        names = list(rec.calls["name"])
        assert names.count("before") == names.count("after") == 1 and "inside" not in names, names
        """,
    )


def test_a_child_that_leaves_the_block_gets_no_recording_of_its_parents(tmp_path: Path) -> None:
    check(
        tmp_path,
        """
        import os, warnings
        import scope_repl
        warnings.simplefilter("ignore")
        with scope_repl.record() as rec:
            child = os.fork()
        if child == 0:
            try:
                rec.calls
            except scope_repl.ScopeError:
                os._exit(4)
            os._exit(5)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 4
        assert len(rec.calls) >= 0
        """,
    )


@MEMORY_ENDS
def test_out_of_memory_is_counted_and_the_log_stays_readable(tmp_path: Path) -> None:
    check(
        tmp_path,
        """
        import resource, sys
        import scope_repl

        def grow(kept):
            while True:
                kept.append(step(len(kept)))

        def step(n):
            return bytes(1 << 16)

        with scope_repl.record(buffer="1MB") as rec:
            used = int(open("/proc/self/statm").read().split()[0]) * 4096
            resource.setrlimit(resource.RLIMIT_AS, (used + (32 << 20), resource.RLIM_INFINITY))
            try:
                grow([])
            except MemoryError:
                pass
            resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        assert "step" in set(rec.calls["name"])
        """,
    )


@pytest.mark.skipif(sys.version_info < (3, 12), reason="tool ids came with 3.12")
def test_every_monitoring_tool_id_is_taken(tmp_path: Path) -> None:
    check(
        tmp_path,
        """
        import sys
        import scope_repl
        for number in range(6):
            sys.monitoring.use_tool_id(number, f"holder {number}")
        try:
            with scope_repl.record():
                raise SystemExit("the block ran")
        except scope_repl.ToolConflict as error:
            assert all(f"holder {number}" in str(error) for number in range(6)), error
        sys.monitoring.free_tool_id(3)
        def f(): pass
        with scope_repl.record() as rec:
            f()
        assert "f" in set(rec.calls["name"])
        assert sys.monitoring.get_tool(3) is None
        assert [sys.monitoring.get_tool(n) for n in (0, 1, 2, 4, 5)] == [f"holder {n}" for n in (0, 1, 2, 4, 5)]
        """,
    )


def test_a_second_recorder(tmp_path: Path) -> None:
    check(
        tmp_path,
        """
        import scope_repl
        def f(): pass
        with scope_repl.record() as rec:
            try:
                with scope_repl.record():
                    raise SystemExit("a second one ran")
            except scope_repl.AlreadyRecording:
                pass
            f()
        assert "f" in set(rec.calls["name"])
        """,
    )


@pytest.mark.parametrize(
    "options",
    [
        {"level": "expressions"},
        {"level": 5},
        {"buffer": 0},
        {"buffer": -1},
        {"buffer": "32KB"},
        {"buffer": "much"},
        {"buffer": "900TB"},
        {"buffer": True},
        {"overflow": "spill"},
        {"max_depth": 0},
        {"max_depth": "5"},
        {"include": 5},
        {"exclude": [5]},
        {"c_calls": 2},
        {"memory": True},
    ],
    ids=str,
)
def test_bad_options(options: dict[str, object]) -> None:
    import scope_repl

    with pytest.raises((scope_repl.OptionError, TypeError)) as caught, scope_repl.record(**options):  # type: ignore[arg-type]
        pytest.fail("the block ran")
    assert next(iter(options)) in str(caught.value)
