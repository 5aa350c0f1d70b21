from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import IPython
import pytest
from IPython.core.interactiveshell import InteractiveShell
from shells import Notebook
from traitlets.config import Config

from scope_repl.session import scope


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Notebook]:
    """A shell without Scope, in an empty working directory."""
    monkeypatch.chdir(tmp_path)
    main = sys.modules["__main__"]
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor" if IPython.version_info >= (9,) else "NoColor"
    InteractiveShell.clear_instance()
    shell = InteractiveShell.instance(config=config)
    yield Notebook(shell)
    if "scope_repl" in shell.extension_manager.loaded:
        shell.extension_manager.unload_extension("scope_repl")
    scope.forget()
    InteractiveShell.clear_instance()
    sys.modules["__main__"] = main


@pytest.fixture
def notebook(bare: Notebook) -> Notebook:
    """A shell with Scope, which has run one cell: the one that loaded it."""
    assert bare.run("%load_ext scope_repl").success
    return bare
