"""The language of conditions: a small part of Python's expressions, evaluated over captured values.

Names, constants, tuples, lists and sets; attributes, items and slices; ``and``, ``or``, ``not``, ``x if c else y``;
comparisons, ``in`` and ``is``; arithmetic; the functions of `aggregates.FUNCTIONS`, and ``isinstance``, which goes by
the type's name. Nothing else is accepted, and nothing is ever handed to Python's own ``eval``.
"""

from __future__ import annotations

import ast
from typing import Any

from scope_repl.errors import ExpressionError
from scope_repl.query.compiling import Compiler, Lookup

FAILURES = (TypeError, ValueError, ArithmeticError, LookupError, AttributeError, NameError, RecursionError)
"""What an evaluation can end with where the values are known, but the operation fails for them."""

_LONGEST = 10_000


class Expression:
    """One expression of the language.

    Attributes:
        text: as it was written.
        node: its syntax tree.
        names: the variables that it reads, in the order in which they stand in it.
    """

    def __init__(self, text: str, node: ast.expr, whole: str) -> None:
        self.text = text
        self.node = node
        compiler = Compiler(whole)
        self._value = compiler.value(node)
        self._truth = compiler.truth(node)
        self.names = tuple(compiler.names)

    def value(self, lookup: Lookup) -> Any:
        """The expression's value.

        Args:
            lookup: gives the value of a variable. It raises UnknownValue where that is not known, and NameError where
                the variable is not bound.

        Raises:
            UnknownValue: it is not known.
            Exception: one of ``FAILURES``, where Python would fail too.
        """
        return self._value(lookup)

    def holds(self, lookup: Lookup) -> bool:
        """Whether the expression is true. ``False and x`` is known where x is not, and so is ``x and False``.

        Args:
            lookup: as for `value`.

        Raises:
            UnknownValue: it is not known.
            Exception: one of ``FAILURES``, where Python would fail too.
        """
        return bool(self._truth(lookup))


def parse(text: str) -> Expression:
    """Read one expression.

    Raises:
        ExpressionError: it is not of the language.
    """
    text, node = _parse(text)
    return Expression(text, node, text)


def parse_list(text: str) -> list[Expression]:
    """Read expressions with commas between them, as they stand in a call of ``print``.

    Raises:
        ExpressionError: one is not of the language.
    """
    text, node = _parse(text)
    nodes = [node]
    if isinstance(node, ast.Tuple) and node.elts:
        call = ast.parse(f"print(\n{text}\n)", mode="eval").body
        arguments = [ast.dump(argument) for argument in call.args] if isinstance(call, ast.Call) else []
        if arguments == [ast.dump(part) for part in node.elts]:  # and no tuple in parentheses
            nodes = node.elts
    return [Expression(ast.get_source_segment(text, one) or text, one, text) for one in nodes]


def _parse(text: str) -> tuple[str, ast.expr]:
    if not isinstance(text, str):
        raise ExpressionError(repr(text), 0, "it is no text: give a condition such as 'x > 5'")
    text = text.strip()
    if not text:
        raise ExpressionError(text, 0, "it is empty: give a condition such as 'x > 5'")
    if len(text) > _LONGEST:
        raise ExpressionError(text[:60] + "…", 0, f"it is longer than {_LONGEST:,} characters")
    try:
        return text, ast.parse(text, mode="eval").body
    except SyntaxError as error:
        column = error.offset or 0
        raise ExpressionError(text, column, f"it is no expression of Python ({error.msg})") from None
    except (ValueError, MemoryError, RecursionError) as error:
        raise ExpressionError(text, 0, f"it cannot be read ({type(error).__name__}: {error})") from None
