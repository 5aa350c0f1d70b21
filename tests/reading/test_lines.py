"""The location table against CPython's own reading of it."""

from __future__ import annotations

import argparse
import asyncio.tasks
import dataclasses
import json.decoder
import typing
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, ModuleType

import pytest

from scope_repl.recording.lines import line_at, lowest_line


def codes_in(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from codes_in(constant)


@pytest.mark.parametrize("module", [argparse, asyncio.tasks, dataclasses, json.decoder, typing])
def test_lines_of_every_instruction(module: ModuleType) -> None:
    file = str(module.__file__)
    for code in codes_in(compile(Path(file).read_text(encoding="utf-8"), file, "exec")):
        expected = [position[0] or None for position in code.co_positions()]
        lines = [line_at(code.co_linetable, code.co_firstlineno, unit) for unit in range(len(expected))]
        assert lines == expected
        assert lowest_line(code.co_linetable, code.co_firstlineno) == min(filter(None, expected))


@pytest.mark.parametrize("table", [b"", b"\xff", b"\xf0\x7f", b"\xe8", bytes(range(256))])
def test_a_damaged_table_gives_some_line_or_none(table: bytes) -> None:
    assert isinstance(lowest_line(table, 1), int | None)
    for unit in (-1, 0, 5, 10_000):
        assert line_at(table, 1, unit) is None or isinstance(line_at(table, 1, unit), int)
