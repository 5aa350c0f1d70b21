from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"


def run(script: Path, folder: Path) -> str:
    ran = subprocess.run([sys.executable, script], cwd=folder, capture_output=True, text=True, timeout=120, check=True)
    assert ran.stderr == ""
    return ran.stdout


def test_the_program_always_gives_the_same_result(tmp_path: Path) -> None:
    first = run(NOTEBOOKS / "demo_program.py", tmp_path)
    assert "GLOBEX" in first
    assert run(NOTEBOOKS / "demo_program.py", tmp_path) == first


@pytest.mark.parametrize("started_in", ["notebooks", "."])
def test_the_demo_shows_the_tree_four_moments_and_the_cost(tmp_path: Path, started_in: str) -> None:
    shutil.copytree(NOTEBOOKS, tmp_path / "notebooks")
    shown = run(tmp_path / "notebooks" / "demo.py", tmp_path / started_in)
    assert "└── main() → <DataFrame" in shown
    assert shown.count("\nmoment 0.") == 4
    assert "Market.run: self.rejected: 2 → 3" in shown
    assert "self.rejected = 2 (before: 1) [Market.run, demo_program.py:108" in shown
    assert "recording took about" in shown
    assert "Error" not in shown
    page = tmp_path / started_in / "demo.html"
    assert f"{page}: {page.stat().st_size:,} bytes" in shown
    assert page.read_text().startswith("<!DOCTYPE html>")
