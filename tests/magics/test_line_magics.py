from __future__ import annotations

import pandas as pd
import pytest
from shells import Notebook

from scope_repl.magics.options import parse, parse_command
from scope_repl.session import scope

DEFINITIONS = "import time\ndef f(x=1): return 2 * x\ndef fail(): raise ValueError('no')"


@pytest.fixture(autouse=True)
def _definitions(notebook: Notebook) -> None:
    notebook.run(DEFINITIONS)


def test_start_and_stop_span_cells(notebook: Notebook, capsys: pytest.CaptureFixture[str]) -> None:
    notebook.run("%scope_trace start --level calls")
    notebook.run("f()")
    notebook.run("")
    notebook.run("f()\nf()")
    notebook.run("%scope_trace stop")
    assert " events in " in capsys.readouterr().out
    assert scope.last.stats.level == "calls"
    cells = scope.last.cells
    assert list(cells["source"]) == ["%scope_trace start --level calls", "f()", "f()\nf()", "%scope_trace stop"]
    assert list(cells["number"]) == [3, 4, 5, 6]
    calls = scope.calls
    assert list(calls["cell"][calls["name"] == "f"]) == [1, 2, 2]
    assert (cells["start_ns"] >= 0).all()
    assert (cells["end_ns"] <= scope.last.stats.duration_ns).all()


def test_status(notebook: Notebook, capsys: pytest.CaptureFixture[str]) -> None:
    notebook.run("%scope_trace status")
    assert "not recording" in capsys.readouterr().out
    notebook.run("%scope_trace start")
    notebook.run("%scope_trace status")
    assert "events stored" in capsys.readouterr().out


def test_a_second_start_leaves_the_first_alone(notebook: Notebook) -> None:
    notebook.run("%scope_trace start --level calls")
    growing = scope.growing
    assert "recording already" in str(notebook.run("%scope_trace start").error_in_exec)
    notebook.run("%scope_trace stop")
    assert scope.last is growing


def test_stop_without_a_start(notebook: Notebook) -> None:
    assert "nothing is being recorded" in str(notebook.run("%scope_trace stop").error_in_exec)


def test_a_recording_that_is_stopped_in_its_own_cell(notebook: Notebook) -> None:
    assert notebook.run("%%scope_trace\nf()\n%scope_trace stop\nf()").success
    assert len(scope.recordings) == 1
    assert list(scope.calls["name"]).count("f") == 1


def test_expression(notebook: Notebook, capsys: pytest.CaptureFixture[str]) -> None:
    result = notebook.run("%scope_trace f(1) + f( 2 )")
    assert result.result == 6
    assert "Out[3]: 6" in capsys.readouterr().out
    assert list(scope.calls["name"]).count("f") == 2


def test_expression_keeps_its_text(notebook: Notebook) -> None:
    notebook.run("""v = %scope_trace --level calls {'a  b': f(3)}["a  b"] or '$x {x}'""")
    assert notebook["v"] == 6
    assert scope.last.stats.level == "calls"


def test_expression_that_fails(notebook: Notebook, capsys: pytest.CaptureFixture[str]) -> None:
    result = notebook.run("%scope_trace fail()")
    assert isinstance(result.error_in_exec, ValueError)
    assert "----> 1 fail()" in capsys.readouterr().out
    assert scope.growing is None
    assert "fail" in list(scope.calls["name"])


def test_what_is_no_expression(notebook: Notebook) -> None:
    assert "no expression" in str(notebook.run("%scope_trace x = 1").error_in_exec)
    assert "Give an expression" in str(notebook.run("%scope_trace").error_in_exec)
    assert scope.recordings == ()


@pytest.mark.parametrize("line", ["stop --all", "--all status", "--level calls start"])
def test_options_where_they_mean_nothing(notebook: Notebook, line: str) -> None:
    assert "behind `start`" in str(notebook.run(f"%scope_trace {line}").error_in_exec)


def test_scope_at(notebook: Notebook) -> None:
    notebook.run("%%scope_trace\nf()\ntime.sleep(0.002)")
    middle = round(scope.last.stats.duration_ns / 2)
    assert notebook.run("%scope_at 50%").result.time_ns == middle
    assert notebook.run("%scope_at 0.0005").result.time_ns == 500_000
    assert notebook.run("%scope_at 1e-6").result.time_ns == 1_000
    assert notebook.run("%scope_at 300us").result.time_ns == 300_000
    assert notebook.run("now = 0.0001\n%scope_at $now").result.time_ns == 100_000


@pytest.mark.parametrize(("line", "said"), [("soon", "no time"), ("", "no time"), ("1000", "after the recording")])
def test_scope_at_no_time(notebook: Notebook, capsys: pytest.CaptureFixture[str], line: str, said: str) -> None:
    notebook.run("%%scope_trace\nf()")
    assert said in str(notebook.run(f"%scope_at {line}").error_in_exec)
    assert "Traceback" not in "".join(capsys.readouterr())


def test_scope_tree(notebook: Notebook) -> None:
    notebook.run("%%scope_trace\nf()")
    assert "f(x=1) → 2" in str(notebook.run("%scope_tree").result)
    assert "takes nothing" in str(notebook.run("%scope_tree x").error_in_exec)


@pytest.mark.parametrize("line", ["%scope_tree", "%scope_at 0"])
def test_questions_without_a_recording(notebook: Notebook, line: str) -> None:
    assert "nothing has been recorded" in str(notebook.run(line).error_in_exec)


def test_scope_speaks_about_the_latest(notebook: Notebook) -> None:
    notebook.run("%%scope_trace\nf(1)")
    notebook.run("%%scope_trace\nf(2)")
    notebook.run("with scope.record(level='calls') as rec: f(3)")
    assert [recording.stats.level for recording in scope.recordings] == ["plan", "plan", "calls"]
    assert scope.last is notebook["rec"]
    pd.testing.assert_frame_equal(scope.calls, scope.last.calls)
    assert scope.at("50%").time_ns == scope.last.at("50%").time_ns


def test_only_the_latest_recordings_are_kept(notebook: Notebook) -> None:
    for _ in range(10):
        with scope.record(buffer="64KB"):
            pass
    assert len(scope.recordings) == 8


@pytest.mark.parametrize(
    ("line", "rest"),
    [
        ("", ""),
        ("f(-1)", "f(-1)"),
        ("--all  f( x )", "f( x )"),
        ("--include 'my shop.*' --include=b -- -x", "-x"),
        ("--level calls start", "start"),
        ("--max-depth 3 a - b", "a - b"),
    ],
)
def test_options_end_where_the_expression_begins(line: str, rest: str) -> None:
    assert parse(line).rest == rest


def test_options_are_read() -> None:
    options = parse("""--include 'my shop.*' --include=b --exclude "c d" --all --no-c-calls --max-depth 7""").options
    assert options.include == ("my shop.*", "b")
    assert options.exclude == ("c d",)
    assert (options.all, options.c_calls, options.max_depth) == (True, False, 7)


def test_commands_are_told_from_expressions() -> None:
    assert parse_command("start") is not None
    assert parse_command("starter") is None
    assert parse_command("stop + 1") is None
    command = parse_command("start --level calls")
    assert command is not None
    assert command[1].options.level == "calls"
