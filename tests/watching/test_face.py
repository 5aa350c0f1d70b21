"""How something comes to be watched: `scope.watch`, `record(watch=…)`, names."""

from __future__ import annotations

import gc
import sys
import types
from collections import namedtuple
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import scope_repl
import scope_repl.config
from scope_repl import _tracer
from scope_repl.errors import OptionError
from scope_repl.session import scope
from scope_repl.watched import Watched, WatchedName, to_watch
from watching.seen import MISSING, changes

pytestmark = pytest.mark.native


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    yield
    scope.unwatch()
    scope.forget()


class Cart:
    def __init__(self) -> None:
        self.items: list[str] = []
        self.owner: Any = None


Pair = namedtuple("Pair", "a b")


class Slots:
    __slots__ = ("x",)


def test_watching_goes_on_over_recordings() -> None:
    cart = Cart()
    scope.watch(cart)
    for owner in ("Ann", "Bob"):
        with scope_repl.record() as recording:
            cart.owner = owner
        cart.owner = None
        assert changes(recording, cart) == [("owner", None, owner)]
    assert [watched.is_of(cart) for watched in scope.watched] == [True]


def test_watched_objects_are_listed() -> None:
    written, quiet, of_class = Cart(), Cart(), Slots()
    scope_repl.watch(quiet)
    with scope_repl.record(watch=(written, Slots)) as recording:
        written.owner = of_class.x = 1
        other = Slots()
    scope_repl.unwatch()
    assert set(recording.at("100%").objects.watched) == {id(written), id(quiet), id(of_class)}
    assert scope.watched == ()
    assert other is not None


def test_unwatch() -> None:
    cart, other = Cart(), Cart()
    scope.watch(cart, other, Slots)
    scope.unwatch(cart)
    with scope_repl.record() as recording:
        cart.owner = other.owner = "Ann"
    assert changes(recording, cart) == []
    assert changes(recording, other) == [("owner", None, "Ann")]
    scope.unwatch()
    assert scope.watched == ()
    scope.unwatch(cart)


def test_in_the_midst_of_a_recording() -> None:
    one, two = Cart(), Cart()
    with scope_repl.record(watch=two) as recording:
        one.owner = 1
        scope.watch(one)
        one.owner = 2
        scope.unwatch(two)
        one.owner = two.owner = 3
        scope.unwatch()
        one.owner = 4
        assert "__setattr__" not in vars(Cart)
    assert changes(recording, one) == [("owner", 1, 2), ("owner", 2, 3)]
    assert changes(recording, two) == []
    assert recording.at("100%").objects[one].owner == 3


def test_watch_of_a_recording_is_for_that_one() -> None:
    cart = Cart()
    with scope_repl.record(watch=cart):
        pass
    assert scope.watched == ()
    with scope_repl.record() as recording:
        cart.owner = "Ann"
    assert changes(recording, cart) == []


def test_the_same_twice_is_once() -> None:
    cart = Cart()
    scope.watch(cart, cart)
    scope.watch(cart)
    assert len(scope.watched) == 1
    with scope_repl.record(watch=[cart, Cart]) as recording:
        cart.owner = "Ann"
    assert changes(recording, cart) == [("owner", None, "Ann")]


def test_what_is_gone_is_not_listed() -> None:
    cart = Cart()
    scope.watch(cart, Cart)
    assert repr(scope.watched[0]) == f"<watched: watching.test_face.Cart at {id(cart):#x}>"
    assert repr(scope.watched[1]) == "<watched: watching.test_face.Cart>"
    watched = scope.watched[0]
    del cart
    assert repr(watched).endswith(", gone>")
    assert [watched.is_class for watched in scope.watched] == [True]


@pytest.mark.parametrize("thing", [Slots(), Pair(1, [2])])
def test_without_weak_references(thing: Any) -> None:
    scope.watch(thing)
    for expected in (1, 2):
        with scope_repl.record() as recording:
            if type(thing) is Slots:
                thing.x = expected
        assert thing in recording.at("100%").objects or type(thing) is Pair
    (watched,) = scope.watched
    assert not watched.is_weak
    assert watched.is_of(thing)
    assert watched.thing(gc.get_objects()) is thing
    assert watched.thing() is None


def test_an_address_with_another_kind_of_object_is_no_longer_watched() -> None:
    thing = Slots()
    watched = Watched(thing)
    assert not watched.is_of(Slots())
    assert watched.thing([Pair(1, 2), Slots()]) is None


