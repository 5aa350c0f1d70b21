"""How variables and attributes went, against a look at every line."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from inspecting.modules import load, record

from questions.asked import TESTS, all_lines, line_of, recorded
from scope_repl import Recording
from scope_repl.errors import OptionError, UnknownValue
from scope_repl.query.shown import standing_of
from scope_repl.schema import HISTORY_COLUMNS


def seen(rec: Recording, function: str, name: str) -> list[tuple[int, str]]:
    """The values of a local as they are at each line, without repetitions; the call and the value's text."""
    found: list[tuple[int, str]] = []
    for moment in all_lines(rec):
        frame = moment.frame
        if frame.qualname == function and name in frame.locals:
            entry = frame.span, repr(frame.locals[name])
            if entry not in found[-1:]:
                found.append(entry)
    return found


def _shrunk(rows: list[tuple[int, str]]) -> list[tuple[int, str]]:
    return [row for number, row in enumerate(rows) if not number or row != rows[number - 1]]


@pytest.mark.parametrize(
    ("function", "name"),
    [
        ("sell", "total"),
        ("sell", "queue"),
        ("sell", "best"),
        ("price", "base"),
        ("squares", "found"),
        ("numbers", "i"),
        ("main", "pair"),
    ],
)
def test_a_local_at_every_line(rec: Recording, function: str, name: str) -> None:
    table = rec.history(f"{function}:{name}")
    calls = {name: rec.calls.index[rec.calls["name"] == name].tolist() for name in {function}}[function]
    assert set(table["span"]) <= set(calls)
    rows = [(span, repr(value)) for span, value in zip(table["span"], table["value"], strict=True)]
    assert _shrunk(rows) == seen(rec, function, name)
    assert list(table["time_ns"]) == sorted(table["time_ns"])


def test_its_columns(rec: Recording) -> None:
    table = rec.history("sell:total")
    assert list(table.columns) == [column.name for column in HISTORY_COLUMNS]
    assert list(table["value"]) == [0, 6, 16, 22, 30]
    assert table["value"].dtype == np.int64
    assert set(table["line"]) == {line_of("total = 0"), line_of("total += cost")}
    assert set(table["function"]) == {"sell"}
    assert set(table["what"]) == {"bound"}
    assert rec.calls["name"].iloc[table["span"].iloc[0]] == "sell"


def test_a_name_of_several_functions(rec: Recording) -> None:
    both = rec.history("total")
    assert set(both["function"]) == {"sell", "price"}
    assert len(both) == len(rec.history("sell:total")) + len(rec.history("price:total"))
    assert list(both["time_ns"]) == sorted(both["time_ns"])


def test_changes_in_place(rec: Recording) -> None:
    table = rec.history("queue")
    assert list(table["value"]) == [[], ["pen"], ["pen", "paper"], ["pen", "paper", "ink"], [], ["glue"]]
    assert list(table["what"]) == ["bound"] + ["changed"] * 5
    lines = [line_of("queue.append(item)")] * 3 + [line_of("queue.clear()"), line_of("queue.append(item)")]
    assert list(table["line"][1:]) == lines


def test_what_a_callee_changed(rec: Recording) -> None:
    table = rec.history("sell:account")
    assert table["value"].iloc[-1].balance == 31
    changed = table[table["what"] == "changed"]
    assert set(changed["function"]) == {"Account.add"}


def test_texts_nones_and_mixed_values(rec: Recording) -> None:
    assert list(rec.history("best")["value"]) == [None, "paper", "ink", "glue"]
    assert rec.history("share")["value"].dtype == np.float64
    assert list(rec.history("state")["value"]) == ["done"]


def test_arguments(rec: Recording) -> None:
    assert list(rec.history("price:item")["value"]) == ["pen", "paper", "ink", "glue"]
    assert list(rec.history("count")["value"]) == [2, 2, 2, 2]


def test_arguments_at_level_values(tmp_path: Path) -> None:
    rec = recorded(tmp_path, level="values")
    assert list(rec.history("price:item")["value"]) == ["pen", "paper", "ink", "glue"]


def test_a_global_that_a_function_writes(rec: Recording) -> None:
    assert list(rec.history("sold")["value"]) == [30]
    assert list(rec.history("shop:sold")["function"]) == ["sell"]


def test_names_that_are_deleted(tmp_path: Path) -> None:
    rec = recorded(tmp_path, "def f():\n    x = [1]\n    del x\n    x = 2\n    return x\n", "f")
    table = rec.history("x")
    assert list(table["what"]) == ["bound", "deleted", "bound"]
    assert list(table["value"]) == [[1], None, 2]


def test_an_attribute(rec: Recording) -> None:
    account = rec.when("state == 'done'").locals["account"]
    for table in (rec.history(account, "balance"), rec.history("sell:account.balance")):
        assert list(table["value"]) == [1, 7, 17, 23, 31]
        assert list(table["line"]) == [line_of("self.balance = balance")] + [line_of("self.balance += amount")] * 4
    assert rec.history(account, "log")["value"].iloc[-1] == [6, 10, 6, 8]
    assert rec.history(account.__captured__.address, "owner")["value"].tolist() == ["me"]
    whole = rec.history(account)
    assert whole["value"].iloc[-1].balance == 31
    assert len(whole) >= 9


CONTAINERS = """\
def f():
    d = {'a': 1}
    d['b'] = 2
    d['a'] = 3
    del d['b']
    l = [1]
    l.append(5)
    l[0] = 2
    return d, l
"""


