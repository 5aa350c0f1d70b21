"""From line to line, in both directions."""

from __future__ import annotations

from pathlib import Path

import pytest
from inspecting.modules import load, record

from questions.asked import TESTS, all_lines, line_of, recorded
from scope_repl import Recording
from scope_repl.errors import OutOfRange, UnknownValue
from scope_repl.query.moment import Moment


def place(moment: Moment) -> tuple[str, int | None]:
    return moment.frame.qualname, moment.frame.line


def test_lines_one_after_the_other(rec: Recording) -> None:
    forward = [(moment.time_ns, place(moment)) for moment in all_lines(rec)]
    at = forward.index(
        next(
            entry for entry in forward if entry[1] == ("main", line_of('first = sell(["pen", "paper", "ink", "glue"])'))
        )
    )
    assert [entry[1] for entry in forward[at : at + 4]] == [
        ("main", line_of('first = sell(["pen", "paper", "ink", "glue"])')),
        ("sell", line_of('account = Account("me", 1)')),
        ("Account.__init__", line_of("self.owner = owner")),
        ("Account.__init__", line_of("self.balance = balance")),
    ]
    backward = []
    moment = rec.at("100%")
    while True:
        try:
            moment = moment.previous_line()
        except OutOfRange:
            break
        backward.append((moment.time_ns, place(moment)))
    assert backward[::-1] == forward


def test_over(rec: Recording) -> None:
    moment = rec.when("rate == 2")
    lines = [moment.frame.line]
    for _ in range(6):
        moment = moment.step_over()
        assert moment.frame.function == "sell"
        lines.append(moment.frame.line)
    texts = [
        "queue = []",
        "total = 0",
        "best = None",
        "for item in items:",
        "cost = price(item, rate)",
        "total += cost",
    ]
    assert lines == [line_of('account = Account("me", 1)'), *map(line_of, texts)]
    back = []
    for _ in range(6):
        moment = moment.step_over(back=True)
        back.append(moment.frame.line)
    assert back == lines[-2::-1]


def test_over_the_end_of_a_frame(rec: Recording) -> None:
    moment = rec.when("base == 3").step_over()
    assert place(moment) == ("price", line_of("return total"))
    assert place(moment.step_over()) == ("sell", line_of("total += cost"))
    first = rec.when("count == 2")
    assert place(first) == ("price", line_of("base = len(item)"))
    assert place(first.step_over(back=True)) == ("sell", line_of("cost = price(item, rate)"))


def test_out(rec: Recording) -> None:
    moment = rec.when("base == 5")
    assert place(moment.step_out()) == ("sell", line_of("total += cost"))
    assert place(moment.step_out(back=True)) == ("sell", line_of("cost = price(item, rate)"))
    assert place(moment.step_out().step_out()) == ("main", line_of("second = squares(4)"))
    assert moment.step_out(back=True).time_ns < moment.time_ns < moment.step_out().time_ns


def test_the_selected_frame_counts(rec: Recording) -> None:
    moment = rec.when("base == 5").up()
    assert place(moment) == ("sell", line_of("cost = price(item, rate)"))
    assert place(moment.step_over()) == ("sell", line_of("total += cost"))
    assert place(moment.step_out()) == ("main", line_of("second = squares(4)"))


def test_generators(rec: Recording) -> None:
    moment = rec.when("i == 1")
    assert place(moment) == ("numbers", line_of("yield i * i"))
    assert place(moment.step_over()) == ("squares", line_of("found.append(square)"))
    assert place(moment.step_over().step_over()) == ("squares", line_of("for square in numbers(n):"))
    assert place(moment.step_over().next_line().next_line()) == ("numbers", line_of("for i in range(n):"))
    assert place(moment.step_out(back=True)) == ("squares", line_of("for square in numbers(n):"))


