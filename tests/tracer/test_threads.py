"""Every thread is covered: running ones, new ones, raw ones, and those that outlive the recording."""

from __future__ import annotations

import _thread
import threading
from typing import Any

import pytest
from reference.events import Event
from reference.log import thread_records
from reference.recorded import Recorded, recording

from scope_repl.schema import Kind

pytestmark = pytest.mark.native


def leaf() -> None:
    pass


def calls(recorded: Recorded, name: str = "leaf") -> dict[str, int]:
    """How often a function was called, by thread."""
    found = {
        thread: sum(e.kind is Kind.CALL and e.name == name for e in events)
        for thread, events in recorded.events().items()
    }
    return {thread: count for thread, count in found.items() if count}


def kinds(events: list[Event]) -> list[Kind]:
    return [event.kind for event in events if not event.opaque]


class Running:
    """A thread that does one thing whenever it is told to."""

    def __init__(self, name: str, **options: Any) -> None:
        self.told, self.done, self.over = threading.Semaphore(0), threading.Semaphore(0), False
        self.thread = threading.Thread(target=self.run, name=name, **options)
        self.thread.start()

    def run(self) -> None:
        while True:
            self.told.acquire()
            if self.over:
                return
            leaf()
            self.done.release()

    def tell(self) -> None:
        self.told.release()
        self.done.acquire()

    def end(self) -> None:
        self.over = True
        self.told.release()
        self.thread.join()


def test_threads_that_already_run() -> None:
    running = [Running(f"running {n}") for n in range(3)]
    running[0].tell()
    try:
        with recording(__file__) as recorded:
            for _ in range(2):
                for thread in running:
                    thread.tell()
            running[2].end()
        running[0].tell()
    finally:
        for thread in running[:2]:
            thread.end()
    assert calls(recorded) == {f"running {n}": 2 for n in range(3)}


def test_new_threads_start_and_end() -> None:
    with recording(__file__) as recorded:
        thread = threading.Thread(target=leaf, name="new")
        thread.start()
        thread.join()
    events = recorded.events()["new"]
    assert kinds(events) == [Kind.THREAD_START, Kind.CALL, Kind.RETURN, Kind.THREAD_END]
    (entry,) = (thread for thread in recorded.raw.threads if thread[0] == "new")
    _, ident, native, start, end, *_ = entry
    first, last = recorded.raw.clock[:2]
    assert first < start < end < last
    assert (ident, native) == (thread.ident, thread.native_id)


def test_a_thread_that_was_running_has_no_start_and_one_that_outlives_no_end() -> None:
    old, outlives = Running("old"), None
    with recording(__file__) as recorded:
        outlives = Running("outlives")
        old.tell()
        outlives.tell()
        old.end()
    outlives.tell()
    outlives.end()
    threads = {thread[0]: thread for thread in recorded.raw.threads}
    assert threads["old"][3] == 0
    assert threads["outlives"][4] == 0
    assert threads["outlives"][3] > 0
    assert calls(recorded) == {"old": 1, "outlives": 1}


def test_raw_threads() -> None:
    done = threading.Semaphore(0)

    def work() -> None:
        leaf()
        done.release()

    with recording(__file__) as recorded:
        for _ in range(3):
            _thread.start_new_thread(work, ())
            done.acquire()
    codes = recorded.raw.codes
    found = [
        codes[record.code][1]
        for records in thread_records(recorded.raw)
        for record in records
        if record.kind is Kind.CALL
    ]
    assert found.count("leaf") == 3


def test_daemon_threads() -> None:
    thread = Running("daemon", daemon=True)
    with recording(__file__) as recorded:
        thread.tell()
    thread.end()
    assert calls(recorded) == {"daemon": 1}


@pytest.mark.parametrize("attribute", ["pydev_do_not_trace", "is_pydev_daemon_thread"])
def test_threads_that_ask_not_to_be_traced(attribute: str) -> None:
    class Quiet(threading.Thread):
        def __init__(self) -> None:
            super().__init__(target=leaf, name="quiet")
            setattr(self, attribute, True)

    with recording(__file__) as recorded:
        thread = Quiet()
        thread.start()
        thread.join()
    assert "quiet" not in calls(recorded)


def test_thread_subclasses_and_names_that_change() -> None:
    class Worker(threading.Thread):
        def run(self) -> None:
            leaf()
            self.name = "renamed"
            leaf()

    with recording(__file__) as recorded:
        thread = Worker(name="first")
        thread.start()
        thread.join()
    assert sum(calls(recorded).values()) == 2
    assert len(calls(recorded)) == 1


def test_odd_names() -> None:
    names = ["é\U0001f600", "", "nul\0", "\ud800", "x" * 10_000]
    with recording(__file__) as recorded:
        for name in names:
            thread = threading.Thread(target=leaf, name=name or None)
            thread.start()
            thread.join()
    assert sum(calls(recorded).values()) == len(names)
    assert names[0] in {thread[0] for thread in recorded.raw.threads}


def test_many_threads_one_after_the_other() -> None:
    """Idents and thread-local places are used again."""
    with recording(__file__) as recorded:
        for number in range(200):
            thread = threading.Thread(target=leaf, name=f"short {number}")
            thread.start()
            thread.join()
    assert calls(recorded) == {f"short {number}": 1 for number in range(200)}


def test_one_recording_after_the_other_with_the_same_threads() -> None:
    running = Running("running")
    counts = []
    for _ in range(5):
        with recording(__file__) as recorded:
            running.tell()
        counts.append(calls(recorded))
    running.end()
    assert counts == [{"running": 1}] * 5


def test_stopped_by_another_thread() -> None:
    from scope_repl import _tracer

    found: list[Any] = []

    def stop() -> None:
        leaf()
        found.append(_tracer.stop())
        leaf()

    _tracer.start(
        buffer_bytes=1 << 20,
        drop_newest=False,
        rules=[(_tracer.LEVELS["calls"], "file", __file__)],
        default_level=0,
        c_calls=True,
        max_depth=0,
        thread_entries=[],
        muted_threads=[],
    )
    try:
        thread = threading.Thread(target=stop)
        thread.start()
        thread.join()
    finally:
        _tracer.abandon()
    leaf()
    assert found[0].stored > 0