def test_something_iterable_is_one_thing() -> None:
    class Basket(Cart):
        def __iter__(self) -> Iterator[str]:
            raise AssertionError("nobody may ask")

    assert len(to_watch(Basket())) == 1
    assert len(to_watch(Pair(1, 2))) == 1
    assert len(to_watch([Cart(), "cart", Cart])) == 3
    assert to_watch(()) == ()


# ---- names ----


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("cart", WatchedName("cart", None, ("cart",))),
        ("shop.cart", WatchedName("shop.cart", None, ("shop", "cart"))),
        ("shop.models:Cart.Item", WatchedName("shop.models:Cart.Item", "shop.models", ("Cart", "Item"))),
    ],
)
def test_names(text: str, name: WatchedName) -> None:
    assert to_watch(text) == (name,)


@pytest.mark.parametrize("text", ["", "a b", "f()", "cart[0]", "a.", ":Cart", "a:b:c", "1"])
def test_what_is_no_name(text: str) -> None:
    with pytest.raises(OptionError, match="a name is such as"):
        scope_repl.record(watch=text)


@given(st.text())
def test_any_text_is_a_name_or_refused(text: str) -> None:
    try:
        (name,) = to_watch(text)
    except OptionError:
        return
    assert isinstance(name, WatchedName)
    assert all(part.isidentifier() for part in name.path)


def test_names_are_looked_up_when_the_recording_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    module = types.ModuleType("shop")
    monkeypatch.setitem(sys.modules, "shop", module)
    monkeypatch.setattr(sys.modules["__main__"], "shop", module, raising=False)
    cart, module.Cart = Cart(), Cart  # type: ignore[attr-defined]
    module.cart = cart  # type: ignore[attr-defined]
    for name in ("shop:cart", "shop.cart", "shop:Cart"):
        cart.owner = None
        with scope_repl.record(watch=name) as recording:
            cart.owner = "Ann"
        assert changes(recording, cart) == [("owner", None, "Ann")]
    cart.owner = Cart()
    owner = cart.owner
    with scope_repl.record(watch="shop:cart.owner") as recording:
        owner.owner = "Bob"
    assert changes(recording, owner) == [("owner", None, "Bob")]
    scope.watch("shop:cart")
    assert scope.watched[0].is_of(cart)


@pytest.mark.parametrize("name", ["nowhere", "nowhere:cart", "scope_repl:record.nothing", "sys:path.x"])
def test_there_is_nothing_of_the_name(name: str) -> None:
    with pytest.raises(OptionError, match="there is nothing of this name") as caught, scope_repl.record(watch=name):
        pass
    assert caught.value.value == name
    assert not _tracer.running()
    with pytest.raises(OptionError, match="there is nothing of this name"):
        scope.watch(name)


def test_a_name_for_what_cannot_be_watched() -> None:
    with pytest.raises(scope_repl.NotWatchable, match="list is a class made in C"), scope_repl.record(watch="sys:path"):
        pass
    assert not _tracer.running()


def test_names_run_no_code_of_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    class Asked:
        def __getattr__(self, name: str) -> Any:
            raise AssertionError(name)

        @property
        def cart(self) -> Any:
            raise AssertionError("cart")

    module = types.ModuleType("shop")
    module.asked = Asked()  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "shop", module)
    with pytest.raises(OptionError), scope_repl.record(watch="shop:asked.cart"):
        pass


def test_paths_that_are_waited_for() -> None:
    """What `scope-repl run --watch` does; see also the tests of the command."""
    module = types.ModuleType("later")
    sys.modules["later"] = module
    try:
        exec(
            "class Cart:\n"
            "    def __init__(self):\n"
            "        self.owner = None\n"
            "def make():\n"
            "    global cart\n"
            "    cart = Cart()\n"
            "    return cart\n"
            "def pay():\n"
            "    cart.owner = 'Ann'\n",
            vars(module),
        )
        made = module.Cart
        del module.Cart
        options = scope_repl.config.Options.of(watch=["later:Cart", "later:never"])
        recording = scope.recorder
        recording.start(options, wait=True)
        module.Cart = made
        cart = module.make()
        module.pay()
        log = recording.stop()
    finally:
        del sys.modules["later"]
    found = changes(scope_repl.Recording(log), cart)
    assert found == [("owner", MISSING, None), ("owner", None, "Ann")]
    assert log.notes == ("nothing was watched as 'later:never': it never was there",)
    assert "__setattr__" not in vars(made)


@pytest.mark.parametrize("path", [(), ("a", 1), ["a"], "a"])
def test_paths_are_tuples_of_names(path: Any) -> None:
    with pytest.raises(TypeError, match="a tuple of str"):
        _tracer.find({}, path)
    with pytest.raises(TypeError, match="a tuple of str"):
        _tracer.watch_later(path)
    assert _tracer.waiting() == []
