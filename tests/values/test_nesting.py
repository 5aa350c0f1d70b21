"""How far a capture goes into what hangs together: an object's attributes, and of an object among those its type."""

from __future__ import annotations

from typing import Any

import pytest

import scope_repl
from scope_repl.errors import UnknownValue

pytestmark = pytest.mark.native


class Leaf:
    def __init__(self, number: int) -> None:
        self.number = number


class Holder:
    def __init__(self) -> None:
        self.leaf = Leaf(1)
        self.leaves = [Leaf(number) for number in range(3)]
        self.many = list(range(100))
        self.after = "still there"


def take(value: Any) -> None:
    del value


def captured(value: Any) -> Any:
    with scope_repl.record() as recording:
        take(value)
    return recording.at(recording.find("take").iloc[0]).stack()[0].args["value"]


def test_an_object_within_an_object_is_described() -> None:
    holder = captured(Holder())
    assert holder.after == "still there"
    assert "Leaf" in repr(holder.leaf)
    with pytest.raises(UnknownValue, match="not looked at"):
        _ = holder.leaf.number
    with pytest.raises(UnknownValue, match="not looked at"):
        _ = holder.leaves[0].number


def test_a_list_within_an_object_is_cut_and_says_so() -> None:
    many = captured(Holder()).many
    assert len(many) == 100
    assert list(many.kept) == list(range(8))


def test_objects_in_a_list_are_opened() -> None:
    assert [leaf.number for leaf in captured([Leaf(0), Leaf(1)])] == [0, 1]
