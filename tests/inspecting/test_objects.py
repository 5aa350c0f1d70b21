"""Objects at a moment, by address, by captured value and by themselves."""

from __future__ import annotations

import gc
from typing import Any

import pytest

from inspecting.by_hand import (
    CLASS,
    DERIVED,
    DICT,
    EXCEPTION,
    GONE,
    LIST,
    NAME,
    OBJECT,
    SET,
    VALUE,
    attribute,
    back,
    call,
    extension,
    line,
    recording,
    ref,
    size,
    version,
)
from scope_repl import Recording, UnknownValue
from scope_repl.query.objects import Objects

pytestmark = pytest.mark.native

ADDRESS = 0x7F0000001000


def objects_at(rec: Recording, time_ns: int) -> Objects:
    return rec.at(time_ns, unit="ns").objects


def held(*content: Any, type: int = CLASS) -> Any:
    """The object with a content."""
    rec = recording(
        version(10, ADDRESS, *content, type=type), call(11, ref(ADDRESS)), line(20, 12), line(30, 0), back(30)
    )
    return objects_at(rec, 20)[ADDRESS]


@pytest.fixture
def watched() -> Recording:
    """total is set to 5 at 40, price deleted at 50, other made at 60; unseen is never written."""
    return recording(
        version(10, ADDRESS, OBJECT, "total", 1, "price", 2, "items", ref(0x1)),
        version(10, 0x1, LIST, 1),
        call(20, 0),
        line(30, 12),
        attribute(40, ADDRESS, NAME, 1, 5, line=12),
        attribute(50, ADDRESS, 62, 2, GONE, line=13),
        attribute(60, ADDRESS, 63, GONE, "new", line=14),
        line(70, 0),
        back(70),
    )


@pytest.mark.parametrize(
    ("time_ns", "attributes"),
    [
        (10, {"total": 1, "price": 2, "items": [1]}),
        (40, {"total": 5, "price": 2, "items": [1]}),
        (50, {"total": 5, "items": [1]}),
        (99, {"total": 5, "items": [1], "other": "new"}),
    ],
)
def test_watched_attributes_follow_each_write(watched: Recording, time_ns: int, attributes: dict[str, Any]) -> None:
    found = objects_at(watched, time_ns)
    assert dict(found[ADDRESS].__captured__.attributes) == attributes
    assert found[ADDRESS].__captured__.complete
    assert found.standing(ADDRESS).known.value == "exact"
    assert (found.watched, list(found), len(found)) == ((ADDRESS,), [0x1, ADDRESS], 2)


def test_who_wrote_an_attribute(watched: Recording) -> None:
    found = objects_at(watched, 55)
    (span,) = watched.find("f").index
    total = found.written(ADDRESS, "total")
    assert (total.line, total.time_ns, total.span, total.function, total.what) == (12, 40, span, "f", "changed")
    assert found.written(ADDRESS).time_ns == 50
    assert objects_at(watched, 30).written(ADDRESS).time_ns == 10
    with pytest.raises(UnknownValue, match="it was not written so far"):
        found.written(ADDRESS, "items")
    with pytest.raises(UnknownValue, match="the object is not watched"):
        found.written(0x1, "items")


def test_an_object_is_found_by_a_captured_value_too(watched: Recording) -> None:
    found = objects_at(watched, 20)
    assert found[found[ADDRESS]] is found[ADDRESS]
    assert found[found[ADDRESS].items] is found[0x1] is found[ADDRESS].items
    assert found[0x1] in [found[key] for key in found]


def test_what_is_not_known(watched: Recording) -> None:
    found = objects_at(watched, 20)
    for key in (0x999, object()):
        assert key not in found
        assert found.get(key, "none") == "none"
        assert str(found.standing(key)) == "unknown: no object that was captured had this address"
        with pytest.raises(UnknownValue, match="no object that was captured had this address"):
            found[key]
    assert ADDRESS not in objects_at(watched, 5)


class Thing:
    pass


Thing.__module__, Thing.__qualname__ = "shop", "Thing"


def test_a_live_object_is_found_by_itself() -> None:
    thing, other = Thing(), [1]
    rec = recording(version(10, id(thing), OBJECT, "a", 1), version(10, id(other), OBJECT, "a", 2), call(20, 1))
    found = objects_at(rec, 20)
    assert found[thing].a == 1
    with pytest.raises(UnknownValue, match=r"what had its address then was a shop\.Thing"):
        found[other]
    assert other not in found
    gc.collect()


