"""Programs for hypothesis to make up: source text that ends, does the same each time, and changes what names share.

Each function has the same locals of the same types, so that any statement can stand anywhere: numbers ``i`` and ``j``,
a text ``s``, lists ``l`` and ``m``, dicts ``d`` and ``e``, a set ``t``, instances ``o`` and ``p``, and ``x``, which may
be anything. Every function passes ``n - 1`` on, and returns at once when it is not positive or too many calls have been
made. Loops run over what cannot grow.
"""

from __future__ import annotations

from hypothesis import strategies as st

Block = list[str]

PRELUDE = """\
calls = []
shared = [0]
total = 0

class Thing:
    kind = "thing"
    def __init__(self, items):
        self.items = items
        self.v = len(items)
        self.other = None
    def grow(self, by=1):
        self.v += by
        self.items.append(self.v)
        return self
    def __setitem__(self, key, value):
        setattr(self, key, value)
    def __iadd__(self, value):
        self.items.append(value)
        return self
    @property
    def last(self):
        return self.items[-1] if self.items else None

class Slotted(Thing):
    __slots__ = ("late",)
    def grow(self, by=2):
        self.late = [by]
        return super().grow(by)

class Keeping:
    def __init__(self, into):
        self.into = into
    def __enter__(self):
        self.into.append("in")
        return self.into
    def __exit__(self, *_):
        self.into.append("out")
        return True

def guard(function, *arguments):
    try:
        return function(*arguments)
    except Exception as error:
        shared.append(type(error).__name__)
"""

NUMBERS = (
    "i += 1",
    "i = len(l) + len(d)",
    "i = i * 7919 % 1009",
    "i = i << 40",
    "i %= 1000",
    "i, j = j, i",
    "j = -i",
    "x = i / 3",
    "x = 0.5 * i; x += 0.5",
    "x = (j := i + 1) * 2",
)
TEXTS = ("s += 'x'", "s = s.upper()", "s = str(i)", "s = s[:3] + 'é'", "s = s * 2", "s = s[:20]", "x = f'{s}{i}'")
LISTS = (
    "l.append(i)",
    "l.append(m)",
    "l.append([s])",
    "l += [i, s]",
    "l.insert(0, d)",
    "m.extend(range(2))",
    "l.pop() if l else None",
    "del l[:1]",
    "l[:1] = [i, s]",
    "l[-1:] = []",
    "l.reverse()",
    "l.clear()",
    "l = m",
    "m = list(l)",
    "m = l + [j]",
    "l, m = m, l",
    "l = [v for v in m if v is not None]",
    "m = [l] * 2",
    "m = [[v] for v in range(3)]; m[0].append(l)",
    "m = m[:6]; l = l[:6]",
    "l.append(i); l.append(j)",
    "m = [9]; m = [8]",
    "*m, x = [i, *l[:4]]",
)
DICTS = (
    "d['k'] = i",
    "d[i % 3] = l",
    "d.setdefault('s', []).append(i)",
    "d.update(e)",
    "d.pop('k', None)",
    "d |= {'z': s}",
    "e = d",
    "e = dict(d)",
    "d = {}",
    "d['self'] = d",
    "e['o'] = o",
    "d = {k: v for k, v in e.items()}",
    "d['n'] = d.get('n', 0) + 1",
    "e.setdefault('t', ({'in': []},))[0]['in'].append(s)",
)
SETS = ("t.add(i)", "t |= {s}", "t.discard(1)", "t = set(t)", "t = {i, s}", "x = frozenset(t)", "t.clear()")
INSTANCES = (
    "o.v = i",
    "o.items.append(s)",
    "o = p",
    "o, p = p, o",
    "o = Thing(m)",
    "p = Slotted(l)",
    "o.grow()",
    "p.grow(i)",
    "o.other = p",
    "o['w'] = l",
    "o += i",
    "o.__dict__.pop('v', None); o.v = j",
    "setattr(p, 'extra', {'k': m})",
    "x = o.grow",
    "x = o.last",
)
ANYTHING = (
    "x = l",
    "x = (l, d)",
    "x = o",
    "x = None",
    "del x; x = []",
    "x = [l, l]",
    "x = {'a': [m]}",
    "x = i > 2",
    "x = 2 ** (i % 80)",
    "x = lambda: l",
    "x = [o, {'p': p}]",
    "x = b'b' * (i % 5)",
    "x = bytearray(b'a'); x.append(i % 256); x += b'z'",
    "shared.append(i)",
    "shared[0] = l",
    "total += 1",
    "total = shared",
)
CALLS = (
    "x = {f}(n - 1, l, o)",
    "x = {f}(n - 1, b=p, a=m)",
    "x = {f}(n - 1, [], Thing(l))",
    "x = [{f}(n - 1, l, o), {f}(n - 2, m, p)]",
    "l.append({f}(n - 1, l, p))",
    "x = list(map(l.append, (1, 2)))",
    "x = sorted([3, 1], key=lambda v: l.append(v) or v)",
    "x = [{f}(n - 1, m, o) for v in range(2)]",
    "x = list(g(n - 1, l))",
    "x = g(n - 1, m); j = next(x, 0); l.append(j)",
    "x = next(g(n - 1, m), None)",
    "x = max([i, j], key=lambda v: (d.update(k=v), v)[1])",
)
SIMPLE = (*NUMBERS, *TEXTS, *LISTS, *DICTS, *SETS, *INSTANCES, *ANYTHING)
FUNCTIONS = ("f0", "f1")


