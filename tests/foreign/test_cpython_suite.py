"""CPython's own tests, recorded: they pass as they do without Scope."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

SUITES = (
    "test_generators",
    "test_coroutines",
    "test_exceptions",
    "test_contextlib",
    "test_yield_from",
    "test_scope",
    "test_with",
)
RECORDED = """\
import sys, unittest
import scope_repl
from test import {suite} as suite
with scope_repl.record(all=True, buffer="8MB", level={level!r}):
    program = unittest.main(module=suite, argv=["suite", "-v"], exit=False)
"""
UNRECORDED = """\
import unittest
from test import {suite} as suite
unittest.main(module=suite, argv=["suite", "-v"], exit=False)
"""
RESULT = re.compile(r"^(\w+) \(([\w.]+)\).*?\.\.\. (ok|FAIL|ERROR|skipped|expected failure)", re.MULTILINE | re.DOTALL)


def results(source: str, tmp_path: Path) -> dict[str, str]:
    path = tmp_path / "suite.py"
    path.write_text(source)
    done = subprocess.run(
        [sys.executable, str(path)], capture_output=True, text=True, timeout=280, cwd=tmp_path, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return {f"{name} ({where})": outcome for name, where, outcome in RESULT.findall(done.stderr)}


@pytest.mark.skipif(
    importlib.util.find_spec("test.test_generators") is None, reason="this Python comes without its tests"
)
@pytest.mark.parametrize("suite", SUITES)
def test_passes_as_without_scope(suite: str, tmp_path: Path) -> None:
    if importlib.util.find_spec(f"test.{suite}") is None:
        pytest.skip(f"this Python has no test.{suite}")
    expected = results(UNRECORDED.format(suite=suite), tmp_path)
    recorded = results(RECORDED.format(suite=suite, level="values"), tmp_path)
    assert expected
    differences = {
        name: (outcome, recorded.get(name)) for name, outcome in expected.items() if recorded.get(name) != outcome
    }
    assert not differences
