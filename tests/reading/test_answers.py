"""What a recording answers about one small program, written down as a log."""

from __future__ import annotations

import datetime
from typing import Any

import msgpack
import pandas as pd
import pytest

from reading.logs import START, Event, Held, Script, code, write_log
from scope_repl import OptionError, OutOfRange, Recording, StillRecording, UnknownValue
from scope_repl.model import CellRun
from scope_repl.recording.standing import Known
from scope_repl.schema import CodeFlag, Kind

pytestmark = pytest.mark.native


def line_table(lines: list[int]) -> bytes:
    """A table with one code unit for each line, in the form without columns."""
    table = bytearray()
    for delta in (line - before for before, line in zip([lines[0], *lines], lines, strict=False)):
        number = -delta << 1 | 1 if delta < 0 else delta << 1
        table += bytes([0x80 | 13 << 3, number])
    return bytes(table)


MAIN, PRICE, TICKS, LEN, LOADS, ERROR = 1, 2, 3, 4, 5, 6
CODES = {
    MAIN: code("main", first_line=10, lines=line_table([10, 11, 12, 13, 14, 15])),
    PRICE: code("price", qualname="Order.price", first_line=20, arguments=("qty", "unit"), lines=line_table([20, 21])),
    TICKS: code("ticks", CodeFlag.GENERATOR, first_line=30, arguments=("n",)),
    LEN: code("len", CodeFlag.C),
    LOADS: code("loads", CodeFlag.OPAQUE, module="json", arguments=("s",)),
    ERROR: code("ValueError", CodeFlag.TYPE, module="builtins", file="", first_line=0),
}
FRAME = 0x7F0000001000


def packed(value: Any) -> bytes:
    data: bytes = msgpack.packb(value)
    return data


def site(line: int) -> int:
    """main's instruction of a line, as the log writes it."""
    return line - 10 + 1


EVENTS = [
    Event(100, 0, Kind.CALL, MAIN, 0, packed([])),
    Event(200, 0, Kind.CALL, PRICE, site(11), packed([3, 2.5])),
    Event(300, 0, Kind.RETURN, PRICE, 0, packed(7.5)),
    Event(400, 0, Kind.C_CALL, LEN, site(12), b""),
    Event(450, 0, Kind.C_RETURN, LEN),
    Event(500, 0, Kind.CALL, TICKS, FRAME, packed([9])),
    Event(600, 0, Kind.YIELD, TICKS, 0, packed(0)),
    Event(650, 1, Kind.THREAD_START),
    Event(700, 1, Kind.RESUME, TICKS, FRAME, b""),
    Event(750, 1, Kind.YIELD, TICKS, 0, packed(1)),
    Event(800, 0, Kind.CALL, PRICE, site(14), packed([0, 1])),
    Event(820, 0, Kind.RAISE, PRICE, ERROR | 2 << 20, packed("no quantity")),
    Event(840, 0, Kind.UNWIND, PRICE, ERROR, b""),
    Event(860, 0, Kind.HANDLED, MAIN, ERROR | 6 << 20, b""),
    Event(900, 0, Kind.CALL, LOADS, site(15), b""),
    Event(950, 0, Kind.RETURN, LOADS),
]


def script(**changes: Any) -> Script:
    options: dict[str, Any] = {"threads": 2, "end": 1000} | changes
    return Script(EVENTS, CODES, **options)


@pytest.fixture
def rec() -> Recording:
    return Recording(write_log(script()))


def at(rec: Recording, time: int) -> Any:
    return rec.at(time, unit="ns")


