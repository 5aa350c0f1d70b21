"""The programs, and the truth about each, which is found out once."""

from __future__ import annotations

import functools
import sys
from importlib.util import find_spec
from pathlib import Path

from reference.tracer import Behaviour, run

from oracle.truth import Truth, observing

HERE = Path(__file__).parent
FIRST_VERSION = {"generic_functions": (3, 12)}
NEEDS = {"attrs_classes": "attrs"}
DEEP = frozenset({"deep_recursion", "deep_exception", "many_functions"})  # thousands of frames to copy


def _runs_here(path: Path) -> bool:
    needed = NEEDS.get(path.stem)
    return sys.version_info >= FIRST_VERSION.get(path.stem, (3, 11)) and (
        needed is None or find_spec(needed) is not None
    )


OWN = [path for path in sorted((HERE / "programs").glob("*.py")) if _runs_here(path)]
TRACED = [path for path in sorted((HERE.parent / "programs").glob("*.py")) if path.stem not in DEEP]
LONG = sorted((HERE / "long").glob("*.py"))


@functools.cache
def truths(path: Path) -> tuple[dict[str, list[Truth]], Behaviour]:
    """What was true at each line of a program, by the thread's name, and what it did."""
    run(path)  # so that what it imports is there from now on
    with observing(path) as oracle:
        behaviour = run(path)
    return oracle.threads, behaviour


def newest_truths(path: Path, count: int) -> tuple[dict[str, list[Truth]], Behaviour]:
    """Likewise, the newest so many of each thread only."""
    with observing(path, lambda name: sys.maxsize) as counting:
        run(path)
    with observing(path, lambda name: counting.counts[name] - count) as oracle:
        behaviour = run(path)
    return oracle.threads, behaviour