def test_items_and_keys(tmp_path: Path) -> None:
    rec = recorded(tmp_path, CONTAINERS, "f")
    held = rec.when("l == [2, 5]").locals
    assert list(rec.history(held["d"], "a")["value"]) == [1, 3]
    gone = rec.history(held["d"], "b")
    assert list(gone["value"]) == [2, None]
    assert list(gone["what"]) == ["bound", "deleted"]
    assert list(rec.history(held["l"], 0)["value"]) == [1, 2]
    assert list(rec.history(held["l"], -1)["value"]) == [1, 5]
    assert list(rec.history("f:d['a']")["value"]) == [1, 3]


def test_values_that_were_cut_can_be_shown(tmp_path: Path) -> None:
    text = "class A:\n    pass\ndef f():\n    x = list(range(1000))\n    x = {i: 'a' * 999 for i in range(1000)}\n"
    text += "    x = A()\n"
    text += "    for i in range(200):\n        setattr(x, f'a{i}', i)\n    return x\n"
    rec = recorded(tmp_path, text, "f")
    table = rec.history("f:x")
    values = table["value"]
    assert values.iloc[0].size == 1000
    for shown in (table[["value"]].head(3), values.head(3)):
        assert "0, 1, 2" in repr(shown)
    assert "0, 1, 2" in table.head(3).to_html()
    assert "A(" in table.to_string()
    assert len(table._repr_html_() or "") > 100
    printed = rec.log("f:9", "x, i")
    assert "A(" in printed.table.to_string()
    assert "A(" in printed._repr_html_()


def test_a_watched_object(tmp_path: Path) -> None:
    text = """\
class A:
    def __init__(self):
        self.x = 1
    def set(self, x):
        self.x = x
a = A()
def f():
    for i in range(3):
        a.set(i)
    del a.x
    a.x = [1]
    a.x.append(2)
"""
    path = tmp_path / "shop.py"
    module = load(path, text)
    for level in ("values", "lines"):
        rec = record(path, module.f, level=level, watch=(module.a,), exclude=f"{TESTS}/*")
        table = rec.history(module.a, "x")
        assert list(table["value"]) == [1, 0, 1, 2, None, [1], [1, 2]]
        assert list(table["what"]) == ["bound"] * 4 + ["deleted", "bound", "changed"]
        assert list(table["line"])[1:6] == [5, 5, 5, 10, 11]
        module.a.x = 1


def test_a_live_object(tmp_path: Path) -> None:
    kept: list[Any] = []
    text = "class A:\n    pass\ndef f(kept):\n    a = A()\n    a.x = 1\n    a.x = 2\n    kept.append(a)\n"
    rec = recorded(tmp_path, text, "f", kept)
    assert list(rec.history(kept[0], "x")["value"]) == [1, 2]


@pytest.mark.parametrize(
    ("what", "name", "error", "said"),
    [
        ("missing", None, UnknownValue, "'missing' is not known: it was never captured"),
        (
            "sell:totl",
            None,
            UnknownValue,
            "'totl' of sell is not known: it was never captured; names like it are total",
        ),
        ("sel:total", None, UnknownValue, "no such function was recorded: there are sell"),
        ("a b", None, OptionError, "'a b'"),
        ("", None, OptionError, "''"),
        ("f(x)", None, OptionError, "'f(x)'"),
        (5.5, None, OptionError, "5.5"),
        (None, None, OptionError, "None"),
        (12345, "x", UnknownValue, "0x3039"),
        (object(), "x", UnknownValue, "nothing was captured of it"),
        ("total", "x", OptionError, "'total.x'"),
        ("sell:account.missing", None, UnknownValue, "held no attribute 'missing' itself"),
        ("sell:total[0]", None, UnknownValue, "not subscriptable"),
    ],
)
def test_bad_questions(rec: Recording, what: Any, name: Any, error: type[Exception], said: str) -> None:
    gc.collect()
    with pytest.raises(error) as caught:
        rec.history(what, name)
    assert said in str(caught.value)


def test_an_attribute_that_never_was(rec: Recording) -> None:
    account = rec.when("state == 'done'").locals["account"]
    with pytest.raises(UnknownValue, match="it was never seen in it: properties"):
        rec.history(account, "missing")


def test_without_lines(tmp_path: Path) -> None:
    rec = recorded(tmp_path, level="calls")
    with pytest.raises(UnknownValue, match="level"):
        rec.history("total")


@pytest.mark.parametrize(("n", "standing"), [(3, "exact"), (300, "sampled: 32 of 300 items were captured")])
def test_a_list_that_was_returned(tmp_path: Path, n: int, standing: str) -> None:
    text = "def f(n):\n    found = []\n    for i in range(n):\n        found.append([i])\n    return found\n"
    rec = recorded(tmp_path, text, "f", n)
    result = rec.at(rec.find("f").iloc[0]).frame.result
    assert result[0] == [0]
    assert str(standing_of(result)).startswith(standing)


def test_a_path_has_the_history_of_one_object_not_of_all_at_its_address(tmp_path: Path) -> None:
    source = """
class Account:
    def __init__(self, balance):
        self.balance = balance

def main():
    seen = set()
    number = 0
    account = Account(number)
    while id(account) not in seen:
        seen.add(id(account))
        number += 1
        account = None
        account = Account(number)
    account.balance += 100
    return account
"""
    rec = recorded(tmp_path, source)
    values = rec.history("account.balance").value.tolist()
    assert values[1] == values[0] + 100
    assert len(values) == 2