class TestFrames:
    def test_arguments_and_results(self, rec: Recording) -> None:
        frame = at(rec, 250).stack()[0]
        assert (frame.function, frame.qualname, frame.module) == ("price", "Order.price", "shop.orders")
        assert dict(frame.args) == {"qty": 3, "unit": 2.5}
        assert frame.standing("args").exact
        assert (frame.result, frame.outcome, frame.running_ns) == (7.5, "return", 50)
        with pytest.raises(
            UnknownValue, match=r"the argument 'price' of Order\.price is not known: the arguments are qty, unit"
        ):
            frame.args["price"]

    def test_locals_are_unknown_at_level_values(self, rec: Recording) -> None:
        frame = at(rec, 250).frame
        assert len(frame.locals) == 0
        assert frame.standing("locals").known is Known.NOT
        with pytest.raises(UnknownValue, match="locals are not captured at level values"):
            frame.locals["total"]

    def test_the_line_of_the_call_in_progress_is_exact(self, rec: Recording) -> None:
        main = at(rec, 250).stack()[1]
        assert (main.line, main.standing("line").exact) == (11, True)
        assert at(rec, 420).stack()[1].line == 12

    def test_the_line_of_the_last_call_is_the_last_known(self, rec: Recording) -> None:
        main = at(rec, 350).frame
        standing = main.standing("line")
        assert (main.line, standing.known, standing.age_ns) == (11, Known.LAST, 50)

    def test_before_the_first_call_the_line_of_entry_is_the_last_known(self, rec: Recording) -> None:
        main = at(rec, 150).frame
        assert (main.line, str(main.standing("line"))) == (10, "last known 50 ns before: where it was entered")

    def test_calls_into_c_and_libraries(self, rec: Recording) -> None:
        length, loads = at(rec, 420).frame, at(rec, 920).frame
        assert (length.kind, length.line, length.file) == ("c", None, "")
        assert loads.kind == "opaque"
        with pytest.raises(UnknownValue, match="values of calls into libraries and C are not captured"):
            _ = loads.args["s"]
        assert repr(length).startswith("len(…)")

    def test_an_exception(self, rec: Recording) -> None:
        frame = at(rec, 810).frame
        raised = frame.exception
        assert raised is not None
        assert (raised.type, raised.message, raised.line, raised.raised_in) == (
            "ValueError",
            "no quantity",
            21,
            "Order.price",
        )
        with pytest.raises(UnknownValue, match="the call ended by an exception"):
            _ = frame.result

    def test_a_piece_that_does_not_exist(self, rec: Recording) -> None:
        with pytest.raises(ValueError, match="piece='colour': the pieces are frame, line"):
            at(rec, 250).frame.standing("colour")


class TestMoments:
    def test_a_generator_goes_from_track_to_track(self, rec: Recording) -> None:
        assert [frame.qualname for frame in at(rec, 550).stack(0)] == ["ticks", "main"]
        assert [frame.qualname for frame in at(rec, 720).stack("thread-1")] == ["ticks"]
        suspended = at(rec, 650).suspended()
        assert [(frame.qualname, frame.suspended, dict(frame.args)) for frame in suspended] == [
            ("ticks", True, {"n": 9})
        ]
        assert at(rec, 550).suspended() == []
        assert rec.calls.outcome[rec.calls.name == "ticks"].tolist() == ["suspended"]

    def test_without_a_track_the_one_that_ran_last(self, rec: Recording) -> None:
        assert at(rec, 720).stack().track == 1
        assert at(rec, 800).stack().track == 0

    def test_an_event_or_a_call_has_its_own_track(self, rec: Recording) -> None:
        resume = rec.events[rec.events.kind == "resume"].iloc[0]
        assert rec.at(resume).stack().track == 1
        call = rec.calls[rec.calls.name == "main"].iloc[0]
        assert rec.at(call).frame.function == "main"
        assert rec.at(next(rec.calls.itertuples())).time_ns == 100

    def test_last_return_and_last_exception(self, rec: Recording) -> None:
        returned, raised = at(rec, 350).last(), at(rec, 870).last(0)
        assert (returned.qualname, returned.value, returned.age_ns, returned.standing.exact) == (
            "Order.price",
            7.5,
            50,
            True,
        )
        assert raised.exception.message == "no quantity"
        assert at(rec, 150).last() is None

    def test_up_and_down(self, rec: Recording) -> None:
        moment = at(rec, 250)
        assert moment.up().frame.function == "main"
        assert moment.up().up().frame.function == "main"
        assert moment.up().down().args["qty"] == 3
        assert moment.frame.function == "price"

    def test_next_and_previous_on_one_track(self, rec: Recording) -> None:
        moment = at(rec, 600).next(track=0)
        assert (moment.time_ns, moment.event.kind) == (800, "call")
        assert moment.previous(track=1).time_ns == 750
        with pytest.raises(
            OutOfRange, match=r"there is no event after 0.000000950 s; the recording knows 0.000000000 s to"
        ):
            at(rec, 950).next()

    def test_nothing_runs(self, rec: Recording) -> None:
        assert len(at(rec, 50).stack(0)) == 0
        with pytest.raises(UnknownValue, match="nothing recorded was running"):
            _ = at(rec, 50).frame
        assert "nothing recorded is running" in repr(at(rec, 50))

    def test_the_newest_events_of_a_track_were_dropped(self) -> None:
        rec = Recording(write_log(script(end_known={1: 720})))
        stack = at(rec, 900).stack(1)
        assert [frame.qualname for frame in stack] == []
        stack = (
            Recording(write_log(Script(EVENTS[:9], CODES, threads=2, end=1000, end_known={1: 720})))
            .at(900, unit="ns")
            .stack(1)
        )
        assert [frame.qualname for frame in stack] == ["ticks"]
        assert (stack.standing.known, stack.standing.age_ns) == (Known.LAST, 180)
        assert "newest events of this track were dropped" in stack.standing.reason
        assert at(rec, 700).standing(1).exact

    def test_a_track_that_does_not_exist(self, rec: Recording) -> None:
        with pytest.raises(LookupError, match="track=7: the tracks are 0 to 1"):
            at(rec, 250).stack(7)
        with pytest.raises(LookupError, match="0 tracks have this name; the names are thread-0, thread-1"):
            at(rec, 250).stack("main")


