"""Hypothesis strategies: logs with lines, versions, names and output among the events of calls."""

from __future__ import annotations

import dataclasses
from typing import Any

import msgpack
from hypothesis import strategies as st
from reading.logs import SPANS, Event, Held, Script, code
from reading.scripts import CODES as CALLED
from reading.scripts import GENERATORS
from reading.scripts import PLAIN as PLAINLY
from reading.scripts import scripts as scripts_of_calls

from scope_repl.schema import LINE_CUT, CodeFlag, Kind

SLOTS = ("x", "y", "total", "items")
NAMES = {10: "x", 11: "count"}
MODULES = {12: "shop.orders", 13: "__main__"}
TYPE = 9
CODES = CALLED | {
    1: code("<module>", module="__main__"),
    2: code("price", slots=SLOTS, arguments=SLOTS[:2]),
    3: code("Order", CodeFlag.CLASS_BODY, slots=("__class__", "x")),
    7: code("ticks", CodeFlag.GENERATOR, slots=SLOTS[::-1]),
    8: code("fetch", CodeFlag.COROUTINE, slots=SLOTS),
    **{number: code(name, CodeFlag.NAME, module="") for number, name in (NAMES | MODULES).items()},
}
ADDRESSES = (0x7F0000002000, 0x7F0000002010, 16)
STREAMS = {1: "stdout", 2: "stderr", 3: "display", 4: "result"}
GAP = 8  # ticks between the events of calls, for what is put in between


def pack(value: Any) -> bytes:
    return msgpack.packb(value, unicode_errors="surrogatepass")


def ref(address: int) -> msgpack.ExtType:
    return msgpack.ExtType(28, pack([address]))


GONE = msgpack.ExtType(29, b"\0")
SIZE = msgpack.ExtType(30, pack([100_000, 2**60]))
VALUES = st.one_of(
    st.integers(-(2**63), 2**64 - 1),
    st.sampled_from([0, 1, -1, 127, 128, -32, -33, 2**31, 2**63 - 1, -(2**63)]),
    st.floats(allow_nan=False),
    st.booleans(),
    st.none(),
    st.text(max_size=4),
    st.sampled_from(["x" * 31, "y" * 32, "é" * 200, "\ud800", "z" * 3000]),
    st.binary(max_size=3),
    st.sampled_from(ADDRESSES).map(ref),
    st.just(GONE),
    st.lists(st.integers(0, 9), max_size=3).map(lambda items: msgpack.ExtType(9, pack([4096, len(items), *items]))),
)
SLOT_KEYS = st.integers(0, 3)
NAME_KEYS = st.sampled_from([-number for number in NAMES])
KEYS = st.one_of(SLOT_KEYS, SLOT_KEYS, NAME_KEYS)


def changes(keys: st.SearchStrategy[int]) -> st.SearchStrategy[bytes]:
    pairs = st.lists(st.tuples(keys, VALUES), max_size=3, unique_by=lambda pair: pair[0])
    return pairs.map(lambda pairs: b"".join(pack(key) + pack(value) for key, value in pairs))


def contents() -> st.SearchStrategy[bytes]:
    """The content of a list, mostly of the same items."""
    items = st.lists(st.one_of(st.integers(0, 2), st.just("shop")), max_size=6)
    return items.map(lambda items: pack(8) + b"".join(map(pack, items)))


