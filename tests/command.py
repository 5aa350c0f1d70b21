"""The command ``scope-repl`` as it is typed, in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

COMMAND = str(Path(sysconfig.get_path("scripts")) / "scope-repl")
TIMEOUT = 60


def environment(**changes: str) -> dict[str, str]:
    """The environment of a process: without the test run's own influence on it."""
    own = ("PYTHON", "PYTEST", "COV_", "COLUMNS", "LINES")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(own)}
    return kept | changes


def command(*words: str, **settings: Any) -> subprocess.CompletedProcess[str]:
    """Run the command to its end."""
    return _completed([COMMAND, *words], settings)


def python(*words: str, **settings: Any) -> subprocess.CompletedProcess[str]:
    """Run this Python to its end."""
    return _completed([sys.executable, *words], settings)


def _completed(words: list[str], settings: dict[str, Any]) -> subprocess.CompletedProcess[str]:
    defaults = {"capture_output": True, "text": True, "timeout": TIMEOUT, "env": environment()}
    return subprocess.run(words, **(defaults | settings), check=False)
