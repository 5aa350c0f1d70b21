"""The oracle itself: it sees the same each time, changes nothing, and says what anybody can check by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from reference.tracer import run

from oracle.copies import Atom, Copier, Node, Ref, Value
from oracle.corpus import OWN, truths
from oracle.truth import Scene, Truth, observing

NONE = Atom("NoneType", None)


@pytest.mark.parametrize("path", OWN, ids=[path.stem for path in OWN])
def test_it_sees_the_same_each_time_and_changes_nothing(path: Path) -> None:
    found, behaviour = truths(path)
    assert behaviour.exception == ""
    assert behaviour.log
    assert run(path) == behaviour
    with observing(path) as again:
        assert run(path) == behaviour
    assert again.threads == found


def seen(tmp_path: Path, source: str) -> list[Truth]:
    path = tmp_path / "program.py"
    path.write_text(source)
    with observing(path) as oracle:
        assert run(path).exception == ""
    return oracle.threads["MainThread"]


def plain(truth: Truth, value: Value) -> object:
    """A copy as the value that it is of; instances as dicts of their attributes."""
    if isinstance(value, Atom):
        return float.fromhex(value.value) if value.type == "float" else value.value
    node = truth.nodes[value.number]
    items = [plain(truth, item) for item in node.items]
    match node.form:
        case "list":
            return items
        case "tuple":
            return tuple(items)
        case "set":
            return set(items)
        case "dict":
            return dict(zip(items[::2], items[1::2], strict=True))
        case "object":
            return {name: plain(truth, item) for name, item in node.attributes}
    return node.type


def local(scene: Scene, truth: Truth, *names: str) -> list[object]:
    return [plain(truth, scene.locals[name]) if name in scene.locals else "unbound" for name in names]


def test_lines_and_locals(tmp_path: Path) -> None:
    found = seen(
        tmp_path,
        """\
def f(a, b=[]):
    b.append(a)
    for c in b:
        a += c
    del c
    return a
x = f(1)
y = x, f(2)
""",
    )
    lines = [(truth.scenes[0].line, *local(truth.scenes[0], truth, "a", "b", "c")) for truth in found if in_f(truth)]
    first = [
        (2, 1, [], "unbound"),
        (3, 1, [1], "unbound"),
        (4, 1, [1], 1),
        (3, 2, [1], 1),
        (5, 2, [1], 1),
        (6, 2, [1], "unbound"),
    ]
    assert lines[:6] == first
    assert lines[6:9] == [(2, 2, [1], "unbound"), (3, 2, [1, 2], "unbound"), (4, 2, [1, 2], 1)]
    module = [(truth.scenes[-1].line, *local(truth.scenes[-1], truth, "x", "y")) for truth in found]
    assert module[0] == (1, "unbound", "unbound")
    assert (8, 2, "unbound") in module
    assert found[-1].kind == "return"
    assert module[-1] == (8, 2, (2, 5))


def in_f(truth: Truth) -> bool:
    return truth.kind == "line" and truth.scenes[0].function == "f"


def test_callers_are_seen_as_of_now(tmp_path: Path) -> None:
    found = seen(
        tmp_path,
        """\
def inner(items):
    items.append(1)
    return items
def outer():
    mine = []
    same = inner(mine)
    return same is mine
outer()
""",
    )
    at = [truth for truth in found if truth.scenes[0].function == "inner" and truth.kind == "line"]
    assert [[scene.function for scene in truth.scenes] for truth in at] == [["inner", "outer", "<module>"]] * 2
    assert [local(truth.scenes[1], truth, "mine", "same") for truth in at] == [[[], "unbound"], [[1], "unbound"]]
    assert at[1].scenes[0].locals["items"] == at[1].scenes[1].locals["mine"], "one object, one reference"


def test_free_and_cell_variables_comprehensions_and_class_bodies(tmp_path: Path) -> None:
    found = seen(
        tmp_path,
        """\
