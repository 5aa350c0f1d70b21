"""Classes do what they did while they are watched, and are what they were afterwards."""

from __future__ import annotations

import abc
import copy
import gc
import os
import pickle
import threading
import weakref
from collections.abc import Callable, Iterator
from typing import Any
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import scope_repl
from scope_repl import _tracer
from scope_repl.session import scope
from watching.seen import MISSING, changes

pytestmark = pytest.mark.native


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    yield
    scope.unwatch()
    scope.forget()


class Plain:
    pass


class Own:
    """Has both of its own, between other things."""

    before = 1

    def __setattr__(self, name: str, value: object) -> str:
        super().__setattr__(name, value)
        return "set"

    between = 2

    def __delattr__(self, name: str) -> str:
        super().__delattr__(name)
        return "deleted"

    behind = 3


class Slotted:
    __slots__ = ("__weakref__", "x")


class Refusing:
    """Like a frozen class."""

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"cannot set {name}")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"cannot delete {name}")


class Descriptor:
    def __init__(self) -> None:
        self.calls: list[str] = []

    def __get__(self, instance: object, owner: type) -> Any:
        return self if instance is None else self.calls

    def __set__(self, instance: object, value: object) -> None:
        self.calls.append(f"set {value}")

    def __delete__(self, instance: object) -> None:
        self.calls.append("delete")


class Static:
    """What stands for __setattr__ may be any callable."""

    written: list[Any] = []  # noqa: RUF012

    @staticmethod
    def __setattr__(*arguments: object) -> None:  # type: ignore[override]
        Static.written.append(arguments)


class Left:
    def __setattr__(self, name: str, value: object) -> None:
        super().__setattr__(f"left_{name}", value)


class Right:
    def __setattr__(self, name: str, value: object) -> None:
        super().__setattr__(f"right_{name}", value)


class Both(Left, Right):
    pass


class Meta(type):
    """Wants to know nothing of changes of its classes."""

    def __setattr__(cls, name: str, value: object) -> None:
        raise TypeError("this class does not change")

    def __delattr__(cls, name: str) -> None:
        raise TypeError("this class does not change")


class Guarded(metaclass=Meta):
    pass


class Mapped(dict[str, int]):
    __setattr__ = dict.__setitem__  # type: ignore[assignment]
    __delattr__ = dict.__delitem__  # type: ignore[assignment]


class Abstract(abc.ABC):
    @abc.abstractmethod
    def __setattr__(self, name: str, value: object) -> None: ...


CLASSES = [Plain, Own, Slotted, Refusing, Static, Left, Both, Guarded, Mapped]


def look_of(kind: type) -> dict[str, Any]:
    """All that a program can see of a class's treatment of attributes."""
    return {
        "own": list(vars(kind).items()),
        "set": kind.__setattr__,
        "delete": kind.__delattr__,
    }


@pytest.mark.parametrize("kind", CLASSES)
@pytest.mark.parametrize("as_class", [True, False])
def test_undone_exactly(kind: type, as_class: bool) -> None:
    before = look_of(kind)
    thing = kind()
    for _ in range(3):
        with scope_repl.record(watch=kind if as_class else thing):
            assert list(vars(kind)) != list(vars(object))
            assert {name: getattr(kind, f"__{name}attr__") for name in ("set",)} == {"set": before["set"]}
        assert look_of(kind) == before
        assert list(vars(kind)) == [name for name, _ in before["own"]]


def test_undone_when_the_recording_is_forgotten() -> None:
    before = look_of(Own)
    scope.watch(Own)
    recorder = scope_repl.record()
    recorder.__enter__()
    assert look_of(Own) != before
    scope.forget()
    assert look_of(Own) == before


