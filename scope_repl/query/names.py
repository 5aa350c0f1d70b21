"""Which variables of the recorded program a text such as ``total`` or ``f:total`` means."""

from __future__ import annotations

from difflib import get_close_matches
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from scope_repl.errors import UnknownValue
from scope_repl.schema import CodeFlag

if TYPE_CHECKING:
    from scope_repl.model import Code
    from scope_repl.recording.contents import Contents

MODULE_BODY = "<module>"
_NO_VARIABLE = CodeFlag.C | CodeFlag.TYPE | CodeFlag.OPAQUE | CodeFlag.NAME


class Holders(NamedTuple):
    """Where variables of one name were captured.

    Attributes:
        name: the name.
        codes: the callables that have such a local, by number.
        modules: the modules that have it in their namespace.
    """

    name: str
    codes: tuple[int, ...]
    modules: tuple[str, ...]


def holders(contents: Contents, name: str, function: str | None) -> Holders:
    """Where variables of a name were captured.

    Args:
        contents: the recording's contents.
        name: the name.
        function: a glob over the names of functions or modules; None for all.

    Raises:
        UnknownValue: nowhere. The error names what was captured instead.
    """
    end_ns = contents.end_ns
    codes = tuple(number for number in recorded(contents, function) if _has(contents, number, name))
    written = (module for module in _modules(contents, function) if contents.state.name_before(module, name, end_ns))
    modules = tuple(written)
    if codes or modules:
        return Holders(name, codes, modules)
    raise UnknownValue(f"{name!r}{f' of {function}' if function else ''}", _why_not(contents, name, function))


def _has(contents: Contents, number: int, name: str) -> bool:
    code = contents.codes[number]
    if code.flags & CodeFlag.CLASS_BODY:  # its names are in no table
        return len(contents.state.history((number,), name)) > 0
    return name in locals_of(code)


def recorded(contents: Contents, function: str | None) -> list[int]:
    """The numbers of the Python functions that were called and of which values can have been captured.

    Args:
        contents: the recording's contents.
        function: a glob over names and qualified names; None for all.
    """
    used = np.flatnonzero(np.bincount(contents.tables.calls["code"])).tolist()
    codes = ((number, contents.codes[number]) for number in used)
    return [
        number
        for number, code in codes
        if not code.flags & _NO_VARIABLE and (function is None or is_named(code, function))
    ]


def is_named(code: Code, function: str, of_module: bool = False) -> bool:
    """Whether a glob is about a callable, or about the module that it is of.

    Args:
        code: the callable.
        function: the glob.
        of_module: whether it is about the module's names.
    """
    if of_module:
        return function == MODULE_BODY or fnmatchcase(code.module, function)
    return fnmatchcase(code.name, function) or fnmatchcase(code.qualname, function)


def locals_of(code: Code) -> tuple[str, ...]:
    """The locals of a callable that can have been captured: at a level below lines these are its arguments."""
    return code.slots if code.level == "lines" else code.arguments


def modules_of(contents: Contents, function: str | None) -> list[str]:
    """The modules of which names were captured.

    Args:
        contents: the recording's contents.
        function: a glob over their names, or ``<module>`` for all; None for all.
    """
    return [module for module in _modules(contents, function) if _namespace(contents, module)]


def _modules(contents: Contents, function: str | None) -> list[str]:
    """The modules of which names can have been captured."""
    codes = contents.log.codes.values()
    modules = {code.module for code in codes if code.level == "lines"}
    modules |= {code.name for code in codes if code.flags & CodeFlag.NAME}
    return sorted(one for one in modules if function in (None, MODULE_BODY) or fnmatchcase(one, str(function)))


def _namespace(contents: Contents, module: str) -> frozenset[str]:
    return frozenset(contents.state.names(module, contents.end_ns))


def _why_not(contents: Contents, name: str, function: str | None) -> str:
    """Why a name was captured nowhere, with the names like it that were."""
    level = contents.log.level
    numbers = recorded(contents, function)
    modules = modules_of(contents, function)
    if not numbers and not modules:
        every = sorted({contents.codes[number].qualname for number in recorded(contents, None)})
        near = get_close_matches(function or "", every, 5, 0.4) or every[:5]
        return f"no such function was recorded{f': there are {_listed(near)}' if near else ''}"
    known = {local for number in numbers for local in locals_of(contents.codes[number])}
    known |= {one for module in modules for one in _namespace(contents, module)}
    if not known:
        return f"no values were captured (level={level!r}): record with level='lines'"
    near = get_close_matches(name, sorted(known), 5, 0.5)
    lines = "" if contents.state.has_lines else f"; locals are captured at level lines (level={level!r})"
    return f"it was never captured; {f'names like it are {_listed(near)}' if near else _some(known)}{lines}"


def _some(known: set[str]) -> str:
    names = sorted(known)
    return f"there are {_listed(names[:8])}{f' and {len(names) - 8} more' if len(names) > 8 else ''}"


def _listed(names: list[str]) -> str:
    return ", ".join(names)
