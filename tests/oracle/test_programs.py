"""Every local of every frame at every line of every program: as the oracle saw it, or marked with a true reason."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from oracle.comparison import Verdict, compare
from oracle.corpus import OWN, TRACED, truths
from oracle.recorded import record

pytestmark = [pytest.mark.native, pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning")]

# The share of the innermost frame's locals that are known exactly and as a whole; less where more is held than is kept.
EXACT = 0.98
LESS = {
    "attribute_targets": 0.94,  # an open file
    "big_ints": 0.94,
    "binary_tree": 0.88,  # instances in instances in instances
    "bytearrays": 0.74,  # a memoryview
    "context_managers": 0.95,
    "deep_nesting": 0.7,
    "exception_groups": 0.95,
    "executed_text": 0.65,  # a namespace with all builtins
    "functions_as_values": 0.95,  # functions of C's own kinds
    "generic_functions": 0.9,  # type variables
    "itertools_and_map": 0.9,  # iterators
    "large_dict": 0.09,
    "linked_list": 0.67,
    "long_list": 0.13,
    "long_strings": 0.18,
    "long_values_in_calls": 0.64,
    "million_items": 0.44,
    "nested_containers": 0.93,
    "numbers_of_the_library": 0.62,  # decimals
    "numpy_arrays": 0.88,
    "pandas_frame": 0.7,
    "redacted": 0.39,
    "simple_values": 0.9,
    "threads_local": 0.93,
    "weak_references": 0.83,
    "yield_from": 0.93,  # iterators
    "thread_pool": 0.5,  # the executor and what hangs together with it
}

DELEGATED = (
    "a throw or a close into a generator that delegates leaves no event of the outer one: it is missing on the stack"
)
# What is known to disagree, in which versions ("" for all), and why.
KNOWN = {
    "coroutines_by_hand": ("", DELEGATED),
    "coroutine_by_hand": ("", DELEGATED),
    "yield_from": ("", DELEGATED),
    "thread_exception": ("", "the stack of a thread that ends by an exception"),
    "library_generators": ("3.11", "a library's generator changes what the program holds"),
    "c_exceptions": ("3.12", "a comprehension's variable after an exception in it"),
    "comprehensions": ("3.12", "the variables of comprehensions in a module's body"),
    "generic_functions": ("3.12", "the namespace of a class whose method has type parameters"),
    "long_values_in_calls": ("3.12", "less is exact than elsewhere"),
    "many_lines_one_statement": ("3.12", "a comprehension's variable after an exception in it"),
}
VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"


def marked(paths: list[Path]) -> list[Any]:
    """The programs, those that are known to disagree as expected failures."""
    return [pytest.param(path, id=path.stem, marks=marks_of(path.stem)) for path in paths]


def marks_of(name: str) -> list[pytest.MarkDecorator]:
    versions, reason = KNOWN.get(name, ("none", ""))
    return [pytest.mark.xfail(reason=reason, strict=False)] if versions in ("", VERSION) else []


def verdict_on(path: Path) -> Verdict:
    found, expected = truths(path)
    rec, behaviour = record(path)
    assert behaviour == expected, "recording changed what the program does"
    return compare(rec, path, found)


@pytest.mark.parametrize("path", marked(OWN))
def test_each_local_at_each_line(path: Path) -> None:
    verdict = verdict_on(path)
    assert not verdict.problems, verdict.report()
    assert verdict.share("exact") >= LESS.get(path.stem, EXACT), verdict.report()


@pytest.mark.parametrize("path", marked(TRACED))
def test_each_local_of_the_programs_for_the_reference_tracer(path: Path) -> None:
    verdict = verdict_on(path)
    assert not verdict.problems, verdict.report()
    assert verdict.share("exact", "part") >= LESS.get(path.stem, EXACT), verdict.report()
