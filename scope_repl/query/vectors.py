"""Conditions over columns of plain numbers, millions at a time; what is not so plain is left to `expressions`.

For each row an answer is one of `FALSE`, `TRUE`, `OPEN` (it takes a plain evaluation to tell), `UNBOUND` and `FAILS`.
Numbers are computed with as Python does: what does not fit int64 or a float without loss is left open.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from scope_repl.query.compiling import Compiler
from scope_repl.recording.history import ValueKind

FALSE, TRUE, OPEN, UNBOUND, FAILS = range(5)
_KNOWN = 1  # as the status of a number
_INT_MAX = 2**63 - 1
_EXACT = 2**53
_COMPARISONS: Mapping[type, Callable[[Any, Any], Any]] = {
    ast.Eq: np.equal,
    ast.NotEq: np.not_equal,
    ast.Lt: np.less,
    ast.LtE: np.less_equal,
    ast.Gt: np.greater,
    ast.GtE: np.greater_equal,
}

Statuses = NDArray[np.uint8]
LENGTH = "len()"
"""In place of the name of an attribute: the length."""


class Column(NamedTuple):
    """A variable's values, row by row.

    Attributes:
        kind: what each is, a ``ValueKind`` (uint8).
        bits: as those of ``Decoded`` (int64); of a TEXT its number among the texts.
        texts: the numbers of the texts.
    """

    kind: NDArray[np.uint8]
    bits: NDArray[np.int64]
    texts: Mapping[str, int]


class _Numbers(NamedTuple):
    """Numbers, where the status of a row is `_KNOWN`; else it is one of the answers that are neither yes nor no."""

    status: Statuses
    values: NDArray[Any]


class Vectors:
    """Evaluates trees over some rows.

    Args:
        columns: gives the column of a variable, or of an attribute of it, or of its `LENGTH`.
        count: how many rows there are.
    """

    def __init__(self, columns: Callable[[str, str], Column], count: int) -> None:
        self._columns = columns
        self._count = count

    def truth(self, node: ast.expr) -> Statuses:
        """The answer of a tree in each row."""
        match node:
            case ast.BoolOp(op, values):
                join = _and if isinstance(op, ast.And) else _or
                answer = self.truth(values[0])
                for value in values[1:]:
                    answer = join(answer, self.truth(value))
                return answer
            case ast.UnaryOp(ast.Not(), operand):
                answer = self.truth(operand)
                return np.where(answer <= TRUE, 1 - answer, answer).astype(np.uint8)
            case ast.Compare(left, ops, comparators):
                return self._comparison([left, *comparators], ops)
        numbers = self._number(node)
        return _answer(numbers.status, numbers.values != 0)

    def _comparison(self, nodes: list[ast.expr], signs: list[ast.cmpop]) -> Statuses:
        answer = None
        for left, sign, right in zip(nodes, signs, nodes[1:], strict=False):
            own = self._compared(left, sign, right)
            answer = own if answer is None else _and(answer, own)
        assert answer is not None
        return answer

    def _compared(self, left: ast.expr, sign: ast.cmpop, right: ast.expr) -> Statuses:
        if isinstance(sign, ast.Is | ast.IsNot):
            return self._is_none(left, right, isinstance(sign, ast.Is))
        if isinstance(sign, ast.In | ast.NotIn) and isinstance(right, ast.Tuple | ast.List | ast.Set) and right.elts:
            answer = self._comparison([left, right.elts[0]], [ast.Eq()])
            for one in right.elts[1:]:
                answer = _or(answer, self._comparison([left, one], [ast.Eq()]))
            if isinstance(sign, ast.In):
                return answer
            return np.where(answer <= TRUE, 1 - answer, answer).astype(np.uint8)
        match left, sign, right:
            case ((ast.Name() | ast.Attribute(ast.Name())), ast.Eq() | ast.NotEq(), ast.Constant(str(text))):
                return self._is_text(self._column(left), text, isinstance(sign, ast.Eq))
        compare = _COMPARISONS.get(type(sign))
        if compare is None:
            return self._open().status
        status, first, second = _paired(self._number(left), self._number(right))
        return _answer(status, compare(first, second))

    def _is_none(self, left: ast.expr, right: ast.expr, wanted: bool) -> Statuses:
        if not (part_of(left) is not None and isinstance(right, ast.Constant) and right.value is None):
            return self._open().status
        kind = self._column(left).kind
        answer: Statuses = ((kind == ValueKind.NONE) == wanted).astype(np.uint8)
        answer[kind == ValueKind.OTHER] = OPEN
        answer[kind == ValueKind.GONE] = UNBOUND
        return answer

    def _column(self, node: ast.expr) -> Column:
        name, of = part_of(node) or ("", "")
        return self._columns(name, of)

    def _is_text(self, column: Column, text: str, wanted: bool) -> Statuses:
        kind, bits, texts = column
        equal = (kind == ValueKind.TEXT) & (bits == texts.get(text, -1))
        answer: Statuses = (equal == wanted).astype(np.uint8)
        answer[(kind == ValueKind.OTHER) | (kind == ValueKind.REF)] = OPEN
        answer[kind == ValueKind.GONE] = UNBOUND
        return answer

    def _number(self, node: ast.expr) -> _Numbers:
        if not isinstance(node, ast.Constant) and not any(isinstance(part, ast.Name) for part in ast.walk(node)):
            node = _folded(node)
        match node:
            case ast.Name() | ast.Attribute(ast.Name()) | ast.Call(ast.Name("len"), [ast.Name()]):
                return _numbers(self._column(node))
            case ast.Constant(bool() | int() as whole) if abs(whole) <= _INT_MAX:
                return self._constant(np.int64(whole))
            case ast.Constant(float() as part):
                return self._constant(np.float64(part))
            case ast.Call(ast.Name("abs"), [operand]):
                return _negated(self._number(operand), np.abs)
            case ast.Call(ast.Name("min" | "max" as name), [first, *others]) if others:
                return self._extreme(name, first, others)
            case ast.UnaryOp(ast.USub(), operand):
                return _negated(self._number(operand), np.negative)
            case ast.BinOp(left, op, right):
                return _operated(op, self._number(left), self._number(right))
            case ast.Compare() | ast.UnaryOp(ast.Not()):
                answer = self.truth(node)
                return _Numbers(
                    np.where(answer <= TRUE, _KNOWN, answer).astype(np.uint8), (answer == TRUE).astype(np.int64)
                )
            case ast.IfExp(test, body, orelse):
                return self._choice(self.truth(test), self._number(body), self._number(orelse))
        return self._open()

    def _open(self) -> _Numbers:
        return _Numbers(np.full(self._count, OPEN, np.uint8), np.zeros(self._count, np.int64))

    def _constant(self, value: Any) -> _Numbers:
        return _Numbers(np.full(self._count, _KNOWN, np.uint8), np.full(self._count, value))

    def _extreme(self, name: str, first: ast.expr, others: list[ast.expr]) -> _Numbers:
        best = self._number(first)
        for node in others:
            status, one, other = _paired(best, self._number(node))
            better = other < one if name == "min" else other > one
            best = _Numbers(status, np.where(better, other, one))
        return best

    def _choice(self, answer: Statuses, yes: _Numbers, no: _Numbers) -> _Numbers:
        status = np.where(answer == TRUE, yes.status, np.where(answer == FALSE, no.status, answer)).astype(np.uint8)
        chosen, one, other = _paired(
            yes._replace(status=np.full(self._count, _KNOWN, np.uint8)),
            no._replace(status=np.full(self._count, _KNOWN, np.uint8)),
        )
        status[(chosen != _KNOWN) & (status == _KNOWN)] = OPEN
        return _Numbers(status, np.where(answer == TRUE, one, other))


def part_of(node: ast.AST) -> tuple[str, str] | None:
    """The variable that a tree is about, and the attribute of it, or its `LENGTH`; "" for itself. None for others."""
    match node:
        case ast.Name(name):
            return name, ""
        case ast.Attribute(ast.Name(name), attribute):
            return name, attribute
        case ast.Call(ast.Name("len"), [ast.Name(name)]):
            return name, LENGTH
    return None


def parts_of(node: ast.AST) -> Iterator[tuple[str, str]]:
    """All that a tree is about: see `part_of`."""
    found = part_of(node)
    if found is not None:
        yield found
        return
    for child in ast.iter_child_nodes(node):
        if not (isinstance(node, ast.Call) and child is node.func):
            yield from parts_of(child)


def _folded(node: ast.expr) -> ast.expr:
    """What has no names in it as one constant, where that can be."""
    try:
        value = Compiler("").value(node)(lambda _: None)
    except Exception:  # whatever is wrong with it, single evaluations say
        return node
    return ast.Constant(value) if type(value) in (bool, int, float, str) else node


def _and(left: Statuses, right: Statuses) -> Statuses:
    """What Python says, and in doubt that what is false on one side is false."""
    undecided = np.where(right == FALSE, FALSE, OPEN)
    return np.where(left == TRUE, right, np.where(left == OPEN, undecided, left)).astype(np.uint8)


def _or(left: Statuses, right: Statuses) -> Statuses:
    return np.where(left == FALSE, right, left).astype(np.uint8)


def _answer(status: Statuses, yes: NDArray[Any]) -> Statuses:
    return np.where(status == _KNOWN, yes, status).astype(np.uint8)


def _numbers(column: Column) -> _Numbers:
    kind, bits, _ = column
    status = np.full(len(kind), OPEN, np.uint8)
    whole = ((kind == ValueKind.INT) & (bits >= -_INT_MAX)) | (kind == ValueKind.BOOL)
    parts = kind == ValueKind.FLOAT
    status[whole | parts] = _KNOWN
    status[kind == ValueKind.GONE] = UNBOUND
    if not parts.any():
        return _Numbers(status, np.where(whole, bits, 0))
    values = np.where(parts, bits.view(np.float64), 0.0)
    if whole.any():
        values[whole] = bits[whole]
        status[whole & (np.abs(bits) > _EXACT)] = OPEN
    return _Numbers(status, values)


def _paired(left: _Numbers, right: _Numbers) -> tuple[Statuses, NDArray[Any], NDArray[Any]]:
    """Two columns that can be compared: both of ints, or both of floats."""
    status = np.where(left.status == _KNOWN, right.status, left.status).astype(np.uint8)
    one, other = left.values, right.values
    if one.dtype == other.dtype:
        return status, one, other
    for ints in (one, other):
        if ints.dtype == np.int64:
            status[(status == _KNOWN) & (np.abs(ints) > _EXACT)] = OPEN
    return status, one.astype(np.float64), other.astype(np.float64)


def _negated(numbers: _Numbers, operation: Callable[[Any], Any]) -> _Numbers:
    return _Numbers(numbers.status, operation(numbers.values))  # the smallest int64 is never among them


def _operated(op: ast.operator, left: _Numbers, right: _Numbers) -> _Numbers:
    status, one, other = _paired(left, right)
    whole = one.dtype == np.int64
    with np.errstate(all="ignore"):
        match op:
            case ast.Add() | ast.Sub():
                fits = not whole or _largest(one) + _largest(other) <= _INT_MAX
                values = one + other if isinstance(op, ast.Add) else one - other
            case ast.Mult():
                fits = not whole or _largest(one) * _largest(other) <= _INT_MAX
                values = one * other
            case ast.Div():
                fits = not whole or max(_largest(one), _largest(other)) <= _EXACT
                values = one / other
            case ast.FloorDiv() if whole:
                fits, values = True, one // np.where(other == 0, 1, other)
            case ast.Mod() if whole:
                fits, values = True, one % np.where(other == 0, 1, other)
            case _:
                fits, values = False, one
    if isinstance(op, ast.Div | ast.FloorDiv | ast.Mod):
        status[(status == _KNOWN) & (other == 0)] = FAILS
    if not fits:
        status[status == _KNOWN] = OPEN
    return _Numbers(status, values)


def _largest(values: NDArray[Any]) -> int:
    return max(abs(int(values.max(initial=0))), abs(int(values.min(initial=0))))
