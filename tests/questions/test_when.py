"""When a condition held, against a look at every line."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest

from questions.asked import all_lines, line_of, recorded
from scope_repl import Recording
from scope_repl.errors import ExpressionError, NeverHeld, UnknownLines, UnknownValue
from scope_repl.query.expressions import FAILURES, parse

CONDITIONS = [
    "total > 5",
    "total > 5 and len(queue) > 1",
    "best is not None and best == 'ink'",
    "best > 'a'",
    "item in ('pen', 'ink')",
    "account.balance > 10",
    "account.balance > 10 and queue",
    "len(queue) == 2 or total == 6",
    "not queue and total",
    "queue == ['pen', 'paper']",
    "account.log[-1] == cost",
    "total / len(queue) > 7",
    "total % 4 == 0 if queue else total > 3",
    "state == 'done'",
    "base == 3",
    "amount > 6",
    "self.balance == 7",
    "square > 3",
    "found and found[-1] < 5",
    "share * 2 > 3",
    "i >= 1",
    "pair[0] == 30",
    "first > 3 and second > 1",
    "min(total, rate) == 2",
    "isinstance(best, str) and rate",
    "isinstance(account, Account)",
    "-total < -5 and abs(total) != 16",
    "len(item) + len(queue) > 5",
    "2 < rate + 1 < total",
    "owner == 'me' and self.owner == owner",
]


@pytest.mark.parametrize("condition", CONDITIONS)
def test_every_line_at_which_it_held(rec: Recording, condition: str) -> None:
    expression = parse(condition)
    wanted, looked_at = [], 0
    for moment in all_lines(rec):
        names = dict(moment.locals.items())
        if not set(expression.names) <= set(rec.contents.codes[rec.contents.spans.code[moment.frame.span]].slots):
            continue
        looked_at += 1
        try:
            held = expression.holds(names.__getitem__)
        except FAILURES:
            held = False
        if held:
            wanted.append((moment.time_ns, moment.frame.span))
    found = rec.when(condition, all=True)
    began = [
        (moment.time_ns, moment.frame.span) for moment, line in zip(found, found.table["line"], strict=True) if line
    ]
    assert began == wanted
    assert found.tally.lines >= looked_at > 0
    if len(found):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UnknownLines)  # an attribute is not there before __init__ makes it
            assert rec.when(condition, progress=False).time_ns == found[0].time_ns
    else:
        with pytest.raises(NeverHeld):
            rec.when(condition)


def test_the_first_moment(rec: Recording) -> None:
    moment = rec.when("total > 5", function="sell")
    assert moment.frame.function == "sell"
    assert moment.locals["total"] == 6
    assert moment.frame.line == line_of("queue.append(item)")
    assert rec.at(moment.time_ns - 1, unit="ns").select(moment.selected).locals["total"] == 0


def test_all_moments_come_when_they_are_asked_for(rec: Recording) -> None:
    found = rec.when("total > 20", all=True)
    assert {moment.locals["total"] for moment in found} == {22, 30}
    assert len(found[1:3]) == 2
    assert found[-1].time_ns == found.table["time_ns"].iloc[-1]
    assert "held at" in repr(found)
    assert "<table" in found._repr_html_()
    assert list(found.table.columns) == ["time_ns", "line", "function", "span", "track"]


def test_the_last_value_of_a_call_counts(tmp_path: Path) -> None:
    rec = recorded(tmp_path, "def f():\n    x = 1\n    x = 2\n", "f")
    found = rec.when("x == 2", all=True)
    assert len(found) == 1
    assert found[0].locals["x"] == 2
    assert list(found.table["line"]) == [0]


def test_the_last_change_in_place_counts(tmp_path: Path) -> None:
    text = "def add(l):\n    l.append(2)\ndef f():\n    x = [1]\n    add(x)\n    x.append(3)\n"
    rec = recorded(tmp_path, text, "f")
    for condition in ("len(x) == 3", "x == [1, 2, 3]"):
        found = rec.when(condition, all=True)
        assert list(found.table["line"]) == [0]
        assert found[0].locals["x"] == [1, 2, 3]
    assert list(rec.when("len(x) == 2", all=True).table["line"]) == [6]
    assert list(rec.when("len(l) == 2", all=True).table["line"]) == [0]


def test_names_of_a_module(tmp_path: Path) -> None:
    text = """\
