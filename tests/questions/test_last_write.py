"""Where values came from."""

from __future__ import annotations

from pathlib import Path

import pytest
from inspecting.modules import load, record

from questions.asked import TESTS, all_lines, line_of, recorded
from scope_repl import Recording
from scope_repl.errors import OptionError, UnknownValue
from scope_repl.query.moment import Moment


@pytest.fixture(scope="module")
def end(rec: Recording) -> Moment:
    """As `sell` is about to return."""
    return rec.when("state == 'done'")


def test_a_local(rec: Recording, end: Moment) -> None:
    write = rec.last_write("total", before=end)
    assert (write.new, write.old, write.what) == (30, 22, "bound")
    assert (write.line, write.function, write.title) == (line_of("total += cost"), "sell", "shop.py")
    assert write.source == "total += cost"
    assert rec.calls["name"].iloc[write.span] == "sell"
    assert [frame.function for frame in write.stack[:2]] == ["sell", "main"]
    assert write.stack[0].line == write.line
    assert write.moment.locals["total"] == 22
    assert rec.at(write.time_ns, unit="ns").stack()[0].locals["total"] == 30


def test_every_local_at_every_line(rec: Recording) -> None:
    """The value after the last write is the one at the line, and before it is another one."""
    for moment in all_lines(rec):
        for name, value in moment.locals.items():
            write = rec.last_write(name, before=moment)
            assert write.time_ns <= moment.time_ns
            assert repr(write.new) == repr(value)
            if write.what in ("bound", "changed"):
                try:
                    assert repr(write.old) != repr(value) or write.what == "bound"
                except UnknownValue:
                    assert write.what == "bound"


def test_a_change_in_place(rec: Recording, end: Moment) -> None:
    write = rec.last_write("queue", before=end)
    assert (write.new, write.old, write.what) == (["glue"], [], "changed")
    assert write.line == line_of("queue.append(item)")


def test_a_change_by_a_callee(rec: Recording, end: Moment) -> None:
    write = rec.last_write("account", before=end)
    assert (write.what, write.function, write.line) == ("changed", "Account.add", line_of("self.log.append(amount)"))
    assert [frame.qualname for frame in write.stack[:3]] == ["Account.add", "sell", "main"]


@pytest.mark.parametrize("name", ["account.balance", "sell:account.balance"])
def test_an_attribute(rec: Recording, end: Moment, name: str) -> None:
    write = rec.last_write(name, before=end)
    assert (write.name, write.new, write.old) == (name, 31, 23)
    assert (write.function, write.line) == ("Account.add", line_of("self.balance += amount"))
    before = write.previous()
    assert (before.new, before.old) == (23, 17)


def test_items(rec: Recording, end: Moment) -> None:
    assert rec.last_write("account.log[0]", before=end).new == 6
    assert rec.last_write("account.log[0]", before=end).time_ns < rec.last_write("account.log[-1]", before=end).time_ns
    assert rec.last_write("queue[0]", before=end).new == "glue"


def test_a_part_of_what_cannot_change(rec: Recording) -> None:
    moment = rec.when("pair")
    write = rec.last_write("pair[0]", before=moment)
    assert (write.new, write.line) == (30, line_of("pair = (first, second)"))


def test_one_after_the_other(rec: Recording, end: Moment) -> None:
    writes = [rec.last_write("total", before=end)]
    for _ in range(4):
        writes.append(rec.last_write("total", before=writes[-1]))
    assert [write.new for write in writes] == [30, 22, 16, 6, 0]
    with pytest.raises(UnknownValue, match="it had not been written before"):
        rec.last_write("total", before=writes[-1])


def test_the_frames_that_called(rec: Recording) -> None:
    inner = rec.when("base == 5")
    assert inner.frame.function == "price"
    assert rec.last_write("queue", before=inner).new == ["pen"]
    assert rec.last_write("total", before=inner.next_line()).function == "price"
    assert rec.last_write("sell:total", before=inner.next_line()).new == 6
    assert rec.last_write("total", before=inner.next_line().up()).new == 6


def test_without_a_moment(rec: Recording) -> None:
    assert rec.last_write("total").new == 30
    assert rec.last_write("price:total").new == 8
    assert rec.last_write("base").new == 4
    assert rec.last_write("total", before="100%").new == 30
    assert rec.last_write("sold").function == "sell"


def test_an_argument(rec: Recording, end: Moment) -> None:
    write = rec.last_write("rate", before=end)
    assert (write.what, write.new, write.line) == ("argument", 2, line_of("def sell(items, rate=2):"))
    assert write.stack[0].function == "sell"
    with pytest.raises(UnknownValue, match="passed as an argument here"):
        _ = write.old


def test_a_first_write(rec: Recording, end: Moment) -> None:
    write = rec.last_write("state", before=end)
    assert write.new == "done"
    with pytest.raises(UnknownValue, match="it was not bound"):
        _ = write.old
    assert "(not bound before)" in repr(write)


