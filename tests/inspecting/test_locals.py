"""Locals at a moment: what they are, how they are known, who wrote them."""

from __future__ import annotations

import struct
from typing import Any

import pytest
from reading.logs import Event

from inspecting.by_hand import (
    CODES,
    DICT,
    GONE,
    LIST,
    OBJECT,
    back,
    call,
    code,
    function,
    line,
    packed,
    recording,
    ref,
    version,
)
from scope_repl import Recording, UnknownValue
from scope_repl.model import Code
from scope_repl.query.variables import Variables
from scope_repl.schema import CodeFlag, Kind

pytestmark = pytest.mark.native


def locals_at(rec: Recording, time_ns: int, frame: int = 0) -> Variables:
    return rec.at(time_ns, unit="ns").frames[frame].locals


@pytest.fixture
def rec() -> Recording:
    """x is an argument; line 12 binds y, line 13 binds z and x, line 14 deletes y."""
    return recording(
        call(10, 5),
        line(20, 12),
        line(30, 13, {1: "a"}, before=12),
        line(40, 14, {2: 1.5, 0: 6}, before=13),
        line(50, 15, {1: GONE}, before=14),
        line(60, 0, before=15),
        back(60),
    )


@pytest.mark.parametrize(
    ("time_ns", "expected"),
    [
        (10, {"x": 5}),
        (29, {"x": 5}),
        (30, {"x": 5, "y": "a"}),
        (40, {"x": 6, "y": "a", "z": 1.5}),
        (59, {"x": 6, "z": 1.5}),
    ],
)
def test_names_have_the_values_of_their_newest_writes(rec: Recording, time_ns: int, expected: dict[str, Any]) -> None:
    found = locals_at(rec, time_ns)
    assert dict(found) == expected
    assert (list(found), len(found)) == (list(expected), len(expected))
    for name in ("x", "y", "z", "nothing"):
        assert (name in found) is (name in expected)
        assert found.get(name, "default") == expected.get(name, "default")


def test_what_a_line_is_about_to_change_is_last_known(rec: Recording) -> None:
    assert [str(locals_at(rec, time).standing("x")) for time in (10, 15, 20, 29)] == ["exact"] * 4
    assert str(locals_at(rec, 30).standing("x")) == "exact"
    assert str(locals_at(rec, 37).standing("x")) == "last known 7 ns before: line 13 was running"
    assert str(locals_at(rec, 37).standing("y")) == "exact"
    assert str(locals_at(rec, 40).standing("x")) == "exact"


def test_a_name_that_is_not_bound(rec: Recording) -> None:
    assert str(locals_at(rec, 20).standing("y")) == "exact: it is not bound at this moment"
    assert str(locals_at(rec, 25).standing("y")) == "last known 5 ns before: it was not bound; line 12 was running"
    assert str(locals_at(rec, 50).standing("y")) == "exact: it is not bound at this moment"
    with pytest.raises(UnknownValue, match="the local 'y' of f is not known: it is not bound at this moment"):
        locals_at(rec, 50)["y"]
    with pytest.raises(UnknownValue, match="no line of f binds it: its locals are x, y, z"):
        locals_at(rec, 50)["total"]


def test_as_a_frame_is_left_everything_is_seen_once_more() -> None:
    rec = recording(
        call(10, 5),
        line(20, 12),
        line(30, 0, {0: 6, 1: 7}, before=12),
        Event(40, 0, Kind.RETURN, 1, 0, packed(None)),
    )
    assert dict(locals_at(rec, 30)) == {"x": 6, "y": 7}
    assert [str(locals_at(rec, 30).standing(name)) for name in "xyz"] == [
        "exact", "exact", "exact: it is not bound at this moment",
    ]  # fmt: skip
    assert rec.at(30, unit="ns").frame.line == 12