LIMIT = 5
total = 0
def f(n):
    global total
    total += n
    return n > LIMIT
f(3)
f(4)
del total
end = 1
"""
    code = compile(text, str(tmp_path / "shop.py"), "exec")
    (tmp_path / "shop.py").write_text(text)
    rec = recorded(tmp_path, "def run(code):\n    exec(code, {'__name__': 'shop'})\n", "run", code)
    moments = rec.when("total > 0", all=True)
    assert {moment.frame.qualname for moment in moments} == {"f", "<module>"}
    assert rec.when("total > LIMIT").frame.line == 6
    assert rec.when("n < LIMIT", function="f").locals["n"] == 3
    assert moments.tally.unbound


def test_a_function_is_chosen_by_a_glob(rec: Recording) -> None:
    assert rec.when("total > 5", function="pri*").frame.function == "price"
    assert rec.when("amount > 5", function="Account.*").frame.qualname == "Account.add"


def test_what_is_not_known_is_counted(tmp_path: Path) -> None:
    text = "def f():\n    text = 'a' * 5000\n    x = 1\n    text = 'b'\n    x = 2\n    return x\n"
    rec = recorded(tmp_path, text, "f")
    with pytest.warns(UnknownLines, match=r"may have held before: until then it was unknown at 2 \("):
        moment = rec.when("text == 'a' * 4000 + 'b' * 1000 or text == 'b'")
    assert moment.locals["text"] == "b"
    found = rec.when("text == 'a' * 4000 + 'b' * 1000", all=True)
    assert (len(found), found.tally.unknown, found.tally.unbound) == (0, 2, 1)
    assert "unknown at 2 (" in str(found.tally)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert rec.when("len(text) == 5000").locals["text"].size == 5000


def test_what_fails_is_counted(rec: Recording) -> None:
    found = rec.when("best > 'a' and rate > 1", all=True)
    assert found.tally.failed > 0
    assert "TypeError" in str(found.tally)
    with pytest.raises(NeverHeld, match=r"held at none of the .* lines of sell; failed at .*TypeError"):
        rec.when("best > 'zz'")


def test_calls_of_themselves_and_threads(tmp_path: Path) -> None:
    text = """\
import threading
def fact(n):
    result = 1
    if n > 1:
        result = n * fact(n - 1)
    return result
def main():
    threads = [threading.Thread(target=fact, args=(n,)) for n in (4, 6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
"""
    rec = recorded(tmp_path, text, "main")
    found = rec.when("result == 24", all=True)
    assert {moment.locals["n"] for moment in found} == {4}
    assert len({moment.track for moment in found}) == 2
    assert list(found.table["time_ns"]) == sorted(found.table["time_ns"])
    assert rec.when("result == 720").locals["n"] == 6


@pytest.mark.parametrize(
    ("condition", "function", "error", "said"),
    [
        ("missing > 5", None, UnknownValue, "'missing' is not known: it was never captured"),
        ("totl > 5", None, UnknownValue, "names like it are total"),
        (
            "base > 1 and queue",
            None,
            UnknownValue,
            "no function has all these names: base is one of price; queue is one of",
        ),
        ("queue", "price", UnknownValue, "price does not have all these names"),
        ("total", "nothing", UnknownValue, "no lines were captured of nothing"),
        ("total.append(1)", None, ExpressionError, "column 1: a call of a method"),
        ("5 > 3", None, ExpressionError, "there is no variable in it"),
    ],
)
def test_bad_conditions(
    rec: Recording, condition: str, function: str | None, error: type[Exception], said: str
) -> None:
    with pytest.raises(error) as caught:
        rec.when(condition, function)
    assert said in str(caught.value)


def test_without_lines(tmp_path: Path) -> None:
    rec = recorded(tmp_path, level="values")
    with pytest.raises(UnknownValue, match=r"no function was recorded at level lines.*level='values'"):
        rec.when("total > 5")


def test_the_bar_is_seen_only_where_it_takes_long(rec: Recording, capsys: pytest.CaptureFixture[str]) -> None:
    rec.when("total > 5")
    assert capsys.readouterr().err == ""
