"""What the inspector shows of a moment, as plain data: rows, marks of change, lines with values, sections."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from inspecting.by_hand import (
    CUT,
    DICT,
    LIST,
    OBJECT,
    attribute,
    back,
    call,
    code,
    extension,
    function,
    line,
    name,
    names,
    output,
    recording,
    ref,
    size,
    version,
)
from scope_repl import Recording
from scope_repl.errors import OptionError, OutOfRange, UnknownValue
from scope_repl.query.inspection import inspection
from scope_repl.query.moment import Moment
from scope_repl.query.nodes import row_id, row_path
from scope_repl.query.origins import origin
from scope_repl.query.walk import STEPS, walk
from scope_repl.schema import CodeFlag

pytestmark = pytest.mark.native

Row = dict[str, Any]


def looked_at(moment: Moment, section: str = "locals", opened: Mapping[str, int] | None = None) -> dict[str, Any]:
    """What is shown, as a page gets it."""
    shown: dict[str, Any] = json.loads(json.dumps(inspection(moment, section, opened or {})))
    return shown


def rows(moment: Moment, *opened: str, section: str = "locals") -> dict[str, Row]:
    """The outermost rows by name, with these opened, all of which are on one path."""
    ids = {row_id((section, *opened[: depth + 1])): 0 for depth in range(len(opened))}
    return {row["name"]: row for row in looked_at(moment, section, ids)["section"]["rows"]}


def texts(row: Row) -> list[tuple[str, str]]:
    return [(child["name"], child["text"]) for child in row["children"]]


def ns(rec: Recording, time_ns: int) -> Moment:
    return rec.at(time_ns, unit="ns")


# ---- rows ----


def test_a_row_tells_the_value_its_type_and_who_wrote_it() -> None:
    rec = recording(call(10, 5), line(20, 12), line(30, 13, {1: "a"}, before=12), line(40, 0), back(40, 7))
    found = rows(ns(rec, 30))
    assert list(found) == ["x", "y", "returned 10 ns later"]
    x, y, later = found.values()
    assert (x["text"], x["type"], x["known"], x["standing"]) == ("5", "int", "exact", "exact")
    assert (x["written"], y["written"]) == ("argument of f, 20 ns before", "set in line 12 of f, at this moment")
    assert (later["text"], later["jumps"], x["jumps"]) == ("7", False, True)
    assert [row["count"] for row in found.values()] == [0, 0, 0]


@pytest.mark.parametrize(
    ("value", "text", "known", "standing"),
    [
        (extension(4, 5000, "ab"), "'ab…' (5000 characters)", "cut", "truncated: 2 of 5,000 characters were captured"),
        (CUT, "?", "unknown", "unknown: truncated, there was no room for it in the log"),
        (extension(1), "?", "unknown", "unknown: redacted, because its name looks like that of a secret"),
    ],
)
def test_how_a_value_is_known_is_told_in_a_word_and_a_sentence(
    value: Any, text: str, known: str, standing: str
) -> None:
    row = rows(ns(recording(call(10, value), line(20, 12), line(30, 0), back(30)), 20))["x"]
    assert (row["text"], row["known"], row["standing"]) == (text, known, standing)
    assert row["jumps"] is (known != "unknown")


def test_what_a_line_is_about_to_change_is_last_known() -> None:
    rec = recording(call(10, 5), line(20, 12), line(30, 13, {0: 6}, before=12))
    row = rows(ns(rec, 24))["x"]
    assert (row["known"], row["standing"]) == ("last", "last known 4 ns before: line 12 was running")


def test_what_is_in_a_value_is_known_no_better_than_the_value() -> None:
    rec = recording(
        version(9, 0x1, LIST, 1, ref(0x2), extension(4, 5000, "ab")), version(9, 0x2, LIST), call(10, ref(0x1)),
        line(20, 12), version(30, 0x1, LIST, line=12), line(30, 13, before=12),
    )  # fmt: skip
    row = rows(ns(rec, 24), "x")["x"]
    last = "last known 4 ns before: line 12 was running"
    assert [child["standing"] for child in row["children"]] == [
        last, last, f"{last}; truncated: 2 of 5,000 characters were captured"
    ]  # fmt: skip
    assert {child["known"] for child in row["children"]} == {"last"}
    assert {child["known"] for child in rows(ns(rec, 20), "x")["x"]["children"]} == {"exact", "cut"}


@pytest.mark.parametrize(
    ("value", "kind", "parts"),
    [
        (extension(9, 0x1, 2, 1, "a"), "tuple", [("[0]", "1"), ("[1]", "'a'")]),
        (extension(12, 0x1, 1, "key", 5), "dict", [("['key']", "5")]),
        (extension(18, 50, 0x1, 1, "price", 5), "shop.Thing", [(".price", "5")]),
    ],
)
def test_what_is_in_a_value(value: Any, kind: str, parts: list[tuple[str, str]]) -> None:
    rec = recording(call(10, value), line(20, 12))
    closed = rows(ns(rec, 20))["x"]
    assert (closed["type"], closed["count"], "children" in closed) == (kind, len(parts), False)
    assert texts(rows(ns(rec, 20), "x")["x"]) == parts


def test_the_tree_opens_level_by_level() -> None:
    rec = recording(
        version(9, 0x1, LIST, ref(0x2)), version(9, 0x2, DICT, "a", ref(0x1)), call(10, ref(0x1)), line(20, 12)
    )
    moment = ns(rec, 20)
    (item,) = rows(moment, "x")["x"]["children"]
    assert (item["name"], item["count"], "children" in item) == ("[0]", 1, False)
    deep = rows(moment, "x", "[0]", "['a']", "[0]")["x"]  # round and round
    for label in ("[0]", "['a']", "[0]", "['a']"):
        (deep,) = deep["children"]
        assert deep["name"] == label
    assert row_path(deep["id"]) == ("locals", "x", "[0]", "['a']", "[0]", "['a']")


def test_many_items_are_shown_page_by_page_and_what_is_missing_is_told() -> None:
    items = [*range(150), size(1_000_000), 999_999]
    rec = recording(version(9, 0x1, LIST, *items), call(10, ref(0x1)), line(20, 12))
    moment = ns(rec, 20)
    closed = rows(moment)["x"]
    assert (closed["count"], closed["known"]) == (151, "sampled")
    children = rows(moment, "x")["x"]["children"]
    assert [child.get("kind") for child in children] == [None] * 100 + ["more", "missing"]
    more, missing = children[-2:]
    assert (more["text"], more["of"], more["next"]) == ("show 51 of 51 more", closed["id"], 200)
    assert missing["text"] == "151 of 1,000,000 items were captured"
    opened = looked_at(moment, opened={more["of"]: more["next"]})["section"]["rows"][0]["children"]
    assert [child["name"] for child in opened[-3:]] == ["[149]", "[999999]", ""]


def test_rows_that_are_called_the_same_have_ids_of_their_own() -> None:
    long = "k" * 100
    rec = recording(call(10, extension(12, 0x1, 2, f"{long}1", 1, f"{long}2", 2)), line(20, 12))
    one, two = rows(ns(rec, 20), "x")["x"]["children"]
    assert one["name"] == two["name"]
    assert one["id"] != two["id"]
    assert origin(ns(rec, 20), row_path(two["id"])).time_ns == 10


def test_texts_are_bounded_and_can_be_sent() -> None:
    rec = recording(call(10, "\ud800" + "x" * 5000), line(20, 12, {1: extension(12, 0x1, 1, "\udc00" * 500, 1)}))
    row = rows(ns(rec, 20), "y")
    assert len(row["x"]["text"]) <= 200
    assert len(row["y"]["children"][0]["name"]) <= 200
    json.dumps(row).encode()


# ---- what has changed ----


def changed(moment: Moment, *opened: str, section: str = "locals") -> set[str]:
    """The labels of the rows that are marked, the outer ones with those in them."""
    found = set()

    def walk_through(row: Row, path: str) -> None:
        if row["changed"]:
            found.add(path + row["name"])
        for child in row.get("children", ()):
            walk_through(child, path + row["name"])

    for row in rows(moment, *opened, section=section).values():
        walk_through(row, "")
    return found


def test_what_has_changed_since_the_line_before_is_marked() -> None:
    rec = recording(
        call(10, 5),
        line(20, 12),
        line(30, 13, {1: 1, 2: float("nan")}, before=12),
        line(40, 14, {1: 2}, before=13),
        line(50, 15, before=14),
    )
    found = [changed(ns(rec, time)) for time in (10, 20, 30, 39, 40, 50)]
    assert found == [set(), set(), {"y", "z"}, {"y", "z"}, {"y"}, set()]


def test_a_change_in_place_is_marked_down_to_what_changed() -> None:
    rec = recording(
        version(9, 0x1, LIST, ref(0x2), ref(0x3)),
        version(9, 0x2, OBJECT, "price", 1, "name", "a"),
        version(9, 0x3, OBJECT, "price", 1, "name", "b"),
        version(9, 0x4, LIST, 1),
        call(10, ref(0x1), ref(0x4)),
        line(20, 12),
        version(30, 0x2, OBJECT, "price", 2, "name", "a", line=12),
        line(30, 13, before=12),
        version(40, 0x1, LIST, ref(0x2), line=13),
        line(40, 14, before=13),
        line(50, 15, before=14),
        codes={1: function(arguments=2), 50: code("Thing", CodeFlag.TYPE)},
    )
    assert changed(ns(rec, 30), "x", "[0]") == {"x", "x[0]", "x[0].price"}
    assert changed(ns(rec, 40), "x", "[0]") == {"x"}
    assert changed(ns(rec, 50), "x", "[0]") == set()


def test_what_was_kept_in_part_has_not_changed_by_itself() -> None:
    frame = extension(27, 50, 0x9, 1000, 3, "a", "b")
    rec = recording(
        version(9, 0x1, LIST, 0, size(1000), 999),
        call(10, ref(0x1)),
        line(20, 12, {1: frame, 2: extension(9, 0x8, 1, ref(0x1))}),
        line(30, 13, before=12),
        version(40, 0x1, LIST, 0, size(1000, 2), 999),
        line(40, 14, before=13),
    )
    assert changed(ns(rec, 30)) == set()
    assert changed(ns(rec, 40)) == {"x", "z"}


def test_in_a_call_nothing_is_compared_with_another_call() -> None:
    rec = recording(
        call(10, 5), line(20, 12), call(22, 1, number=2), line(24, 12), line(26, 13, {1: 2}, before=12),
        line(28, 0), back(28, number=2), line(30, 13, {1: 3}, before=12),
    )  # fmt: skip
    assert changed(ns(rec, 24)) == set()
    assert changed(ns(rec, 26)) == {"b"}
    assert changed(ns(rec, 30)) == {"y"}


# ---- the source ----


SOURCE = "\n".join(f"line {number}" for number in range(1, 101))
FILE = "/home/me/shop/orders.py"


def with_source(rec: Recording) -> Recording:
    return Recording(replace(rec.contents.log, sources={FILE: SOURCE}))


def values_beside(moment: Moment) -> dict[int, list[str]]:
    beside = looked_at(moment)["source"]["values"]
    return {int(number): [f"{one['name']}={one['text']}" for one in ones] for number, ones in beside.items()}


def test_each_line_has_the_values_that_it_wrote_last() -> None:
    rec = recording(
        call(10, 5),
        line(20, 12),
        line(30, 13, {1: 1}, before=12),
        line(40, 14, {1: 2, 2: "b"}, before=13),
        line(50, 13, before=14),
        line(60, 14, {1: 3}, before=13),
    )
    rec = with_source(rec)
    assert values_beside(ns(rec, 30)) == {10: ["x=5"], 12: ["y=1"]}
    assert values_beside(ns(rec, 40)) == {10: ["x=5"], 12: ["y=1"], 13: ["y=2", "z='b'"]}
    assert values_beside(ns(rec, 60)) == {10: ["x=5"], 12: ["y=1"], 13: ["y=3", "z='b'"]}
    source = looked_at(ns(rec, 60))["source"]
    assert (source["line"], source["lines"][14 - source["first"]]) == (14, "line 14")
    (former,), (now, _) = source["values"]["12"], source["values"]["13"]
    assert ("id" in former, former["time_ns"]) == (False, 30)
    assert (now["id"], now["changed"], former["changed"]) == (row_id(("locals", "y")), True, False)


def test_what_a_callee_changed_stands_beside_the_line_that_called_it() -> None:
    rec = recording(
        version(9, 0x1, LIST),
        call(10, ref(0x1)),
        line(20, 12),
        line(30, 13, before=12),
        call(32, ref(0x1), number=2),
        line(34, 21),
        version(36, 0x1, LIST, 1, line=21),
        line(36, 0, before=21),
        back(36, number=2),
        line(40, 14, before=13),
    )
    rec = with_source(rec)
    assert values_beside(ns(rec, 30)) == {10: ["x=[]"]}
    assert values_beside(ns(rec, 40)) == {13: ["x=[1]"]}
    assert rows(ns(rec, 40))["x"]["written"] == "changed in line 21 of g, 4 ns before"


def test_the_lines_that_are_shown_move_in_steps() -> None:
    rec = recording(call(10, 5), *(line(20 + number, number) for number in range(10, 100)))
    rec = with_source(rec)
    firsts = []
    for number in range(10, 100):
        source = looked_at(ns(rec, 20 + number))["source"]
        assert source["first"] <= number < source["first"] + len(source["lines"])
        assert source["lines"][0] == f"line {source['first']}"
        firsts.append(source["first"])
    assert len(set(firsts)) <= 8


# ---- sections ----


def test_watched_objects() -> None:
    codes = {1: function(), 50: code("Account", CodeFlag.TYPE, module="shop"), 61: name("balance")}
    rec = recording(
        version(9, 0x1, OBJECT, "balance", 1), version(9, 0x2, LIST), call(10, ref(0x1)), line(20, 12),
        line(30, 13, before=12), attribute(35, 0x1, 61, 1, 5, line=13), line(40, 14, before=13), codes=codes,
    )  # fmt: skip
    found = looked_at(ns(rec, 40), "objects", {row_id(("objects", "1")): 0})["section"]
    (row,) = found["rows"]
    assert (found["note"], row["name"], row["changed"]) == ("", "shop.Account at 0x1", True)
    assert texts(row) == [(".balance", "5")]
    assert row["written"] == "changed in line 13 of f, 5 ns before"
    write = origin(ns(rec, 90), row_path(row["children"][0]["id"]))
    assert (write.time_ns, write.frame.function, write.frame.line) == (35, "f", 13)
    nothing = looked_at(ns(recording(call(10, 5)), 20), "objects")["section"]
    assert nothing["rows"] == []
    assert "no object is watched" in nothing["note"]


def test_the_notebooks_variables_with_functions_and_modules_last() -> None:
    codes = {
        3: code("<module>", module="__main__", level="lines"),
        61: name("sort"),
        62: name("total"),
        60: name("__main__"),
    }
    named = extension(17, 50, 0x5, "shop", "sort")
    rec = recording(
        names(5, {-61: named}, module=60), call(10, number=3), line(20, 1), line(30, 2, {-62: 3}, before=1), codes=codes
    )
    found = rows(ns(rec, 30), section="namespace")
    assert list(found) == ["total", "sort"]
    assert changed(ns(rec, 30), section="namespace") == {"total"}
    assert origin(ns(rec, 90), row_path(found["total"]["id"])).time_ns == 30


def test_of_many_names_those_that_lines_wrote_come_first_and_the_rest_page_by_page() -> None:
    codes = {3: code("<module>", module="__main__", level="lines"), 60: name("__main__")}
    codes |= {number: name(f"n{number}") for number in range(100, 350)}
    rec = recording(
        names(5, {-number: number for number in range(100, 349)}, module=60),
        call(10, number=3),
        line(20, 1),
        line(30, 2, {-349: 1}, before=1),
        codes=codes,
    )
    found = looked_at(ns(rec, 30), "namespace")["section"]["rows"]
    assert [found[0]["name"], found[1]["name"], len(found)] == ["n349", "n100", 101]
    assert (found[-1]["kind"], found[-1]["text"]) == ("more", "show 100 of 150 more")
    more = looked_at(ns(rec, 30), "namespace", {found[-1]["of"]: found[-1]["next"]})["section"]["rows"]
    assert [more[199]["name"], more[200]["text"]] == ["n298", "show 50 of 50 more"]


def test_output_up_to_the_moment() -> None:
    rec = recording(call(10, 5), output(20, 1, "one\n"), output(30, 2, "oh"), output(50, 1, "two\n"))
    found = looked_at(ns(rec, 40), "output")["section"]
    assert found["pieces"] == [{"stream": "stdout", "text": "one\n"}, {"stream": "stderr", "text": "oh"}]
    assert looked_at(ns(rec, 10), "output")["section"]["note"] == "nothing had been put out"


def test_of_long_output_the_end_is_shown() -> None:
    rec = recording(call(10, 5), *(output(20 + number, 1, f"{number:03}" * 1000) for number in range(20)))
    found = looked_at(ns(rec, 90), "output")["section"]
    assert sum(len(piece["text"]) for piece in found["pieces"]) == 20_000
    assert found["pieces"][-1]["text"].startswith("019")
    assert found["note"] == "40,000 characters before these are not shown"


def test_below_level_lines_the_arguments_are_shown_as_such() -> None:
    rec = recording(call(10, 5), codes={1: function(level="values")})
    section = looked_at(ns(rec, 20))["section"]
    assert "locals are not captured at level values" in section["note"]
    assert "arguments are those with which the call began" in section["note"]
    assert [row["name"] for row in section["rows"]] == ["x", "result"]


def test_there_is_no_other_section() -> None:
    with pytest.raises(OptionError, match="the sections are locals, objects, namespace, output"):
        inspection(ns(recording(call(10, 5)), 20), "dreams", {})


# ---- where a value came from ----


@pytest.fixture
def history() -> Recording:
    """Line 12 binds y to a list; 13 appends 1, 14 appends 2, and 15 binds y to another one; x is 5 all the time."""
    return recording(
        call(10, 5),
        line(20, 12),
        version(30, 0x1, LIST, line=12),
        line(30, 13, {1: ref(0x1)}, before=12),
        version(40, 0x1, LIST, 1, line=13),
        line(40, 14, before=13),
        version(50, 0x1, LIST, 1, 2, line=14),
        line(50, 15, before=14),
        version(60, 0x2, LIST, 7, line=15),
        line(60, 16, {1: ref(0x2)}, before=15),
        line(70, 0),
        back(70),
    )


def jumps(rec: Recording, time_ns: int, *path: str) -> list[int]:
    """Where one comes to on the way back from write to write."""
    moment, times = ns(rec, time_ns), []
    while True:
        try:
            moment = origin(moment, path)
        except (OutOfRange, UnknownValue, LookupError):
            return times
        times.append(moment.time_ns)


def test_from_write_to_write(history: Recording) -> None:
    assert jumps(history, 65, "locals", "y") == [60, 50, 40, 30]
    assert jumps(history, 45, "locals", "y") == [40, 30]
    assert jumps(history, 65, "locals", "x") == [10]
    assert jumps(history, 55, "locals", "y", "[0]") == [40]
    assert jumps(history, 55, "locals", "y", "[1]") == [50]
    with pytest.raises(LookupError, match=r"nothing is known under \[9\]"):
        origin(ns(history, 55), ("locals", "y", "[9]"))
    with pytest.raises(UnknownValue, match="not bound"):
        origin(ns(history, 20), ("locals", "y"))
    with pytest.raises(LookupError):
        origin(ns(history, 20), ("output", "y"))


def test_the_frame_stays_selected() -> None:
    rec = recording(
        version(9, 0x1, LIST), call(10, ref(0x1)), line(20, 12), call(22, ref(0x1), number=2), line(24, 21),
        version(26, 0x1, LIST, 1, line=21), line(26, 22, before=21), line(28, 0), back(28, number=2),
        line(30, 13, before=12),
    )  # fmt: skip
    moment = origin(ns(rec, 30), ("locals", "x"))
    assert (moment.time_ns, moment.frame.function, moment.stack()[0].function) == (26, "f", "g")


# ---- steps ----


def test_each_step_does_what_it_is_called() -> None:
    rec = recording(
        call(10, 5), line(20, 12), call(22, 1, number=2), line(24, 21), line(26, 22, before=21), line(28, 0, before=22),
        back(28, number=2), line(30, 13, before=12), line(40, 0), back(40),
    )  # fmt: skip
    inner = ns(rec, 24)
    expected = {
        "previous-line": 20, "next-line": 26, "over-back": 20, "over": 26, "out-back": 20, "out": 30,
    }  # fmt: skip
    assert {step: walk(inner, step).time_ns for step in expected} == expected
    assert walk(ns(rec, 20), "over").time_ns == 30
    assert walk(ns(rec, 20), "next-line").time_ns == 24
    assert list(STEPS)[:2] == ["previous", "next"]
    assert looked_at(inner)["steps"] == list(STEPS)