class TestInstants:
    @pytest.mark.parametrize(
        ("time", "unit"),
        [
            (250e-9, "s"),
            (250, "ns"),
            (0.25, "us"),
            (pd.Timedelta(250, "ns"), "s"),
            ("250ns", "s"),
            ("25%", "s"),
            (pd.Timestamp(1_700_000_000_000_000_250, tz="UTC"), "s"),
            ({"time_ns": 250}, "s"),
        ],
    )
    def test_forms(self, rec: Recording, time: Any, unit: str) -> None:
        assert rec.at(time, unit=unit).time_ns == 250

    def test_a_datetime_without_a_zone_is_local(self) -> None:
        rec = Recording(write_log(script(end=10_000_000_000)))
        local = datetime.datetime.fromtimestamp(1_700_000_003)
        assert rec.at(local).time_ns == 3_000_000_000
        assert rec.at(local.astimezone(datetime.UTC)).time_ns == 3_000_000_000

    def test_outside(self, rec: Recording) -> None:
        with pytest.raises(
            OutOfRange, match=r"is after the recording's end: this recording knows 0.000000000 s to 0.000001000 s"
        ):
            rec.at(2)
        with pytest.raises(OutOfRange, match="is before the recording's start"):
            rec.at(-1)
        with pytest.raises(OutOfRange, match="between 0% and 100%"):
            rec.at("101%")

    def test_before_the_horizon(self) -> None:
        rec = Recording(write_log(script(horizon=90)))
        with pytest.raises(
            OutOfRange, match=r"is before the horizon, older events were dropped.*record with a larger buffer"
        ):
            rec.at(50, unit="ns")
        assert rec.at("0%").time_ns == 90

    @pytest.mark.parametrize("time", [True, None, object(), [1]])
    def test_no_time_at_all(self, rec: Recording, time: Any) -> None:
        with pytest.raises(TypeError, match="give seconds"):
            rec.at(time)

    @pytest.mark.parametrize("time", ["soon", "x%", float("nan"), float("inf"), pd.NaT])
    def test_no_time_that_can_be_understood(self, rec: Recording, time: Any) -> None:
        with pytest.raises(ValueError, match=r"."):
            rec.at(time)

    def test_no_such_unit(self, rec: Recording) -> None:
        with pytest.raises(ValueError, match="unit='h': the units are s, ms, us, ns"):
            rec.at(1, unit="h")


class TestFind:
    @pytest.mark.parametrize(
        ("conditions", "starts"),
        [
            ({"name": "price*"}, [200, 800]),
            ({"name": "Order.*"}, [200, 800]),
            ({"module": "json"}, [900]),
            ({"kind": "c"}, [400]),
            ({"outcome": "raise"}, [800]),
            ({"outcome": ["suspended", "open"]}, [100, 500]),
            ({"track": 1}, []),
            ({"after": "51%"}, [800, 900]),
            ({"before": 2e-7}, [100, 200]),
            ({"min_duration": "100ns", "max_duration": 1e-7}, [200]),
            ({"where": {"qty": 3}}, [200]),
            ({"where": {"qty": lambda qty: qty < 3, "unit": 1}}, [800]),
            ({"where": {"colour": 1}}, []),
            ({"name": "price", "outcome": "raise", "where": {"qty": 3}}, []),
            ({}, [100, 200, 400, 500, 800, 900]),
        ],
    )
    def test_conditions(self, rec: Recording, conditions: dict[str, Any], starts: list[int]) -> None:
        found = rec.find(**conditions)
        assert found.start_ns.tolist() == starts
        assert rec.calls.loc[found.index].equals(found)

    def test_conditions_that_cannot_be_understood(self, rec: Recording) -> None:
        with pytest.raises(ValueError, match="outcome='fail': the choices are open, return, raise"):
            rec.find(outcome="fail")
        with pytest.raises(ValueError, match="kind='java': the choices are python, opaque, c"):
            rec.find(kind="java")

    def test_values_at_level_calls(self) -> None:
        rec = Recording(write_log(script(level="calls")))
        with pytest.raises(UnknownValue, match="arguments are not captured at level calls"):
            rec.find(where={"qty": 3})