def test_the_fast_way_is_the_fast_way_again() -> None:
    """Such a class has object's C function in its slot, and object.__setattr__ refuses to go past any other."""

    class Other(Plain):
        pass

    with scope_repl.record(watch=Plain):
        object.__setattr__(Plain(), "x", 1)
        object.__setattr__(Other(), "x", 1)
    wrapper = Plain.__setattr__
    assert wrapper is object.__setattr__
    assert Other.__setattr__ is object.__setattr__


def test_a_class_gives_what_it_gave_however_often_it_is_asked() -> None:
    own = vars(Own)["__setattr__"]
    with scope_repl.record(watch=(Plain, Own), level="calls"):
        assert all(Plain.__setattr__ is object.__setattr__ for _ in range(1000))
        assert all(Own.__setattr__ is own for _ in range(1000))


def test_a_base_that_is_called_by_name_is_the_base() -> None:
    """In a diamond, what comes behind a base in the MRO of an instance is not what the base itself has."""

    class First(Left):
        pass

    class Diamond(First, Right):
        def __setattr__(self, name: str, value: object) -> None:
            First.__setattr__(self, name, value)

    def run() -> dict[str, object]:
        thing = Diamond()
        for n in range(1000):
            thing.x = n  # type: ignore[attr-defined]
        return vars(thing)

    expected = run()
    for watch in (First, Left, Diamond, (Left, Right, First, Diamond)):
        with scope_repl.record(watch=watch, level="calls"):
            assert run() == expected


# ---- the same with and without ----


def outcome(function: Callable[..., Any], *arguments: Any) -> Any:
    """What a call gives, or how it fails."""
    try:
        return function(*arguments)
    except Exception as error:
        return type(error), str(error)


class Word(str):
    """A name that is a str of its own kind."""


OPERATIONS: dict[str, Callable[[Any], Any]] = {
    "set": lambda thing: setattr(thing, "x", 1),
    "set another": lambda thing: setattr(thing, "other", [2]),
    "set again": lambda thing: setattr(thing, "x", "two"),
    "delete": lambda thing: delattr(thing, "x"),
    "explicitly": lambda thing: thing.__setattr__("x", 3),
    "explicitly deleted": lambda thing: thing.__delattr__("x"),
    "by the class": lambda thing: type(thing).__setattr__(thing, "x", 4),
    "past it": lambda thing: object.__setattr__(thing, "x", 5),
    "too few": lambda thing: thing.__setattr__("x"),
    "too many": lambda thing: thing.__delattr__("x", 1),
    "no name": lambda thing: thing.__setattr__(1, 2),
    "by keyword": lambda thing: thing.__setattr__(name="x", value=6),
    "another's": lambda thing: type(thing).__setattr__(object(), "x", 7),
    "of a str's subclass": lambda thing: setattr(thing, Word("x"), 8),
    "the dictionary": lambda thing: thing.__dict__.update(x=9),
    "a class": lambda thing: setattr(thing, "__class__", type(thing)),
    "not a class": lambda thing: setattr(thing, "__class__", 5),
    "read": lambda thing: repr(thing.x),
    "all": lambda thing: sorted(vars(thing).items(), key=str),
}


@pytest.mark.parametrize("kind", CLASSES)
@given(names=st.lists(st.sampled_from(sorted(OPERATIONS)), max_size=12))
@settings(deadline=None, max_examples=30)
def test_operations_have_the_same_outcomes(kind: type, names: list[str]) -> None:
    def run() -> list[Any]:
        thing = kind()
        Static.written.clear()
        found = [_without_address(outcome(OPERATIONS[name], thing)) for name in names]
        return [*found, len(Static.written), _without_address(outcome(lambda: sorted(vars(thing), key=str)))]

    expected = run()
    with scope_repl.record(watch=kind, c_calls=False):
        watched = run()
    assert watched == expected


def _without_address(value: Any) -> Any:
    return value if not isinstance(value, tuple | str) else str(value).partition(" at 0x")[0]


