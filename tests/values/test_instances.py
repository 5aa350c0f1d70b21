"""Instances are read without running any of their code and without a trace on them."""

from __future__ import annotations

import collections
import dataclasses
import enum
import functools
import gc
import sys
import time
import types
import weakref
from typing import Any, ClassVar, NamedTuple

import pytest
from values.capture import capture

from scope_repl import _tracer
from scope_repl.errors import UnknownValue
from scope_repl.recording.captured import CapturedDerived, CapturedException, CapturedObject
from scope_repl.recording.cut import Redacted, Seen

pytestmark = pytest.mark.native


class Plain:
    def __init__(self, **attributes: Any) -> None:
        for name, value in attributes.items():
            setattr(self, name, value)


class Base:
    __slots__ = ("first", "token")


class Slotted(Base):
    __slots__ = ("second", "unset")

    def __init__(self) -> None:
        self.first, self.second, self.token = 1, [2], "hidden"


class SlottedAndOpen(Slotted):
    pass


@dataclasses.dataclass
class Order:
    price: float
    lines: list[int]


@dataclasses.dataclass(slots=True, frozen=True)
class Frozen:
    price: float


class Point(NamedTuple):
    x: int
    y: Any


class Colour(enum.Enum):
    RED = "r"


class Size(enum.IntEnum):
    SMALL = 1


class Text(str):
    __slots__ = ()


class Number(int):
    pass


class Names(list[Any]):
    pass


class Mapping(collections.OrderedDict[str, int]):
    pass


def attributes(value: Any) -> dict[str, Any]:
    return dict(value.__captured__.attributes)


def test_attributes_of_plain_instances() -> None:
    captured = capture(Plain(price=1.5, lines=[1, 2], api_key="hidden"))
    assert (captured.price, captured.lines) == (1.5, [1, 2])
    assert isinstance(captured.api_key, Redacted)
    assert captured.__captured__.type.qualname == "Plain"
    assert captured.__captured__.type.module == __name__
    assert repr(captured) == "Plain(price=1.5, lines=[1, 2], api_key=<redacted>)"


def test_a_missing_attribute_says_what_is_captured() -> None:
    captured = capture(Plain(price=1))
    with pytest.raises(AttributeError, match=r"this .*Plain held no attribute 'cost' itself"):
        _ = captured.cost
    wide = capture(Plain(**{f"a{n}": n for n in range(100)}))
    assert wide.a31 == 31
    with pytest.raises(UnknownValue, match="of its 100 attributes 32 were captured"):
        _ = wide.a50


def test_attributes_set_in_another_order_and_deleted() -> None:
    first, second = Plain(a=1, b=2, c=3), Plain(b=1)
    second.a = 2
    del first.b
    first.b = 4
    assert attributes(capture(first)) == {"a": 1, "c": 3, "b": 4}
    assert attributes(capture(second)) == {"b": 1, "a": 2}
    del second.a
    assert attributes(capture(second)) == {"b": 1}


def test_attributes_after_the_dictionary_was_made_replaced_or_shared() -> None:
    value = Plain(a=1)
    assert value.__dict__ == {"a": 1}
    value.b = 2
    assert attributes(capture(value)) == {"a": 1, "b": 2}
    value.__dict__ = collections.OrderedDict(c=3)
    assert attributes(capture(value)) == {"c": 3}
    value.__dict__[5] = 6  # type: ignore[index]
    assert attributes(capture(value)) == {"c": 3, 5: 6}
    value.__dict__ = {}
    assert attributes(capture(value)) == {}


def test_reading_does_not_make_the_dictionary() -> None:
    # An instance without its own dictionary refers to its attributes directly, one with a dictionary refers to that.
    value = type("Fresh", (Plain,), {})(a=[], b=[])
    before, size = gc.get_referents(value), sys.getsizeof(value)
    capture(value)
    assert [id(one) for one in gc.get_referents(value)] == [id(one) for one in before]
    assert not any(isinstance(one, dict) for one in gc.get_referents(value))
    assert sys.getsizeof(value) == size


def test_slots() -> None:
    captured = capture(Slotted())
    assert captured.first == 1
    assert captured.second == [2]
    assert isinstance(captured.token, Redacted)
    assert set(attributes(captured)) == {"first", "second", "token"}
    mixed = SlottedAndOpen()
    mixed.third = 3  # type: ignore[attr-defined]
    assert set(attributes(capture(mixed))) == {"first", "second", "token", "third"}


def test_dataclasses_named_tuples_and_enums() -> None:
    assert repr(capture(Order(1.5, [1]))) == "Order(price=1.5, lines=[1])"
    assert capture(Frozen(2.5)).price == 2.5
    point = capture(Point(1, [2]))
    assert (point.x, point.y, point[0], list(point), len(point)) == (1, [2], 1, [1, [2]], 2)
    assert point == (1, [2])
    assert repr(point) == "Point(x=1, y=[2])"
    assert repr(capture(Colour.RED)) == "<Colour.RED: 'r'>"
    assert capture(Size.SMALL) == 1
    assert repr(capture(Size.SMALL)) == "<Size.SMALL: 1>"


