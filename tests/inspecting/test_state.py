"""The state of real programs at a moment."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from inspecting.modules import load
from scope_repl import Recording, UnknownValue, record
from scope_repl.query.moment import Moment
from scope_repl.session import scope

pytestmark = pytest.mark.native

PROGRAM = """\
class Item:
    def __init__(self, name, price):
        self.name = name
        self.price = price


class Cart:
    def __init__(self, owner):
        self.items = []
        self.owner = owner

    def add(self, item):
        self.items.append(item)
        return len(self.items)


def shop(names):
    cart = Cart(Item("me", 0))
    alias = cart.items
    for number, name in enumerate(names):
        cart.add(Item(name, number + 1))
    total = sum(item.price for item in alias)
    depth = 0

    def down(left):
        nonlocal depth
        depth += 1
        if left:
            down(left - 1)
        depth -= 1
        return depth

    down(2)
    password = "hunter2"
    loop = [cart]
    loop.append(loop)
    del names
    return total


def numbers(count):
    for number in range(count):
        yield number


def consume():
    source = numbers(3)
    first = next(source)
    second = next(source)
    return first + second
"""


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    yield
    scope.forget()


@pytest.fixture
def rec(tmp_path: Path) -> Recording:
    module = load(tmp_path / "shop.py", PROGRAM)
    with record(level="lines", include=str(tmp_path / "shop.py")) as recording:
        module.shop(["a", "b"])
        module.consume()
    return recording


def line_of(text: str) -> int:
    """The number of the line of the program with a text."""
    (number,) = [number for number, line in enumerate(PROGRAM.splitlines(), start=1) if line.strip() == text]
    return number


def at(rec: Recording, text: str, time: int = 0) -> Moment:
    """The moment at which a line of the program began, for the first or another time."""
    table = rec.contents.state.line_table()
    times = table.time[table.line == line_of(text)]
    return rec.at(int(times[time]), unit="ns")


def test_captured_structure_behaves(rec: Recording) -> None:
    found = at(rec, "depth = 0").locals
    cart = found["cart"]
    assert (cart.items[0].price, cart.items[-1].name, len(cart.items)) == (1, "b", 2)
    assert [item.price for item in cart.items] == [1, 2]
    assert found["alias"] is cart.items
    assert cart.items[1] in found["alias"]
    assert (found["total"], found["names"]) == (3, ["a", "b"])
    assert cart.owner.name == "me"
    assert found["names"].to_python() == ["a", "b"]
    with pytest.raises(UnknownValue, match=r"the value\[0\] is not known: it is an instance of"):
        cart.items.to_python()
    assert all(found.standing(name).exact for name in found)


def test_each_moment_has_its_own_content(rec: Recording) -> None:
    counts = [len(at(rec, "self.items.append(item)", time).locals["self"].items) for time in (0, 1)]
    assert counts == [0, 1]
    assert [len(at(rec, "return len(self.items)", time).locals["self"].items) for time in (0, 1)] == [1, 2]


def test_one_object_through_frames_and_a_cycle(rec: Recording) -> None:
    moment = at(rec, "self.items.append(item)", 1)
    inner, outer = moment.frames[0].locals, moment.frames[1].locals
    assert inner["self"] is outer["cart"]
    assert inner["self"].items is outer["alias"]
    loop = at(rec, "del names").locals["loop"]
    assert loop[1] is loop
    assert repr(loop).endswith(", […]]")


def test_what_the_line_of_a_calling_frame_will_have_changed_is_last_known(rec: Recording) -> None:
    """While the item is made that the line is going to add."""
    outer = next(frame for frame in at(rec, "self.name = name", 2).frames if frame.function == "shop")
    assert (outer.line, str(outer.standing("line"))) == (line_of("cart.add(Item(name, number + 1))"), "exact")
    assert str(outer.locals.standing("number")) == "exact"
    assert outer.locals["alias"] == outer.locals["cart"].items
    assert str(outer.locals.standing("alias")).startswith("last known ")
    assert len(outer.locals["alias"]) == 1


def test_what_the_frame_that_runs_leads_to_is_exact_in_the_calling_frame_too(rec: Recording) -> None:
    outer = at(rec, "self.items.append(item)", 1).up().frame
    assert str(outer.locals.standing("alias")) == "exact"


def test_what_an_inner_function_changes_and_restores_is_not_called_exact(rec: Recording) -> None:
    deepest = at(rec, "depth -= 1")
    assert deepest.locals["depth"] == 3
    outer = next(frame for frame in deepest.frames if frame.function == "shop")
    assert (outer.locals["depth"], outer.locals.standing("depth").known.value) == (0, "last known")


def test_secrets_stay_secret_and_deleted_names_are_gone(rec: Recording) -> None:
    found = at(rec, "return total").locals
    assert repr(found["password"]) == "<redacted>"
    assert str(found.standing("password")).startswith("unknown: redacted")
    assert "names" not in found
    assert str(found.standing("names")) == "exact: it is not bound at this moment"
    assert "hunter2" not in repr(found) + found._repr_html_()


def test_who_changed_a_list_in_place(rec: Recording) -> None:
    written = at(rec, "depth = 0").locals.written("alias")
    assert (written.what, written.function, written.line) == ("changed", "Cart.add", line_of("self.items.append(item)"))
    assert at(rec, "depth = 0").locals.bound("alias").line == line_of("alias = cart.items")
    assert rec.calls.name[written.span] == "Cart.add"


def test_arguments_and_results(rec: Recording) -> None:
    frame = at(rec, "return len(self.items)", 1).frame
    assert (len(frame.args["self"].items), len(frame.locals["self"].items), frame.result) == (1, 2, 2)


def test_a_suspended_generator(rec: Recording) -> None:
    moment = at(rec, "second = next(source)")
    (frame,) = moment.suspended()
    assert (frame.function, dict(frame.locals), frame.line) == (
        "numbers",
        {"count": 3, "number": 0},
        line_of("yield number"),
    )
    assert all(frame.locals.standing(name).exact for name in frame.locals)


def test_all_values_of_all_moments_can_be_shown(rec: Recording) -> None:
    texts: list[Any] = []
    for time_ns in sorted(set(rec.events.time_ns)):
        moment = rec.at(int(time_ns), unit="ns")
        for frame in moment.frames:
            texts += [repr(frame), repr(frame.locals), frame.locals._repr_html_(), repr(frame.args)]
        texts += [repr(moment.objects), repr(moment.namespace), repr(moment.output)]
    assert all(texts)
