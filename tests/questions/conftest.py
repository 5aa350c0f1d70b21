from __future__ import annotations

import pytest

from questions.asked import recorded
from scope_repl import Recording


@pytest.fixture(scope="module")
def rec(tmp_path_factory: pytest.TempPathFactory) -> Recording:
    """The shop, recorded line by line."""
    return recorded(tmp_path_factory.mktemp("shop"))
