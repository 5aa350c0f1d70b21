"""The log's numbers stand in event.h, in schema.py and in the built module: they are the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scope_repl import _tracer, schema

HEADER = (Path(__file__).parents[2] / "scope_repl" / "_native" / "event.h").read_text()
INTERN = (Path(__file__).parents[2] / "scope_repl" / "_native" / "intern.h").read_text()
KINDS = {kind.name: kind.value for kind in schema.Kind}


def constants(text: str, prefix: str) -> dict[str, int]:
    """The enumerators of C source that begin with a prefix, without it."""
    found = re.findall(rf"^\s*{prefix}([A-Z_]+) = (\d+),", text, re.MULTILINE)
    return {name: int(number) for name, number in found}


def define(name: str) -> int:
    """The number behind a #define of event.h."""
    found = re.search(rf"^#define {name} (\d+)", HEADER, re.MULTILINE)
    assert found, f"event.h has no {name}"
    return int(found[1])


def test_kinds_of_the_header_are_those_of_the_schema() -> None:
    kinds = constants(HEADER, "SCOPE_")
    assert kinds.pop("NONE") == 0
    assert kinds == KINDS


def test_kinds_of_the_tracer_are_those_of_the_schema() -> None:
    assert {name: number for name, number in _tracer.KINDS.items() if number} == KINDS


@pytest.mark.parametrize("name", ["LOG_VERSION", "CHUNK_BYTES", "PAYLOAD_MAX"])
def test_sizes_are_the_same_in_all_three(name: str) -> None:
    assert define(f"SCOPE_{name}") == getattr(schema, name) == getattr(_tracer, name)


def test_code_flags_are_those_of_the_schema() -> None:
    assert constants(INTERN, "SCOPE_FLAG_") == {flag.name: flag.value for flag in schema.CodeFlag}
