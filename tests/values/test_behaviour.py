"""Captured values behave as the real ones did, cannot be changed, and become real ones where nothing is lost."""

from __future__ import annotations

import collections
import copy
import json
import pickle
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from values.capture import capture

from scope_repl.errors import UnknownValue
from scope_repl.recording.captured import address_of
from scope_repl.recording.containers import CapturedDict, CapturedList

pytestmark = pytest.mark.native

scalars = st.none() | st.booleans() | st.integers() | st.text(max_size=5)
shallow = scalars | st.lists(scalars, max_size=4) | st.tuples(scalars, scalars) | st.sets(st.integers(), max_size=3)
plain = st.dictionaries(st.text(max_size=3), shallow, max_size=4) | st.lists(shallow, max_size=4)
lists = st.lists(st.integers(0, 3), max_size=6)


class Point(NamedTuple):
    x: int
    y: int


class Thing:
    def __init__(self, **attributes: Any) -> None:
        self.__dict__.update(attributes)


class Slotted:
    __slots__ = ("a", "b")

    def __init__(self, a: int) -> None:
        self.a = a


class Noted(list[int]):
    pass


# ---- what can be asked of them ----


@settings(deadline=None)
@given(lists, lists)
def test_lists_and_tuples_do_what_real_ones_do(one: list[int], other: list[int]) -> None:
    for real, second in ((one, other), (tuple(one), tuple(other))):
        left, right = capture(real), capture(second)
        for pair in ((left, right), (left, second), (real, right)):
            assert pair[0] + pair[1] == real + second
            assert (pair[0] < pair[1], pair[0] >= pair[1]) == (real < second, real >= second)
            assert (pair[0] == pair[1], pair[0] != pair[1]) == (real == second, real != second)
        assert left * 2 == 2 * left == real * 2
        assert list(reversed(left)) == list(reversed(real))
        assert [left.count(number) for number in range(4)] == [real.count(number) for number in range(4)]
        assert sorted(left) == sorted(real)
        assert left[1:4] == real[1:4]
        if real:
            assert (left.index(real[-1]), left[-1]) == (real.index(real[-1]), real[-1])


@settings(deadline=None)
@given(lists.map(set), lists.map(set))
def test_sets_do_what_real_ones_do(one: set[int], other: set[int]) -> None:
    for real, second in ((one, other), (frozenset(one), frozenset(other))):
        left, right = capture(real), capture(second)
        for pair in ((left, right), (left, second), (real, right)):
            assert (pair[0] | pair[1], pair[0] & pair[1]) == (real | second, real & second)
            assert (pair[0] - pair[1], pair[0] ^ pair[1]) == (real - second, real ^ second)
            assert (pair[0] <= pair[1], pair[0] > pair[1]) == (real <= second, real > second)
        assert left.union([7]) == real | {7}
        assert left.isdisjoint(second) == real.isdisjoint(second)


def test_dicts_do_what_real_ones_do() -> None:
    captured = capture({"a": 1, "b": [2]})
    assert captured | {"c": 3} == {"a": 1, "b": [2], "c": 3}
    assert {"c": 3} | captured == {"c": 3, "a": 1, "b": [2]}
    assert dict(captured) == {**captured} == captured.copy() == {"a": 1, "b": [2]}
    assert list(reversed(captured)) == ["b", "a"]
    assert json.dumps(captured) == '{"a": 1, "b": [2]}'


CHANGES: list[Callable[[Any], object]] = [
    lambda value: value["list"].append(1),
    lambda value: value["list"].sort(),
    lambda value: value["list"].__setitem__(0, 1),
    lambda value: value["list"].__iadd__([1]),
    lambda value: value.update(a=1),
    lambda value: value.pop("list"),
    lambda value: value.__delitem__("list"),
    lambda value: value["set"].add(1),
    lambda value: value["set"].__ior__({1}),
]


@pytest.mark.parametrize("change", CHANGES)
def test_they_cannot_be_changed(change: Callable[[Any], object]) -> None:
    real = {"list": [3, 2], "set": {5}}
    captured = capture(real)
    with pytest.raises(TypeError, match="is what was and cannot be changed; copy"):
        change(captured)
    assert captured == real


def test_copies_are_plain_and_can_be_changed() -> None:
    captured = capture([3, [2]])
    copied = captured.copy()
    copied.append(5)
    assert (type(copied), copied, captured) == (list, [3, [2], 5], [3, [2]])
    assert copy.copy(captured) is captured
    assert copy.deepcopy(captured) is captured
    assert pickle.loads(pickle.dumps(captured)) == [3, [2]]


