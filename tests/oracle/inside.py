"""What is inside of values, read without running anything of the program's: no method, no property, no metaclass."""

from __future__ import annotations

import types
from collections.abc import Iterator
from typing import Any

import numpy as np

HEAP_TYPE = 1 << 9


def array_type(letter: str) -> str:
    """The name of the type of an array's items."""
    return np.dtype(letter).name


def plain_part(live: Any, base: type) -> Any:
    """The number or text that an instance of a subclass is, without any of the subclass's methods."""
    if base is int:
        return int.__add__(live, 0)
    if base is float:
        return float.__mul__(live, 1.0)
    if base is complex:
        return complex.__mul__(live, 1)
    return base.__getitem__(live, slice(0, base.__len__(live)))  # type: ignore[attr-defined]


def is_open(view: memoryview) -> bool:
    try:
        return view.nbytes >= 0
    except ValueError:
        return False


def is_scalar(value: Any) -> bool:
    """Whether a value of NumPy's is one number or text."""
    item = getattr(value, "item", None)
    return (
        item is not None and not getattr(value, "ndim", 1) and type(item()) in (bool, int, float, complex, str, bytes)
    )


def dtype_name(dtype: Any) -> str:
    return {"U": "str", "S": "bytes"}.get(dtype.kind, str(dtype))


def mro(kind: type) -> tuple[type, ...]:
    return type.__dict__["__mro__"].__get__(kind)  # type: ignore[no-any-return]


def own_names(kind: type) -> Any:
    """The class's own dictionary, whatever its metaclass says."""
    return type.__dict__["__dict__"].__get__(kind)


def type_name(kind: type) -> str:
    module = type.__dict__["__module__"].__get__(kind)
    qualname = type.__dict__["__qualname__"].__get__(kind)
    return qualname if module == "builtins" else f"{module}.{qualname}"


def is_made_in_c(kind: type) -> bool:
    """Whether no class statement made it. Such types name no first line, no slots and no source module of their own."""
    names = own_names(kind)
    return not (kind.__flags__ & HEAP_TYPE) or (
        "__dict__" not in names and "__slots__" not in names and _plain_base(kind)
    )


def _plain_base(kind: type) -> bool:
    """A heap type without a dictionary and slots of its own: of C, unless its dictionary is a base's."""
    return not any("__dict__" in own_names(base) or "__slots__" in own_names(base) for base in mro(kind)[:-1])


def own_slots(live: Any, *, made_in_c: bool) -> Iterator[tuple[str, Any]]:
    """What is in an instance's slots, or in the members of a type made in C."""
    for base in mro(type(live)):
        names = own_names(base)
        if ("__slots__" in names) is made_in_c:
            continue
        for name, member in list(names.items()):
            if type(member) is not types.MemberDescriptorType or name.startswith("__"):
                continue
            try:
                yield member.__name__, types.MemberDescriptorType.__get__(member, live, type(live))
            except AttributeError:
                continue


def own_dictionary(live: Any, kind: type) -> list[tuple[str, Any]]:
    for base in mro(kind):
        descriptor = own_names(base).get("__dict__")
        if type(descriptor) is types.GetSetDescriptorType:
            found = types.GetSetDescriptorType.__get__(descriptor, live, kind)
            return list(dict.items(found)) if isinstance(found, dict) else []
    return []


def field_names(kind: type) -> tuple[str, ...]:
    for base in mro(kind):
        names = own_names(base).get("_fields")
        if type(names) is tuple:
            return names
    return ()