def test_a_watched_object(tmp_path: Path) -> None:
    text = """\
class A:
    def __init__(self):
        self.x = 1
    def set(self, x):
        self.x = x
    def drop(self):
        del self.x
a = A()
def f(b):
    b.set(5)
    b.set(6)
    seen = b.x
    b.drop()
    b.x = 7
    return seen
"""
    path = tmp_path / "shop.py"
    module = load(path, text)
    rec = record(path, lambda: module.f(module.a), level="lines", watch=(module.a,), exclude=f"{TESTS}/*")
    write = rec.last_write("f:b.x")
    assert (write.what, write.new, write.line, write.function) == ("bound", 7, 14, "f")
    gone = write.previous()
    assert (gone.what, gone.old, gone.line, gone.function) == ("deleted", 6, 7, "A.drop")
    assert [gone.previous().new, gone.previous().previous().new] == [6, 5]
    assert [frame.function for frame in gone.stack[:2]] == ["drop", "f"]


def test_a_deleted_name(tmp_path: Path) -> None:
    rec = recorded(tmp_path, "def f():\n    x = 1\n    del x\n    y = 1\n    return y\n", "f")
    write = rec.last_write("x")
    assert (write.what, write.old, write.line) == ("deleted", 1, 3)
    with pytest.raises(UnknownValue, match="it was not bound"):
        _ = write.new


def test_in_words(rec: Recording, end: Moment) -> None:
    text = repr(rec.last_write("total", before=end))
    assert text.startswith("total = 30 (before: 22)\n  bound at 0.")
    assert text.endswith(f" in sell, shop.py:{line_of('total += cost')}\n    total += cost")
    assert "<code>total += cost</code>" in rec.last_write("total", before=end)._repr_html_()


def test_html_is_escaped(tmp_path: Path) -> None:
    rec = recorded(tmp_path, "def f():\n    x = '<script>'\n    return x\n", "f")
    assert "<script>" not in rec.last_write("x")._repr_html_()


def test_before_the_horizon(tmp_path: Path) -> None:
    text = "def f(n):\n    early = [1]\n    for i in range(n):\n        late = i\n    return early\n"
    rec = recorded(tmp_path, text, "f", 20_000, buffer="128KB")
    assert rec.contents.horizon_ns > 0
    assert rec.last_write("late").old == rec.last_write("late").new - 1
    with pytest.raises(UnknownValue, match="the last write of early is not known: it was before the horizon"):
        rec.last_write("early")
    early = rec.history("early")
    assert list(early["what"]) == ["before"]
    assert early["value"].iloc[0] == [1]


@pytest.mark.parametrize(
    ("name", "error", "said"),
    [
        ("missing", UnknownValue, "it was never captured"),
        ("price:queue", UnknownValue, "'queue' of price"),
        ("account.missing", UnknownValue, "held no attribute 'missing' itself"),
        ("queue[7]", UnknownValue, "index 7 out of range"),
        ("total.x", UnknownValue, "'x'"),
        ("x + y", OptionError, "'x + y'"),
        ("queue[i]", OptionError, "'queue[i]'"),
        (":total", OptionError, "':total'"),
        (5, OptionError, "5"),
    ],
)
def test_bad_names(rec: Recording, end: Moment, name: str, error: type[Exception], said: str) -> None:
    with pytest.raises(error) as caught:
        rec.last_write(name, before=end)
    assert said in str(caught.value)


def test_before_anything_was_written(rec: Recording) -> None:
    with pytest.raises(UnknownValue, match=r"nothing had been written to it before 0\.0"):
        rec.last_write("total", before=0)


def test_a_moment_of_another_recording(rec: Recording, tmp_path: Path) -> None:
    other = recorded(tmp_path)
    with pytest.raises(OptionError, match="another recording"):
        rec.last_write("total", before=other.at("50%"))


REUSED = """
class Account:
    def __init__(self, balance):
        self.balance = balance

def main():
    addresses = []
    for number in range(6):
        account = Account(number)
        book = {"balance": number}
        addresses += id(account), id(book)
        account = book = None
    account = Account(99)
    book = {"balance": 99}
    assert {id(account), id(book)} & set(addresses), "no address was used again"
    return account, book
"""


@pytest.mark.parametrize("name", ["account.balance", "book['balance']"])
def test_an_object_has_not_the_past_of_another_one_at_its_address(tmp_path: Path, name: str) -> None:
    rec = recorded(tmp_path, REUSED)
    end = rec.at(rec.contents.end_ns - 1, unit="ns").previous_line()
    while end.frame.qualname != "main":
        end = end.previous_line()
    write = rec.last_write(name, before=end)
    assert write.new == 99
    with pytest.raises(UnknownValue):
        write.old  # noqa: B018
    with pytest.raises(UnknownValue):
        write.previous()
