"""The magics themselves."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator
from typing import Any

import pandas as pd
from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell
from IPython.core.magic import Magics, line_cell_magic, line_magic, magics_class, no_var_expand

from scope_repl.errors import ScopeError
from scope_repl.query.moment import Moment
from scope_repl.query.moments import Moments
from scope_repl.query.tree import CallTree
from scope_repl.query.why import Why
from scope_repl.session import Scope

from .options import HELP, PARSER, Request, parse, parse_cell, parse_command
from .questions import HISTORY, WHEN, WHY
from .report import report, say

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.IGNORECASE)


@magics_class
class ScopeMagics(Magics):
    """Scope's magics.

    Args:
        shell: the shell that they are for.
        scope: whose recordings they speak about.
        start_cell: records the running cell, with the options of a line.
    """

    def __init__(self, shell: InteractiveShell, scope: Scope, start_cell: Callable[[str], None]) -> None:
        super().__init__(shell)
        self._shell = shell
        self._scope = scope
        self._start_cell = start_cell

    @no_var_expand
    @line_cell_magic
    def scope_trace(self, line: str, cell: str | None = None) -> Any:  # noqa: D102 - the parser's help is its docstring
        if cell is not None:
            return self._trace_cell(line, cell)
        request = parse(line)
        if request.help:
            return say(HELP)
        command = parse_command(request.rest)
        if command is not None:
            return self._command(request, *command)
        if not request.rest:
            PARSER.error("what is to be recorded? Give an expression, or start, stop or status")
        return self._trace_expression(request)

    scope_trace.__doc__ = HELP

    @no_var_expand
    @line_magic
    def scope_trace_cell(self, line: str) -> None:
        """Record the cell that it stands in: what IPython makes of a line `%%scope_trace` at the top of a cell."""
        with _as_usage_error():
            self._start_cell(line)

    @line_magic
    def scope_at(self, line: str) -> Moment:
        """Show what was true at a moment of the latest recording.

        %scope_at 1.25     1.25 seconds after its start
        %scope_at 300us    any time that pandas.Timedelta reads
        %scope_at 50%      half way through it
        """
        with _as_usage_error():
            return self._scope.at(_time(line.strip()))

    @line_magic
    def scope_tree(self, line: str) -> CallTree:
        """Show the calls of the latest recording as a tree."""
        if line.strip():
            raise UsageError(f"%scope_tree takes nothing behind it, and {line.strip()!r} was given")
        with _as_usage_error():
            return self._scope.last.tree()

    @no_var_expand
    @line_magic
    def scope_history(self, line: str) -> pd.DataFrame | None:  # noqa: D102 - the parser's help is its docstring
        name, options = HISTORY.read(line)
        if options.help:
            say(HISTORY.format_help())
            return None
        with _as_usage_error():
            return self._scope.last.history(name)

    scope_history.__doc__ = HISTORY.format_help()

    @no_var_expand
    @line_magic
    def scope_when(self, line: str) -> Moment | Moments | None:  # noqa: D102
        condition, options = WHEN.read(line)
        if options.help:
            say(WHEN.format_help())
            return None
        with _as_usage_error():
            if options.all:
                return self._scope.last.when(condition, options.function, all=True)
            return self._scope.last.when(condition, options.function)

    scope_when.__doc__ = WHEN.format_help()

    @no_var_expand
    @line_magic
    def scope_why(self, line: str) -> Why | None:  # noqa: D102
        name, options = WHY.read(line)
        if options.help:
            say(WHY.format_help())
            return None
        with _as_usage_error():
            before = None if options.at is None else self._scope.at(_time(options.at))
            return self._scope.last.why(name, before, options.depth)

    scope_why.__doc__ = WHY.format_help()

    def _trace_cell(self, line: str, cell: str) -> None:
        """What is left for the cell magic: help, mistakes, and cells that `run_cell_magic` runs."""
        if parse_cell(line).help:
            return say(HELP)
        if not cell.strip():
            PARSER.error("the cell has no code below %%scope_trace")
        self._shell.run_cell(f"%%scope_trace {line}\n{cell}")

    def _command(self, request: Request, command: str, behind: Request) -> None:
        if behind.help:
            return say(HELP)
        if request.given or (behind.given and command != "start"):
            PARSER.error(f"options stand behind `start`, and {command!r} was given")
        with _as_usage_error():
            if command == "start":
                self._scope.start(behind.options)
            elif command == "stop":
                report(self._shell, self._scope.stop())
            else:
                say(repr(self._scope))

    def _trace_expression(self, request: Request) -> Any:
        """The value of the expression in the user's namespace."""
        source = request.rest
        name = self._shell.compile.cache(source, self._shell.execution_count)
        try:
            code = compile(source, name, "eval", dont_inherit=True)
        except SyntaxError as error:
            PARSER.error(f"{source!r} is no expression ({error.msg}): record statements with %%scope_trace")
        with _as_usage_error():
            recording = self._scope.start(request.options)
        try:
            return eval(code, self._shell.user_global_ns, self._shell.user_ns)
        finally:
            if self._scope.growing is recording:
                report(self._shell, self._scope.stop())


@contextlib.contextmanager
def _as_usage_error() -> Iterator[None]:
    """Scope's errors say what to do: they are shown as one line, without a traceback through Scope's own code."""
    try:
        yield
    except ScopeError as error:
        raise UsageError(str(error)) from None


def _time(text: str) -> float | str | pd.Timedelta:
    """A time as it is typed: seconds, a share, or a number with a unit."""
    if _NUMBER.fullmatch(text):
        return float(text)
    if text.endswith("%"):
        return text
    with contextlib.suppress(ValueError):
        duration = pd.Timedelta(text)
        if not pd.isna(duration):
            return duration
    raise UsageError(f"{text!r} is no time: give seconds (1.25), a time with its unit (300us) or a share (50%)")