LINES = st.builds(
    lambda line, before, cut, data: Event(0, 0, Kind.LINE, line, before | cut * LINE_CUT, data or None),
    st.sampled_from([0, 1, 2, 3, 500_000]),
    st.integers(0, 5),
    st.booleans(),
    changes(KEYS),
)
VERSIONS = st.builds(
    lambda address, content, line, spliced: Event(
        0, 0, Kind.VERSION, TYPE, address, content=content, line=line, spliced=spliced
    ),
    st.sampled_from(ADDRESSES),
    contents(),
    st.integers(0, 5),
    st.booleans(),
)
NAMINGS = st.builds(
    lambda module, data: Event(0, 0, Kind.NAMES, module, 0, data), st.sampled_from([*MODULES]), changes(NAME_KEYS)
)
OUTPUTS = st.builds(
    lambda stream, text: Event(0, 0, Kind.OUTPUT, stream, 0, pack(text)),
    st.sampled_from([*STREAMS]),
    st.text(max_size=5),
)
ATTRIBUTES = st.builds(
    lambda name, address, line, old, new: Event(
        0, 0, Kind.ATTRIBUTE, name, address, line.to_bytes(4, "little") + pack(old) + pack(new)
    ),
    st.sampled_from([*NAMES]),
    st.sampled_from(ADDRESSES),
    st.integers(0, 2**32 - 1),
    VALUES,
    VALUES,
)
FRAMES = st.builds(lambda number: Event(0, 0, Kind.FRAME, number), st.sampled_from([*PLAINLY, *GENERATORS]))
RECORDS = st.one_of(LINES, LINES, LINES, VERSIONS, VERSIONS, NAMINGS, OUTPUTS, ATTRIBUTES, FRAMES)
ARGUMENTS = st.one_of(st.just(b""), st.lists(VALUES, max_size=3).map(lambda values: pack(list(values))))


@st.composite
def scripts(draw: st.DrawFn, *, threads: int = 3, bogus: bool = True) -> Script:
    """A script of calls, with records of state put in between."""
    calls = draw(scripts_of_calls(threads=threads, bogus=bogus))
    script = dataclasses.replace(
        calls,
        codes=CODES,
        events=[_scaled(event, draw) for event in calls.events],
        keyframes=[],
        horizon=calls.horizon * GAP,
        end=calls.end * GAP,
        end_known={thread: tick * GAP for thread, tick in calls.end_known.items()},
        level="lines",
    )
    for held in calls.keyframes:
        script.keyframes.append(_held(draw, held, not script.keyframes))
    ticks = [script.horizon, *(event.tick for event in script.events)]
    record = st.tuples(st.integers(0, len(ticks) - 1), st.integers(0, script.threads - 1), RECORDS)
    used = dict.fromkeys(range(len(ticks)), 0)
    for gap, thread, event in draw(st.lists(record, max_size=40)):
        if used[gap] < GAP - 1:
            used[gap] += 1
            tick = ticks[gap] + used[gap]
            if tick < script.end_known.get(thread, tick + 1):
                script.events.append(dataclasses.replace(event, tick=tick, thread=thread))
    script.events.sort(key=lambda event: event.tick)
    script.chunk_events = draw(st.integers(1, 20))
    return script


def _scaled(event: Event, draw: st.DrawFn) -> Event:
    data = draw(ARGUMENTS) or None if event.kind is Kind.CALL else event.data
    return dataclasses.replace(event, tick=event.tick * GAP, data=data)


def _held(draw: st.DrawFn, held: list[Held], first: bool) -> list[Held]:
    """A keyframe with the locals of its spans; the first one with objects and names."""
    found: list[Held] = []
    if first:
        for address, content in draw(st.lists(st.tuples(st.sampled_from(ADDRESSES), contents()), max_size=2)):
            found.append(Held(Kind.VERSION, TYPE, 0, address, bytes(8) + content))
        for module, data in draw(st.lists(st.tuples(st.sampled_from([*MODULES]), changes(NAME_KEYS)), max_size=2)):
            found.append(Held(Kind.NAMES, module, 0, 0, data))
    for span in held:
        assert span.kind in SPANS
        found.append(dataclasses.replace(span, start=span.start * GAP, arguments=draw(ARGUMENTS)))
        for data in draw(st.lists(changes(KEYS), max_size=2)):
            found.append(Held(Kind.LINE, draw(st.integers(1, 3)), 0, draw(st.integers(0, 3)), data))
    return found
