"""The magics that ask about a variable."""

from __future__ import annotations

import pytest
from shells import Notebook

DEFINITION = """\
def f(n):
    total = 0
    seen = []
    for i in range(n):
        total += i
        seen.append(i)
    return total"""
RUN = "%%scope_trace --level lines\nresult = f(5)\nresult += 1"


@pytest.fixture(autouse=True)
def _recording(notebook: Notebook) -> None:
    notebook.run(DEFINITION)
    assert notebook.run(RUN).success


def test_history(notebook: Notebook) -> None:
    table = notebook.run("%scope_history total").result
    assert list(table["value"]) == [0, 1, 3, 6, 10]
    assert list(notebook.run("%scope_history f:seen").result["value"])[-1] == [0, 1, 2, 3, 4]
    variable = notebook.run("%scope_history result").result
    assert list(variable["value"]) == [10, 11]
    assert list(variable["line"]) == [2, 3]


def test_when(notebook: Notebook) -> None:
    moment = notebook.run("%scope_when total > 5 and len(seen) < 5").result
    assert (moment.locals["total"], moment.locals["seen"]) == (6, [0, 1, 2])
    assert len(notebook.run("%scope_when total > 5 --all").result) > 1
    assert len(notebook.run("%scope_when --all total > 5 --function f").result) > 1
    assert notebook.run("%scope_when i in {3, 4}").result.locals["i"] == 3
    assert notebook.run("%scope_when 'result == 11'").result.locals["result"] == 11


def test_why(notebook: Notebook) -> None:
    assert [cause.text.split("  [")[0] for cause in notebook.run("%scope_why result").result.causes] == [
        "result = 10 (not bound before)"
    ]
    assert str(notebook.run("%scope_why result").result).count("\n") == 2
    assert "\n" not in str(notebook.run("%scope_why f:total --depth 1").result)
    assert "[f, In[2]:5: total += i" in str(notebook.run("%scope_why total").result)
    assert notebook.run("%scope_why total --at 100%").result.write.new == 10


@pytest.mark.parametrize("magic", ["scope_history", "scope_when", "scope_why"])
def test_help_and_docstring(notebook: Notebook, capsys: pytest.CaptureFixture[str], magic: str) -> None:
    for line in (f"%{magic} --help", f"%{magic} -h"):
        assert notebook.run(line).success
        shown = capsys.readouterr().out
        assert shown.startswith(f"usage: %{magic} ")
        assert shown.strip() == str(notebook.shell.find_line_magic(magic).__doc__).strip()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("%scope_history", "%scope_history needs a NAME; see %scope_history --help"),
        ("%scope_history missing", "'missing' is not known: it was never captured"),
        ("%scope_history x y", "name='x y': give a name"),
        ("%scope_when", "needs a CONDITION"),
        ("%scope_when total.x()", "column 1: a call of a method is no part of the language"),
        ("%scope_when total >", "no expression of Python"),
        ("%scope_when total > 1000", "held at none of the"),
        ("%scope_when total > 5 --functions f", "unrecognized arguments: --functions"),
        ("%scope_when total > 5 --function", "expected one argument"),
        ("%scope_why total --depth x", "invalid int value: 'x'"),
        ("%scope_why total --depth 99", "depth=99: give a number from 1 to 50"),
        ("%scope_why total --at soon", "'soon' is no time"),
        ("%scope_why total --at 1000", "is after the recording's end"),
        ("%scope_why missing", "never captured"),
    ],
)
def test_mistakes(notebook: Notebook, capsys: pytest.CaptureFixture[str], line: str, said: str) -> None:
    capsys.readouterr()
    assert said in str(notebook.run(line).error_in_exec)
    shown = "".join(capsys.readouterr())
    assert "Traceback" not in shown
    assert len(shown.strip().splitlines()) == 1


def test_without_a_recording(notebook: Notebook) -> None:
    notebook.run("scope.forget()")
    for magic in ("scope_history total", "scope_when total > 5", "scope_why total"):
        assert "nothing has been recorded yet" in str(notebook.run(f"%{magic}").error_in_exec)


def test_a_recording_without_lines(notebook: Notebook) -> None:
    notebook.run("%%scope_trace --level values\nf(5)")
    assert "level" in str(notebook.run("%scope_history total").error_in_exec)
    assert "level lines" in str(notebook.run("%scope_when total > 5").error_in_exec)
    assert "level" in str(notebook.run("%scope_why total").error_in_exec)
