"""Where a value is looked for: a variable, and what leads from it to what is in it, such as ``self.items[0].price``."""

from __future__ import annotations

import ast
from typing import Any, NamedTuple

from scope_repl.errors import OptionError
from scope_repl.query.access import attribute, item

_ADVICE = (
    "give a name, or what leads from one to what is in it, such as 'total', 'f:total', 'self.balance' or "
    "'cart[0].price'"
)


class Step(NamedTuple):
    """An attribute, or an item."""

    is_item: bool
    key: Any

    def of(self, value: Any) -> Any:
        """What a captured value holds there."""
        return item(value, self.key) if self.is_item else attribute(value, self.key)

    def __str__(self) -> str:
        return f"[{self.key!r}]" if self.is_item else f".{self.key}"


class Path(NamedTuple):
    """A variable, and the steps from there."""

    function: str | None
    name: str
    steps: tuple[Step, ...]

    def __str__(self) -> str:
        return f"{self.function + ':' if self.function else ''}{self.name}{''.join(map(str, self.steps))}"


def read_path(text: str) -> Path:
    """Read a path.

    Args:
        text: the path, with the function and a colon before it if one is meant.

    Raises:
        OptionError: it is none.
    """
    if not isinstance(text, str):
        raise OptionError("name", text, _ADVICE)
    function, node = None, _parsed(text)
    if node is None:
        before, colon, behind = text.partition(":")
        function, node = before.strip(), _parsed(behind) if colon and before.strip() else None
    path = None if node is None else path_of(node)
    if path is None:
        raise OptionError("name", text, _ADVICE)
    return path._replace(function=function)


def _parsed(text: str) -> ast.expr | None:
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def path_of(node: ast.expr) -> Path | None:
    """The path that an expression is; None if it is none.

    Args:
        node: the expression's syntax tree.
    """
    steps: list[Step] = []
    while not isinstance(node, ast.Name):
        if isinstance(node, ast.Attribute):
            steps.append(Step(False, node.attr))
        elif isinstance(node, ast.Subscript) and _is_constant(node.slice):
            steps.append(Step(True, ast.literal_eval(node.slice)))
        else:
            return None
        node = node.value
    return Path(None, node.id, tuple(reversed(steps)))


def _is_constant(node: ast.expr) -> bool:
    if isinstance(node, ast.UnaryOp):
        return (
            isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant) and type(node.operand.value) is int
        )
    return isinstance(node, ast.Constant)