def test_its_text(watched: Recording) -> None:
    first, second = repr(objects_at(watched, 45)).splitlines()
    assert first.startswith("0x1")
    assert first.endswith("[last known 35 ns before: no look has led to it since]")
    assert second.startswith(f"{ADDRESS:#x} = Thing(total=5, price=2, items=[1])  [in part last known 35 ns before")
    assert "Thing(total=5" in objects_at(watched, 45)._repr_html_()
    assert repr(objects_at(recording(call(10, 1)), 20)) == "(no object was captured)"


# ---- contents of every form ----


def test_containers() -> None:
    assert held(LIST, 1, "a", None) == [1, "a", None]
    assert held(SET, 1, 2) == {1, 2}
    assert held(DICT, "a", 1, "b", [2]) == {"a": 1, "b": [2]}


def test_of_long_ones_the_first_and_the_last_items_are_kept() -> None:
    found = held(LIST, 0, 1, size(1000), 998, 999)
    assert (len(found), found[0], found[1], found[998], found[-1], found[-2]) == (1000, 0, 1, 998, 999, 998)
    assert (found.kept, found.complete, found.sampled) == ([0, 1, 998, 999], False, True)
    assert repr(found) == "[0, 1, … 996 more, 998, 999]"
    for index in (2, 500, 997, -3):
        with pytest.raises(UnknownValue, match="of this list's 1000 items 4 were captured"):
            found[index]
    with pytest.raises(IndexError):
        found[1000]
    assert found[998:] == [998, 999]
    with pytest.raises(UnknownValue):
        list(found)
    entries = held(DICT, "a", 1, size(1000))
    assert (len(entries), entries["a"], repr(entries)) == (1000, 1, "{'a': 1, … 999 more}")
    with pytest.raises(UnknownValue):
        entries["b"]
    assert (len(held(SET, 1, size(9))), 1 in held(SET, 1, size(9))) == (9, True)


def test_a_sample_says_so() -> None:
    rec = recording(version(10, 0x1, LIST, 0, size(1000), 9), call(11, ref(0x1)), line(20, 12), line(30, 0), back(30))
    standing = rec.at(20, unit="ns").locals.standing("x")
    assert str(standing) == (
        "sampled: 2 of 1,000 items were captured, and a change of the others may have gone unnoticed"
    )
    assert (standing.exact, standing.whole) == (True, False)


def test_instances() -> None:
    found = held(OBJECT, "a", 1, "b", "x")
    assert (found.a, found.b, found.__captured__.address, str(found.__captured__.type)) == (
        1,
        "x",
        ADDRESS,
        "shop.Thing",
    )
    with pytest.raises(AttributeError, match="held no attribute 'c'"):
        _ = found.c
    many = held(OBJECT, "a", 1, size(40, 0))
    assert (many.a, many.__captured__.size) == (1, 40)
    with pytest.raises(UnknownValue, match="of its 40 attributes 1 were captured"):
        _ = many.b


def test_instances_of_subclasses_of_builtin_types() -> None:
    text = held(DERIVED, "abc", "note", 1, type=51)
    assert (text, text == "abc", text.note, len(text)) == ("abc", True, 1, 3)
    listed = held(DERIVED, extension(8, ADDRESS, 2, 1, ref(ADDRESS)), type=51)
    assert listed[0] == 1
    assert listed[1] is listed
    assert repr(listed) == "Text([1, Text(…)])"
    assert held(DERIVED, 7, type=51) == 7


def test_exceptions() -> None:
    found = held(EXCEPTION, extension(9, 0x5, 2, "bad", ref(ADDRESS)), "code", 5)
    assert (found.args[0], found.code) == ("bad", 5)
    assert found.args[1] is found


def test_arrays_and_bytearrays_are_described() -> None:
    array = held(VALUE, extension(26, CLASS, ADDRESS, "q", [1000], 1, 2), 12345)
    assert (array.shape, array[1], array.sampled) == ((1000,), 2, True)
    whole = held(VALUE, extension(6, ADDRESS, 3, b"abc"))
    assert (whole, repr(whole)) == (bytearray(b"abc"), "bytearray(b'abc')")
    cut = held(VALUE, extension(6, ADDRESS, 300, b"abc"))
    assert (len(cut), cut.data) == (300, b"abc")


def test_a_damaged_content_is_told() -> None:
    from scope_repl import DamagedLog

    with pytest.raises(DamagedLog, match="no form"):
        held(99, 1)
    with pytest.raises(DamagedLog, match="cannot be decoded"):
        len(held(DICT, "a"))
