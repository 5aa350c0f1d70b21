"""notebooks/tour.ipynb on Scope's kernel."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import nbformat
import pytest
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
TOUR = nbformat.read(NOTEBOOKS / "tour.ipynb", as_version=4)


def test_it_is_stored_for_scopes_kernel_without_outputs() -> None:
    nbformat.validate(TOUR)
    assert TOUR.metadata.kernelspec.name == "scope"
    for cell in TOUR.cells:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None


@pytest.mark.slow
def test_it_runs_from_top_to_bottom(spec: Path, tmp_path: Path) -> None:
    for name in ("tour.ipynb", "demo_program.py"):
        shutil.copy(NOTEBOOKS / name, tmp_path)
    tour = nbformat.read(tmp_path / "tour.ipynb", as_version=4)
    manager = AsyncKernelManager(
        kernel_name="scope", kernel_spec_manager=KernelSpecManager(kernel_dirs=[str(spec.parent)])
    )
    NotebookClient(tour, km=manager, timeout=60, resources={"metadata": {"path": str(tmp_path)}}).execute()
    shown = {cell.source: _texts(cell.outputs) for cell in tour.cells if cell.cell_type == "code"}
    assert "events in" in shown["%%scope_trace\nmain()"]
    assert "└── main() → <DataFrame" in shown["%%scope_trace\nmain()"]
    assert any("orders were rejected" in text for text in shown.values())
    assert any("check in line 114" in text for text in shown.values())
    assert any("cart    = ['pen', 'desk']" in text for text in shown.values())
    assert "282" in shown['bought.history("checkout:total")']
    assert "└─" in shown['bought.why("checkout:total")']
    assert any("OutOfRange - 3600.0" in text for text in shown.values())
    assert {path.name for path in tmp_path.iterdir()} <= {"tour.ipynb", "demo_program.py", "__pycache__"}


def _texts(outputs: list[Any]) -> str:
    return "\n".join(output["text"] if "text" in output else output["data"].get("text/plain", "") for output in outputs)