class TestTree:
    def test_text(self, rec: Recording) -> None:
        assert str(rec.tree()).splitlines() == [
            "track 0: thread-0",
            "└── main()  900 ns  open",
            "    ├── Order.price ×2  140 ns  1 raised",
            "    ├── len  50 ns",
            "    ├── ticks(n=9)  100 ns  suspended",
            "    └── loads  50 ns",
            "track 1: thread-1",
            "└── ticks resumed  50 ns",
        ]

    def test_what_is_left_out_is_counted(self, rec: Recording) -> None:
        assert str(rec.tree(lines=2, track=0)).splitlines() == [
            "track 0: thread-0",
            "└── main()  900 ns  open",
            "    ├── Order.price ×2  140 ns  1 raised",
            "    └── … 3 more functions, 3 calls  200 ns",
        ]

    def test_html(self, rec: Recording) -> None:
        html = rec.tree()._repr_html_()
        assert html.startswith("<pre")
        assert "Order.price" in html

    def test_no_lines(self, rec: Recording) -> None:
        with pytest.raises(OptionError, match="lines=0: give at least 1"):
            rec.tree(lines=0)


class TestRecording:
    def test_still_running(self) -> None:
        rec = Recording()
        assert repr(rec) == "<Recording, still running>"
        for ask in (lambda: rec.calls, lambda: rec.at(0), lambda: rec.tree(), lambda: rec.stats, lambda: rec.find("x")):
            with pytest.raises(StillRecording, match="can be read once its `with` block is over"):
                ask()

    def test_tables_cannot_be_changed_through_a_frame(self, rec: Recording) -> None:
        calls = rec.calls
        calls["mine"] = 1
        assert "mine" not in rec.calls
        before = rec.calls.start_ns.tolist()
        with pytest.raises(ValueError, match="read-only"):
            rec.calls.start_ns.to_numpy()[0] = 1
        assert rec.calls.start_ns.tolist() == before

    def test_cells(self) -> None:
        cells = [CellRun(7, "b = 2", START + 400, START + 700), CellRun(None, "a = 1", START + 100, START + 399)]
        rec = Recording(write_log(script(cells=cells)))
        assert rec.cells.source.tolist() == ["a = 1", "b = 2"]
        assert rec.cells.number.isna().tolist() == [True, False]
        assert rec.calls.cell.tolist() == [0, 0, 1, 1, -1, -1]
        assert rec.events.cell.tolist() == [0, 0, 0, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1, -1]

    def test_stats(self, rec: Recording) -> None:
        stats = rec.stats
        assert stats.produced == stats.stored + stats.dropped == len(EVENTS)
        assert (stats.duration_ns, stats.horizon_ns, stats.hook) == (1000, 0, "script")
        assert list(stats.to_frame().columns) == list(type(stats).__slots__)
        assert "16 events in 1.00 µs" in str(stats)

    def test_calls_that_had_begun_before(self) -> None:
        held = [
            [
                Held(Kind.SUSPENDED, TICKS, 0, FRAME),
                Held(Kind.OPEN, MAIN, 0),
                Held(Kind.OPEN, PRICE, 50, 0, packed([1, 2])),
            ],
            [Held(Kind.SUSPENDED, TICKS, 40, FRAME + 64, packed([5]))],
        ]
        rec = Recording(
            write_log(Script([Event(200, 1, Kind.RESUME, TICKS, FRAME, b"")], CODES, 2, held, 1000, horizon=60))
        )
        calls = rec.calls
        assert calls.name.tolist() == ["main", "Order.price", "ticks", "ticks"]
        assert calls.start_known.tolist() == [False, True, False, True]
        assert calls.outcome.tolist() == ["open", "open", "open", "suspended"]
        price, main = rec.at(100, unit="ns").stack(0)
        assert dict(price.args) == {"qty": 1, "unit": 2}
        assert str(main.standing("start")) == "unknown: the call had begun when the recording started"
        (ticks,) = rec.at(300, unit="ns").suspended()
        assert dict(ticks.args) == {"n": 5}
        (resumed,) = rec.at(300, unit="ns").stack(1)
        with pytest.raises(UnknownValue, match="the call had begun when the recording started"):
            _ = resumed.args["n"]
