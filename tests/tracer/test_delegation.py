"""Throws into generators and coroutines that delegate: the recorded stack is the one that the program had."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import Awaitable, Callable, Generator
from typing import Any

import pytest

import scope_repl

pytestmark = pytest.mark.native

LEVELS = ["calls", "values", "lines"]
stacks: list[list[str]] = []


def here() -> None:
    """Note the functions of this file on the stack, innermost first."""
    frame, found = sys._getframe(), []
    while frame is not None:
        if frame.f_code.co_filename == __file__ and frame.f_code.co_name in NAMES:
            found.append(frame.f_code.co_name)
        frame = frame.f_back  # type: ignore[assignment]
    stacks.append(found)


def innermost() -> Generator[str, str, str]:
    here()
    while True:
        try:
            got = yield "waits"
            here()
            if got == "enough":
                return got
        except KeyError:
            here()


def middle() -> Generator[str, str, str]:
    got = yield from innermost()
    here()
    return got


def outermost() -> Generator[str, str, None]:
    here()
    for _ in range(4):
        try:
            yield (yield from middle())
        except ValueError:
            here()


def throws() -> None:
    generator = outermost()
    next(generator)
    for _ in range(2):
        generator.throw(KeyError())
        generator.send("more")
    here()
    generator.throw(KeyError())
    generator.throw(ValueError())
    generator.send("enough")
    next(generator)
    generator.throw(ValueError())
    generator.throw(KeyError())
    generator.send("enough")
    here()
    with contextlib.suppress(StopIteration):
        generator.throw(ValueError())
    here()


def closes() -> None:
    generator = outermost()
    next(generator)
    generator.throw(KeyError())
    generator.close()
    here()
    generator = outermost()
    next(generator)
    with contextlib.suppress(OSError):
        generator.throw(OSError())
    here()


async def waiting(tries: int) -> None:
    for _ in range(tries):
        try:
            here()
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            here()
            await asyncio.sleep(0)
            here()
    raise LookupError


async def asking(awaitable: Awaitable[None]) -> None:
    try:
        await awaitable
    except LookupError:
        here()


async def leaving() -> None:
    """Coroutines of the library lie in between."""
    async with contextlib.AsyncExitStack() as stack:
        inside = await stack.enter_async_context(contextlib.AsyncExitStack())
        inside.push_async_callback(waiting, 1)
        inside.push_async_callback(waiting, 2)
    here()


async def cancels() -> None:
    for coroutine in (asking(waiting(2)), asking(asking(waiting(1))), asking(leaving())):
        task = asyncio.get_running_loop().create_task(coroutine)
        while not task.done():
            for _ in range(3):
                await asyncio.sleep(0)
            task.cancel()
        here()


NAMES = frozenset(
    function.__name__
    for function in (here, innermost, middle, outermost, throws, closes, waiting, asking, leaving, cancels)
)


def asynchronous() -> None:
    asyncio.run(cancels())


def recorded_stacks(recording: Any) -> list[list[str]]:
    """The functions on the stack at each call of `here`, as recorded."""
    calls = recording.calls
    rows = calls[(calls["name"] == "here") & (calls["file"] == __file__)]
    found = []
    for row in rows[rows["start_ns"] >= recording.at("0%").time_ns].itertuples():
        stack = recording.at(int(row.start_ns), unit="ns").stack(row.track)
        names = [frame.qualname.rpartition(".")[2] for frame in stack if frame.file == __file__]
        found.append([name for name in names if name in NAMES])
    return found


@pytest.fixture(autouse=True)
def _no_stacks() -> None:
    stacks.clear()


@pytest.mark.parametrize("c_calls", [True, False])
@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("program", [throws, closes, asynchronous])
def test_the_stack_is_the_true_one(program: Callable[[], None], level: str, c_calls: bool) -> None:
    with scope_repl.record(level=level, include=__file__, c_calls=c_calls) as recording:
        program()
    assert recorded_stacks(recording) == stacks
    assert any(
        found[:3] == ["here", "innermost", "middle"] or found[:3] == ["here", "waiting", "asking"] for found in stacks
    )


@pytest.mark.parametrize("program", [throws, closes, asynchronous])
def test_all_code_is_recorded(program: Callable[[], None]) -> None:
    with scope_repl.record(level="calls", all=True) as recording:
        program()
    assert recorded_stacks(recording) == stacks


@pytest.mark.parametrize("level", LEVELS)
def test_generators_that_were_suspended_before_the_recording(level: str) -> None:
    generator = outermost()
    next(generator)
    stacks.clear()
    with scope_repl.record(level=level, include=__file__) as recording:
        generator.throw(KeyError())
        generator.send("enough")
        next(generator)
        generator.throw(KeyError())
        here()
    assert recorded_stacks(recording) == stacks


@pytest.mark.parametrize("level", LEVELS)
def test_a_recording_that_begins_where_somebody_has_thrown(level: str) -> None:
    recordings = []

    def begins() -> Generator[int, None, int]:
        with contextlib.suppress(KeyError):
            yield 0
        recording = scope_repl.record(level=level, include=__file__)
        recordings.append((recording, recording.__enter__()))
        here()
        yield 1
        here()
        return 2

    def delegates() -> Generator[int, None, int]:
        found = yield from begins()
        here()
        yield found
        here()
        return found

    def delegates_too() -> Generator[int, None, int]:
        return (yield from delegates())

    for by_return in (False, True):
        stacks.clear()
        generator = delegates_too()
        next(generator)
        generator.throw(KeyError())
        if by_return:
            next(generator)
        here()
        with contextlib.suppress(StopIteration):
            for _ in range(3):
                next(generator)
                here()
        recording, found = recordings.pop()
        recording.__exit__(None, None, None)
        assert recorded_stacks(found) == stacks


def outcomes(recording: Any) -> list[tuple[str, int, str]]:
    calls = recording.calls
    own = calls[calls["file"] == __file__]
    return list(zip(own["name"].astype(str), own["depth"], own["outcome"].astype(str), strict=True))


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("limit", [1, 2, 3, 4, 5])
def test_a_limit_of_depth(level: str, limit: int) -> None:
    with scope_repl.record(level=level, include=__file__) as everything:
        throws()
    with scope_repl.record(level=level, include=__file__, max_depth=limit) as recording:
        throws()
    assert outcomes(recording) == [row for row in outcomes(everything) if row[1] < limit]


@pytest.mark.parametrize("level", LEVELS)
def test_a_ring_that_has_wrapped(level: str) -> None:
    with scope_repl.record(level=level, include=__file__, buffer="64KB") as recording:
        for _ in range(400):
            throws()
    found = recorded_stacks(recording)
    assert found == stacks[len(stacks) - len(found) :]
    assert 10 < len(found) < len(stacks)


def test_a_long_chain() -> None:
    def chain(n: int) -> Generator[int, None, int]:
        if n:
            return (yield from chain(n - 1))
        for turn in range(3):
            with contextlib.suppress(KeyError):
                yield turn
        return 5

    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(10_000)
    try:
        with scope_repl.record(level="calls", include=__file__) as recording:
            generator = chain(2_000)
            next(generator)
            assert [generator.throw(KeyError()), generator.throw(KeyError())] == [1, 2]
            with pytest.raises(StopIteration) as stopped:
                generator.throw(KeyError())
            assert stopped.value.value == 5
    finally:
        sys.setrecursionlimit(limit)
    chained = recording.calls[recording.calls["name"].astype(str).str.endswith(".chain")]
    assert len(chained) == 2_001
    assert (chained["outcome"].astype(str) == "return").all()
    kinds = recording.events["kind"].astype(str).value_counts()
    assert (kinds["throw"], kinds["yield"]) == (3 * 2_001, 3 * 2_001)