def test_what_was_cut_fails_in_whatever_needs_it() -> None:
    cut, real = capture(list(range(1000))), [1]
    asked: list[Callable[[], object]] = [
        lambda: cut + real, lambda: real + cut, lambda: cut * 2, lambda: cut.index(999), lambda: cut.count(1),
        lambda: list(reversed(cut)), lambda: cut < [1], cut.copy, lambda: pickle.dumps(cut), lambda: sorted(cut),
    ]  # fmt: skip
    for ask in asked:
        with pytest.raises(UnknownValue, match="of this list's 1000 items 32 were captured"):
            ask()


# ---- comparisons with real values ----


def test_instances_equal_real_ones_with_the_same_attributes() -> None:
    assert capture(Thing(a=1, b=[2])) == Thing(a=1, b=[2])
    assert Thing(a=1) == capture(Thing(a=1))
    assert capture(Thing(a=1)) != Thing(a=2)
    assert capture(Thing(a=1)) != Thing(a=1, b=2)
    assert capture(Slotted(1)) == Slotted(1)
    assert capture(Slotted(1)) != Slotted(2)
    assert capture(Thing(a=1)) != Slotted(1)
    assert capture(Thing(a=list(range(1000)))) != Thing(a=list(range(1000)))


def test_an_instance_equals_itself_of_another_time_if_nothing_differs() -> None:
    thing = Thing(a=1)
    before, again = capture(thing), capture(thing)
    thing.a = 2  # type: ignore[attr-defined]
    assert before == again
    assert before != capture(thing)
    assert before != capture(Thing(a=1))
    assert address_of(before) == id(thing)


def test_items_of_subclasses() -> None:
    assert capture(Point(1, 2)) == Point(1, 2) == (1, 2)
    assert capture(collections.Counter("aab"))["a"] == 2
    assert capture(collections.OrderedDict(a=1)) == {"a": 1}


# ---- real values again ----


@settings(deadline=None)
@given(plain)
def test_what_is_made_of_plain_values_becomes_one(value: Any) -> None:
    captured = capture([value])
    real = captured.to_python()
    assert real == [value]
    assert _types(real) == _types([value])


def _types(value: Any) -> Any:
    if isinstance(value, dict):
        return dict, [(_types(key), _types(item)) for key, item in value.items()]
    if isinstance(value, list | tuple | set | frozenset):
        return type(value), [_types(item) for item in value]
    return type(value)


def test_the_builtin_part_of_subclasses_becomes_one() -> None:
    assert type(capture(Point(1, 2)).to_python()) is tuple
    assert type(capture([collections.Counter("ab")]).to_python()[0]) is dict
    noted = Noted([1])
    assert capture(noted).to_python() == [1]
    noted.note = "x"  # type: ignore[attr-defined]
    with pytest.raises(UnknownValue, match="held attributes of its own"):
        capture(noted).to_python()


@pytest.mark.parametrize(
    ("value", "error"),
    [
        ([1, {"a": list(range(1000))}], r"the value\[1\]\['a'\] is not known: 32 of 1,000 items were captured"),
        (["x" * 1000], r"the value\[0\] is not known: 256 of 1,000 characters were captured"),
        ({"password": "x"}, r"the value\['password'\] is not known: a part of it is redacted"),
        ([Thing(a=1)], r"the value\[0\] is not known: it is an instance of .*Thing, and making one would run"),
        ([len], r"the value\[0\] is not known: <builtin function or method len> is captured by its name"),
        ([10**1000], "256 of 3,322 bits were captured"),
        ([int], "by its name or its shape only"),
    ],
    ids=["cut list", "cut text", "secret", "instance", "function", "cut int", "class"],
)
def test_what_cannot_be_made_again_says_why(value: Any, error: str) -> None:
    with pytest.raises(UnknownValue, match=error):
        capture(value).to_python()


def test_an_instance_cannot_be_made_again() -> None:
    with pytest.raises(UnknownValue, match="making one would run the program's code"):
        capture(Thing()).to_python()


def test_cycles_become_cycles() -> None:
    inner = CapturedList([1], 0x1, 2)
    assert inner.size == 2
    node = CapturedDict([("next", None)], 0x2, 1)
    loop = CapturedList([node], 0x3, 1)
    dict.__setitem__(node, "next", loop)
    real = loop.to_python()
    assert real[0]["next"] is real
    assert repr(loop) == "[{'next': […]}]"
    assert loop == loop.copy()
