"""Why a value is what it is: the chain of writes that led to it."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from questions.asked import TESTS, line_of, recorded
from scope_repl import Recording, record
from scope_repl.errors import OptionError, UnknownValue
from scope_repl.query.reads import reads_of_argument, reads_of_line
from scope_repl.query.why import Why


def heads(why: Why) -> list[str]:
    """The texts of what is right below."""
    return [cause.text.split("  [")[0] for cause in why.causes]


def test_a_chain(rec: Recording) -> None:
    end = rec.when("state == 'done'")
    why = rec.why("total", before=end)
    assert why.write is not None
    assert why.write.new == 30
    assert heads(why) == ["total = 22 (before: 16)", "cost = 8 (before: 6)"]
    before, cost = why.causes
    assert heads(before) == ["total = 16 (before: 6)", "cost = 6 (before: 10)"]
    assert heads(cost) == ["price() returned 8", "item = 'glue' (before: 'ink')", "rate = 2"]


def test_its_depth(rec: Recording) -> None:
    def depth(why: Why) -> int:
        return 1 + max(map(depth, why.causes), default=0)

    assert [depth(rec.why("total", depth=number)) for number in (1, 2, 3, 5)] == [1, 2, 3, 5]


def test_what_was_returned_leads_into_the_call(rec: Recording) -> None:
    why = rec.why("first", depth=4)
    assert heads(why) == ["sell() returned 30"]
    assert heads(why.causes[0]) == ["total = 30 (before: 22)"]


def test_an_argument_leads_to_the_call(rec: Recording) -> None:
    why = rec.why("price:count", before=rec.when("base == 5"), depth=2)
    assert why.text.startswith("price:count = 2  [price, shop.py:")
    assert heads(why) == ["rate = 2"]
    why = rec.why("item", before=rec.when("base == 5"), depth=3)
    assert heads(why) == ["item = 'paper' (before: 'pen')"]
    assert heads(why.causes[0]) == ["items = ['pen', 'paper', 'ink', 'glue']"]


def test_changes_in_place_and_attributes(rec: Recording) -> None:
    end = rec.when("state == 'done'")
    queue = rec.why("queue", before=end, depth=2)
    assert heads(queue) == ["queue = [] (before: ['pen', 'paper', 'ink'])", "item = 'glue' (before: 'ink')"]
    balance = rec.why("account.balance", before=end, depth=3)
    assert heads(balance) == ["self.balance = 23 (before: 17)", "amount = 8"]
    assert heads(balance.causes[1]) == ["cost = 8 (before: 6)"]


def test_what_leads_in_circles(tmp_path: Path) -> None:
    text = "def f():\n    a = [1]\n    b = [a]\n    a.append(b)\n    b.append(a)\n    c = (a, b, a, b)\n    return c\n"
    why = recorded(tmp_path, text, "f").why("c", depth=20)
    assert len(repr(why)) < 5000
    assert "(see above)" in repr(why)


def test_in_words(rec: Recording) -> None:
    lines = repr(rec.why("total", before=rec.when("state == 'done'"), depth=2)).splitlines()
    assert lines[0].startswith(f"total = 30 (before: 22) [sell, shop.py:{line_of('total += cost')}: total += cost, 0.")
    assert lines[1].startswith("├─ total = 22 (before: 16) [sell")
    assert lines[2].startswith("└─ cost = 8 (before: 6) [sell")
    html = rec.why("total", depth=2)._repr_html_()
    assert html.count("<details") == 1
    assert html.count("<code>") == 3


def test_html_is_escaped(tmp_path: Path) -> None:
    rec = recorded(tmp_path, "def f():\n    x = '<script>'\n    y = x\n    return y\n", "f")
    assert "<script>" not in rec.why("y")._repr_html_()


def test_a_source_that_was_written_since(tmp_path: Path) -> None:
    rec = recorded(tmp_path, "def f():\n    x = 1\n    y = x\n    return y\n", "f")
    assert heads(rec.why("y")) == ["x = 1 (not bound before)"]
    other = tmp_path / "other.py"
    other.write_text("def f():\n    x = 1\n    y = x\n    return y\n")
    os.utime(other, (1, 1))
    scope: dict[str, object] = {}
    exec(compile(other.read_text(), str(other), "exec"), scope)
    other.write_text("def f():\n    return 5\n")
    os.utime(other, (time.time() + 5, time.time() + 5))
    with record(level="lines", include=str(other), exclude=f"{TESTS}/*") as rec:
        scope["f"]()  # type: ignore[operator]
    assert rec.why("y").causes == []


@pytest.mark.parametrize(
    ("name", "depth", "error", "said"),
    [
        ("total", 0, OptionError, "depth=0: give a number from 1 to 50"),
        ("total", 51, OptionError, "depth=51"),
        ("total", "3", OptionError, "depth='3'"),
        ("missing", 3, UnknownValue, "it was never captured"),
        ("a b", 3, OptionError, "'a b'"),
    ],
)
def test_bad_questions(rec: Recording, name: str, depth: int, error: type[Exception], said: str) -> None:
    with pytest.raises(error) as caught:
        rec.why(name, depth=depth)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("line", "written", "read"),
    [
        ("x = a + b", "x", "a b"),
        ("x += a", "x", "x a"),
        ("self.x += self.rate * n", "self", "self.x self.rate n"),
        ("d[k] = v", "d", "k d v"),
        ("d[k] = v", "other", "k v"),
        ("x = f(a, key=b)", "x", "a b"),
        ("x = obj.method(a)[0]", "x", "obj a"),
        ("x = [y.z for y in items if y > low]", "x", "items low"),
        ("x = lambda y: y + z", "x", ""),
        ("x, y = y, x", "x", "y x"),
        ("x = a; y = b", "y", "b"),
        ("x = a; y = b", "x", "a"),
        ("for x in items: pass", "x", "items"),
        ("with f(a) as x: pass", "x", "a"),
        ("if (x := a) > b: pass", "x", "a b"),
        ("del x", "x", ""),
        ("import x", "x", ""),
        ("x = cart[0].price + cart[i]", "x", "cart[0].price cart i"),
        ("x = f'{a} {b!r}'", "x", "a b"),
        ("x = a if b else c", "x", "b a c"),
        ("return x", "", "x"),
    ],
)
def test_what_a_line_reads(line: str, written: str, read: str) -> None:
    text = f"def function():\n    {line}\n"
    assert {str(path) for path in reads_of_line(text, 2, written)} == set(read.split())


def test_what_the_head_of_a_statement_reads() -> None:
    text = "while a < b:\n    x = (c +\n         d)\n    if e:\n        y = 1\n    else:\n        z = g\n"
    read = {line: {str(path) for path in reads_of_line(text, line, "")} for line in range(1, 8)}
    assert read == {1: {"a", "b"}, 2: {"c", "d"}, 3: {"c", "d"}, 4: {"e"}, 5: set(), 6: {"e"}, 7: {"g"}}
    assert reads_of_line("x = (", 1, "x") == []


@pytest.mark.parametrize(
    ("line", "function", "argument", "place", "read"),
    [
        ("f(a, b + c)", "f", "y", 1, "b c"),
        ("f(a, y=b)", "f", "y", 1, "b"),
        ("f(*a, b)", "f", "y", 1, "a b"),
        ("f(a)", "f", "y", 1, "a"),
        ("x.f(a, b)", "X.f", "y", 1, "a"),
        ("x.f(a, b)", "X.f", "self", 0, "x"),
        ("X(a, b)", "X.__init__", "y", 2, "b"),
        ("f(a) + f(b)", "f", "x", 0, "a b"),
        ("g(a, f(b))", "f", "x", 0, "b"),
    ],
)
def test_what_an_argument_is_made_of(line: str, function: str, argument: str, place: int, read: str) -> None:
    assert {str(path) for path in reads_of_argument(line, 1, function, argument, place)} == set(read.split())