def indented(block: Block) -> Block:
    return [f"    {line}" for line in block]


def statement() -> st.SearchStrategy[Block]:
    """One line: a statement, a call, or two statements on one line."""
    simple = st.sampled_from(SIMPLE)
    call = st.tuples(st.sampled_from(CALLS), st.sampled_from(FUNCTIONS)).map(lambda two: two[0].format(f=two[1]))
    both = st.tuples(simple, st.one_of(simple, call)).map("; ".join)
    return st.one_of(simple, simple, simple, call, both).map(lambda line: [line])


def compound(inner: st.SearchStrategy[Block]) -> st.SearchStrategy[Block]:
    """A statement with blocks in it."""
    heads = (
        "if i % 2:",
        "for v in l[:3]:",
        "for i in range(2):",
        "for o.v in (1, 2):",
        "with Keeping(l) as m:",
        "with Keeping(m):",
    )
    pair = st.tuples(inner, inner)
    return st.one_of(
        st.tuples(st.sampled_from(heads), inner).map(lambda two: [two[0], *indented(two[1])]),
        inner.map(lambda block: ["k = 2", "while k:", "    k -= 1", *indented(block)]),
        inner.map(
            lambda block: [
                "for v in (l, m):",
                *indented(block),
                "    if len(v) > 2:",
                "        break",
                "else:",
                "    x = v",
            ]
        ),
        pair.map(
            lambda two: [
                "try:",
                *indented(two[0]),
                "    raise ValueError(l)",
                "except ValueError as x:",
                *indented(two[1]),
            ]
        ),
        pair.map(
            lambda two: ["try:", *indented(two[0]), "    x.nothing", "except Exception:", *indented(two[1]), "x = None"]
        ),
        pair.map(lambda two: ["try:", *indented(two[0]), "finally:", *indented(two[1])]),
        inner.map(
            lambda block: [
                "match (l, d):",
                "    case ([y, *m], _):",
                *indented(indented(block)),
                "    case _:",
                "        m = []",
            ]
        ),
        inner.map(inner_function),
        inner.map(lambda block: ["class Local:", "    l = l; d = {}; x = [l]", *indented(_class_body(block))]),
    ).map(lambda block: [*block, "x = None"] if "except ValueError as x:" in block else block)


def inner_function(block: Block) -> Block:
    """A closure over some of the locals, which it binds, too."""
    head = [
        "def inner(v=i):",
        "    nonlocal i, l, d, m, s, x",
        "    j, t, o, p, e, k, y = i, {v}, Thing(l), p0, {}, 0, None",
    ]
    return ["p0 = p", *head, *indented(block), "    l.append(v)", "    return d", "x = inner()"]


def _class_body(block: Block) -> Block:
    """A class body knows the names that it binds only once it has bound them: anything may fail there."""
    return ["try:", *indented(block), "except Exception:", "    pass"]


def block(depth: int = 2) -> st.SearchStrategy[Block]:
    one = statement()
    if depth:
        one = st.one_of(one, one, one, compound(block(depth - 1)))
    return st.lists(one, min_size=1, max_size=4).map(lambda blocks: [line for lines in blocks for line in lines])


def function(name: str, body: Block) -> Block:
    head = [
        f"def {name}(n, a, b):",
        "    global total",
        "    calls.append(n)",
        "    if n <= 0 or len(calls) > 12:",
        "        return n",
        "    i = n; j = 0; s = 's'; l = a; m = [1]",
        "    d = {}; e = {'l': l}",
        "    t = {1}; o = b; p = Thing(m); x = y = None",
    ]
    return [*head, *indented(body), "    return x", ""]


def generator(body: Block) -> Block:
    head = [
        "def g(n, a):",
        "    global total",
        "    calls.append(n)",
        "    if n <= 0 or len(calls) > 12:",
        "        return n",
        "    i = n; j = 0; s = 'g'; l = a; m = []",
        "    d = {}; e = d; t = set(); o = p = Thing(l); x = y = None",
        "    j = yield i",
    ]
    return [*head, *indented(body), "    yield l", "    return d", ""]


@st.composite
def programs(draw: st.DrawFn) -> str:
    """The source text of a program."""
    lines = [PRELUDE]
    for name in FUNCTIONS:
        lines += function(name, draw(block()))
    lines += generator(draw(block(1)))
    lines += ["start = []", "thing = Thing(start)"]
    for name, n in draw(st.lists(st.tuples(st.sampled_from(FUNCTIONS), st.integers(1, 3)), min_size=1, max_size=3)):
        lines += [f"result = guard({name}, {n}, start, thing)", "log.append(type(result).__name__)"]
    return "\n".join([*lines, "log.append(shared[1:3])"]) + "\n"
