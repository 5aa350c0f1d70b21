"""Questions to logs that no program made: whatever stands in one, there is an answer or an error of Scope's own."""

from __future__ import annotations

import dataclasses
import warnings
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reading.logs import Event, Held, Script, code, write_log
from state.scripts import CODES, GONE, pack, ref, scripts

from questions.asked import all_lines
from scope_repl import Recording
from scope_repl.errors import ScopeError, UnknownValue
from scope_repl.query.expressions import FAILURES, parse
from scope_repl.query.frame import Frame
from scope_repl.schema import CodeFlag, Kind

LINED = {number: dataclasses.replace(one, level="lines") for number, one in CODES.items()}
LIST = 0x7F0000002000


def recording(script: Script, **options: Any) -> Recording:
    rec = Recording()
    rec._finish(write_log(dataclasses.replace(script, codes=LINED), **options))
    return rec


def asked(question: Callable[[], Any]) -> Any:
    """The answer, with all that can be seen of it; None where there is an error of Scope's own."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            answer = question()
            repr(answer)
            html = getattr(answer, "_repr_html_", None)
            if html is not None:
                html()
            return answer
    except ScopeError:
        return None


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(scripts(), st.sampled_from(["x", "total", "items", "count", "price:x", "Order:count"]), st.integers(0, 100))
def test_there_is_an_answer(script: Script, name: str, share: int) -> None:
    rec = recording(script)
    moment = rec.at(f"{share}%")
    variable = name.rpartition(":")[2]
    table = asked(lambda: rec.history(name))
    assert table is None or list(table["time_ns"]) == sorted(table["time_ns"])
    asked(lambda: rec.last_write(name))
    write = asked(lambda: rec.last_write(name, before=moment))
    assert write is None or write.time_ns <= moment.time_ns
    asked(lambda: rec.why(name, before=moment))
    asked(lambda: rec.when(f"{variable} > 0"))
    asked(lambda: rec.when(f"len({variable}) > 0 or {variable} == 'x'", all=True).table)
    asked(lambda: rec.log("price:10", "x, y"))
    asked(lambda: moment.diff(rec.at("50%")).table)
    asked(lambda: rec.history(LIST, 0))
    for step in ("next_line", "previous_line", "step_over", "step_out"):
        asked(getattr(moment, step))
    asked(lambda: moment.step_over(back=True))
    assert asked(lambda: rec.diff(rec)) is None or rec.diff(rec).same


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    scripts(), st.sampled_from(["y > 0", "y == total", "total is None or y", "items == 'xxx'", "y and not total < y"])
)
def test_a_condition_holds_where_a_look_at_the_locals_says_so(script: Script, condition: str) -> None:
    rec = recording(script)
    found = asked(lambda: rec.when(condition, all=True))
    if found is None:
        return
    expression = parse(condition)
    wanted = set()
    for moment in all_lines(rec):
        frame = moment.frame
        if not set(expression.names) <= set(rec.contents.codes[rec.contents.spans.code[frame.span]].slots):
            continue
        try:
            if expression.holds(partial(_local, frame)):
                wanted.add((moment.time_ns, frame.span))
        except (UnknownValue, *FAILURES):
            pass
    table = found.table
    began = table[table["line"] > 0]
    times = [moment.time_ns for moment in all_lines(rec)]
    alone = {time for time in times if times.count(time) == 1}  # of lines that began at one time the last one is seen
    got = {(int(t), int(c)) for t, c in zip(began["time_ns"], began["span"], strict=True) if t in alone}
    assert got == {entry for entry in wanted if entry[0] in alone}


def _local(frame: Frame, name: str) -> Any:
    if name not in frame.locals and name not in frame.locals.unknown_names:
        raise NameError(name)
    return frame.locals[name]


def namespace() -> Recording:
    """A name that is written by a line, by nobody knows what between the cells, and by a function."""
    codes = {
        1: code("<module>", module="__main__", level="lines", slots=()),
        2: code("f", module="__main__", level="lines", slots=("a",)),
        11: code("count", CodeFlag.NAME, module=""),
        13: code("__main__", CodeFlag.NAME, module=""),
    }
    write = pack(-11)
    events = [
        Event(5, 0, Kind.NAMES, 13, 0, write + pack(1)),
        Event(10, 0, Kind.CALL, 1),
        Event(20, 0, Kind.LINE, 1, 0),
        Event(30, 0, Kind.LINE, 2, 1, write + pack(2)),
        Event(40, 0, Kind.CALL, 2, 0, pack([7])),
        Event(50, 0, Kind.LINE, 12, 0),
        Event(60, 0, Kind.LINE, 0, 12, write + pack(3)),
        Event(70, 0, Kind.RETURN, 2),
        Event(80, 0, Kind.LINE, 3, 2),
        Event(90, 0, Kind.LINE, 0, 3, write + pack(GONE)),
        Event(95, 0, Kind.RETURN, 1),
        Event(99, 0, Kind.NAMES, 13, 0, write + pack(5)),
    ]
    rec = Recording()
    rec._finish(write_log(Script(events, codes, end=200, level="lines")))
    return rec


def test_names_that_are_written_between_the_cells() -> None:
    rec = namespace()
    table = rec.history("count")
    assert list(table["value"]) == [1, 2, 3, None, 5]
    assert list(table["what"]) == ["bound", "bound", "bound", "deleted", "bound"]
    assert list(table["line"]) == [0, 1, 12, 3, 0]
    assert list(table["function"].astype(object).fillna("")) == ["", "<module>", "f", "<module>", ""]
    assert list(table["span"]) == [-1, 0, 1, 0, -1]
    write = rec.last_write("count")
    assert (write.new, write.line, write.span, write.function) == (5, 0, -1, "")
    assert "in code that is not recorded line by line" in repr(write)
    assert [write.previous().what, write.previous().previous().new] == ["deleted", 3]
    assert rec.why("count").causes == []


def test_conditions_on_names_of_a_module() -> None:
    rec = namespace()
    assert list(rec.when("count > 1", all=True).table["time_ns"]) == [30, 50, 60, 80]
    assert list(rec.when("count == 1", all=True).table["time_ns"]) == [20]
    assert list(rec.when("count > 1", function="f", all=True).table["time_ns"]) == [50, 60]
    assert list(rec.when("count == 3", all=True).table["function"]) == ["f", "<module>"]


def test_what_was_so_at_the_horizon() -> None:
    codes = {2: code("f", level="lines", slots=("a", "b"), arguments=("a",)), 9: code("list", CodeFlag.TYPE)}
    held = [
        Held(Kind.VERSION, 9, 0, LIST, b"\0" * 8 + bytes([8]) + pack(1)),
        Held(Kind.OPEN, 2, 5, 0, pack([7])),
        Held(Kind.LINE, 12, 0, 0, pack(1) + pack(ref(LIST))),
    ]
    events = [
        Event(110, 0, Kind.VERSION, 9, LIST, content=bytes([8]) + pack(1) + pack(2), line=12),
        Event(110, 0, Kind.LINE, 13, 12),
        Event(120, 0, Kind.RETURN, 2),
    ]
    rec = Recording()
    rec._finish(write_log(Script(events, codes, keyframes=[held], end=200, horizon=100, level="lines")))
    table = rec.history("b")
    assert [(row.what, row.value) for row in table.itertuples()] == [("before", [1]), ("changed", [1, 2])]
    with pytest.raises(UnknownValue, match="the last write of b is not known: it was before the horizon"):
        rec.last_write("b", before=rec.at(105, unit="ns"))
    passed = rec.last_write("a", before=rec.at(105, unit="ns"))
    assert (passed.what, passed.new, passed.time_ns) == ("argument", 7, 5)
    assert passed.stack[0].function == "f"
    write = rec.last_write("b", before=rec.at(115, unit="ns"))
    assert (write.what, write.new, write.old, write.line) == ("changed", [1, 2], [1], 12)
    assert rec.when("len(b) == 1 or len(b) == 2").time_ns == 110