def test_the_end_of_a_call_is_a_look_even_if_nothing_changed() -> None:
    rec = recording(version(9, 0x1, LIST, 1), call(10, ref(0x1)), line(20, 12), back(40))
    assert str(locals_at(rec, 30).standing("x")) == "exact"
    raised = recording(call(10, 5), line(20, 12), Event(40, 0, Kind.UNWIND, 1, 50))
    assert str(locals_at(raised, 30).standing("x")) == "exact"


def test_a_suspended_generator_keeps_its_locals() -> None:
    events = [
        Event(10, 0, Kind.CALL, 1, 0x50, packed([5])),
        line(20, 12),
        line(30, 0, {1: 1}, before=12),
        Event(30, 0, Kind.YIELD, 1, 0, packed(1)),
        Event(80, 0, Kind.RESUME, 1, 0x50, b""),
        line(85, 13, {2: 2}, before=12),
        line(90, 0),
        Event(90, 0, Kind.RETURN, 1, 0, packed(None)),
    ]
    rec = recording(*events, codes={1: function(flags=CodeFlag.GENERATOR)})
    (frame,) = rec.at(60, unit="ns").suspended()
    assert (dict(frame.locals), frame.line) == ({"x": 5, "y": 1}, 12)
    assert [str(frame.locals.standing(name)) for name in "xyz"] == [
        "exact", "exact", "last known 30 ns before: it was not bound; line 12 was running",
    ]  # fmt: skip


def test_after_the_last_look_everything_is_last_known() -> None:
    rec = recording(call(10, 5), line(20, 12))
    assert str(locals_at(rec, 20).standing("x")) == "exact"
    assert str(locals_at(rec, 120).standing("x")) == "last known 100 ns before: line 12 was running"


def test_who_wrote_it(rec: Recording) -> None:
    (span,) = rec.find("f").index
    found = locals_at(rec, 55)
    written = found.written("z")
    assert (written.function, written.line, written.span, written.time_ns) == ("f", 13, span, 40)
    assert (written.what, written.file) == ("bound", "/home/me/shop/orders.py")
    assert found.bound("z") == written
    argument = locals_at(rec, 25).written("x")
    assert (argument.line, argument.time_ns, argument.span) == (10, 10, span)
    with pytest.raises(UnknownValue, match="not bound"):
        found.written("y")


def test_the_line_is_exact(rec: Recording) -> None:
    for time_ns, expected in [(20, 12), (29, 12), (30, 13), (55, 15)]:
        frame = rec.at(time_ns, unit="ns").frame
        assert (frame.line, str(frame.standing("line"))) == (expected, "exact")
    assert rec.at(15, unit="ns").frame.line == 10


def test_hidden_names_and_names_of_enclosing_functions() -> None:
    codes = {1: function(slots=(".0", "i", "total"), arguments=1)}
    rec = recording(call(10, 1), line(20, 12, {1: 3, 2: 4}), line(30, 0), back(30), codes=codes)
    assert dict(locals_at(rec, 20)) == {"i": 3, "total": 4}


def test_a_class_body_has_names_of_its_own_and_a_function_has_not() -> None:
    class_body = code("Cart", CodeFlag.CLASS_BODY, level="lines")
    codes = {1: class_body, 2: function("g", ("a",)), 61: code("size", CodeFlag.NAME)}
    body = recording(call(10), line(20, 12, {-61: 3}), codes=codes)
    assert dict(locals_at(body, 20)) == {"size": 3}
    assert locals_at(body, 15).standing("size").known.value == "last known"
    assert str(locals_at(body, 15).standing("nothing")) == "unknown: no line of Cart binds it: its locals are none"
    writes_a_global = recording(call(10, 1, number=2), line(20, 12, {-61: 3}), codes=codes)
    assert dict(locals_at(writes_a_global, 20)) == {"a": 1}


