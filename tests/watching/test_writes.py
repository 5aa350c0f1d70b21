"""Each write and delete of an attribute of a watched object: which, from what, to what, by whom."""

from __future__ import annotations

import argparse
import enum
import gc
import threading
from collections import namedtuple
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import attrs
import pytest

import scope_repl
from scope_repl.session import scope
from watching.seen import MISSING, changes, line_of, writes

pytestmark = pytest.mark.native


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    yield
    scope.forget()


class Account:
    def __init__(self, balance: int) -> None:
        self.balance = balance
        self.log: list[str] = []

    def pay(self, amount: int) -> None:
        self.balance -= amount  # pay
        self.log.append("paid")


def recorded(thing: object, work: Any, *arguments: object, **settings: Any) -> scope_repl.Recording:
    """A recording of a call, with an object watched."""
    with scope_repl.record(watch=thing, **settings) as recording:
        work(*arguments)
    return recording


def test_who_wrote_what() -> None:
    account = Account(10)

    def work() -> None:
        account.pay(3)
        setattr(account, "owner", "Ann")  # noqa: B010  # owner
        del account.owner  # type: ignore[attr-defined]  # gone

    def at(marker: str) -> int:
        return line_of(marker, __file__)

    found = writes(recorded(account, work), account)
    assert found == [
        ("balance", 10, 7, "pay", at("pay")),
        ("owner", MISSING, "Ann", "setattr", at("owner")),
        ("owner", "Ann", MISSING, "work", at("gone")),
    ]


@pytest.mark.parametrize("level", ["calls", "values", "lines"])
def test_at_each_level(level: str) -> None:
    account = Account(10)
    recording = recorded(account, account.pay, 4, level=level)
    assert writes(recording, account) == [("balance", 10, 6, "pay", line_of("pay", __file__))]


def test_writes_by_a_library() -> None:
    options = argparse.Namespace()
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", type=int)

    def work() -> None:
        parser.parse_args(["--size", "3"], options)

    (*_, last) = writes(recorded(options, work, c_calls=False), options)
    assert last[:4] == ("size", None, 3, "parse_args")


def test_other_instances_are_left_out() -> None:
    watched, other = Account(1), Account(2)

    def work() -> None:
        other.pay(1)
        watched.pay(1)
        Account(3).pay(1)

    recording = recorded(watched, work)
    assert changes(recording, watched) == [("balance", 1, 0)]
    assert changes(recording, other) == []


def test_a_class_stands_for_its_instances_and_those_of_subclasses() -> None:
    class Savings(Account):
        def __setattr__(self, name: str, value: object) -> None:
            object.__setattr__(self, name, value)  # past Account's

    before = Account(1)
    made: list[Account] = []

    def work() -> None:
        before.pay(1)
        made.append(Savings(5))

    recording = recorded(Account, work)
    assert changes(recording, before) == [("balance", 1, 0)]
    assert changes(recording, made[0]) == [("balance", MISSING, 5), ("log", MISSING, [])]


def test_the_state_at_the_start_is_known() -> None:
    one, two = Account(1), Account(2)
    for thing in (one, Account):
        recording = recorded(thing, len, "")
        assert recording.at("100%").objects[one].balance == 1
        assert (two in recording.at("100%").objects) == (thing is Account)


def test_the_state_at_the_start_of_very_many() -> None:
    class Small:
        def __init__(self, x: int) -> None:
            self.x = x

    many = [Small(n) for n in range(5000)]
    with scope_repl.record(watch=Small) as recording:
        many[-1].x = -1
    objects = recording.at("100%").objects
    known = sum(thing in objects for thing in many[::100])
    assert 30 < known < len(many[::100])
    assert "is known of 4096 only" in recording.stats.notes[0]
    assert changes(recording, many[-1]) == [("x", 4999, -1)]


def test_the_state_after_each_write() -> None:
    account = Account(10)

    def work() -> None:
        account.pay(3)
        account.pay(4)

    recording = recorded(account, work)
    times = [write.time_ns for write in recording.contents.state.attribute_writes(id(account))]
    assert [recording.at(time, unit="ns").objects[account].balance for time in times] == [7, 3]


def test_content_of_attributes_at_the_boundaries_of_calls() -> None:
    account = Account(1)

    def touch() -> None:
        account.log.append("touched")

    def work() -> None:
        touch()
        touch()

    recording = recorded(account, work, level="values")
    ends = recording.find("touch")["end_ns"]
    logs = [list(recording.at(end, unit="ns").objects[account].log) for end in ends]
    assert logs == [["touched"], ["touched", "touched"]]


