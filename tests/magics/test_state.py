"""The notebook's variables, what it shows, and what is watched in it."""

from __future__ import annotations

import io
import sys

import pytest
from shells import Notebook
from watching.seen import MISSING, changes

import scope_repl
from scope_repl import _tracer
from scope_repl.session import scope


def texts() -> list[tuple[str, str]]:
    """What was shown, with the pieces of one stream that follow each other put together."""
    found: list[tuple[str, str]] = []
    for output in scope.last.contents.state.outputs(2**62):
        if found and found[-1][0] == output.stream:
            found[-1] = (output.stream, found[-1][1] + output.text)
        else:
            found.append((output.stream, output.text))
    return found


def variables(time_ns: int = 2**62) -> dict[str, object]:
    """The notebook's variables at a time, those that had not been deleted."""
    contents = scope.last.contents
    recording = scope.last.at(min(time_ns, contents.end_ns), unit="ns")
    return {name: recording.namespace[name] for name in recording.namespace}


# ---- what is shown ----


def test_what_a_cell_prints_and_displays(notebook: Notebook) -> None:
    notebook.run("from IPython.display import display, HTML\nimport sys")
    notebook.run(
        "%%scope_trace\nprint('printed')\nprint('wrong', file=sys.stderr)\n"
        "display(HTML('<b>bold</b>'))\nprint('more')\n6 * 7"
    )
    assert texts() == [
        ("stdout", "printed\n"),
        ("stderr", "wrong\n"),
        ("display", "<IPython.core.display.HTML object>"),
        ("stdout", "more\n"),
        ("result", "42"),
    ]


def test_what_is_printed_by_a_repr_is_printed(notebook: Notebook) -> None:
    notebook.run("class Loud:\n    def __repr__(self):\n        print('asked')\n        return 'Loud()'")
    notebook.run("%%scope_trace\nLoud()")
    assert texts() == [("stdout", "asked\n"), ("result", "Loud()")]


def test_the_report_is_not_among_it(notebook: Notebook, capsys: pytest.CaptureFixture[str]) -> None:
    notebook.run("%%scope_trace\nprint('x')")
    assert " events in " in capsys.readouterr().out
    assert texts() == [("stdout", "x\n")]


def test_over_cells(notebook: Notebook) -> None:
    notebook.run("%scope_trace start")
    notebook.run("print('one')")
    notebook.run("2")
    notebook.run("print('three')")
    notebook.run("%scope_trace stop")
    assert texts() == [("stdout", "one\n"), ("result", "2"), ("stdout", "three\n")]


def test_of_an_expression_and_of_a_block(notebook: Notebook) -> None:
    notebook.run("%scope_trace print('x')")
    assert texts() == [("stdout", "x\n")]
    notebook.run("print('before')\nwith scope.record():\n    print('within')\nprint('behind')")
    assert texts() == [("stdout", "within\n")]


def test_captured_output_is_not_shown(notebook: Notebook) -> None:
    notebook.run("import contextlib, io")
    notebook.run("%%scope_trace\nwith contextlib.redirect_stdout(io.StringIO()):\n    print('hidden')\nprint('shown')")
    assert texts() == [("stdout", "shown\n")]