@pytest.mark.parametrize("level", ["calls", "values"])
def test_below_level_lines_locals_are_not_captured(level: str) -> None:
    rec = recording(call(10, 5), codes={1: function(level=level)})
    frame = rec.at(20, unit="ns").frame
    reason = f"locals are not captured at level {level}"
    assert (frame.level, str(frame.standing("locals"))) == (level, f"unknown: {reason}")
    assert (dict(frame.locals), str(frame.locals.standing("x"))) == ({}, f"unknown: {reason}")
    assert repr(frame.locals) == f"(no local of f: {reason})"
    with pytest.raises(UnknownValue, match=reason):
        frame.locals["x"]


def test_c_functions_have_no_locals() -> None:
    rec = recording(call(10, 5), call(20, number=9), codes={1: function(), 9: code("len", CodeFlag.C)})
    assert "calls into libraries and C" in str(rec.at(25, unit="ns").frame.standing("locals"))


BINDS = struct.pack("=5i", 12, 1, 2, 13, 0)  # line 12 binds z, line 13 nothing


def test_a_line_may_bind_a_name_and_give_it_back_its_value() -> None:
    """As with the variable of a comprehension, or one that an inner function changes and restores."""
    events = [call(10, 5), line(20, 12), line(30, 13, before=12), line(40, 0), back(40)]
    inner = function("inner", ("y",), qualname="f.<locals>.inner")
    rec = recording(*events, codes={1: function(binds=BINDS), 2: inner})
    found = locals_at(rec, 25)
    assert str(found.standing("x")) == "exact"
    for name in ("y", "z"):
        assert str(found.standing(name)) == "last known 5 ns before: it was not bound; line 12 was running"
        assert str(locals_at(rec, 20).standing(name)) == "exact: it is not bound at this moment"
    assert str(locals_at(rec, 35).standing("z")) == "exact: it is not bound at this moment"
    assert not locals_at(rec, 35).standing("y").exact


def test_what_is_last_known_leads_to_objects_as_they_were_then() -> None:
    """Line 12 lets go of the object that z leads to, and makes another one that gets the same address."""
    rec = recording(
        version(9, 0x1, OBJECT, "size", 1),
        call(10, 5),
        line(20, 12, {2: ref(0x1), 1: ref(0x1)}),
        version(30, 0x1, OBJECT),
        version(35, 0x1, OBJECT, "size", 2, line=12),
        line(40, 0),
        back(40),
        codes=CODES | {1: function(binds=BINDS)},
    )
    found = locals_at(rec, 32)
    assert (repr(found["z"]), str(found.standing("z"))) == (
        "Thing(size=1)",
        "last known 12 ns before: line 12 was running",
    )
    assert repr(found["y"]) == "Thing()"


def test_what_no_line_binds_stays_exact_to_the_end() -> None:
    rec = recording(call(10, 5), line(20, 12), codes={1: function(binds=BINDS)})
    assert str(locals_at(rec, 500).standing("x")) == "exact"
    assert not locals_at(rec, 500).standing("z").exact


# ---- objects ----


@pytest.fixture
def shared() -> Recording:
    """x and y lead to one list, which line 12 appends to; z to an instance that holds it, and itself."""
    return recording(
        version(9, 0x100, LIST, 1),
        call(10, ref(0x100)),
        version(20, 0x200, OBJECT, "items", ref(0x100), "me", ref(0x200)),
        line(20, 12, {1: ref(0x100), 2: ref(0x200)}),
        version(30, 0x100, LIST, 1, 2, line=12),
        line(30, 13, before=12),
        line(40, 0),
        back(40, ref(0x100)),
        version(50, 0x100, LIST),
    )


def test_a_change_shows_through_every_name(shared: Recording) -> None:
    before, after = locals_at(shared, 20), locals_at(shared, 30)
    assert (before["x"], after["x"]) == ([1], [1, 2])
    for found in (before, after):
        assert found["x"] is found["y"]
        assert found["z"].items is found["x"]
        assert found["z"].me is found["z"]
    assert before["x"] == [1]


