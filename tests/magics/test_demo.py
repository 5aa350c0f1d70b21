from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"


def run(script: str, folder: Path) -> str:
    ran = subprocess.run(
        [sys.executable, NOTEBOOKS / script], cwd=folder, capture_output=True, text=True, timeout=120, check=True
    )
    assert ran.stderr == ""
    return ran.stdout


def test_the_program_always_gives_the_same_result(tmp_path: Path) -> None:
    first = run("demo_program.py", tmp_path)
    assert "GLOBEX" in first
    assert run("demo_program.py", tmp_path) == first


@pytest.mark.parametrize("here", [True, False])
def test_the_demo_shows_the_tree_three_moments_and_the_cost(tmp_path: Path, here: bool) -> None:
    shown = run("demo.py", NOTEBOOKS if here else tmp_path)
    assert "└── main() → <DataFrame" in shown
    assert shown.count("\nmoment 0.") == 3
    assert "recording took about" in shown
    assert "Error" not in shown
