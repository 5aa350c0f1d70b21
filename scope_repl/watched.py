"""What is watched: instances and classes, held weakly, and names that stand for some."""

from __future__ import annotations

import contextlib
import weakref
from collections.abc import Iterable
from typing import Any, NamedTuple

from scope_repl.errors import NotWatchable, OptionError

_HEAP = 1 << 9  # Py_TPFLAGS_HEAPTYPE
_IMMUTABLE = 1 << 8  # Py_TPFLAGS_IMMUTABLETYPE
_ADVICE = "watch an object of a class written in Python; what variables hold is followed at level lines without a watch"

# Asked by themselves, these do not go through a metaclass or a class of the program's.
_FLAGS = type.__dict__["__flags__"]
_NAME = type.__dict__["__qualname__"]
_MODULE = type.__dict__["__module__"]


class WatchedName(NamedTuple):
    """A name of something that is to be watched.

    Attributes:
        text: as it was given: ``cart``, ``shop.cart`` or ``shop.models:Cart``.
        module: the module that it is looked up in; None for the notebook or ``__main__``.
        path: the name in there, and the names of attributes behind it.
    """

    text: str
    module: str | None
    path: tuple[str, ...]


class Watched:
    """An instance or a class that is watched. It does not keep it alive.

    An instance that cannot be referred to weakly (its class has ``__slots__`` without ``__weakref__``, or builds on
    ``tuple``, ``int`` or ``bytes``) is known by its address and its class: when it is gone, another instance of the
    same class may come to stand there, and would be taken for it.

    Args:
        thing: the instance or the class.

    Attributes:
        is_class: whether it is a class, which stands for all its instances.
        address: the ``id`` of the thing.

    Raises:
        NotWatchable: it is, or its class is, made in C, and nobody can follow its attributes.
    """

    __slots__ = ("_kind", "_name", "_weak", "address", "is_class")

    def __init__(self, thing: Any) -> None:
        self.is_class = issubclass(type(thing), type)
        kind: type = thing if self.is_class else type(thing)
        _check(kind, self.is_class)
        self.address = id(thing)
        self._name = class_name(kind)
        self._kind = weakref.ref(kind)
        self._weak: weakref.ref[Any] | None = None
        with contextlib.suppress(TypeError):
            self._weak = weakref.ref(thing)

    @property
    def is_weak(self) -> bool:
        """Whether it can be told that the thing is gone."""
        return self._weak is not None

    def thing(self, tracked: Iterable[Any] = ()) -> Any:
        """The thing, or None when it is gone.

        Args:
            tracked: all objects that the garbage collector knows. Without them, a thing that cannot be referred to
                weakly is not found.
        """
        if self._weak is not None:
            return self._weak()
        return next((other for other in tracked if self.is_of(other)), None)

    def is_of(self, thing: Any) -> bool:
        """Whether it is this very thing that is watched."""
        if self._weak is not None:
            return self._weak() is thing
        return id(thing) == self.address and type(thing) is self._kind()

    def is_same(self, other: Watched) -> bool:
        """Whether two stand for the same thing, if it is there."""
        return self.address == other.address and self._kind() is other._kind()

    def __repr__(self) -> str:
        place = "" if self.is_class else f" at {self.address:#x}"
        gone = ", gone" if self._weak is not None and self._weak() is None else ""
        return f"<watched: {self._name}{place}{gone}>"


def class_name(kind: type) -> str:
    """The name of a class with its module, as the class statement gave them."""
    module = _MODULE.__get__(kind)
    name = str(_NAME.__get__(kind))
    return name if module in ("builtins", "__main__") or type(module) is not str else f"{module}.{name}"


def _check(kind: type, is_class: bool) -> None:
    flags = _FLAGS.__get__(kind)
    if not flags & _HEAP or flags & _IMMUTABLE:
        raise NotWatchable(class_name(kind), "is a class made in C, whose attributes cannot be followed", _ADVICE)
    if is_class and issubclass(kind, type):
        raise NotWatchable(class_name(kind), "is a metaclass, whose instances are classes", "watch one of these")


def to_watch(value: Any) -> tuple[Watched | WatchedName, ...]:
    """Check what is to be watched.

    Args:
        value: an instance, a class or a name, or several in a list, a tuple or a set.

    Returns:
        What holds them weakly, and the names.

    Raises:
        NotWatchable: something cannot be watched.
        OptionError: a name is none.
    """
    several = value if type(value) in (tuple, list, set, frozenset) else (value,)
    return tuple(_name(thing) if type(thing) is str else Watched(thing) for thing in several)


def _name(text: str) -> WatchedName:
    module, colon, path = text.rpartition(":")
    names = path.split(".")
    modules = module.split(".") if colon else []
    if not all(name.isidentifier() for name in (*modules, *names)):
        raise OptionError("watch", text, "a name is such as 'cart', 'shop.cart' or 'shop.models:Cart'")
    return WatchedName(text, module or None, tuple(names))
