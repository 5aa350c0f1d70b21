from __future__ import annotations
import __future__

import ast
import re
import warnings
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from contextvars import Context
from functools import cached_property
from types import CodeType
from typing import Any, NamedTuple

from scope_repl.model import Code, Log
from scope_repl.recording.codes import Codes
from scope_repl.recording.standing import EXACT, Standing, unknown
from scope_repl.schema import CodeFlag

_COMPARED = 2**20  # compiling this much takes about a second
_CELL = 2**16
_AWAIT = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
_ANNOTATED = _AWAIT | __future__.annotations.compiler_flag
# (flags, split) in which a text may have been run. IPython compiles a cell one statement at a time, and a
# `from __future__ import annotations` holds for all statements and cells below it.
_WAYS = ((_AWAIT, False), (_ANNOTATED, False), (_AWAIT, True), (_ANNOTATED, True))
_DIFFERS = "the file differs from what ran, or cannot be compared"
_CHANGED = "the file was written after this program began: its lines agree with what ran, its words may not"
_NAME = "<compared by scope_repl>"  # of texts that are compiled: no filter of the program's is about it
_SILENT = ("ignore", None, Warning, re.compile(re.escape(_NAME)), 0)

Key = tuple[str, int, bytes]


class Block(NamedTuple):
    """Some lines of a source text.

    Attributes:
        first: the number of the first one; 0 if there are none.
        lines: their texts.
        standing: how it is known that these lines are what ran.
    """

    first: int
    lines: tuple[str, ...]
    standing: Standing


class Sources:
    """The source texts of a recording, as the files were when it ended, and whether they are what ran.

    A text is compared with what ran by compiling it: each function must have the same name, first line and location
    table as the one in the log. A change that moves nothing, such as that of one digit, is not noticed so. Therefore a
    text is never confirmed if its file was written after the process began: what ran may have been read before that.

    Args:
        log: the log.
        codes: its callables.
    """

    def __init__(self, log: Log, codes: Codes) -> None:
        self._log = log
        self._texts = log.sources
        self._codes = codes
        self._lines: dict[str, list[str]] = {}
        self._confirmed: dict[str, tuple[frozenset[Key], str]] = {}

    def line(self, number: int, line: int) -> str:
        """A source line of a callable.

        Args:
            number: the callable.
            line: the number of the line.

        Returns:
            The line's text; "" where it is not known.
        """
        block = self.block(number, line, 0, 0)
        return block.lines[0] if block.lines and block.standing.exact else ""

    def block(self, number: int, line: int, before: int = 8, after: int = 8) -> Block:
        """The lines around a source line of a callable.

        Args:
            number: the callable.
            line: the number of the line.
            before: how many lines there are above it at the most.
            after: how many there are below it at the most.

        Returns:
            The lines with their standing. There can be some that are not known to be what ran.
        """
        lines = self._lines_of(self._codes[number].file)
        first = max(line - before, 1)
        found = tuple(lines[first - 1 : line + after]) if 1 <= line <= len(lines) else ()
        return Block(first if found else 0, found, self.standing(number))

    def standing(self, number: int) -> Standing:
        """How it is known that a callable's source text is what ran.

        Args:
            number: the callable.
        """
        code = self._codes[number]
        if code.flags & CodeFlag.C:
            return unknown("it is a C callable")
        if code.file not in self._texts:
            library = code.flags & CodeFlag.OPAQUE
            return unknown(
                "the source of calls into libraries is not kept"
                if library
                else "the file could not be read when the recording ended, or was too long to keep"
            )
        if code.file not in self._confirmed:
            self._confirmed[code.file] = self._compare(code.file)
        confirmed, failure = self._confirmed[code.file]
        if _key(code) in confirmed:
            return unknown(_CHANGED) if code.file in self._log.changed_files else EXACT
        return unknown(f"{_DIFFERS}: {failure or 'its lines do not yield the function that ran'}")

    def _lines_of(self, file: str) -> list[str]:
        if file not in self._texts:
            return []
        if file not in self._lines:
            self._lines[file] = self._texts[file].removesuffix("\n").split("\n")
        return self._lines[file]

    def _compare(self, file: str) -> tuple[frozenset[Key], str]:
        """Those functions of a file that its text yields, and why there may be none."""
        text = self._texts[file]
        if len(text) > _COMPARED:
            return frozenset(), f"it is longer than {_COMPARED:,} characters"
        wanted = self._wanted[file]
        found: set[Key] = set()
        failure = ""
        for way in _WAYS if len(text) <= _CELL else _WAYS[:1]:
            try:
                found.update(key for code in _compiled(text, *way) for key in _keys(code))
            except Exception as error:
                failure = failure or f"it cannot be compiled ({type(error).__name__})"
            if wanted <= found:
                break
        return frozenset(found & wanted), failure

    @cached_property
    def _wanted(self) -> dict[str, set[Key]]:
        keys: dict[str, set[Key]] = defaultdict(set)
        for code in self._log.codes.values():
            keys[code.file].add(_key(code))
        return keys


def _key(code: Code) -> Key:
    return code.qualname, code.first_line, code.lines


def _keys(code: CodeType) -> Iterator[Key]:
    """The keys of a code object and all those in it."""
    yield code.co_qualname, code.co_firstlineno, code.co_linetable
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _keys(constant)


def _compiled(text: str, flags: int, split: bool) -> Iterator[CodeType]:
    """The code of a text; one statement at a time, each as a module and as an interactive statement, if it is split."""
    if not split:
        yield _compile(text, "exec", flags)
        return
    for statement in _compile(text, "exec", flags | ast.PyCF_ONLY_AST).body:
        yield _compile(ast.Module([statement], []), "exec", flags)
        yield _compile(ast.Interactive([statement]), "single", flags)


def _compile(source: str | ast.Module | ast.Interactive, mode: str, flags: int) -> Any:
    """Compile without warnings, which the program's own filters would show or raise.

    The filters belong to the whole process, and other threads may change them meanwhile: so all of them stay, and one
    is put in front that is about these texts only. In a new context the process's filters are those that count.
    """
    before: Any = warnings.filters
    before.insert(0, _SILENT)
    try:
        return Context().run(compile, source, _NAME, mode, flags, True)
    finally:
        after: Any = warnings.filters  # another list if the program has meanwhile entered or left a `catch_warnings`
        for filters in [before] if after is before else [before, after]:
            with suppress(ValueError):
                filters.remove(_SILENT)
