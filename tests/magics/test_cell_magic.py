from __future__ import annotations

import pytest
from shells import Notebook

from scope_repl import errors
from scope_repl.session import scope


def functions() -> list[str]:
    calls = scope.last.calls
    return list(calls["name"][calls["module"] == "__main__"])


def test_last_expression_is_displayed_and_kept(notebook: Notebook, capsys: pytest.CaptureFixture[str]) -> None:
    result = notebook.run("%%scope_trace\ndef double(x):\n    return 2 * x\ndouble(21)")
    assert result.result == 42
    assert "Out[2]: 42" in capsys.readouterr().out
    assert notebook["_"] == 42
    assert notebook["Out"] == {2: 42}
    assert "double" in functions()


def test_semicolon_hides_the_last_expression(notebook: Notebook, capsys: pytest.CaptureFixture[str]) -> None:
    notebook.run("%%scope_trace\n6 * 7;")
    assert "Out[" not in capsys.readouterr().out


def test_cell_uses_the_notebooks_namespace(notebook: Notebook) -> None:
    notebook.run("x = 20")
    notebook.run("%%scope_trace\ny = x + 1")
    assert notebook["y"] == 21


def test_await(notebook: Notebook) -> None:
    result = notebook.run(
        "%%scope_trace\nimport asyncio\nasync def answer():\n    await asyncio.sleep(0)\n    return 42\nawait answer()"
    )
    assert result.result == 42
    assert "answer" in functions()


def test_traceback_points_at_the_cells_lines(notebook: Notebook, capsys: pytest.CaptureFixture[str]) -> None:
    result = notebook.run("%%scope_trace\ndef divide(x):\n    return 1 / x\n\ndivide(0)")
    assert isinstance(result.error_in_exec, ZeroDivisionError)
    shown = capsys.readouterr().out
    assert "----> 3     return 1 / x" in shown
    assert "----> 5 divide(0)" in shown
    assert "scope_repl" not in shown
    assert (scope.calls["outcome"][scope.calls["name"] == "divide"] == "raise").all()


def test_an_indented_body_runs_as_an_indented_cell_does(notebook: Notebook) -> None:
    result = notebook.run("%%scope_trace\n\n    def double(x):\n        return 2 * x\n    double(21)")
    assert result.result == 42
    assert scope.last.find("double").iloc[0]["line"] == 3


def test_lines_are_those_of_the_cell(notebook: Notebook) -> None:
    notebook.run("%%scope_trace\n\n\ndef here():\n    pass\nhere()")
    calls = scope.calls
    assert list(calls["line"][calls["name"] == "here"]) == [4]


@pytest.mark.parametrize("error", ["KeyboardInterrupt", "SystemExit(3)", "GeneratorExit", "ValueError('x')"])
def test_recording_stops_whatever_happens(notebook: Notebook, error: str) -> None:
    result = notebook.run(f"%%scope_trace\ndef fail():\n    raise {error}\nfail()")
    assert not result.success
    assert scope.growing is None
    assert "fail" in functions()


def test_line_magics_work_in_the_cell(notebook: Notebook) -> None:
    notebook.run("%%scope_trace\nhere = %pwd\ndef f(): pass\nf()")
    assert isinstance(notebook["here"], str)
    assert "f" in functions()


@pytest.mark.parametrize(
    "cell",
    [
        "%%scope_trace\n%%time\nf()",
        "%%scope_trace\n\n%%time\nf()",
        "%%time\n%%scope_trace\nf()",
        "%%capture shown\n%%scope_trace\nf()",
    ],
)
def test_other_cell_magics(notebook: Notebook, cell: str) -> None:
    notebook.run("def f(): pass")
    assert notebook.run(cell).success
    assert functions().count("f") == 1
    assert scope.growing is None


def test_cell_magic_called_by_name(notebook: Notebook) -> None:
    notebook.run("def f(): pass")
    assert notebook.run("get_ipython().run_cell_magic('scope_trace', '--level calls', 'f()')").success
    assert functions().count("f") == 1


def test_future_import(notebook: Notebook) -> None:
    assert notebook.run("%%scope_trace\nfrom __future__ import annotations\ndef f(x: nonsense): pass\nf(1)").success


def test_a_cell_that_runs_cells_is_recorded_to_its_end(notebook: Notebook) -> None:
    notebook.run("def f(): pass\ndef g(): pass")
    notebook.run("%%scope_trace\nget_ipython().run_cell('f()')\ng()")
    assert [name for name in functions() if name in "fg"] == ["f", "g"]
    assert len(scope.recordings) == 1


def test_cells_are_numbered_and_known_with_their_source(notebook: Notebook) -> None:
    notebook.run("x = 1")
    source = "%%scope_trace\ndef f():\n    return x\nf()"
    notebook.run(source)
    assert list(scope.last.cells["source"]) == [source]
    assert list(scope.last.cells["number"]) == [3]
    assert set(scope.calls["cell"]) == {0}
    assert notebook["In"][-1] != source, "the parsed history holds what ran"


def test_a_cell_outside_of_the_history_has_no_number(notebook: Notebook) -> None:
    notebook.run("%%scope_trace\nlen('x')", store_history=False)
    assert scope.last.cells["number"].isna().all()


def test_nothing_of_the_machinery_is_recorded(notebook: Notebook) -> None:
    notebook.run("%%scope_trace\nabs(-1)\n1")
    assert set(scope.calls["module"]) <= {"__main__", "builtins"}
    assert set(scope.calls["name"]) <= {"<module>", "abs"}