def test_one_object_in_several_frames_is_one(shared: Recording) -> None:
    rec = recording(
        version(9, 0x100, LIST, 1),
        call(10, ref(0x100)),
        line(20, 12),
        call(22, ref(0x100), number=2),
        line(24, 12),
        line(26, 0),
        back(26, number=2),
        line(30, 0),
        back(30),
    )
    moment = rec.at(25, unit="ns")
    assert moment.frames[0].locals["a"] is moment.frames[1].locals["x"] is moment.up().locals["x"]
    assert moment.objects[moment.locals["a"]] is moment.locals["a"]


def test_how_a_changing_object_is_known(shared: Recording) -> None:
    assert str(locals_at(shared, 20).standing("x")) == "exact"
    assert str(locals_at(shared, 26).standing("x")) == "last known 6 ns before: line 12 was running"
    assert str(locals_at(shared, 26)["x"].standing) == "last known 6 ns before: line 12 was running"
    assert str(locals_at(shared, 26).standing("z")) == "in part last known 6 ns before: line 12 was running"
    assert [str(locals_at(shared, time).standing("x")) for time in (30, 39)] == ["exact", "exact"]


def test_a_change_in_place_is_the_last_write(shared: Recording) -> None:
    found = locals_at(shared, 35)
    (span,) = shared.find("f").index
    written = found.written("y")
    assert (written.what, written.line, written.time_ns, written.span) == ("changed", 12, 30, span)
    assert (found.bound("y").what, found.bound("y").time_ns) == ("bound", 20)
    assert found.written("z").time_ns == 20


def test_arguments_and_results_are_as_they_were_then(shared: Recording) -> None:
    frame = shared.at(35, unit="ns").frame
    assert (frame.args["x"], str(frame.args.standing("x"))) == ([1], "exact")
    assert frame.result == [1, 2]
    assert frame.locals["x"] == [1, 2]
    last = shared.at(45, unit="ns").last()
    assert last is not None
    assert last.value == [1, 2]


def test_what_lies_deeper_than_a_look_is_last_known() -> None:
    """Instances in instances are looked at two deep, containers four deep."""
    rec = recording(
        version(9, 0x1, OBJECT, "next", ref(0x2)),
        version(9, 0x2, OBJECT, "next", ref(0x3), "items", ref(0x4)),
        version(9, 0x3, OBJECT, "size", 5),
        version(9, 0x4, LIST, ref(0x5)),
        version(9, 0x5, LIST),
        *(version(9, 0x10 + depth, LIST, ref(0x11 + depth)) for depth in range(5)),
        version(9, 0x15, LIST),
        call(10, ref(0x1)),
        line(20, 12, {1: ref(0x10)}),
        line(30, 0),
        back(30),
    )
    found = locals_at(rec, 20)
    assert [str(found.standing(name)) for name in ("x", "y")] == ["exact", "exact"]
    assert found["x"].next.__captured__.standing.exact
    assert found["x"].next.items[0].standing.exact
    third = found["x"].next.next
    assert (third.size, str(third.__captured__.standing)) == (5, "last known 11 ns before: no look has led to it since")
    assert found["y"][0][0][0].standing.exact
    assert not found["y"][0][0][0][0].standing.exact
    assert repr(found["x"]) == "Thing(next=Thing(next=Thing(…), items=[[]]))"


