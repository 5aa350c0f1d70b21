"""The notebook's variables and its output at a moment."""

from __future__ import annotations

import pytest
from reading.logs import START

from inspecting.by_hand import (
    CODES,
    GONE,
    LIST,
    NAME,
    back,
    call,
    function,
    line,
    names,
    output,
    recording,
    ref,
    version,
)
from scope_repl import Recording, UnknownValue
from scope_repl.model import CellRun
from scope_repl.query.variables import Variables

pytestmark = pytest.mark.native

BODY = 3
CELLS = (CellRun(1, "total = 1", START + 100, START + 200), CellRun(2, "…", START + 300, START + 400))


@pytest.fixture
def rec() -> Recording:
    """A cell binds total by its lines; a function that the second one calls binds price; other is bound beside."""
    return recording(
        names(100, {-NAME: 0}),
        call(110, number=BODY),
        line(120, 1),
        version(130, 0x1, LIST, 1),
        line(130, 2, {-NAME: ref(0x1)}, before=1),
        line(140, 0),
        back(140, number=BODY),
        call(310, number=BODY),
        line(320, 1),
        call(330, 5),
        line(340, 12),
        line(350, 0, {-62: 7}, before=12),
        back(350),
        line(360, 2, before=1),
        line(370, 0, {-NAME: GONE}, before=2),
        back(370, number=BODY),
        names(400, {-63: "z"}),
        cells=CELLS,
        codes=CODES | {1: function(module="__main__")},
    )


def names_at(rec: Recording, time_ns: int) -> Variables:
    return rec.at(time_ns, unit="ns").namespace


def test_the_newest_write_of_each_name_counts(rec: Recording) -> None:
    assert dict(names_at(rec, 50)) == {}
    assert dict(names_at(rec, 125)) == {"total": 0}
    assert dict(names_at(rec, 130)) == {"total": [1]}
    assert dict(names_at(rec, 355)) == {"total": [1], "price": 7}
    assert dict(names_at(rec, 399)) == {"price": 7}
    assert dict(names_at(rec, 999)) == {"price": 7, "other": "z"}


def test_in_the_body_of_the_module_they_are_the_locals(rec: Recording) -> None:
    moment = rec.at(365, unit="ns")
    assert dict(moment.locals) == dict(moment.namespace)
    assert repr(moment.locals) == repr(moment.namespace)
    moment = rec.at(360, unit="ns")
    assert moment.locals["total"] is moment.namespace["total"]


def test_how_names_are_known_while_a_cell_runs(rec: Recording) -> None:
    assert str(names_at(rec, 120).standing("total")) == "exact"
    assert str(names_at(rec, 125).standing("total")) == "last known 5 ns before: line 1 was running"
    assert str(names_at(rec, 345).standing("price")) == "last known 25 ns before: it was not bound; line 1 was running"
    assert str(names_at(rec, 345).standing("total")) == "exact"


def test_how_names_are_known_between_cells(rec: Recording) -> None:
    assert str(names_at(rec, 205).standing("total")) == "last known 75 ns before: no look has led to it since"
    assert str(names_at(rec, 50).standing("total")).startswith("unknown: it was not captured")
    assert str(names_at(rec, 250).standing("price")) == "exact: it is not bound at this moment"
    assert str(names_at(rec, 450).standing("price")).startswith("last known 50 ns before")


def test_a_change_beside_the_lines_may_have_been_made_at_any_time(rec: Recording) -> None:
    standing = names_at(rec, 360).standing("other")
    assert not standing.exact
    assert "it changed before the end of the cell" in str(standing)
    with pytest.raises(UnknownValue):
        names_at(rec, 360)["other"]


def test_who_wrote_a_name(rec: Recording) -> None:
    found = names_at(rec, 355)
    (span,) = rec.find("f").index
    assert (found.written("price").function, found.written("price").line, found.written("price").span) == (
        "f",
        12,
        span,
    )
    beside = names_at(rec, 450).written("other")
    assert (beside.function, beside.span, beside.time_ns) == ("", -1, 400)


def test_nothing_was_captured() -> None:
    rec = recording(call(10, 1), codes=CODES)
    found = names_at(rec, 20)
    assert (dict(found), repr(found)) == ({}, "(no variable of __main__: none was captured)")
    with pytest.raises(UnknownValue, match="it was not captured"):
        found["total"]


# ---- output ----


@pytest.fixture
def spoken() -> Recording:
    return recording(
        output(10, 1, "one\n"),
        output(20, 2, "oops\n"),
        output(30, 1, "two\n"),
        output(40, 3, "<Figure>"),
        output(50, 4, "6"),
    )


def test_output_is_what_had_been_put_out_so_far(spoken: Recording) -> None:
    assert spoken.at(5, unit="ns").output.text == ""
    found = spoken.at(35, unit="ns").output
    assert (found.text, str(found), repr(found)) == ("one\noops\ntwo\n",) * 3
    assert (found.stdout, found.stderr, found.display, found.result) == ("one\ntwo\n", "oops\n", "", "")
    assert [(record.time_ns, record.stream) for record in found.records] == [
        (10, "stdout"),
        (20, "stderr"),
        (30, "stdout"),
    ]
    last = spoken.at(99, unit="ns").output
    assert (last.display, last.result, len(last)) == ("<Figure>", "6", 22)


def test_output_for_reading(spoken: Recording) -> None:
    html = spoken.at(99, unit="ns").output._repr_html_()
    assert "&lt;Figure&gt;" in html
    assert "<Figure>" not in html
    assert repr(spoken.at(5, unit="ns").output) == "(nothing had been put out)"
    long = recording(*(output(10 + number, 1, "x" * 4000) for number in range(10))).at(99, unit="ns").output
    assert len(long.text) == 40_000
    assert repr(long).startswith("… 30,000 characters before these\n")
    assert len(repr(long)) < 10_100