def test_all_records_libraries_but_not_the_machinery(notebook: Notebook) -> None:
    notebook.run("%%scope_trace --all\nimport json\njson.dumps({'a': [1]}, indent=1)")
    modules = set(scope.calls["module"])
    assert "json.encoder" in modules
    assert not [module for module in modules if module.split(".")[0] in ("IPython", "ipykernel", "scope_repl")]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("--bad", "--bad"),
        ("--level plan", "'calls', 'values', 'lines'"),
        ("--level", "expected one argument"),
        ("--buffer 1KB", "too small"),
        ("--buffer lots", "'256MB'"),
        ("--overflow spill", "'drop-newest'"),
        ("--max-depth 0", "from 1 on"),
        ("--max-depth x", "invalid int value"),
        ("something", "is no option"),
    ],
)
def test_a_bad_option_shows_the_usage_and_runs_nothing(
    notebook: Notebook, capsys: pytest.CaptureFixture[str], line: str, said: str
) -> None:
    result = notebook.run(f"%%scope_trace {line}\nran = True")
    assert not result.success
    shown = "".join(capsys.readouterr())
    assert said in shown
    assert "usage: %%scope_trace [options]" in shown
    assert "Traceback" not in shown
    assert "ran" not in notebook
    assert scope.recordings == ()


def test_help_runs_nothing(notebook: Notebook, capsys: pytest.CaptureFixture[str]) -> None:
    assert notebook.run("%%scope_trace --help\nran = True").success
    assert "--max-depth N" in capsys.readouterr().out
    assert "ran" not in notebook


def test_the_docstring_is_the_help(notebook: Notebook, capsys: pytest.CaptureFixture[str]) -> None:
    notebook.run("%scope_trace --help")
    shown = capsys.readouterr().out.strip()
    assert shown == notebook.shell.find_magic("scope_trace").__doc__.strip()
    assert shown == notebook.shell.find_magic("scope_trace", "cell").__doc__.strip()


def test_an_empty_cell_is_a_mistake(notebook: Notebook) -> None:
    assert not notebook.run("%%scope_trace\n").success
    assert not notebook.run("%%scope_trace --all\n\n  \n").success
    assert scope.recordings == ()


def test_a_cell_of_comments_is_recorded(notebook: Notebook) -> None:
    assert notebook.run("%%scope_trace\n# nothing").success
    assert functions() == []


def test_a_syntax_error_leaves_no_recording(notebook: Notebook) -> None:
    result = notebook.run("%%scope_trace\nx = 1\ny = = 2")
    assert isinstance(result.error_before_exec, SyntaxError)
    assert result.error_before_exec.lineno == 3
    assert scope.recordings == ()
    assert scope.growing is None


def test_a_second_recording_is_refused_and_the_cell_does_not_run(notebook: Notebook) -> None:
    notebook.run("%scope_trace start")
    result = notebook.run("%%scope_trace\nran = True")
    assert not result.success
    assert "recording already" in str(result.error_in_exec)
    assert "ran" not in notebook
    assert scope.growing is not None


def test_a_silent_cell_is_refused(notebook: Notebook) -> None:
    result = notebook.run("%%scope_trace\nran = True", silent=True)
    assert "silently" in str(result.error_in_exec)
    assert scope.growing is None


def test_the_cell_ends_with_the_result_and_the_tree(notebook: Notebook, capsys: pytest.CaptureFixture[str]) -> None:
    notebook.run("def f(): pass\ndef g(): f()")
    capsys.readouterr()
    notebook.run("%%scope_trace\ng()")
    lines = capsys.readouterr().out.splitlines()
    assert " events in " in lines[0]
    assert "recording took about" in lines[0]
    assert lines[0].endswith("none dropped")
    assert any("└── f()" in line for line in lines)


def test_drops_are_said(notebook: Notebook, capsys: pytest.CaptureFixture[str]) -> None:
    notebook.run("%%scope_trace --buffer 64KB\ndef f(): pass\nfor _ in range(10_000): f()")
    assert " dropped (drop-oldest)" in capsys.readouterr().out
    assert scope.last.stats.dropped > 0


def test_options_reach_the_recording(notebook: Notebook) -> None:
    notebook.run("%%scope_trace --level calls --no-c-calls --buffer '128 KiB' --overflow drop-newest\nlen('x')")
    stats = scope.last.stats
    assert (stats.level, stats.buffer_bytes, stats.overflow) == ("calls", 128 * 1024, "drop-newest")
    assert set(scope.calls["name"]) == {"<module>"}


def test_a_cell_that_is_being_typed_is_complete_after_a_blank_line(notebook: Notebook) -> None:
    assert notebook.shell.check_complete("%%scope_trace\nx = 1")[0] == "incomplete"
    assert notebook.shell.check_complete("%%scope_trace\nx = 1\n\n")[0] == "complete"


def test_the_recording_of_a_fork_stays_with_the_parent(notebook: Notebook) -> None:
    notebook.run(
        "%%scope_trace\nimport os\n"
        "if (child := os.fork()) == 0:\n    os._exit(0 if repr(scope).startswith('<Scope: not') else 1)\n"
        "status = os.waitpid(child, 0)[1]"
    )
    assert notebook["status"] == 0
    assert len(scope.recordings) == 1


def test_no_recording_yet(notebook: Notebook) -> None:
    with pytest.raises(errors.NoRecording, match="%%scope_trace"):
        scope.at(0)


def test_an_interrupt_in_the_end_of_a_cell(notebook: Notebook) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    notebook.run("def f(): pass")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scope, "stop", interrupted)
        notebook.run("%%scope_trace\nf()")
    assert scope.growing is not None
    notebook.run("f()")
    assert scope.growing is None
    assert functions().count("f") == 1
