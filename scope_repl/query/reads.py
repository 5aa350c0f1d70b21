"""What a source line reads: the names, and what leads from them to what is in them, found in the recorded source."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache

from scope_repl.query.paths import Path, path_of

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_BODIES = frozenset({"body", "orelse", "finalbody", "handlers", "cases"})


def reads_of_line(text: str, line: int, written: str) -> list[Path]:
    """What the statement at a line reads.

    Args:
        text: the source of the whole file.
        line: the line.
        written: the name that it writes. Of several statements of one line those that write it are meant.

    Returns:
        Paths such as ``self.rate``, in the order in which they stand there.
    """
    tree = _tree(text)
    if tree is None:
        return []
    found = _innermost(tree, line)
    writers = [node for node in found if written in set(_written(node))]
    paths = (path for node in writers or found for path in _reads(node, written))
    return list(dict.fromkeys(paths))


def calls_at_line(text: str, line: int) -> set[str]:
    """The names of what the statement at a line calls; of methods the last part, of a class that of the class.

    Args:
        text: the source of the whole file.
        line: the line.
    """
    tree = _tree(text)
    statements = [] if tree is None else _innermost(tree, line)
    return {_called(node.func) for one in statements for node in _walk(one) if isinstance(node, ast.Call)}


def reads_of_argument(text: str, line: int, function: str, argument: str, place: int) -> list[Path]:
    """What an argument of a call was made of, as far as the call can be told from others at its line.

    Args:
        text: the source of the whole file.
        line: the line of the call.
        function: the qualified name of what is called.
        argument: the name of the argument there.
        place: its place among the arguments.
    """
    tree = _tree(text)
    if tree is None:
        return []
    statements = _innermost(tree, line)
    name = name_of_call(function)
    calls = [node for statement in statements for node in _walk(statement) if isinstance(node, ast.Call)]
    calls = [call for call in calls if _called(call.func) == name]
    if len(calls) != 1:
        return list(dict.fromkeys(path for statement in statements for path in _reads(statement)))
    wanted = _argument(calls[0], argument, place, "." in function)
    nodes = [wanted] if wanted is not None else [*calls[0].args, *(one.value for one in calls[0].keywords)]
    return list(dict.fromkeys(path for node in nodes for path in _reads(node)))


@lru_cache(maxsize=16)
def _tree(text: str) -> ast.Module | None:
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _innermost(tree: ast.Module, line: int) -> list[ast.stmt]:
    """The statements at a line; of one with a body only if the line is in its head."""
    found: list[ast.stmt] = []
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        inner = [one for one in _inner(node) if _first_line(one) <= line <= _last_line(one)]
        waiting += inner
        if isinstance(node, ast.stmt) and (not inner or any(_first_line(one) == _first_line(node) for one in inner)):
            found.append(node)  # its head is at this line, perhaps with the body behind it
    return sorted(found, key=lambda node: node.col_offset)


def _inner(node: ast.AST) -> list[ast.AST]:
    """The statements in the bodies of a statement, and the heads of its handlers and cases."""
    return [one for name in _BODIES for one in getattr(node, name, None) or [] if isinstance(one, ast.AST)]


def _first_line(node: ast.AST) -> int:
    if isinstance(node, ast.match_case):
        return node.pattern.lineno
    lines: list[int] = [node.lineno] if isinstance(node, ast.stmt | ast.ExceptHandler) else []
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        lines += [one.lineno for one in node.decorator_list]
    return min(lines, default=0)


def _last_line(node: ast.AST) -> int:
    if isinstance(node, ast.match_case):
        node = node.body[-1]
    return (node.end_lineno or 0) if isinstance(node, ast.stmt | ast.ExceptHandler) else 0


def _walk(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a statement's head, in the order of the text; not those of other scopes."""
    yield node
    for name, value in ast.iter_fields(node):
        if name in _BODIES and isinstance(value, list):
            continue
        if isinstance(node, _SCOPES) and name in ("args", "body"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield from _walk(child)


def _written(statement: ast.AST) -> Iterator[str]:
    """The names that a statement binds, or whose objects it may change."""
    for node in _walk(statement):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.alias):
            yield (node.asname or node.name).split(".")[0]
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name


def _reads(node: ast.AST, written: str = "") -> Iterator[Path]:
    """The paths that are read; names that a comprehension binds for itself are not among them."""
    own = {
        name.id
        for inner in _walk(node)
        if isinstance(inner, ast.comprehension)
        for name in ast.walk(inner.target)
        if isinstance(name, ast.Name)
    }
    yield from (path for path in _paths(node, written) if path.name not in own)


def _paths(node: ast.AST, written: str) -> Iterator[Path]:
    if isinstance(node, ast.AugAssign):
        target = path_of(node.target)
        if target is not None:
            yield target
            yield from _paths(node.value, written)
            return
    if isinstance(node, ast.Attribute | ast.Subscript) and not isinstance(node.ctx, ast.Load):
        yield from _paths_of_target(node, written)
        return
    if isinstance(node, ast.Call):
        yield from _paths_of_call(node, written)
        return
    if isinstance(node, ast.Name | ast.Attribute | ast.Subscript):
        whole = path_of(node)
        if whole is not None and isinstance(node.ctx, ast.Load):
            yield whole
            return
    for name, value in ast.iter_fields(node):
        if (name in _BODIES and isinstance(value, list)) or (isinstance(node, _SCOPES) and name in ("args", "body")):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield from _paths(child, written)


def _paths_of_target(node: ast.Attribute | ast.Subscript, written: str) -> Iterator[Path]:
    """Of ``d[k] = v`` this is k; and d, if it is d that is explained, which held other things before."""
    if isinstance(node, ast.Subscript):
        yield from _paths(node.slice, written)
    base = path_of(node.value)
    if base is None or base.name == written:
        yield from _paths(node.value, written)


def _paths_of_call(call: ast.Call, written: str) -> Iterator[Path]:
    """Of ``a.f(x)`` these are a and x: what is called is not data."""
    if isinstance(call.func, ast.Attribute):
        yield from _paths(call.func.value, written)
    elif not isinstance(call.func, ast.Name):
        yield from _paths(call.func, written)
    for argument in [*call.args, *(keyword.value for keyword in call.keywords)]:
        yield from _paths(argument, written)


def _called(function: ast.expr) -> str:
    return (
        function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
    )


def name_of_call(function: str) -> str:
    """By what name a function of a qualified name is called: a class by its own."""
    parts = function.split(".")
    return parts[-2] if parts[-1] in ("__init__", "__new__") and len(parts) > 1 else parts[-1]


def _argument(call: ast.Call, name: str, place: int, is_method: bool) -> ast.expr | None:
    """What is given for an argument; None if that cannot be told."""
    for keyword in call.keywords:
        if keyword.arg == name:
            return keyword.value
    if any(isinstance(one, ast.Starred) for one in call.args):
        return None
    given: list[ast.expr] = list(call.args)
    if is_method and isinstance(call.func, ast.Attribute):
        given.insert(0, call.func.value)
    elif is_method:
        place -= 1  # a class is called, and makes the first argument itself
    return given[place] if 0 <= place < len(given) else None
