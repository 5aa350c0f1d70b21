"""CPython's own tests, recorded at each level: they pass as they do without Scope."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest

SUITES = (
    "test_generators",
    "test_coroutines",
    "test_exceptions",
    "test_contextlib",
    "test_yield_from",
    "test_scope",
    "test_with",
    "test_dataclasses",
    "test_enum",
    "test_functools",
    "test_sys",
)
PRESENT = [f"test.{suite}" for suite in SUITES if importlib.util.find_spec(f"test.{suite}")]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not PRESENT, reason="this Python comes without its tests"),
]

RECORDED = """\
import unittest
import scope_repl
with scope_repl.record(all=True, buffer="8MB", level={level!r}) as rec:
    unittest.main(module=None, argv=["suites", "-v", *{suites!r}], exit=False)
assert rec.stats.stored > 1000
"""
UNRECORDED = """\
import unittest
unittest.main(module=None, argv=["suites", "-v", *{suites!r}], exit=False)
"""
RESULT = re.compile(r"^(\w+) \(([\w.]+)\).*?\.\.\. (ok|FAIL|ERROR|skipped|expected failure)", re.MULTILINE | re.DOTALL)


def results(source: str, folder: Path) -> dict[str, str]:
    path = folder / "suites.py"
    path.write_text(source)
    done = subprocess.run(
        [sys.executable, str(path)], capture_output=True, text=True, timeout=280, cwd=folder, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return {f"{name} ({where})": outcome for name, where, outcome in RESULT.findall(done.stderr)}


@pytest.fixture(scope="module")
def unrecorded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return results(UNRECORDED.format(suites=PRESENT), tmp_path_factory.mktemp("unrecorded"))


@pytest.mark.parametrize("level", ["calls", "values", "lines"])
def test_passes_as_without_scope(level: str, unrecorded: dict[str, str], tmp_path: Path) -> None:
    recorded = results(RECORDED.format(suites=PRESENT, level=level), tmp_path)
    assert len(unrecorded) > 1000
    differences = {
        name: (outcome, recorded.get(name)) for name, outcome in unrecorded.items() if recorded.get(name) != outcome
    }
    assert not differences