@pytest.mark.parametrize(
    "value",
    [
        Text("abc"),
        Number(7),
        Names([1, 2]),
        Mapping(a=1),
        collections.Counter("aab"),
        collections.defaultdict(list, a=[1]),
        type("Real", (float,), {})(1.5),
        type("Bytes", (bytes,), {})(b"x"),
        type("Frozen", (frozenset,), {})({1}),
        time.gmtime(0),
    ],
    ids=lambda value: type(value).__name__,
)
def test_subclasses_of_builtins_keep_their_builtin_part(value: Any) -> None:
    captured = capture(value)
    assert isinstance(captured, CapturedDerived)
    assert captured == value
    assert captured.__captured__.type.qualname == type(value).__qualname__


def test_subclasses_with_attributes_of_their_own() -> None:
    for value in (Names([1]), Number(2**100), type("T", (tuple,), {})((1,)), type("B", (bytes,), {})(b"x" * 3)):
        value.note = "here"
        captured = capture(value)
        assert (captured.note, captured == value) == ("here", True)


def test_members_of_types_made_in_c() -> None:
    captured = capture(functools.partial(int, "5", base=7))
    assert (captured.func, captured.args, captured.keywords) == (int, ("5",), {"base": 7})
    assert capture(object()).__captured__.size == 0


def test_exceptions() -> None:
    error = ValueError("bad", 5)
    error.add_note("seen")
    captured = capture(error)
    assert isinstance(captured, CapturedException)
    assert captured.args == ("bad", 5)
    assert (
        captured.__notes__ == ["seen"]
        if hasattr(captured, "__notes__")
        else attributes(captured) == {"__notes__": ["seen"]}
    )
    assert capture(OSError(2, "gone", "file")).filename == "file"
    assert repr(capture(KeyError("x"))) == "KeyError('x')"


def test_instances_inside_themselves() -> None:
    value = Plain(name="loop")
    value.me = [value]
    captured = capture(value)
    assert isinstance(captured.me[0], Seen)
    assert captured.me[0].address == captured.__captured__.address == id(value)


class Nasty:
    """Whatever can be asked of it fails the test."""

    asked: ClassVar[list[str]] = []

    def _ask(name: str) -> Any:  # type: ignore[misc]
        def method(self: Any, *arguments: Any, **keywords: Any) -> Any:
            Nasty.asked.append(name)
            raise AssertionError(name)

        return method

    for _name in [
        "__repr__",
        "__str__",
        "__len__",
        "__iter__",
        "__getattr__",
        "__getattribute__",
        "__eq__",
        "__hash__",
        "__bool__",
        "__contains__",
        "__getitem__",
        "__reduce__",
        "__reduce_ex__",
        "__dir__",
        "__sizeof__",
        "__format__",
        "__index__",
        "__int__",
        "__float__",
        "__call__",
        "__buffer__",
    ]:
        locals()[_name] = _ask(_name)
    __class__ = property(_ask("__class__"))  # type: ignore[assignment]
    value = property(_ask("value"))
    del _name


class NastyMeta(type):
    def __getattribute__(cls, name: str) -> Any:
        Nasty.asked.append(f"meta {name}")
        raise AssertionError(name)

    def __repr__(cls) -> str:
        raise AssertionError

    def __instancecheck__(cls, _: object) -> bool:
        raise AssertionError

    def mro(cls) -> list[type]:
        return super().mro()


def test_nothing_of_the_program_is_run() -> None:
    Nasty.asked.clear()
    kinds = [Nasty]
    kinds += [
        type(f"Nasty{base.__name__}", (base,), dict(Nasty.__dict__)) for base in (list, dict, str, int, tuple, set)
    ]
    for kind in kinds:
        value = object.__new__(kind) if kind is Nasty else kind.__base__.__new__(kind)  # type: ignore[union-attr]
        object.__setattr__(value, "x", 1)
        assert isinstance(capture([value, {1: value}])[0], CapturedObject)
    made = NastyMeta("Made", (), {"__slots__": ("a",)})
    capture([type.__call__(made), made])
    assert Nasty.asked == []


def test_keys_with_an_equality_of_their_own_are_not_compared() -> None:
    class Key:
        armed = False

        def __hash__(self) -> int:
            assert not Key.armed
            return hash("__name__")

        def __eq__(self, other: object) -> bool:
            assert not Key.armed
            return False

    module = types.ModuleType("odd")
    kind = type("Odd", (tuple,), {"_fields": ("a",)})
    module.__dict__[Key()] = 1  # type: ignore[index]
    value = Plain(a=1)
    value.__dict__[Key()] = 2  # type: ignore[index]
    Key.armed = True
    capture([module, value, {Key: 1}, kind((1,))])
    Key.armed = False


def test_nothing_is_kept_alive_or_referred_to() -> None:
    value = Plain(inner=Plain(), items=[object()], text="x" * 1000)
    watched = weakref.ref(value)
    held = [value, value.inner, value.items, value.items[0], value.text]
    before = [sys.getrefcount(one) for one in held]
    for _ in range(10):
        _tracer.encode(held)
    assert [sys.getrefcount(one) for one in held] == before
    del held
    del value
    assert watched() is None


def test_the_exception_in_flight_stays() -> None:
    error = KeyError("first")
    try:
        raise error
    except KeyError:
        capture([memoryview(b"x"), Plain(a=error)])
        flying = sys.exc_info()[1]
    assert flying is error


def test_types_with_the_same_name_are_told_apart_by_module() -> None:
    one, other = type("Same", (), {"__module__": "a"}), type("Same", (), {"__module__": "b"})
    assert [str(item.__captured__.type) for item in capture([one(), other()])] == ["a.Same", "b.Same"]
