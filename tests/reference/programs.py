"""Programs for hypothesis to make up: source text that ends, does the same each time in each thread, and shrinks well.

Every function takes ``n`` first, returns at once when it is not positive, and passes ``n - 1`` on: so any function
may call any other one. What a program says is appended to ``log``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from hypothesis import strategies as st

Block = list[str]

PRELUDE = """\
import threading

class Own(Exception):
    pass

class Manager:
    def __init__(self, swallows):
        self.swallows = swallows
    def __enter__(self):
        return self
    def __exit__(self, kind, error, traceback):
        return self.swallows

class Suspend:
    def __await__(self):
        received = yield "suspended"
        return received

class Thing:
    def __init__(self, n):
        self.n = n
    def method(self, m=1):
        return f0(self.n)
    @property
    def attribute(self):
        return self.n
    def __add__(self, other):
        return f0(self.n + other)

def drive(coroutine):
    try:
        while True:
            coroutine.send(None)
    except StopIteration as stop:
        return stop.value

def guard(function, n):
    try:
        return function(n)
    except Exception:
        return None
"""
EXCEPTIONS = ("ValueError('text')", "KeyError(1, 'two')", "Own()", "StopIteration(3)", "OSError(2, 'no')")
HANDLERS = ("except ValueError:", "except (KeyError, Own):", "except Exception as error:")
PLAIN = ("f0", "f1", "f2")
GENERATORS = ("g0", "g1")
COROUTINES = ("c0", "c1")
SIGNATURES = (
    ("n", ("{f}({n})", "{f}(n={n})", "{f}(*[{n}])", "{f}(**{{'n': {n}}})")),
    ("n, a=1, *rest", ("{f}({n})", "{f}({n}, 'a')", "{f}({n}, 1, 2, 3)", "{f}(*({n}, 4.5, b'6'))")),
    ("n, *, k=(0,), **more", ("{f}({n})", "{f}({n}, k=[1])", "{f}({n}, **{{'x': 1, 'k': None}})")),
    ("n, /, a=True, *rest, k={{}}, **more", ("{f}({n})", "{f}({n}, 1, 2, k=3, z='é')")),
)


@dataclass(frozen=True)
class Where:
    """What may stand in a function's body."""

    kind: str  # "plain", "generator" or "coroutine"
    calls: dict[str, str]  # how each function is called

    def call(self, function: str, n: str = "n - 1") -> str:
        return self.calls[function].format(f=function, n=n)


def indented(block: Block) -> Block:
    return [f"    {line}" for line in block]


def simple(where: Where) -> st.SearchStrategy[Block]:
    """A statement of one or a few lines, without a block of the program's in it."""
    plain = st.sampled_from(PLAIN)
    generator = st.sampled_from(GENERATORS)
    coroutine = st.sampled_from(COROUTINES)
    call = plain.map(where.call)
    lines: list[st.SearchStrategy[Block]] = [
        call.map(lambda call: [f"x = {call}"]),
        st.just(["log.append(n)"]),
        st.just(["x = len('four')"]),
        st.sampled_from(EXCEPTIONS).map(lambda exception: [f"raise {exception}"]),
        st.sampled_from(("return n", "return 'text'", "return")).map(lambda line: [line]),
        st.sampled_from(("int('x')", "[].pop()", "{}['a']", "n / 0", "n.nothing")).map(lambda line: [f"x = {line}"]),
        plain.map(lambda f: [f"x = sorted([n - 2, n - 1], key=lambda m: {where.call(f, 'm')} is None)"]),
        plain.map(lambda f: [f"x = (lambda m: {where.call(f, 'm')})(n - 1)"]),
        plain.map(lambda f: [f"x = [{where.call(f, 'm')} for m in (0, n - 1)]"]),
        plain.map(lambda f: [f"x = any({where.call(f, 'm')} for m in (0, n - 1))"]),
        plain.map(lambda f: [f"x = list(map({f}, [0, n - 1]))"]),
        generator.map(lambda g: [f"x = list({where.call(g)})"]),
        st.sampled_from(
            ("x = Thing(n - 1)", "x = Thing(n - 1).method()", "x = Thing(n - 1).attribute", "x = Thing(n - 1) + 0")
        ).map(lambda line: [line]),
        coroutine.map(lambda c: [f"x = drive({where.call(c)})"]),
        st.tuples(generator, st.lists(st.sampled_from(GENERATOR_USES), max_size=4)).map(
            lambda pair: [f"it = {where.call(pair[0])}", *pair[1]]
        ),
        st.tuples(coroutine, st.lists(st.sampled_from(COROUTINE_USES), max_size=3)).map(
            lambda pair: [f"it = {where.call(pair[0])}", *pair[1]]
        ),
    ]
    if where.kind == "generator":
        lines[1:1] = [
            st.sampled_from(("x = yield n", "yield 'text'", "yield")).map(lambda line: [line]),
            generator.map(lambda g: [f"x = yield from {where.call(g)}"]),
        ]
    if where.kind == "coroutine":
        lines[1:1] = [coroutine.map(lambda c: [f"x = await {where.call(c)}"]), st.just(["x = await Suspend()"])]
    return st.one_of(lines)


