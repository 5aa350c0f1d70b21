"""What changed between two moments, and where two runs part."""

from __future__ import annotations

from pathlib import Path

import pytest

from questions.asked import recorded
from scope_repl import Recording
from scope_repl.errors import OptionError, UnknownValue
from scope_repl.schema import DIFFERENCE_COLUMNS


def test_between_two_moments(rec: Recording) -> None:
    one = rec.when("len(queue) == 1")
    other = rec.when("state == 'done'")
    found = one.diff(other)
    rows = {(row.what, row.name): (row.before, row.after) for row in found if row.owner == "sell"}
    assert rows[("local", "total")] == (6, 30)
    assert rows[("local", "item")] == ("pen", "glue")
    assert rows[("local", "queue[0]")] == ("pen", "glue")
    assert rows[("local", "account.balance")] == (1, 31)
    assert rows[("local", "account.log")] == ([], [6, 10, 6, 8])
    assert rows[("local", "best")] == (None, "glue")
    assert rows[("line", "")] == (one.frame.line, other.frame.line)
    assert repr(rows[("local", "state")][0]) == "<not there>"
    assert ("local", "items") not in rows
    assert ("local", "account.owner") not in rows
    assert ("local", "rate") not in rows
    assert [(row.what, row.after) for row in found if row.name == "sold"] == [("name", 30)]


def test_either_way_round(rec: Recording) -> None:
    one, other = rec.when("len(queue) == 1"), rec.when("state == 'done'")
    assert [str(row) for row in one.diff(other)] == [str(row) for row in other.diff(one)]


def test_frames(rec: Recording) -> None:
    found = rec.when("base == 3").diff(rec.when("square == 4"))
    assert [(row.what, row.owner) for row in found if row.what in ("entered", "left")] == [
        ("left", "sell"), ("left", "price"), ("entered", "squares")
    ]  # fmt: skip
    assert "price was left" in repr(found)


def test_nothing(rec: Recording) -> None:
    moment = rec.when("base == 3")
    assert len(moment.diff(moment)) == 0
    assert "nothing that is known changed" in repr(moment.diff(moment))


CONTAINERS = """\
def f():
    d = {'a': 1, 'b': 2}
    l = [1, 2, 3]
    s = {1}
    x = 1
    d['a'] = 5
    d['c'] = 6
    del d['b']
    l[1] = 9
    s.add(2)
    x = 2
    return x
"""


def test_dicts_and_lists(tmp_path: Path) -> None:
    rec = recorded(tmp_path, CONTAINERS, "f")
    found = rec.when("x == 1").diff(rec.when("x == 2"))
    rows = {row.name: (repr(row.before), repr(row.after)) for row in found if row.what == "local"}
    assert rows == {
        "d['a']": ("1", "5"),
        "d['b']": ("2", "<not there>"),
        "d['c']": ("<not there>", "6"),
        "l[1]": ("2", "9"),
        "s": ("{1}", "{1, 2}"),
        "x": ("1", "2"),
    }


def test_the_table(rec: Recording) -> None:
    found = rec.when("len(queue) == 1").diff(rec.when("state == 'done'"))
    table = found.table
    assert list(table.columns) == [column.name for column in DIFFERENCE_COLUMNS]
    assert [str(kind) for kind in table.dtypes] == [column.dtype for column in DIFFERENCE_COLUMNS]
    assert len(table) == len(found)
    assert "<table" in found._repr_html_()


def test_a_moment_of_another_recording(rec: Recording, tmp_path: Path) -> None:
    other = recorded(tmp_path)
    with pytest.raises(OptionError, match="give another moment of the same recording"):
        rec.at(0).diff(other.at(0))
    with pytest.raises(OptionError):
        rec.at(0).diff(5)  # type: ignore[arg-type]


# ---- two runs ----

WORK = """\
from pathlib import Path

class Item:
    def __init__(self, price):
        self.price = price

def work(path):
    n = int(Path(path).read_text())
    total = 0
    box = []
    item = Item(3)
    for i in range(6):
        total += i
        box.append({"i": i})
        if i == n:
            item.price = 99
        if i + 100 == n:
            total += 1
    last = total
    return last
"""


