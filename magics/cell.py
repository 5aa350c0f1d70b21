"""How a cell is recorded as if nothing stood above it.

A cell magic that runs its body itself loses the body's ``await``, displayed value, line numbers or history. So a cell
that begins with ``%%scope_trace`` is no cell magic when it runs: `CellTransformer` turns that line into a statement, on
the same line, and `CellStarter` takes the statement away when the cell is about to run and starts the recording in its
place. IPython then runs the body as it runs any cell. The recording ends with the cell (see `extension`).
"""

from __future__ import annotations

import ast
import linecache
import re
from collections.abc import Callable

from IPython.core.error import UsageError
from IPython.core.inputtransformer2 import cell_magic, leading_indent

from .options import parse_cell

STATEMENT = "scope_trace_cell"

_FIRST_LINE = re.compile(r"%%scope_trace(?:[^\S\n]+(.*))?\n?")


class CellTransformer:
    """An input transformer of IPython: works on the cell's lines.

    A cell with a mistake in its first line stays as it is. IPython then calls the cell magic, which says what is wrong.
    """

    has_side_effects = True  # it has none; but while a cell is typed, IPython must see that it is a cell magic

    def __call__(self, lines: list[str]) -> list[str]:  # noqa: D102 - see the class
        match = _FIRST_LINE.fullmatch(lines[0]) if lines else None
        if match is None or not "".join(lines[1:]).strip() or not _is_sound(match[1] or ""):
            return lines
        return [_statement(match[1] or ""), *_body(lines[1:])]


def _statement(line: str) -> str:
    return f"get_ipython().run_line_magic({STATEMENT!r}, {line!r})\n"


def _is_sound(line: str) -> bool:
    try:
        return not parse_cell(line).help
    except UsageError:
        return False


def _body(lines: list[str]) -> list[str]:
    """The lines behind the first, dedented; the first of them that is not blank may be a cell magic in its turn."""
    first = next(number for number, line in enumerate(lines) if line.strip())
    body: list[str] = cell_magic(leading_indent(lines[first:]))
    return lines[:first] + body


class CellStarter(ast.NodeTransformer):
    """An AST transformer of IPython: starts the recording in place of the statement.

    Args:
        start: starts a recording with the options of a line. Where it cannot, the statement stays; it then fails with
            the same error, and the cell ends there.
    """

    def __init__(self, start: Callable[[str], None]) -> None:
        self._start = start

    def visit_Module(self, cell: ast.Module) -> ast.Module:  # noqa: D102 - see the class
        line = _options_of(cell)
        if line is not None:
            try:
                self._start(line)
            except Exception:
                return cell
            del cell.body[0]
            _show_as_typed(line)
        return cell


def _show_as_typed(line: str) -> None:
    """Let listings and tracebacks of the cell begin with what was typed: as a comment, so that they can be parsed."""
    for entry in reversed(list(linecache.cache.values())):
        if len(entry) == 4 and entry[2] and entry[2][0] == _statement(line):
            entry[2][0] = f"# %%scope_trace {line}".rstrip() + "\n"
            return


def _options_of(cell: ast.Module) -> str | None:
    match cell.body[:1]:
        case [ast.Expr(ast.Call(ast.Attribute(attr="run_line_magic"), [ast.Constant(name), ast.Constant(str(line))]))]:
            return line if name == STATEMENT else None
    return None
