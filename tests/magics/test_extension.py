from __future__ import annotations

import gc
import sys
import threading
from typing import Any, NoReturn

import pytest
from IPython.core.compilerop import CachingCompiler
from shells import Notebook

from scope_repl import _tracer
from scope_repl.session import scope


def state(notebook: Notebook) -> dict[str, Any]:
    """All that an extension may change in a shell and in the interpreter."""
    shell = notebook.shell
    tools = [sys.monitoring.get_tool(number) for number in range(6)] if sys.version_info >= (3, 12) else []
    return {
        "magics": {kind: sorted(names) for kind, names in shell.magics_manager.magics.items()},
        "classes": sorted(shell.magics_manager.registry),
        "callbacks": {event: list(callbacks) for event, callbacks in shell.events.callbacks.items()},
        "input transformers": list(shell.input_transformers_cleanup),
        "AST transformers": list(shell.ast_transformers),
        "names": {name for name in shell.user_ns if not name.startswith("_")},
        "hidden names": {name for name in shell.user_ns_hidden if not name.startswith("_")},
        "hooks": (sys.gettrace(), sys.getprofile(), sys.displayhook, sys.excepthook, tools),
        "threads": threading.enumerate(),
    }


def test_load_brings_scope(notebook: Notebook, capsys: pytest.CaptureFixture[str]) -> None:
    assert notebook["scope"] is scope
    notebook.run("%who")
    assert "scope" not in capsys.readouterr().out


def test_unload_leaves_no_trace(bare: Notebook) -> None:
    bare.run("%unload_ext nothing")  # IPython makes these magics when one of them is first used
    before = state(bare)
    bare.run("%load_ext scope_repl")
    bare.run("%%scope_trace\ndef f(): pass\nf()")
    bare.run("del f")
    bare.run("%unload_ext scope_repl")
    assert state(bare) == before
    assert not bare.run("%scope_trace status").success


def test_unload_ends_a_recording(notebook: Notebook) -> None:
    notebook.run("%scope_trace start")
    notebook.run("%unload_ext scope_repl")
    assert not _tracer.running()
    assert scope.growing is None
    assert scope.recordings == ()


def test_unload_in_a_recorded_cell(notebook: Notebook) -> None:
    result = notebook.run("%%scope_trace\n%unload_ext scope_repl\n'still running'")
    assert result.result == "still running"
    assert not _tracer.running()


def test_loaded_again(notebook: Notebook) -> None:
    notebook.run("%%scope_trace\n%unload_ext scope_repl")
    notebook.run("%load_ext scope_repl")
    notebook.run("%reload_ext scope_repl")
    notebook.run("%%scope_trace\ndef f(): pass\nf()")
    assert list(scope.calls["name"]).count("f") == 1
    assert len(scope.last.cells) == 1
    assert notebook.shell.input_transformers_cleanup[-1] not in notebook.shell.input_transformers_cleanup[:-1]


def test_the_users_own_scope_comes_back(bare: Notebook, capsys: pytest.CaptureFixture[str]) -> None:
    bare.run("scope = 'mine'")
    bare.run("%load_ext scope_repl")
    assert "your variable `scope`" in capsys.readouterr().out
    assert bare["scope"] is scope
    bare.run("%unload_ext scope_repl")
    assert bare["scope"] == "mine"


def test_what_the_user_puts_in_its_place_stays(notebook: Notebook) -> None:
    notebook.run("scope = 'mine'")
    notebook.run("%unload_ext scope_repl")
    assert notebook["scope"] == "mine"


class Compiler(CachingCompiler):
    """One that knows nothing of names."""

    def format_code_name(self, name: str) -> NoReturn:
        raise LookupError(name)


def test_a_compiler_that_cannot_name_cells_loses_no_recording(notebook: Notebook) -> None:
    notebook.shell.compile = Compiler()
    assert notebook.run("%%scope_trace\ndef f(): pass\nf()").success
    assert list(scope.calls["name"]).count("f") == 1
    assert scope.last.contents.log.titles == {}


def test_recordings_are_let_go(notebook: Notebook) -> None:
    notebook.run("%%scope_trace\nlen('x')")
    notebook.run("%unload_ext scope_repl")
    gc.collect()
    assert scope.recordings == ()


def test_other_transformers_may_have_taken_ours_away(notebook: Notebook) -> None:
    notebook.shell.ast_transformers.clear()
    assert notebook.run("%%scope_trace\ndef f(): pass\nf()").success
    assert "f" in list(scope.calls["name"])
    assert notebook.run("%unload_ext scope_repl").success