def test_content_of_attributes_at_each_line() -> None:
    class Shop:
        def __init__(self) -> None:
            self.account = Account(1)

    shop = Shop()
    account = shop.account

    def work() -> None:
        shop.account.log.append("one")
        shop.account.log.append("two")
        len("")

    del account
    recording = recorded(shop.account, work, level="lines")
    call = int(recording.find("work").index[0])
    lines = recording.contents.state
    seen = []
    event = lines.next_line(call, -1)
    while event is not None:
        seen.append(list(recording.at(event.time_ns, unit="ns").objects[shop.account].log))
        event = lines.next_line(call, event.time_ns)
    assert seen == [[], ["one"], ["one", "two"]] or seen == [[], ["one"], ["one", "two"], ["one", "two"]]


# ---- kinds of classes ----


class Slots:
    __slots__ = ("__weakref__", "x", "y")


class BareSlots:
    __slots__ = ("x", "y")


@dataclass
class Point:
    x: int = 0
    tags: list[str] = field(default_factory=list)


@dataclass(slots=True)
class SlotPoint:
    x: int = 0


@attrs.define
class Defined:
    x: int = 0


class Checked:
    """A property in front of an attribute of another name; nothing may ask it."""

    asked = 0

    def __init__(self) -> None:
        self._x = 0

    @property
    def x(self) -> int:
        Checked.asked += 1
        return self._x

    @x.setter
    def x(self, value: int) -> None:
        self._x = value


class Converting:
    def __setattr__(self, name: str, value: Any) -> None:
        if value is None:
            raise ValueError("nothing")
        if value != "ignored":
            super().__setattr__(name, int(value))

    def __delattr__(self, name: str) -> None:
        self.__dict__.pop(name, None)


class Dirty:
    """One write makes two, the second past all that can be seen of it."""

    def __setattr__(self, name: str, value: Any) -> None:
        super().__setattr__(name, value)
        super().__setattr__("dirty", True)


class OddName:
    """Keeps things under names that are no str, too."""

    def __init__(self) -> None:
        self.__dict__[1] = 2  # type: ignore[index]
        self.x = 0


class Colour(enum.Enum):
    RED = 1


class Derived(dict[str, int]):
    pass


class Failure(Exception):
    pass


@pytest.mark.parametrize(
    "make", [Account, Slots, BareSlots, Point, SlotPoint, Defined, OddName, Derived, Failure, argparse.Namespace]
)
def test_kinds_of_classes(make: Any) -> None:
    thing = make(1) if make is Account else make()
    for name in ("x", "balance"):
        if hasattr(thing, name):
            delattr(thing, name)

    def work() -> None:
        thing.x = 1
        thing.x = 2
        thing.x = 2
        del thing.x

    expected = [("x", MISSING, 1), ("x", 1, 2), ("x", 2, 2), ("x", 2, MISSING)]
    assert changes(recorded(thing, work), thing) == expected


def test_an_enum_member() -> None:
    def work() -> None:
        Colour.RED.note = "warm"  # type: ignore[attr-defined]
        del Colour.RED.note  # type: ignore[attr-defined]

    assert changes(recorded(Colour.RED, work), Colour.RED) == [("note", MISSING, "warm"), ("note", "warm", MISSING)]


def test_a_named_tuple_is_accepted() -> None:
    pair_class = namedtuple("pair_class", "a b")
    pair = pair_class(1, [2])

    def work() -> None:
        with pytest.raises(AttributeError):
            pair.a = 3

    recording = recorded(pair, work)
    assert changes(recording, pair) == []
    assert "__setattr__" not in vars(pair_class)


def test_properties_are_never_asked() -> None:
    thing = Checked()
    Checked.asked = 0

    def work() -> None:
        thing.x = 5

    recording = recorded(thing, work)
    assert changes(recording, thing) == [("_x", 0, 5)]
    assert Checked.asked == 0


def test_a_class_that_converts_refuses_and_ignores() -> None:
    thing = Converting()

    def work() -> None:
        thing.x = "7"
        thing.x = "ignored"
        with pytest.raises(ValueError, match="nothing"):
            thing.x = None
        del thing.x
        del thing.x

    assert changes(recorded(thing, work), thing) == [("x", MISSING, 7), ("x", 7, MISSING)]


def test_one_write_that_makes_two() -> None:
    thing = Dirty()

    def work() -> None:
        thing.x = 1

    recording = recorded(thing, work)
    assert changes(recording, thing) == [("x", MISSING, 1)]
    assert recording.at("100%").objects[thing].dirty is True