GENERATOR_USES = (
    "x = next(it, None)",
    "x = it.send(None)",
    "x = it.send('sent')",
    "x = it.throw(KeyError('thrown'))",
    "it.close()",
    "x = list(it)",
    "it = None",
)
COROUTINE_USES = ("x = it.send(None)", "x = it.throw(ValueError('thrown'))", "it.close()", "x = drive(it)")


def compound(where: Where, inner: st.SearchStrategy[Block]) -> st.SearchStrategy[Block]:
    """A statement with blocks in it."""
    handler = st.sampled_from(HANDLERS)
    return st.one_of(
        inner.map(lambda block: ["if n > 1:", *indented(block)]),
        st.tuples(inner, handler, inner).map(lambda t: ["try:", *indented(t[0]), t[1], *indented(t[2])]),
        st.tuples(inner, inner).map(lambda t: ["try:", *indented(t[0]), "finally:", *indented(t[1])]),
        st.tuples(inner, handler, inner, inner, inner).map(
            lambda t: [
                "try:",
                *indented(t[0]),
                t[1],
                *indented(t[2]),
                "else:",
                *indented(t[3]),
                "finally:",
                *indented(t[4]),
            ]
        ),
        st.tuples(inner, handler).map(lambda t: ["try:", *indented(t[0]), t[1], "    raise"]),
        st.tuples(inner, st.sampled_from(EXCEPTIONS)).map(
            lambda t: ["try:", *indented(t[0]), "except Exception as error:", f"    raise {t[1]} from error"]
        ),
        st.tuples(st.booleans(), inner).map(lambda t: [f"with Manager({t[0]}):", *indented(t[1])]),
        st.tuples(st.sampled_from(GENERATORS), inner, st.sampled_from(("pass", "break", "continue"))).map(
            lambda t: [f"for x in {where.call(t[0])}:", *indented(t[1]), f"    {t[2]}"]
        ),
        inner.map(lambda block: ["def nested(y=n):", *indented(nested(block)), "    return y, n", "x = nested()"]),
    )


def nested(block: Block) -> Block:
    """A block as it can stand in a plain function inside a generator or a coroutine."""
    return ["x = None", *(_without_suspension(line) for line in block)]


def _without_suspension(line: str) -> str:
    indent = line[: len(line) - len(line.lstrip())]
    if re.match(r"(x = )?(yield|await)", line.lstrip()):
        return f"{indent}x = None"
    return line


def block(where: Where, depth: int = 2) -> st.SearchStrategy[Block]:
    statement = simple(where)
    if depth:
        statement = st.one_of(statement, statement, compound(where, block(where, depth - 1)))
    return st.lists(statement, min_size=1, max_size=3).map(lambda blocks: [line for lines in blocks for line in lines])


HEADS: dict[str, Callable[[str, str], Block]] = {
    "plain": lambda name, signature: [f"def {name}({signature}):", "    x = None"],
    "generator": lambda name, signature: [f"def {name}({signature}):", "    x = yield n"],
    "coroutine": lambda name, signature: [f"async def {name}({signature}):", "    x = None"],
}


@st.composite
def programs(draw: st.DrawFn) -> str:
    """The source text of a program."""
    calls, signatures = {}, {}
    for name in (*PLAIN, *GENERATORS, *COROUTINES):
        signatures[name], styles = draw(st.sampled_from(SIGNATURES))
        calls[name] = draw(st.sampled_from(styles))
    lines = [PRELUDE]
    for names, kind in ((PLAIN, "plain"), (GENERATORS, "generator"), (COROUTINES, "coroutine")):
        where = Where(kind, calls)
        for name in names:
            body = draw(block(where))
            lines += HEADS[kind](name, signatures[name].replace("{{}}", "{}"))
            lines += ["    if n <= 0:", "        return n", *indented(body), ""]
    lines += draw(main())
    return "\n".join(lines) + "\n"


@st.composite
def main(draw: st.DrawFn) -> Block:
    """What the program does: calls in the main thread, and in threads that are joined at once or at the end."""
    lines: Block = ["threads = []"]
    starts = draw(
        st.lists(
            st.tuples(st.sampled_from(PLAIN), st.integers(1, 2), st.sampled_from(("main", "join", "thread"))),
            min_size=2,
            max_size=6,
        )
    )
    for number, (function, n, where) in enumerate(starts):
        if where == "main":
            lines += ["try:", f"    log.append(type({function}({n})).__name__)"]
            lines += ["except Exception as error:", "    log.append(type(error).__name__)"]
        else:
            lines += [f"threads.append(threading.Thread(target=guard, args=({function}, {n}), name='t{number}'))"]
            lines += ["threads[-1].start()"]
            lines += ["threads[-1].join()"] if where == "join" else []
    return [*lines, "for thread in threads:", "    thread.join()"]