def test_what_one_frame_does_not_look_at_another_one_does() -> None:
    rec = recording(
        version(9, 0x1, OBJECT, "next", ref(0x2)),
        version(9, 0x2, OBJECT, "next", ref(0x3)),
        version(9, 0x3, OBJECT, "size", 5),
        call(10, ref(0x3)),
        line(20, 12),
        call(22, ref(0x1), number=2),
        line(24, 12),
        line(26, 0),
        back(26, number=2),
        line(30, 0),
        back(30),
    )
    found = locals_at(rec, 25)
    assert found["a"].next.next.__captured__.standing.exact


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        (function("g", level="lines"), "exact"),
        (function("g", level="values"), "last known 15 ns before: line 12 was running"),
        (code("g", CodeFlag.OPAQUE), "last known 15 ns before: line 12 was running"),
        (code("len", CodeFlag.C), "exact"),
        (code("sort", CodeFlag.C), "last known 15 ns before: line 12 was running"),
    ],
    ids=["lines", "values", "library", "c", "sort"],
)
def test_what_is_called_may_change_an_object_and_change_it_back(inner: Code, expected: str) -> None:
    kind, end = (Kind.C_CALL, Kind.C_RETURN) if inner.flags & CodeFlag.C else (Kind.CALL, Kind.RETURN)
    rec = recording(
        version(9, 0x1, LIST, 1),
        call(10, ref(0x1)),
        line(20, 12),
        Event(30, 0, kind, 2),
        Event(40, 0, end, 2),
        line(50, 0),
        back(50),
        codes={1: function(), 2: inner},
    )
    assert str(locals_at(rec, 35, frame=1).standing("x")) == expected


def test_a_cut_look_knows_the_names_only() -> None:
    rec = recording(
        version(9, 0x1, LIST, 1), call(10, ref(0x1), 5), line(20, 12, cut=True), line(30, 0), back(30),
        codes={1: function(arguments=2)},
    )  # fmt: skip
    found = locals_at(rec, 20)
    assert str(found.standing("y")) == "exact"
    assert str(found.standing("x")) == "last known 11 ns before: no look has led to it since"


def test_a_reused_address_is_only_a_newer_version() -> None:
    rec = recording(
        version(9, 0x1, LIST, 1), call(10, ref(0x1)), line(20, 12),
        version(30, 0x1, DICT, "a", 2), line(30, 13, {0: 5, 1: ref(0x1)}), line(40, 0), back(40),
    )  # fmt: skip
    assert dict(locals_at(rec, 20)) == {"x": [1]}
    assert dict(locals_at(rec, 30)) == {"x": 5, "y": {"a": 2}}


def test_an_object_whose_content_is_not_in_the_log() -> None:
    rec = recording(call(10, ref(0x1)), line(20, 12), line(30, 0), back(30))
    found = locals_at(rec, 20)
    assert repr(found["x"]) == "<not captured>"
    assert str(found.standing("x")) == "unknown: what it held was not captured"
    for ask in (lambda: found["x"].price, lambda: found["x"][0], lambda: len(found["x"]), lambda: list(found["x"])):
        with pytest.raises(UnknownValue, match="what it held was not captured"):
            ask()


# ---- for reading ----


def test_the_text_is_aligned_and_says_how_each_is_known(rec: Recording) -> None:
    assert repr(locals_at(rec, 37)) == ("x = 5    [last known 7 ns before: line 13 was running]\ny = 'a'  [exact]")
    assert locals_at(rec, 37).line() == "x=5, y='a'"


def test_the_html_is_escaped_bounded_and_can_be_opened() -> None:
    rec = recording(
        version(9, 0x1, LIST, *range(100), ref(0x1)),
        call(10, ref(0x1)),
        line(20, 12, {1: "<script>alert(1)</script>", 2: "x" * 1000}),
        line(30, 0),
        back(30),
    )
    found = locals_at(rec, 20)._repr_html_()
    assert "<script" not in found
    assert "&lt;script&gt;" in found
    assert found.count("<details>") >= 1
    assert "and 71 more that were kept" in found
    assert 'title="bound in f' in found
    assert len(found) < 50_000


def test_texts_of_great_graphs_are_bounded() -> None:
    wide = [version(9, 0x100 + row, LIST, *(ref(0x100 + column) for column in range(100))) for row in range(100)]
    rec = recording(*wide, call(10, ref(0x100)), line(20, 12), line(30, 0), back(30))
    found = locals_at(rec, 20)
    assert len(repr(found["x"])) < 20_000
    assert len(found._repr_html_()) < 400_000
    assert repr(found).startswith("x = [[")