def run(folder: Path, number: int, text: str = WORK) -> Recording:
    (folder / "number").write_text(str(number))
    return recorded(folder, text, "work", str(folder / "number"))


def test_runs_that_are_alike(tmp_path: Path) -> None:
    one, other = run(tmp_path, 50), run(tmp_path, 50)
    found = one.diff(other)
    assert found.same
    assert (found.what, found.mine, found.other, found.values) == (None, None, None, {})
    assert found.count == len(one.contents.state.line_table())
    assert "the runs do not diverge in" in repr(found)
    assert "do not diverge" in found._repr_html_()


def test_a_value_that_differs(tmp_path: Path) -> None:
    found = run(tmp_path, 50).diff(run(tmp_path, 60))
    assert found.what == "value"
    assert not found.same
    assert found.values == {"n": (50, 60)}
    assert found.mine is not None
    assert found.other is not None
    assert (found.mine.frame.line, found.other.frame.line) == (9, 9)
    assert (found.mine.locals["n"], found.other.locals["n"]) == (50, 60)
    assert "n: 50 | 60" in repr(found)
    assert list(found.table["name"]) == ["n"]
    assert "<td>50</td><td>60</td>" in found._repr_html_()


READ = "int(Path(path).read_text())"
NOT_KEPT = WORK.replace(f"    n = {READ}\n", "")


def test_a_choice_that_differs(tmp_path: Path) -> None:
    text = NOT_KEPT.replace("i == n", f"i == {READ}").replace("i + 100 == n", "i > 100")
    found = run(tmp_path, 50, text).diff(run(tmp_path, 3, text))
    assert found.what == "line"
    assert found.mine is not None
    assert found.other is not None
    assert found.mine.locals["i"] == found.other.locals["i"] == 3
    lines = text.splitlines()
    assert lines[(found.mine.frame.line or 0) - 1].strip() == "if i > 100:"
    assert lines[(found.other.frame.line or 0) - 1].strip() == "item.price = 99"
    assert "this run:" in repr(found)
    assert "no captured value differs there" in repr(found)


def test_deep_in_an_object(tmp_path: Path) -> None:
    text = NOT_KEPT.replace("item = Item(3)", f"item = [Item({READ})]").replace("i == n", "i > 9")
    text = text.replace("i + 100 == n", "i > 9").replace(
        "        self.price = price\n", "        self.price = price\n        return\n"
    )
    found = run(tmp_path, 50, text).diff(run(tmp_path, 3, text))
    assert found.what == "value"
    assert found.values["price"] == (50, 3)


def test_a_change_in_place_that_differs(tmp_path: Path) -> None:
    text = NOT_KEPT.replace('box.append({"i": i})', f"box.append([{READ}])")
    text = text.replace("i == n", "i > 9").replace("i + 100 == n", "i > 9")
    found = run(tmp_path, 50, text).diff(run(tmp_path, 3, text))
    assert found.what == "value"
    assert found.values == {"box": ([[50]], [[3]])}


def test_a_run_that_ends_before(tmp_path: Path) -> None:
    text = NOT_KEPT.replace("range(6)", f"range({READ})").replace("i == n", "i > 9").replace("i + 100 == n", "i > 9")
    found = run(tmp_path, 4, text).diff(run(tmp_path, 5, text))
    assert found.what == "line"
    assert found.values == {"i": (3, 4)}


def test_the_last_value_of_all(tmp_path: Path) -> None:
    text = f"from pathlib import Path\ndef work(path):\n    x = 1\n    x = {READ}\n"
    found = run(tmp_path, 4, text).diff(run(tmp_path, 5, text))
    assert (found.what, found.count) == ("value", 2)


def test_what_is_no_recording(rec: Recording, tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="give another recording"):
        rec.diff(5)  # type: ignore[arg-type]
    other = recorded(tmp_path, level="values")
    with pytest.raises(UnknownValue, match="where the runs diverge is not known: no function was"):
        rec.diff(other)
