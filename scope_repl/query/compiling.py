"""How an expression of the language of conditions becomes functions that are called with the values of its names."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from scope_repl.errors import ExpressionError
from scope_repl.query.access import attribute, item
from scope_repl.query.aggregates import FUNCTIONS, is_of_type
from scope_repl.query.arithmetic import operate, signed
from scope_repl.query.certainty import every, some
from scope_repl.query.comparison import contains, equal, ordered, same, truth

Lookup = Callable[[str], Any]
Evaluator = Callable[[Lookup], Any]

_DEEPEST = 50
_ARITHMETIC: dict[type, str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%", ast.Pow: "**",
    ast.LShift: "<<", ast.RShift: ">>", ast.BitAnd: "&", ast.BitOr: "|", ast.BitXor: "^",
}  # fmt: skip
_SIGNS: dict[type, str] = {ast.USub: "-", ast.UAdd: "+", ast.Invert: "~"}
_COMPARISONS: dict[type, Callable[[Any, Any], bool]] = {
    ast.Eq: equal,
    ast.NotEq: lambda left, right: not equal(left, right),
    ast.Lt: partial(ordered, "<"),
    ast.LtE: partial(ordered, "<="),
    ast.Gt: partial(ordered, ">"),
    ast.GtE: partial(ordered, ">="),
    ast.Is: same,
    ast.IsNot: lambda left, right: not same(left, right),
    ast.In: lambda left, right: contains(right, left),
    ast.NotIn: lambda left, right: not contains(right, left),
}
_NOT_ACCEPTED: dict[type, str] = {
    ast.Lambda: "a lambda",
    ast.NamedExpr: "an assignment (:=)",
    ast.ListComp: "a comprehension",
    ast.SetComp: "a comprehension",
    ast.DictComp: "a comprehension",
    ast.GeneratorExp: "a generator expression",
    ast.Await: "await",
    ast.Yield: "yield",
    ast.YieldFrom: "yield",
    ast.JoinedStr: "an f-string",
    ast.Dict: "a dict",
    ast.Starred: "unpacking (*)",
    ast.MatMult: "the operator @",
}
_ACCEPTED = (
    "a condition is made of names, constants, attributes, items, comparisons, and/or/not, arithmetic, "
    f"x if c else y, and the functions {', '.join(FUNCTIONS)} and isinstance"
)


class Compiler:
    """Makes closures of syntax trees, and notes the names.

    Args:
        text: the text that the trees are of.

    Attributes:
        names: the variables that were met, in the order in which they were.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._depth = 0
        self.names: dict[str, None] = {}

    def value(self, node: ast.expr) -> Evaluator:
        """What gives the value of a tree."""
        method = getattr(self, f"_{type(node).__name__.lower()}", None)
        if method is None:
            raise self._not_accepted(node, _NOT_ACCEPTED.get(type(node), type(node).__name__))
        with self._deeper(node):
            evaluator: Evaluator = method(node)
            return evaluator

    def truth(self, node: ast.expr) -> Callable[[Lookup], bool]:
        """What says whether a tree is true."""
        with self._deeper(node):
            return self._truth(node)

    @contextmanager
    def _deeper(self, node: ast.expr) -> Iterator[None]:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise self._error(node, "it is nested too deep")
        yield
        self._depth -= 1

    def _truth(self, node: ast.expr) -> Callable[[Lookup], bool]:
        if isinstance(node, ast.BoolOp):
            tests = [self.truth(part) for part in node.values]
            decide = every if isinstance(node.op, ast.And) else some
            return lambda lookup: decide(partial(test, lookup) for test in tests)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            test = self.truth(node.operand)
            return lambda lookup: not test(lookup)
        value = self.value(node)
        return lambda lookup: truth(value(lookup))

    def _name(self, node: ast.Name) -> Evaluator:
        name = node.id
        self.names[name] = None
        return lambda lookup: lookup(name)

    def _constant(self, node: ast.Constant) -> Evaluator:
        value = node.value
        if value is Ellipsis:
            raise self._not_accepted(node, "...")
        return lambda lookup: value

    def _tuple(self, node: ast.Tuple | ast.List | ast.Set) -> Evaluator:
        parts = [self.value(part) for part in node.elts]
        build = {ast.Tuple: tuple, ast.List: list, ast.Set: set}[type(node)]
        return lambda lookup: build(part(lookup) for part in parts)

    _list = _set = _tuple

    def _attribute(self, node: ast.Attribute) -> Evaluator:
        name, owner = node.attr, self.value(node.value)
        if name.startswith("__"):
            raise self._error(node, f"the attribute {name!r} is not among what is captured of an object")
        return lambda lookup: attribute(owner(lookup), name)

    def _subscript(self, node: ast.Subscript) -> Evaluator:
        owner, index = self.value(node.value), self.value(node.slice)
        return lambda lookup: item(owner(lookup), index(lookup))

    def _slice(self, node: ast.Slice) -> Evaluator:
        ends = [self.value(end) if end is not None else None for end in (node.lower, node.upper, node.step)]
        return lambda lookup: slice(*(end(lookup) if end is not None else None for end in ends))

    def _unaryop(self, node: ast.UnaryOp) -> Evaluator:
        if isinstance(node.op, ast.Not):
            return self.truth(node)
        sign, value = _SIGNS[type(node.op)], self.value(node.operand)
        return lambda lookup: signed(sign, value(lookup))

    def _binop(self, node: ast.BinOp) -> Evaluator:
        sign = _ARITHMETIC.get(type(node.op))
        if sign is None:
            raise self._not_accepted(node, _NOT_ACCEPTED[type(node.op)])
        left, right = self.value(node.left), self.value(node.right)
        return lambda lookup: operate(sign, left(lookup), right(lookup))

    def _boolop(self, node: ast.BoolOp) -> Evaluator:
        parts, decides = [self.value(part) for part in node.values], isinstance(node.op, ast.Or)

        def evaluate(lookup: Lookup) -> Any:
            for part in parts[:-1]:
                value = part(lookup)
                if truth(value) is decides:
                    return value
            return parts[-1](lookup)

        return evaluate

    def _compare(self, node: ast.Compare) -> Evaluator:
        parts = [self.value(part) for part in (node.left, *node.comparators)]
        tests = [_COMPARISONS[type(sign)] for sign in node.ops]

        def evaluate(lookup: Lookup) -> bool:
            left = parts[0](lookup)
            for test, part in zip(tests, parts[1:], strict=True):
                right = part(lookup)
                if not test(left, right):
                    return False
                left = right
            return True

        return evaluate

    def _ifexp(self, node: ast.IfExp) -> Evaluator:
        test, then, otherwise = self.truth(node.test), self.value(node.body), self.value(node.orelse)
        return lambda lookup: then(lookup) if test(lookup) else otherwise(lookup)

    def _call(self, node: ast.Call) -> Evaluator:
        if not isinstance(node.func, ast.Name):
            raise self._not_accepted(node, "a call of a method")
        name = node.func.id
        if node.keywords:
            raise self._not_accepted(node, f"a keyword argument of {name}")
        if name == "isinstance":
            return self._isinstance(node)
        if name not in FUNCTIONS:
            raise self._not_accepted(node, f"a call of {name!r}")
        function, least, most = FUNCTIONS[name]
        if not least <= len(node.args) <= most:
            count = f"{least}" if least == most else f"{least} to {most}"
            raise self._error(node, f"{name} takes {count} arguments here, and {len(node.args)} were given")
        arguments = [self.value(argument) for argument in node.args]
        return lambda lookup: function(*(argument(lookup) for argument in arguments))

    def _isinstance(self, node: ast.Call) -> Evaluator:
        if len(node.args) != 2:
            raise self._error(node, f"isinstance takes 2 arguments, and {len(node.args)} were given")
        value = self.value(node.args[0])
        several = node.args[1].elts if isinstance(node.args[1], ast.Tuple) else [node.args[1]]
        names = [self._type_name(one) for one in several]
        return lambda lookup: _is_one_of(value(lookup), names)

    def _type_name(self, node: ast.expr) -> str:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return node.value
        parts = []
        inner = node
        while isinstance(inner, ast.Attribute):
            parts.append(inner.attr)
            inner = inner.value
        if not isinstance(inner, ast.Name):
            raise self._error(node, "isinstance goes by the type's name: give int, Order or 'shop.Order'")
        return ".".join([inner.id, *reversed(parts)])

    def _not_accepted(self, node: ast.expr, what: str) -> ExpressionError:
        return self._error(node, f"{what} is no part of the language: {_ACCEPTED}")

    def _error(self, node: ast.expr, advice: str) -> ExpressionError:
        lines = self._text.split("\n")[: node.lineno]
        column = len(lines[-1].encode()[: node.col_offset].decode(errors="replace")) + 1
        return ExpressionError(self._text, sum(len(line) + 1 for line in lines[:-1]) + column, advice)


def _is_one_of(value: Any, names: list[str]) -> bool:
    return some(partial(is_of_type, value, name) for name in names)
