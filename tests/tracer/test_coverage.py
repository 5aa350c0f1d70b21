"""coverage.py measures the same lines whether Scope records meanwhile or not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """\
def even(n):
    if n % 2:
        return False
    return True

def numbers(n):
    for number in range(n):
        yield number
    unused = "reached"

def work():
    try:
        return [even(number) for number in numbers(4)] + int("x")
    except ValueError:
        return None

work()
"""
RECORDED = """\
import scope_repl
with scope_repl.record(level={level!r}) as recording:
    import program
assert len(recording.calls) > 4
"""
MONITORED = pytest.mark.skipif(sys.version_info < (3, 12), reason="sys.monitoring came with 3.12")
CORES = ["ctrace", pytest.param("sysmon", marks=MONITORED)]
LEVELS = ["calls", "values", pytest.param("lines", marks=MONITORED)]


def lines(folder: Path, script: str, core: str) -> list[int]:
    """The lines of the program that coverage.py saw executed."""
    run = [sys.executable, "-m", "coverage", "run", "--include=*/program.py", script]
    subprocess.run(run, cwd=folder, env={**os.environ, "COVERAGE_CORE": core}, check=True, timeout=60)
    subprocess.run([sys.executable, "-m", "coverage", "json", "-q"], cwd=folder, check=True, timeout=60)
    measured = json.loads((folder / "coverage.json").read_text())
    return list(measured["files"]["program.py"]["executed_lines"])


@pytest.mark.parametrize("core", CORES)
@pytest.mark.parametrize("level", LEVELS)
def test_same_lines(core: str, level: str, tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(PROGRAM)
    (tmp_path / "plain.py").write_text("import program\n")
    (tmp_path / "recorded.py").write_text(RECORDED.format(level=level))
    expected = lines(tmp_path, "plain.py", core)
    assert len(expected) > 10
    assert lines(tmp_path, "recorded.py", core) == expected
