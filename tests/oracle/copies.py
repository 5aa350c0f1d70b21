"""Plain, immutable copies of live values, by which a recording's answers are judged.

Nothing of the program's runs while a value is copied: builtin containers are read by the methods of their builtin type,
instances from their dictionary and their slots. Nothing of the program's is kept but exact str, bytes and numbers.
"""

from __future__ import annotations

import array
import collections
import datetime
import decimal
import itertools
import types
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from oracle.inside import (
    array_type,
    dtype_name,
    field_names,
    is_made_in_c,
    is_open,
    is_scalar,
    mro,
    own_dictionary,
    own_slots,
    plain_part,
    type_name,
)

DEPTH = 12  # how deep from a local a value is copied; a recording looks less deep
FIRST, LAST = 1200, 200  # items of a long sequence that are copied


class Atom(NamedTuple):
    """A value that has nothing in it: equal to another one only if the types are the same, too."""

    type: str
    value: Any

    def __repr__(self) -> str:
        text = repr(self.value) if self.type != "float" else repr(float.fromhex(self.value))
        return text if len(text) <= 80 else f"{text[:60]}… ({len(text)} characters)"


class Ref(NamedTuple):
    """What is known of an object stands in the table of nodes: so that one object reached by two ways is one."""

    number: int


Value = Atom | Ref


@dataclass(frozen=True, slots=True)
class Node:
    """A container, an instance or something known by a name.

    ``form`` is list, tuple, set, frozenset, dict, bytearray, slice, object, derived, exception, named, class, array,
    frame, text (``content`` says what it is), opaque (nothing but the type is known), or deep (not copied).
    ``items`` are the first of a container's items, in a dict keys and values in turn, ``last`` the last ones of a long
    sequence. ``size`` tells how many there were. ``attributes`` are an instance's; those of a type made in C are in
    ``members``, which nobody has to know; those that other threads change are left out. ``content`` is the builtin part
    of a derived instance, the arguments of an exception, what a method is bound to.
    """

    form: str
    type: str
    size: int = 0
    items: tuple[Any, ...] = ()
    last: tuple[Any, ...] = ()
    attributes: tuple[tuple[str, Any], ...] = ()
    members: tuple[tuple[str, Any], ...] = ()
    content: Any = None
    loose: bool = False  # there may be attributes besides


MUTABLE = frozenset({"list", "set", "dict", "bytearray", "object", "derived", "exception", "array", "frame", "opaque"})

SIMPLE = (type(None), bool, int, str, bytes)
BUILTIN = (list, tuple, dict, set, frozenset, bytearray, int, float, complex, str, bytes)
DESCRIPTORS = (
    types.MethodDescriptorType,
    types.ClassMethodDescriptorType,
    types.WrapperDescriptorType,
    types.MemberDescriptorType,
    types.GetSetDescriptorType,
)
SUSPENDING = (types.GeneratorType, types.CoroutineType, types.AsyncGeneratorType)
# What instances of these modules' classes hold is changed by other threads, and by whoever waits for them.
RACING = ("threading.", "_thread.", "queue.", "_queue.", "concurrent.", "asyncio.", "_asyncio.")


