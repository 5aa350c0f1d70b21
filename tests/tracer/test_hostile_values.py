"""Arguments that would harm whoever looks at them: nothing of theirs runs, nothing is kept alive."""

from __future__ import annotations

import gc
import sys
import types
import weakref
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from reference.recorded import recording

from scope_repl.schema import Kind

pytestmark = pytest.mark.native

touched: list[str] = []


def touch(name: str) -> Callable[..., Any]:
    def method(self: object, *arguments: object) -> Any:
        touched.append(name)
        raise RuntimeError(name)

    return method


DUNDERS = [
    "__repr__",
    "__str__",
    "__len__",
    "__iter__",
    "__next__",
    "__getattr__",
    "__getattribute__",
    "__eq__",
    "__ne__",
    "__lt__",
    "__bool__",
    "__contains__",
    "__getitem__",
    "__index__",
    "__int__",
    "__float__",
    "__format__",
    "__sizeof__",
    "__reduce__",
    "__reduce_ex__",
    "__dir__",
    "__buffer__",
    "__array__",
    "__length_hint__",
    "__instancecheck__",
    "__subclasscheck__",
    "__class_getitem__",
    "__get__",
    "__call__",
    "__missing__",
    "__fspath__",
]


def hostile(*bases: type) -> type:
    """A class of which nothing may be asked."""
    members: dict[str, Any] = {name: touch(name) for name in DUNDERS}
    members["__hash__"] = lambda self: 1
    members["attribute"] = property(touch("property"))
    return type("Hostile", bases, members)


class Metaclass(type):
    __repr__ = touch("metaclass __repr__")
    __eq__ = touch("metaclass __eq__")
    __hash__ = type.__hash__
    __instancecheck__ = touch("metaclass __instancecheck__")

    def __getattribute__(cls, name: str) -> Any:
        touched.append(f"metaclass {name}")
        raise RuntimeError(name)


class Slots:
    __slots__ = ("empty", "full")


class Module(types.ModuleType):
    __getattr__ = touch("module __getattr__")


def self_referential() -> list[Any]:
    own: list[Any] = [1]
    own.append(own)
    own.append({"own": own})
    own.append((own,))
    return own