def outer(a):
    def inner():
        nonlocal a
        a += 1
        return a
    class Local:
        b = a
        c = [b]
    inner()
    return [
        n
        for n in Local.c
    ]
outer(1)
""",
    )
    at = {truth.scenes[0].line: truth for truth in found if truth.kind == "line"}
    assert local(at[4].scenes[0], at[4], "a") == [1]
    assert local(at[5].scenes[0], at[5], "a") == [2]
    assert local(at[5].scenes[1], at[5], "a") == [2]
    assert at[8].scenes[0].function == "outer.<locals>.Local"
    assert local(at[8].scenes[0], at[8], "a", "b", "c") == [1, 1, "unbound"]
    assert local(at[11].scenes[0], at[11], "n") == [1]


def test_exits(tmp_path: Path) -> None:
    found = seen(
        tmp_path,
        """\
def g(n):
    n += 1; yield n
    n += 1
def fail(n):
    n = -n; raise ValueError
list(g(0))
try:
    fail(1)
except ValueError:
    pass
""",
    )
    exits = [(truth.kind, truth.scenes[0].function, *local(truth.scenes[0], truth, "n")) for truth in found]
    exits = [row for row in exits if row[0] != "line"]
    assert exits == [("yield", "g", 1), ("return", "g", 2), ("unwind", "fail", -1), ("return", "<module>", "unbound")]


def copied(value: object) -> tuple[Value, tuple[Node, ...]]:
    copier = Copier()
    return copier.value(value), copier.finish()


def test_aliases_and_cycles() -> None:
    shared: list[object] = [1]
    value, nodes = copied([shared, {"k": shared}, shared])
    assert value == Ref(0)
    assert nodes[0].items == (Ref(1), Ref(2), Ref(1))
    assert nodes[2].items == (Atom("str", "k"), Ref(1))
    shared.append(shared)
    assert copied(shared)[1] == (Node("list", "list", 2, (Atom("int", 1), Ref(0))),)


def test_values_that_are_equal_and_not_the_same() -> None:
    _, nodes = copied([True, 1, 1.0, -0.0, 0.0, float("nan"), "1", b"1"])
    assert len(set(nodes[0].items)) == 8
    assert copied(float("nan")) == copied(float("nan"))


def test_nothing_of_the_programs_is_run() -> None:
    class Hostile:
        __slots__ = ("__dict__", "inner", "unset")

        def refuse(self, *_: object) -> None:
            raise AssertionError

        __repr__ = __eq__ = __hash__ = __len__ = __iter__ = __getattr__ = __getattribute__ = refuse  # type: ignore[assignment]
        attribute = property(refuse)

    class HostileList(list):  # type: ignore[type-arg]
        __len__ = __iter__ = __getitem__ = Hostile.refuse  # type: ignore[assignment]

    hostile = Hostile()
    object.__setattr__(hostile, "inner", HostileList([1]))
    object.__setattr__(hostile, "other", 2)
    _, nodes = copied(hostile)
    name = "test_nothing_of_the_programs_is_run.<locals>.Hostile"
    assert (nodes[0].form, nodes[0].type) == ("object", f"{__name__}.{name}")
    assert nodes[0].attributes == (("inner", Ref(1)), ("other", Atom("int", 2)))
    assert nodes[1].content == Node("list", "list", 1, (Atom("int", 1),))


def test_what_instances_are_made_of() -> None:
    error = ValueError("text", [1])
    error.add_note("note")
    _, nodes = copied([error, Path, len, [].append])
    assert nodes[1].form == "exception"
    assert [name for name, _ in nodes[1].attributes] == ["__notes__"]
    assert nodes[2].form == "class"
    assert (nodes[3].items, nodes[3].content) == ((Atom("str", "builtins"), Atom("str", "len")), None)
    assert nodes[4].items == (NONE, Atom("str", "append"))
    assert isinstance(nodes[4].content, Ref)