def test_watched_bases_write_it_down_once() -> None:
    class Base:
        def __setattr__(self, name: str, value: object) -> None:
            super().__setattr__(name, value)

    class Middle(Base):
        pass

    class Last(Middle):
        def __setattr__(self, name: str, value: object) -> None:
            super().__setattr__(name, value)
            if name == "x":
                super().__setattr__("twice", value)

    thing = Last()

    def work() -> None:
        thing.x = 1

    recording = recorded((Base, Last, thing), work)
    assert sorted(changes(recording, thing)) == [("twice", MISSING, 1), ("x", MISSING, 1)]


def test_frozen_dataclasses_are_noticed_at_the_next_look() -> None:
    @dataclass(frozen=True)
    class Frozen:
        x: int

        def sneak(self, x: int) -> None:
            object.__setattr__(self, "x", x)

    thing = Frozen(1)

    def work() -> None:
        with pytest.raises(AttributeError, match="cannot assign to field 'x'"):
            thing.x = 2  # type: ignore[misc]
        thing.sneak(3)

    recording = recorded(thing, work)
    assert changes(recording, thing) == []
    call = recording.find("sneak").iloc[0]
    assert recording.at(call).objects[thing].x == 1
    assert recording.at("100%").objects[thing].x == 3


def test_another_class_for_an_instance() -> None:
    class First:
        x = 0

    class Second:
        x = 0

    thing = First()

    def work() -> None:
        thing.__class__ = Second  # type: ignore[assignment]
        thing.x = 1

    assert changes(recorded(thing, work), thing) == [("x", MISSING, 1)]
    assert "__setattr__" not in vars(Second)


# ---- values ----


def test_secrets_are_redacted() -> None:
    account = Account(1)

    def work() -> None:
        account.password = "hunter2"  # type: ignore[attr-defined]

    recording = recorded(account, work)
    assert b"hunter2" not in bytes(recording.contents.log.chunks)
    ((name, old, new),) = changes(recording, account)
    assert (name, old, repr(new)) == ("password", MISSING, "<redacted>")


def test_old_and_new_objects_are_known_as_they_were() -> None:
    account = Account(1)
    account.log = ["old"]

    def work() -> None:
        account.log.append("older")
        account.log = ["new"]

    assert changes(recorded(account, work), account) == [("log", ["old", "older"], ["new"])]


def test_large_values_are_cut() -> None:
    account = Account(1)

    def work() -> None:
        account.note = tuple("x" * 200 for _ in range(100))  # type: ignore[attr-defined]
        account.note = tuple("y" * 200 for _ in range(100))  # type: ignore[attr-defined]

    assert len(writes(recorded(account, work), account)) == 2


# ---- threads, and what goes away ----


def test_threads_write_on_their_own_tracks() -> None:
    account = Account(10)

    def work() -> None:
        thread = threading.Thread(target=account.pay, args=(1,), name="payer")
        thread.start()
        thread.join()

    recording = recorded(account, work)
    tracks = [write.track for write in recording.contents.state.attribute_writes(id(account))]
    assert [recording.tracks["name"][track] for track in tracks] == ["payer"]


def test_nothing_is_kept_alive() -> None:
    class Noisy:
        gone = 0

        def __del__(self) -> None:
            Noisy.gone += 1

    thing = Noisy()
    with scope_repl.record(watch=(thing, Noisy)):
        scope.watch(thing)
        address = id(thing)
        del thing
        assert Noisy.gone == 1
        others = [Account(1) for _ in range(100)]
    assert scope.watched == ()
    assert changes(scope.last, address) == []
    assert len(others) == 100


def test_what_comes_to_stand_at_the_address_is_something_else() -> None:
    class Cell:
        pass

    watched = Cell()
    addresses = {id(watched)}
    with scope_repl.record(watch=watched) as recording:
        del watched
        gc.collect()
        others = []
        for _ in range(50):
            other = Cell()
            other.x = 1  # type: ignore[attr-defined]
            others.append(other)
    assert changes(recording, addresses.pop()) == []


def test_a_recording_that_ends_within_a_write() -> None:
    class Stops:
        def __setattr__(self, name: str, value: object) -> None:
            scope.stop()
            super().__setattr__(name, value)

    thing = Stops()
    with scope_repl.record(watch=thing) as recording:
        thing.x = 1
    assert recording.finished
    assert changes(recording, thing) == []
    assert vars(thing) == {"x": 1}
