"""What can be said for certain of captured values, of which some were not kept whole.

What would take a part that was not captured, or a method of a class, raises ``UnknownValue``: unknown is not false.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from scope_repl.errors import UnknownValue
from scope_repl.recording.captured import (
    CapturedArray,
    CapturedDerived,
    CapturedFrame,
    CapturedNamed,
    CapturedObject,
    CapturedType,
)
from scope_repl.recording.containers import Container
from scope_repl.recording.cut import Cut, CutBytes, CutInt, CutText, Redacted, Seen

SCALARS = frozenset(
    {type(None), bool, int, float, complex, str, bytes, bytearray, range, slice}
    | {datetime.date, datetime.time, datetime.datetime, datetime.timedelta}
)
_NAMES = {CutInt: "int", CutText: "str", CutBytes: "bytes", CapturedNamed: "callable", CapturedType: "class"}


@dataclass(frozen=True, slots=True, repr=False)
class Missing:
    """In place of a value in a table or a text: why there is none.

    Attributes:
        reason: what Python would have raised, or why the value is not known.
    """

    reason: str

    def __repr__(self) -> str:
        return f"<{self.reason}>"


def every(tests: Iterable[Callable[[], bool]]) -> bool:
    """Whether all tests say yes. One that says no decides, whatever is unknown beside it.

    Raises:
        UnknownValue: none says no, and one cannot say.
    """
    doubt: UnknownValue | None = None
    for test in tests:
        try:
            if not test():
                return False
        except UnknownValue as error:
            doubt = doubt or error
        except Exception:
            if doubt is None:
                raise
            break
    if doubt is not None:
        raise doubt
    return True


def some(tests: Iterable[Callable[[], bool]]) -> bool:
    """Whether one of the tests says yes; the counterpart of `every`."""
    return not every(partial(_not, test) for test in tests)


def _not(test: Callable[[], bool]) -> bool:
    return not test()


def known(value: Any) -> Any:
    """A captured value, or what is builtin in an instance of a builtin type's subclass.

    Raises:
        UnknownValue: it was not captured at all.
    """
    if type(value) in SCALARS:
        return value
    match value:
        case Redacted():
            raise UnknownValue("the value", "it is redacted, because its name looks like that of a secret")
        case Cut():
            raise UnknownValue("the value", "there was no room for it in the log")
        case Seen():
            raise UnknownValue("the value", "it is a container or an instance inside itself")
        case CapturedDerived():
            return known(value.__captured__.content)
    return value


def is_complete(value: Any) -> bool:
    """Whether all items of a container were kept, each of which may have been cut itself."""
    return value.complete if isinstance(value, Container) else True


def kept(value: Any) -> Any:
    """The items of a container that were kept, as a plain list, tuple, set or dict."""
    return value.kept if isinstance(value, Container) else value


def type_name(value: Any) -> str:
    """The name of the type that a captured value had."""
    match value:
        case CapturedObject():
            return str(value.__captured__.type)
        case CapturedArray() | CapturedFrame():
            return str(value.type)
        case Container():
            return str(value.plain.__name__)
    return _NAMES.get(type(value), type(value).__name__)


def is_enum_member(value: Any) -> bool:
    """Whether it is a member of an Enum."""
    return isinstance(value, CapturedObject) and {"_name_", "_value_"} <= value.__captured__.attributes.keys()


def identity(value: Any) -> int | None:
    """The address that an object had; None where it was not captured."""
    if type(value) in SCALARS:
        return None
    address = value.__captured__.address if isinstance(value, CapturedObject) else getattr(value, "address", None)
    return address if isinstance(address, int) and address else None


def in_a_method(what: str, value: Any) -> UnknownValue:
    """The error for what only a method of the value's class could say."""
    return UnknownValue(f"{what} of a {type_name(value)}", "its class may say so in a method, and none is ever run")
