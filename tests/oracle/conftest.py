from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def _small_heap() -> Iterator[None]:
    """Each run of a program begins and ends with a collection, which need not look at all that is there already."""
    gc.freeze()
    yield
    gc.unfreeze()