def test_descriptors_are_asked_as_before() -> None:
    class Holder:
        x = Descriptor()

    holder = Holder()
    with scope_repl.record(watch=holder) as recording:
        holder.x = 1
        del holder.x
    assert holder.x == ["set 1", "delete"]
    assert changes(recording, holder) == []


def test_explicit_calls_are_recorded_and_give_what_they_gave() -> None:
    thing = Own()
    with scope_repl.record(watch=thing) as recording:
        assert thing.__setattr__("x", 1) == "set"  # type: ignore[func-returns-value]
        assert thing.__delattr__("x") == "deleted"  # type: ignore[func-returns-value]
    assert changes(recording, thing) == [("x", MISSING, 1), ("x", 1, MISSING)]


def test_the_recording_shows_what_ran_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def work() -> None:
        thing = Own()
        thing.x = 1  # type: ignore[attr-defined]
        thing.__setattr__("x", 2)
        del thing.x  # type: ignore[attr-defined]

    shown = []
    for watch in ((), Own):
        with scope_repl.record(watch=watch, level="values") as recording:
            work()
        shown.append(list(recording.calls.query("start_ns >= 0")["name"]))
    assert shown[0] == shown[1]


def test_abstract_methods_stay_abstract() -> None:
    with scope_repl.record(watch=Abstract):

        class Derived(Abstract):
            pass

        assert Derived.__abstractmethods__ == {"__setattr__"}
        with pytest.raises(TypeError, match="abstract"):
            Derived()  # type: ignore[abstract]


def test_what_stands_in_can_be_pickled_and_copied() -> None:
    for kind in (Plain, Own):
        with scope_repl.record(watch=kind):
            stand_in = vars(kind)["__setattr__"]
            loaded = pickle.loads(pickle.dumps(stand_in))
            assert copy.copy(stand_in) is copy.deepcopy(stand_in) is loaded is kind.__setattr__
            assert repr(stand_in) == repr(kind.__setattr__)
            assert stand_in.__name__ == "__setattr__"


# ---- classes that change meanwhile ----


def test_a_method_that_the_program_puts_in_its_place_stays() -> None:
    class Changing:
        pass

    def own(self: object, name: str, value: object) -> None:
        object.__setattr__(self, name, (value,))

    thing = Changing()
    with scope_repl.record(watch=thing):
        Changing.__setattr__ = own  # type: ignore[method-assign, assignment]
        thing.x = 1  # type: ignore[attr-defined]
    assert thing.x == (1,)  # type: ignore[attr-defined]
    assert vars(Changing)["__setattr__"] is own
    assert "__delattr__" not in vars(Changing)


def test_a_method_that_the_program_puts_around_it() -> None:
    class Wrapped:
        pass

    before = Wrapped.__setattr__
    thing = Wrapped()
    with scope_repl.record(watch=thing) as recording:
        inner = vars(Wrapped)["__setattr__"]
        Wrapped.__setattr__ = lambda self, name, value: inner(self, name, value)  # type: ignore[method-assign]
        thing.x = 1  # type: ignore[attr-defined]
    assert changes(recording, thing) == [("x", MISSING, 1)]
    thing.x = 2  # type: ignore[attr-defined]
    Wrapped.__setattr__ = before  # type: ignore[method-assign]
    assert thing.x == 2  # type: ignore[attr-defined]


def test_a_patch_across_the_end_of_a_recording() -> None:
    class Patched:
        pass

    thing = Patched()
    with scope_repl.record(watch=thing):
        patch = mock.patch.object(Patched, "__setattr__", object.__setattr__)
        patch.start()
    patch.stop()  # puts the stand-in back, which does what object does
    thing.x = 1  # type: ignore[attr-defined]
    assert thing.x == 1  # type: ignore[attr-defined]
    with scope_repl.record(watch=thing) as recording:
        thing.x = 2  # type: ignore[attr-defined]
    assert changes(recording, thing) == [("x", 1, 2)]
    assert "__setattr__" not in vars(Patched)


