from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from shells import Kernel, kernel


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    with kernel(tmp_path_factory.mktemp("notebook")) as started:
        assert started.run("%load_ext scope_repl").status == "ok"
        started.run("import time, asyncio\ndef f(x=1): return 2 * x")
        yield started


def test_cell_is_recorded_as_it_would_run(running: Kernel) -> None:
    output = running.run("%%scope_trace\nprint('hello')\nf(21)")
    assert output.status == "ok"
    assert output.result == "42"
    assert output.stdout == "hello\n"
    line, tree = output.displayed
    assert " events in " in line
    assert "f(x=21) → 42" in tree
    number = output.reply["execution_count"]
    assert running.run(f"Out[{number}], scope.last.cells.number[0]").result == f"(42, np.int64({number}))"


def test_await_in_the_kernels_own_loop(running: Kernel) -> None:
    output = running.run("%%scope_trace\nasync def g():\n    await asyncio.sleep(0.01)\n    return 5\nawait g()")
    assert output.result == "5"
    assert "g() → 5" in output.displayed[1]


def test_tasks_of_earlier_cells_go_on(running: Kernel) -> None:
    running.run("async def later():\n    await asyncio.sleep(0.01)\n    return f(7)")
    running.run("task = asyncio.ensure_future(later())")
    output = running.run("%%scope_trace\nawait task")
    assert output.result == "14"
    assert "f(x=7) → 14" in output.displayed[1]


def test_traceback(running: Kernel) -> None:
    output = running.run("%%scope_trace\nx = 0\n1 / x")
    assert output.status == "error"
    assert output.reply["ename"] == "ZeroDivisionError"
    assert "----> 3 1 / x" in output.traceback
    assert "scope_repl" not in output.traceback
    assert running.run("scope").result == running.run("scope").result != ""
    assert "not recording" in str(running.run("scope").result)


@pytest.mark.parametrize("wait", ["time.sleep(60)", "while True: await asyncio.sleep(0.01)"])
def test_interrupt(running: Kernel, wait: str) -> None:
    request = running.begin(f"%%scope_trace\nprint('waiting', flush=True)\nf()\n{wait}")
    time.sleep(0.2)
    running.manager.interrupt_kernel()
    output = running.end(request)
    assert output.status == "error"
    assert output.reply["ename"] in ("KeyboardInterrupt", "CancelledError")
    assert " events in " in output.displayed[0]
    assert "not recording" in str(running.run("scope").result)
    assert running.run("(scope.calls.name == 'f').sum()").result == "np.int64(1)"


def test_system_exit(running: Kernel) -> None:
    output = running.run("%%scope_trace\nf()\nraise SystemExit")
    assert output.reply["ename"] == "SystemExit"
    assert " events in " in output.displayed[0]
    assert "not recording" in str(running.run("scope").result)


def test_bad_option(running: Kernel) -> None:
    output = running.run("%%scope_trace --bad\nran = True")
    assert output.status == "error"
    assert "usage: %%scope_trace [options]" in output.stderr
    assert running.run("'ran' in globals()").result == "False"


def test_help(running: Kernel) -> None:
    assert "--max-depth N" in running.run("%%scope_trace --help\nran = True").stdout
    (page,) = running.run("%scope_trace?").reply["payload"]
    assert "--max-depth N" in page["data"]["text/plain"]


def test_recording_over_cells(running: Kernel) -> None:
    running.run("%scope_trace start --level calls")
    running.run("f()")
    running.run("await asyncio.sleep(0)\nf()")
    output = running.run("%scope_trace stop")
    assert " events in " in output.displayed[0]
    assert running.run("list(scope.calls.cell[scope.calls.name == 'f'])").result == "[1, 2]"


def test_jupyters_own_threads_and_frames_are_left_out(running: Kernel) -> None:
    running.run("%%scope_trace --all\nprint('x', flush=True)\nawait asyncio.sleep(0.05)\nf()")
    assert running.run("list(scope.last.tracks.name)").result == "['MainThread']"
    machinery = "{module.split('.')[0] for module in scope.calls.module} & {'IPython', 'ipykernel', 'scope_repl'}"
    assert running.run(machinery).result == "set()"


