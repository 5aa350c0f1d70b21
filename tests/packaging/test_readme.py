"""The README's Python examples run, in their order, in one IPython shell."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell

README = (Path(__file__).parents[2] / "README.md").read_text()
EXAMPLES = re.findall(r"^```python\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def cells(example: str) -> list[str]:
    """An example as the cells a reader would type: a cell magic begins one of its own, and so does a line magic."""
    return re.split(r"^(?=%)", example, flags=re.MULTILINE)


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> InteractiveShell:
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.chdir(tmp_path)
    return InteractiveShell.instance()


def test_examples_run(shell: InteractiveShell) -> None:
    assert EXAMPLES
    try:
        for example in EXAMPLES:
            for cell in filter(str.strip, cells(example)):
                shell.run_cell(cell).raise_error()
    finally:
        shell.run_line_magic("unload_ext", "scope_repl")
        InteractiveShell.clear_instance()