def test_a_method_that_the_program_takes_away() -> None:
    class Bare:
        def __setattr__(self, name: str, value: object) -> None:
            raise TypeError

    thing = Bare()
    with scope_repl.record(watch=thing):
        del Bare.__setattr__
        thing.x = 1
    assert thing.x == 1
    assert "__setattr__" not in vars(Bare)


def test_a_base_that_changes_meanwhile() -> None:
    class Base:
        pass

    class Last(Base):
        pass

    def doubled(self: object, name: str, value: Any) -> None:
        object.__setattr__(self, name, 2 * value)

    thing = Last()
    with scope_repl.record(watch=thing) as recording:
        thing.x = 1  # type: ignore[attr-defined]
        Base.__setattr__ = doubled  # type: ignore[method-assign, assignment]
        thing.x = 1  # type: ignore[attr-defined]
        Last.__bases__ = (Plain,)
        thing.x = 3  # type: ignore[attr-defined]
    assert changes(recording, thing) == [("x", MISSING, 1), ("x", 1, 2), ("x", 2, 3)]


def test_subclasses_made_meanwhile() -> None:
    class Base:
        pass

    made: list[Any] = []
    with scope_repl.record(watch=Base) as recording:

        class Later(Base):
            pass

        made.append(Later())
        made[0].x = 1
    assert changes(recording, made[0]) == [("x", MISSING, 1)]
    made[0].x = 2
    assert Later.__setattr__ is object.__setattr__


def test_a_class_that_goes_meanwhile() -> None:
    def make() -> type:
        class Brief:
            def __setattr__(self, name: str, value: object) -> None:
                super().__setattr__(name, value)  # in a cycle with its class

        return Brief

    with scope_repl.record(c_calls=False):
        brief = make()
        scope.watch(brief)
        thing = brief()
        thing.x = 1
        gone = weakref.ref(brief)
        del brief, thing
        gc.collect()
        assert gone() is None
    assert scope.watched == ()


def test_threads_that_write_while_recordings_come_and_go() -> None:
    class Shared:
        pass

    shared = Shared()
    done = threading.Event()

    def write() -> None:
        n = 0
        while not done.is_set():
            n += 1
            shared.x = n  # type: ignore[attr-defined]
            assert shared.x == n  # type: ignore[attr-defined]

    thread = threading.Thread(target=write)
    thread.start()
    try:
        for _ in range(20):
            with scope_repl.record(watch=shared):
                pass
    finally:
        done.set()
        thread.join()
    assert vars(shared).keys() == {"x"}
    assert "__setattr__" not in vars(Shared)


def test_a_forked_child_has_its_classes_as_they_were() -> None:
    thing = Plain()
    with scope_repl.record(watch=thing):
        child = os.fork()
        if child == 0:
            os._exit("__setattr__" in vars(Plain))
        status = os.waitpid(child, 0)[1]
        assert "__setattr__" in vars(Plain)
    assert status == 0


# ---- what cannot be watched ----


@pytest.mark.parametrize(
    ("thing", "said"),
    [
        ([], "list is a class made in C"),
        (dict, "dict is a class made in C"),
        (5, "int is a class made in C"),
        (None, "NoneType is a class made in C"),
        (os, "module is a class made in C"),
        (len, "builtin_function_or_method is a class made in C"),
        (Meta, "Meta is a metaclass, whose instances are classes"),
    ],
)
def test_what_cannot_be_watched(thing: object, said: str) -> None:
    for watch in (scope.watch, lambda thing: scope_repl.record(watch=[thing])):
        with pytest.raises(scope_repl.NotWatchable, match=said) as caught:
            watch(thing)
        assert isinstance(caught.value, TypeError)
    assert scope.watched == ()


def test_the_tracer_refuses_them_too() -> None:
    for thing in ([], dict, Meta):
        with pytest.raises(TypeError, match=r"made in C|metaclass"):
            _tracer.watch(thing)
    _tracer.unwatch()