def deep(levels: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(levels):
        value = [value]
    return value


def slots() -> Slots:
    value = Slots()
    value.full = hostile(object)
    return value


def with_dictionary() -> Any:
    value = object.__new__(hostile(object))
    object.__getattribute__(value, "__dict__").update({"a": value, "é\ud800": 1, 5: 6})
    return value


def exception() -> BaseException:
    value = hostile(Exception)(object.__new__(hostile(object)))
    value.__cause__ = value
    return value


VALUES: dict[str, Callable[[], Any]] = {
    "object": lambda: object.__new__(hostile(object)),
    "dictionary of an instance": with_dictionary,
    "list": lambda: hostile(list)([1, 2]),
    "tuple": lambda: hostile(tuple)([1, 2]),
    "dict": lambda: hostile(dict)({1: 2}),
    "set": lambda: hostile(set)({1}),
    "frozenset": lambda: hostile(frozenset)({1}),
    "str": lambda: hostile(str)("text"),
    "bytes": lambda: hostile(bytes)(b"text"),
    "int": lambda: hostile(int)(5),
    "huge int": lambda: hostile(int)(1 << 5000),
    "float": lambda: hostile(float)(5.0),
    "complex": lambda: hostile(complex)(5),
    "exception": exception,
    "class": lambda: hostile(object),
    "class with a metaclass": lambda: Metaclass("Odd", (), {"x": 1}),
    "instance of it": lambda: object.__new__(Metaclass("Odd", (), {"x": 1})),
    "module": lambda: Module("odd"),
    "slots": slots,
    "itself": self_referential,
    "deep": lambda: deep(100_000),
    "surrogates and NULs": lambda: ["\ud800", "\udfff\ud800", "a\0b", "\0", {"\udc80": "\udc80"}],
    "a million digits": lambda: 1 << 3_400_000,
    "minus a million digits": lambda: -(1 << 3_400_000),
    "100 MB of bytes": lambda: bytes(100 << 20),
    "100 MB of text": lambda: "é" * (50 << 20),
    "a million items": lambda: [None] * 1_000_000,
    "a dictionary of 100,000": lambda: {n: str(n) for n in range(100_000)},
    "generator": lambda: (n for n in [1, 2]),
    "iterators": lambda: [iter([1, 2]), map(str, [1]), zip([1], [2], strict=True), enumerate([1]), reversed([1])],
    "views": lambda: [{1: 2}.keys(), {1: 2}.items(), memoryview(bytearray(8)), range(10**30), slice(1, None)],
    "released memory": lambda: _released(),
    "cell and code": lambda: [types.CellType(), (lambda: 0).__code__, sys._getframe()],
}


def _released() -> memoryview:
    view = memoryview(b"gone")
    view.release()
    return view


def take(*arguments: Any, **keywords: Any) -> Any:
    return arguments[0]


def local(argument: Any) -> Any:
    try:
        raise KeyError(argument)
    except KeyError:
        return argument


def produce(argument: Any) -> Iterator[Any]:
    yield argument


@pytest.fixture(autouse=True)
def _untouched() -> Iterator[None]:
    touched.clear()
    yield
    touched.clear()


@pytest.mark.parametrize("name", VALUES)
def test_nothing_of_the_values_runs(name: str) -> None:
    value = VALUES[name]()
    gc.collect()
    touched.clear()
    with recording(__file__) as recorded:
        take(value)
        take(1, [value], keyword=value)
        local(value)
        for _ in produce(value):
            pass
    assert touched == []
    events = recorded.events()["MainThread"]
    assert [event.kind for event in events if event.name == "take"] == [Kind.CALL, Kind.RETURN] * 2
    own = [event for event in events if event.kind in (Kind.CALL, Kind.RETURN, Kind.YIELD) and not event.opaque]
    assert all(event.values is not None for event in own)


def test_iterators_are_not_consumed() -> None:
    generator, iterator = (n for n in [1, 2]), iter([1, 2])
    with recording(__file__):
        take(generator)
        take(iterator)
    assert list(generator) == list(iterator) == [1, 2]


def test_nothing_is_kept_alive() -> None:
    class Thing:
        pass

    def use() -> weakref.ref[Thing]:
        thing = Thing()
        take(thing, [thing], keyword={"thing": thing})
        return weakref.ref(thing)

    with recording(__file__) as recorded:
        reference = use()
        assert reference() is None, "the recorder holds it"
    assert recorded.raw.stored > 0


def test_reference_counts_are_as_they_were() -> None:
    values: list[Any] = [
        object(),
        [1],
        {"a": 1},
        "text" * 3,
        10**30,
        (1, [2]),
        Slots(),
        ValueError("x"),
        1.5,
        b"bytes",
        {1, 2},
    ]
    before = [sys.getrefcount(value) for value in values]
    with recording(__file__):
        for _ in range(50):
            for value in values:
                take(value)
            take(values)
    value = None
    assert [sys.getrefcount(value) for value in values] == before


def test_a_dictionary_is_not_materialised() -> None:
    """Reading an instance's attributes must not make the dictionary that it has no need of."""

    class Inline:
        def __init__(self) -> None:
            self.a, self.b = 1, 2

    instance = Inline()
    size = sys.getsizeof(instance)
    with recording(__file__):
        take(instance)
    assert sys.getsizeof(instance) == size
    referents = [type(found) for found in gc.get_referents(instance)]
    assert dict not in referents


def test_arguments_that_the_function_rebinds_or_deletes() -> None:
    def change(a: Any, b: Any) -> Any:
        del a
        b = [b]
        return b

    with recording(__file__) as recorded:
        change("a", "b")
    call, result = (event for event in recorded.events()["MainThread"] if event.name.endswith("change"))
    assert call.values == [("str", "a"), ("str", "b")]
    assert result.values == ("list", [("str", "b")])


def test_more_arguments_than_a_payload_has_room_for() -> None:
    names = [f"a{n}" for n in range(1000)]
    namespace: dict[str, Any] = {}
    exec(compile(f"def many({', '.join(names)}): return a999", __file__, "exec"), namespace)
    numbers = list(range(1000))
    with recording(__file__) as recorded:
        namespace["many"](*numbers)
        take(*[["x" * 1000] * 100 for _ in range(30)])
    events = recorded.events()["MainThread"]
    assert [(event.kind, event.name) for event in events][:2] == [(Kind.CALL, "many"), (Kind.RETURN, "many")]
    assert events[1].values == ("int", 999)
    given = events[0].values
    assert all(value in (("int", number), None) or not isinstance(value, tuple) for number, value in enumerate(given))