def test_recursion(tmp_path: Path) -> None:
    text = "def fact(n):\n    if n < 2:\n        return 1\n    rest = fact(n - 1)\n    return n * rest\n"
    rec = recorded(tmp_path, text, "fact", 4)
    moment = rec.when("n == 3")
    moment = moment.step_over()
    assert moment.frame.line == 4
    moment = moment.step_over()
    assert (moment.frame.line, moment.locals["n"], moment.locals["rest"]) == (5, 3, 2)
    moment = moment.step_over()
    assert (moment.frame.line, moment.locals["n"], moment.locals["rest"]) == (5, 4, 6)
    assert moment.step_over(back=True).frame.line == 4
    assert moment.step_over(back=True).locals["n"] == 4


def test_threads_are_apart(tmp_path: Path) -> None:
    text = (
        "import threading\ndef work(n):\n    x = n\n    x += 1\n    return x\n"
        "def main():\n    one = threading.Thread(target=work, args=(1,))\n"
        "    one.start()\n    one.join()\n    work(2)\n"
    )
    rec = recorded(tmp_path, text, "main")
    inside = rec.when("n == 1")
    assert inside.next_line().track == inside.track
    assert inside.next_line().locals["x"] == 1
    with pytest.raises(OutOfRange, match=f"on track {inside.track}"):
        inside.next_line().next_line().next_line()


def test_the_ends(rec: Recording) -> None:
    with pytest.raises(OutOfRange, match=r"no line begins after .* on track 0; the recording knows 0\.000000000 s to"):
        rec.at("100%").next_line()
    with pytest.raises(OutOfRange, match="no line begins before"):
        rec.at(0).previous_line()
    with pytest.raises(OutOfRange, match="no line begins after"):
        rec.at("100%").step_over()
    with pytest.raises(OutOfRange, match="no line begins"):
        rec.at("100%").step_out()


def test_without_lines(tmp_path: Path) -> None:
    rec = recorded(tmp_path, level="values")
    for step in (rec.at("50%").next_line, rec.at("50%").previous_line, rec.at("50%").step_over, rec.at("50%").step_out):
        with pytest.raises(UnknownValue, match="no function was recorded at level lines"):
            step()


def test_where_no_frame_is_left_it_goes_on_with_what_ran_next(tmp_path: Path) -> None:
    shop = load(
        tmp_path / "shop.py", "def one(n):\n    a = n\n    return a\ndef two(n):\n    b = one(n)\n    return b\n"
    )

    def statements() -> None:
        shop.two(1)
        shop.two(2)

    rec = record(tmp_path / "shop.py", statements, level="lines", exclude=f"{TESTS}/*")
    moment = rec.at(0)
    lines = []
    for _ in range(4):
        moment = moment.step_over()
        lines.append((*place(moment), moment.locals["n"]))
    assert lines == [("two", 5, 1), ("two", 6, 1), ("two", 5, 2), ("two", 6, 2)]
    with pytest.raises(OutOfRange, match="no line begins after"):
        moment.step_over()
    for expected in lines[2::-1]:
        moment = moment.step_over(back=True)
        assert (*place(moment), moment.locals["n"]) == expected
    with pytest.raises(OutOfRange, match="no line begins before"):
        moment.step_over(back=True)
    inside = rec.when("a == 1")
    assert place(inside.step_out()) == ("two", 6)
    assert (*place(inside.step_out().step_out()), inside.step_out().step_out().locals["n"]) == ("two", 5, 2)
    with pytest.raises(OutOfRange, match="in a calling frame: there is none"):
        inside.step_out().step_out(back=True)


def test_a_moment_tells_its_line_and_its_variables(tmp_path: Path) -> None:
    rec = recorded(tmp_path, "def f(n):\n    found = [n]\n    found.append(2)\n    return found\n", "f", 1)
    text = repr(rec.when("len(found) == 2"))
    assert text.endswith("shop.py:4: return found\n  n     = 1       [exact]\n  found = [1, 2]  [exact]")