class Copier:
    """Copies values into one table of nodes, the nearest first."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self._numbers: dict[int, int] = {}
        self._waiting: collections.deque[tuple[Any, int]] = collections.deque()

    def value(self, live: Any, depth: int = 0) -> Value:
        """The copy of a value; what is in it follows when ``finish`` is called."""
        atom = atom_of(live)
        if atom is not None:
            return atom
        number = self._numbers.get(id(live))
        if number is None:
            number = self._numbers[id(live)] = len(self._numbers)
            self._waiting.append((live, depth))
        return Ref(number)

    def finish(self) -> tuple[Node, ...]:
        while self._waiting:
            live, depth = self._waiting.popleft()
            self.nodes.append(Node("deep", "") if depth > DEPTH else self._node(live, depth + 1))
        return tuple(self.nodes)

    def _node(self, live: Any, depth: int) -> Node:
        kind = type(live)
        if kind in BUILTIN or kind is slice:
            return self._container(live, kind, depth)
        if issubclass(kind, type):
            return Node("class", type_name(live))
        named = self._named(live, kind, depth)
        if named is not None:
            return named
        special = self._special(live, kind, depth)
        return special if special is not None else self._instance(live, kind, depth)

    def _container(self, live: Any, kind: type, depth: int) -> Node:
        """A builtin container, or the builtin part of an instance of a subclass."""
        name = kind.__name__
        if kind in (list, tuple):
            size = kind.__len__(live)
            parts = [slice(FIRST), slice(size - LAST, size)] if size > FIRST + LAST else [slice(size), slice(0)]
            first, last = (kind.__getitem__(live, part) for part in parts)
            return Node(name, name, size, self._all(first, depth), self._all(last, depth))
        if kind in (set, frozenset):
            return Node(name, name, kind.__len__(live), self._all(kind.__iter__(live), depth))
        if kind is dict:
            pairs = itertools.chain.from_iterable(itertools.islice(dict.items(live), FIRST))
            last = list(itertools.islice(reversed(dict.items(live)), LAST)) if dict.__len__(live) > FIRST else []
            flat = itertools.chain.from_iterable(reversed(last))
            return Node(name, name, dict.__len__(live), self._all(pairs, depth), self._all(flat, depth))
        if kind is bytearray:
            return Node(name, name, bytearray.__len__(live), content=Atom("bytes", bytes(memoryview(live))))
        if kind is slice:
            return Node(name, name, 3, self._all((live.start, live.stop, live.step), depth))
        raise TypeError(kind)

    def _all(self, values: Iterable[Any], depth: int) -> tuple[Value, ...]:
        return tuple(self.value(live, depth) for live in values)

    def _named(self, live: Any, kind: type, depth: int) -> Node | None:
        module: Any = None
        bound: Any = None
        if kind is types.FunctionType:
            module, name = live.__module__, live.__qualname__
        elif kind is types.MethodType:
            function, bound = live.__func__, self.value(live.__self__, depth)
            known = type(function) is types.FunctionType
            module, name = (function.__module__, function.__qualname__) if known else (None, None)
        elif kind is types.BuiltinFunctionType:
            own = live.__self__
            module, name = live.__module__, live.__name__
            bound = None if own is None or type(own) is types.ModuleType else self.value(own, depth)
        elif kind in DESCRIPTORS:
            name = live.__name__
            bound = self.value(live.__objclass__, depth)
        elif kind is types.ModuleType:
            name = dict.get(types.ModuleType.__dict__["__dict__"].__get__(live), "__name__")
        elif kind is types.CodeType:
            name = live.co_qualname
        elif kind in SUSPENDING:
            name = live.__qualname__
        else:
            return None
        own_words = (Atom("NoneType", None) if word is None else atom_of(word) for word in (module, name))
        return Node("named", type_name(kind), items=tuple(own_words), content=bound)

    def _special(self, live: Any, kind: type, depth: int) -> Node | None:
        """Types made in C that hold other values where neither a dictionary nor a slot shows them."""
        name = type_name(kind)
        if kind is collections.deque:
            items = Node("list", "list", len(live), self._all(live, depth))
            return Node("derived", name, content=items)
        if kind is collections.OrderedDict:
            flat = itertools.chain.from_iterable(collections.OrderedDict.items(live))
            content = Node("dict", "dict", len(live), self._all(flat, depth))
            return Node("derived", name, attributes=self._attributes(live, kind, depth), content=content)
        if kind is types.MappingProxyType:
            return Node("opaque", name, loose=True)
        if kind is decimal.Decimal:
            return Node("text", name, content=str(live))
        if kind is array.array or (kind is memoryview and is_open(live)):
            letter = live.typecode if kind is array.array else live.format
            items = self._all(live[:64].tolist(), depth)
            return Node("array", name, len(live), items, content=(array_type(letter), (len(live),)))
        if name == "numpy.ndarray":
            first = live.flat[:64].tolist() if live.size else []
            return Node("array", name, live.size, self._all(first, depth), content=(dtype_name(live.dtype), live.shape))
        if name.startswith("numpy.") and is_scalar(live):
            return Node("derived", name, content=atom_of(live.item()))
        if name in ("pandas.Series", "pandas.Index"):
            values = live.to_numpy()
            content = None if values.dtype == object else (dtype_name(values.dtype), values.shape)
            return Node("array", name, values.size, self._all(values[:64].tolist(), depth), content=content)
        if name.startswith("pandas."):
            shape = live.shape if name.endswith(".DataFrame") else ()
            columns = list(live.columns)[:32] if shape else []
            return Node(
                "frame" if shape else "opaque", name, loose=True, items=self._all(columns, depth), content=tuple(shape)
            )
        return None

    def _instance(self, live: Any, kind: type, depth: int) -> Node:
        base = next((base for base in mro(kind) if base in BUILTIN), None)
        name = type_name(kind)
        if name.startswith(RACING):
            return Node("opaque", name, loose=True)
        attributes = self._attributes(live, kind, depth)
        members = self._members(live, depth)
        if base is not None:
            fields = field_names(kind) if base is tuple else ()
            if fields:
                attributes = tuple(zip(fields, self._all(tuple.__iter__(live), depth), strict=True))
            part = self._part(live, base, depth)
            return Node("derived", name, attributes=attributes, members=members, content=part)
        if issubclass(kind, BaseException):
            args = self.value(BaseException.__dict__["args"].__get__(live), depth)
            return Node("exception", name, attributes=attributes, members=members, content=args)
        racing = any(type_name(base).startswith(RACING) for base in mro(kind))
        if is_made_in_c(kind):
            return Node("opaque", name, attributes=attributes, members=members, loose=True)
        return Node("object", name, attributes=attributes, members=members, loose=racing)

    def _part(self, live: Any, base: type, depth: int) -> Any:
        if base in (int, float, complex, str, bytes):
            return atom_of(plain_part(live, base))
        return self._container(live, base, depth)

    def _members(self, live: Any, depth: int) -> tuple[tuple[str, Value], ...]:
        return tuple((slot, self.value(value, depth)) for slot, value in own_slots(live, made_in_c=True))

    def _attributes(self, live: Any, kind: type, depth: int) -> tuple[tuple[str, Value], ...]:
        found = [*own_slots(live, made_in_c=False), *own_dictionary(live, kind)]
        if any(type_name(base).startswith(RACING) for base in mro(kind)):
            found = [(name, value) for name, value in found if not name.startswith("_")]
        return tuple((name, self.value(value, depth)) for name, value in found)


def atom_of(live: Any) -> Atom | None:
    kind = type(live)
    if kind in SIMPLE:
        return Atom(kind.__name__, live)
    if kind is float:
        return Atom("float", live.hex())
    if kind is complex:
        return Atom("complex", (live.real.hex(), live.imag.hex()))
    if kind is range:
        return Atom("range", (live.start, live.stop, live.step))
    if kind in (datetime.date, datetime.timedelta) or (
        kind in (datetime.datetime, datetime.time) and type(live.tzinfo) in (type(None), datetime.timezone)
    ):
        return Atom(kind.__name__, repr(live))
    return None
