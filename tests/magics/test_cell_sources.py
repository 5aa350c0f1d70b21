"""What ran in cells is known by its source, whatever IPython did to it before."""

from __future__ import annotations

import ast
import inspect

import pytest
from shells import Notebook, has_terminals

from scope_repl import Recording
from scope_repl.query.details import details
from scope_repl.session import scope


def standings(recording: Recording) -> dict[str, set[str]]:
    """How the source of each function of a cell is known."""
    contents = recording.contents
    found: dict[str, set[str]] = {}
    for number in set(contents.tables.calls["code"].tolist()):
        code = contents.codes[number]
        if code.file.startswith("<ipython-input-"):
            found.setdefault(code.qualname, set()).add(str(contents.sources.standing(number)))
    return found


CELLS = {
    "magic line": "%precision 3\ndef f(): return 1\nf()",
    "assigned magic": "x = %who_ls\ndef f(): return 1\nf()",
    "system": "!true\ndef f(): return 1\nf()",
    "help": "def f(): return 1\nf()\nlen?",
    "await": "import asyncio\ndef f(): return 1\nf()\nawait asyncio.sleep(0)",
    "semicolons": "def f(): return 1\nx = f(); f();",
    "displayed": "def f(): return 1\nf()",
    "non-ascii": "def f(): return 'ü日🎉'\nf()",
    "annotations": "from __future__ import annotations\ndef f(x: 'int' = 1) -> int: return 1\nf()",
}


@pytest.mark.parametrize("name", CELLS)
def test_functions_and_statements_of_a_recorded_cell(name: str, notebook: Notebook) -> None:
    if name == "system" and not has_terminals():
        pytest.skip("the system gives out no pseudo-terminals, which IPython runs commands in")
    assert notebook.run("%%scope_trace\n" + CELLS[name]).success
    found = standings(notebook["scope"].last)
    assert found["f"] == {"exact"}
    assert found["<module>"] == {"exact"}


def test_the_first_line_is_shown_as_it_was_typed(notebook: Notebook) -> None:
    assert notebook.run("%%scope_trace --no-c-calls\ndef f(): return 1\nf()").success
    recording = notebook["scope"].last
    frame = recording.at(recording.find("f").iloc[0]).frame
    assert frame.source().lines[0] == "# %%scope_trace --no-c-calls"
    assert str(frame.source().standing) == "exact"
    assert inspect.getsource(notebook["f"]) == "def f(): return 1\n"


def test_annotations_of_an_earlier_cell(notebook: Notebook) -> None:
    assert notebook.run("from __future__ import annotations").success
    assert notebook.run(
        "%%scope_trace\ndef f():\n    def g(x: int, y: str = '') -> int: return x\n    g(1)\nf()"
    ).success
    found = standings(notebook["scope"].last)
    assert (found["f"], found["f.<locals>.g"]) == ({"exact"}, {"exact"})


def test_a_function_that_was_defined_twice(notebook: Notebook) -> None:
    assert notebook.run("def f():\n    return 'old'").success
    assert notebook.run("%%scope_trace\nf()").success
    old = notebook["scope"].last
    assert notebook.run("\ndef f():\n    return 'new'").success
    assert notebook.run("%%scope_trace\nf()").success
    new = notebook["scope"].last
    texts = []
    for recording in (old, new):
        frame = recording.at(recording.find("f").iloc[0]).frame
        block = frame.source(before=0, after=1)
        assert block.standing.exact
        texts.append(block.lines[-1])
    assert texts == ["    return 'old'", "    return 'new'"]


def test_what_another_transformer_has_changed_is_not_confirmed(notebook: Notebook) -> None:
    class Doubled(ast.NodeTransformer):
        def visit_Return(self, node: ast.Return) -> ast.Return:
            assert node.value is not None
            return ast.copy_location(ast.Return(ast.Tuple([node.value, node.value], ast.Load())), node)

    notebook.shell.ast_transformers.append(Doubled())
    assert notebook.run("%%scope_trace\ndef f(x):\n    return x + 1\nf(1)").success
    assert notebook["scope"].last.find("f").outcome.tolist() == ["return"]
    (standing,) = standings(notebook["scope"].last)["f"]
    assert standing.startswith("unknown: the file differs from what ran, or cannot be compared: ")


def test_a_statement_of_a_cell_has_its_own_line(notebook: Notebook) -> None:
    assert notebook.run("%%scope_trace\nx = 1\n\ny = [x,\n  2]").success
    recording = notebook["scope"].last
    statements = recording.find("<module>")
    frames = [recording.at(call).frame for _, call in statements[statements.start_known].iterrows()]
    ran = [(frame.line, frame.source(0, 0).lines) for frame in frames if frame.file.startswith("<ipython")]
    assert ran == [(2, ("x = 1",)), (4, ("y = [x,",))]
    lines = [details(recording.contents, frame.span)["source"] for frame in frames]
    assert lines[-2:] == ["x = 1", "y = [x,"]


def test_frames_are_named_after_the_cell_that_their_code_is_from(notebook: Notebook) -> None:
    notebook.run("def f(x):\n    return g(x)")
    notebook.run("def g(x):\n    return x")
    notebook.run("%%scope_trace\nf(1)")
    stack = scope.at(scope.last.find("g").iloc[0]).stack()
    assert [frame.title for frame in stack] == ["In[3]", "In[2]", "In[4]"]
    assert "In[2]:2" in repr(stack)
    notebook.run("%unload_ext scope_repl")
    assert scope.recorder.cells.titles(["<ipython-input-1>"]) == {}
