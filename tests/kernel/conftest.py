from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from command import command
from shells import Kernel, kernel


@pytest.fixture(scope="session")
def spec(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The kernelspec of Scope's kernel, installed into an empty prefix."""
    prefix = tmp_path_factory.mktemp("prefix")
    command("install", "--prefix", str(prefix)).check_returncode()
    return prefix / "share" / "jupyter" / "kernels" / "scope"


@pytest.fixture(scope="module")
def running(spec: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    """Scope's kernel."""
    with kernel(tmp_path_factory.mktemp("notebook"), spec) as started:
        yield started