def test_moments_are_shown(running: Kernel) -> None:
    running.run("%%scope_trace\nf()\ntime.sleep(0.01)")
    assert "sleep" in str(running.run("%scope_at 50%").result)
    assert "f(x=1) → 2" in str(running.run("%scope_tree").result)


def test_an_expression_ends_with_the_timeline(running: Kernel) -> None:
    output = running.run("%scope_trace f(4)")
    assert output.result == "8"
    line, tree = output.displayed
    assert " events in " in line
    assert "f(x=4) → 8" in tree


def test_without_the_widgets_libraries_there_is_the_tree(tmp_path: Path) -> None:
    with kernel(tmp_path) as started:
        started.run("import sys\nsys.modules['anywidget'] = None")
        started.run("%load_ext scope_repl\ndef f(x=1): return 2 * x")
        output = started.run("%%scope_trace\nf(21)")
        assert output.status == "ok"
        assert output.result == "42"
        why, line = output.stdout.splitlines()
        assert why.startswith("the timeline cannot be shown: ModuleNotFoundError: ")
        assert " events in " in line
        assert "f(x=21) → 42" in output.displayed[0]


def test_unload(tmp_path: Path) -> None:
    with kernel(tmp_path) as started:
        started.run("%load_ext scope_repl")
        started.run("%scope_trace start")
        assert started.run("%unload_ext scope_repl").status == "ok"
        assert started.run("scope").reply["ename"] == "NameError"
        assert started.run("from scope_repl import _tracer; _tracer.running()").result == "False"


SHOWN = "[(o.stream, o.text) for o in scope.last.contents.state.outputs(2**62)]"


def test_what_is_shown_is_recorded_and_shown(running: Kernel) -> None:
    output = running.run(
        "%%scope_trace\nimport sys, os\nfrom IPython.display import display\n"
        "print('one')\ndisplay({'a': 1})\nprint('two', end='', file=sys.stderr)\nos.write(1, b'past it\\n')\nf(3)"
    )
    assert (output.stderr, output.displayed[0], output.result) == ("two", "{'a': 1}", "6")
    assert output.stdout.startswith("one\n")
    shown = running.run(SHOWN).result
    assert shown is not None
    assert "".join(shown.split()) == (
        "[('stdout','one'),('stdout','\\n'),('display',\"{'a':1}\"),('stderr','two'),('result','6')]"
    )


def test_what_is_shown_over_cells_and_by_threads(running: Kernel) -> None:
    running.run("%scope_trace start")
    assert running.run("print('x', end='')").stdout == "x"
    cell = "import threading\nthread = threading.Thread(target=print, args=('y',))\nthread.start()\nthread.join()"
    assert running.run(cell).stdout == "y\n"
    running.run("again = threading.Timer(0.1, print, args=('z',))\nagain.start()")
    time.sleep(0.4)  # between the cells
    running.run("%scope_trace stop")
    assert running.run(f"''.join(text for _, text in {SHOWN})").result == repr("xy\nz\n")
    there = "(sys.stdout.write, sys.stderr.write, get_ipython().display_pub.publish)"
    assert running.run(f"import sys\n{{type(x).__module__ for x in {there}}}").result == "{'builtins'}"


def test_an_interrupt_while_much_is_printed(running: Kernel) -> None:
    request = running.begin("%%scope_trace --buffer 1MB\nprint('begin', flush=True)\nwhile True:\n    print('x' * 50)")
    time.sleep(0.3)
    running.manager.interrupt_kernel()
    output = running.end(request)
    assert output.reply["ename"] == "KeyboardInterrupt"
    assert "scope_repl" not in output.traceback
    assert running.run("print('still there')").stdout == "still there\n"


def test_variables_before_and_after(running: Kernel) -> None:
    running.run("n = 1\ncart = [1]")
    running.run("%%scope_trace --level calls\nn += 1\ncart.append(n)\ndel f")
    running.run("def f(x=1): return 2 * x")
    asked = "m = scope.at('100%').namespace\nm['n'], list(m['cart']), 'f' in m, [name for name in m if name[0] == '_']"
    assert running.run(asked).result == "(2, [1, 2], False, [])"