def test_stdout_is_replaced_in_the_cell(notebook: Notebook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", sys.stdout)
    notebook.run("import io, sys")
    notebook.run("%%scope_trace\nprint('before')\nsys.stdout = own = io.StringIO()\nprint('into it')")
    assert texts() == [("stdout", "before\n")]
    assert "into it" in notebook["own"].getvalue()
    assert "write" not in vars(notebook["own"]) or vars(notebook["own"])["write"] == notebook["own"].write


@pytest.mark.parametrize(
    "cells",
    [
        ["%%scope_trace\nprint('x')\n1"],
        ["%%scope_trace\nraise ValueError"],
        ["%scope_trace start", "print('x')", "%scope_trace stop"],
        ["%scope_trace start", "print('x')", "%unload_ext scope_repl"],
        ["with scope.record(): print('x')"],
    ],
)
def test_nothing_is_left_behind(notebook: Notebook, monkeypatch: pytest.MonkeyPatch, cells: list[str]) -> None:
    shell = notebook.shell
    streams = io.StringIO(), io.StringIO()
    for name, stream in zip(("stdout", "stderr"), streams, strict=True):
        monkeypatch.setattr(sys, name, stream)
    notebook.run("print('IPython may put something there itself')")
    before = [dict(vars(holder)) for holder in (*streams, shell.display_pub, shell.displayhook)]
    for cell in cells:
        notebook.run(cell)
    notebook.run("1")
    after = [dict(vars(holder)) for holder in (*streams, shell.display_pub, shell.displayhook)]
    for earlier, later in zip(before, after, strict=True):
        assert earlier.keys() == later.keys()
        assert "publish" not in later
        assert "write_format_data" not in later
        assert type(later.get("write")) is type(earlier.get("write"))


def test_results_go_on_as_before(notebook: Notebook, capsys: pytest.CaptureFixture[str]) -> None:
    result = notebook.run("%%scope_trace\n[1, 2]")
    assert "Out[2]: [1, 2]" in capsys.readouterr().out
    assert result.result == notebook["_"] == notebook["Out"][2] == [1, 2]


# ---- variables ----


def test_variables_before_and_after_a_cell(notebook: Notebook) -> None:
    notebook.run("before = 1\ngone = 2\nkept = [1]")
    notebook.run("%%scope_trace\nafter = before + 1\ndel gone\nkept.append(2)")
    (cell,) = scope.last.cells.itertuples()
    assert variables() == {"before": 1, "kept": [1, 2], "after": 2}
    assert variables(cell.start_ns + (cell.end_ns - cell.start_ns) // 2).keys() >= {"before"}


def test_the_shells_own_variables_are_left_out(notebook: Notebook) -> None:
    notebook.run("1\n")
    notebook.run("2")
    notebook.run("%%scope_trace\nmine = 3\nmine")
    assert set(variables()) == {"mine"}


def test_names_of_the_shell_become_the_users(notebook: Notebook) -> None:
    notebook.run("_ = 'mine'\nopen = 'mine too'\nexit = 5")
    notebook.run("%%scope_trace\npass")
    assert variables() == {"_": "mine", "open": "mine too", "exit": 5}


@pytest.mark.parametrize("level", ["calls", "values", "lines"])
def test_variables_over_cells(notebook: Notebook, level: str) -> None:
    notebook.run("x = 0")
    notebook.run(f"%scope_trace start --level {level}")
    for n in range(1, 4):
        notebook.run(f"x = {n}")
    notebook.run("del x")
    notebook.run("%scope_trace stop")
    ends = scope.last.cells["end_ns"]
    assert [variables(end).get("x") for end in ends] == [0, 1, 2, 3, None, None]


def test_variables_that_others_change_between_cells(notebook: Notebook) -> None:
    notebook.run("x = 0")
    notebook.run("%scope_trace start")
    notebook.shell.user_ns["x"] = 5
    notebook.run("pass")
    notebook.run("%scope_trace stop")
    starts = list(scope.last.cells["start_ns"])
    assert variables(starts[1])["x"] == 5


def test_a_cell_that_fails(notebook: Notebook) -> None:
    notebook.run("%%scope_trace\nx = 1\nraise ValueError\nx = 2")
    assert variables() == {"x": 1}


# ---- watching ----

CLASS = (
    "class Cart:\n    def __init__(self):\n        self.owner = None\ncart = Cart()\nshop = Cart()\nshop.cart = cart"
)


@pytest.mark.parametrize("name", ["cart", "shop.cart", "Cart", "__main__:cart"])
def test_watch_by_name(notebook: Notebook, name: str) -> None:
    notebook.run(CLASS)
    notebook.run(f"%%scope_trace --watch {name}\ncart.owner = 'Ann'")
    assert changes(scope.last, notebook["cart"]) == [("owner", None, "Ann")]
    assert "__setattr__" not in vars(notebook["Cart"])


def test_watch_several(notebook: Notebook) -> None:
    notebook.run(CLASS)
    notebook.run("%scope_trace start --watch cart --watch shop --level calls")
    notebook.run("cart.owner = 1\nshop.owner = 2")
    notebook.run("%scope_trace stop")
    assert changes(scope.last, notebook["cart"]) == [("owner", None, 1)]
    assert changes(scope.last, notebook["shop"]) == [("owner", None, 2)]


def test_watch_of_scope(notebook: Notebook) -> None:
    notebook.run(CLASS)
    notebook.run("scope.watch(cart)")
    notebook.run("%%scope_trace\ncart.size = 1")
    assert changes(scope.last, notebook["cart"]) == [("size", MISSING, 1)]
    notebook.run("scope.unwatch(cart)")
    assert scope.watched == ()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("--watch nothing", "watch='nothing': there is nothing of this name"),
        ("--watch shop.nothing", "there is nothing of this name"),
        ("--watch numbers", "list is a class made in C"),
        ("--watch 'a b'", "a name is such as"),
        ("--watch", "expected one argument"),
    ],
)
def test_what_cannot_be_watched(notebook: Notebook, capsys: pytest.CaptureFixture[str], words: str, said: str) -> None:
    notebook.run(f"{CLASS}\nnumbers = [1]")
    result = notebook.run(f"%%scope_trace {words}\nran = True")
    assert not result.success
    assert said in "".join(capsys.readouterr())
    assert "ran" not in notebook
    assert not _tracer.running()


def test_unload_forgets_the_notebook(notebook: Notebook) -> None:
    notebook.run("x = 1")
    notebook.run("%unload_ext scope_repl")
    with scope_repl.record() as recording:
        print("x")
    assert recording.contents.state.outputs(2**62) == []
    assert recording.contents.state.names("__main__", 2**62) == {}
