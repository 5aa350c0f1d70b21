"""One captured value, with all that is in it, held against the true one."""

from __future__ import annotations

import collections
import re
from typing import Any, NamedTuple

from oracle.copies import MUTABLE, Atom, Node, Ref, Value
from oracle.recorded import Shown, show
from oracle.truth import Truth
from scope_repl.schema import LOOK_DEPTH, LOOK_INSTANCES

SECRET = re.compile("password|passwd|secret|token|api_?key|credential|private", re.IGNORECASE)
ADDRESS = re.compile("0x[0-9a-f]+")
SHOWN = 300


def short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


class Objects:
    """Which captured object stands for which true one at a moment."""

    def __init__(self, truth: Truth) -> None:
        self.nodes = truth.nodes
        self.captured: dict[int, Any] = {}  # a node's number -> the captured object
        self.numbers: dict[int, int] = {}  # the other way round

    def text(self, value: Value, depth: int = 3) -> str:
        """A true value in words."""
        if isinstance(value, Atom):
            return repr(value)
        node = self.nodes[value.number]
        if not depth or node.form in ("deep", "opaque"):
            return f"<{node.type} …>"
        parts = [self.text(item, depth - 1) for item in node.items[:8] if isinstance(item, Atom | Ref)]
        parts += [f"{name}={self.text(item, depth - 1)}" for name, item in (*node.attributes, *node.members)][:8]
        if isinstance(node.content, Atom | Ref):
            parts.append(self.text(node.content, depth - 1))
        size = f" of {node.size}" if node.size else ""
        return f"{node.type}#{value.number}({', '.join(parts)}{size})"


class Reach(NamedTuple):
    """How far a look still goes: see ``schema.LOOK_DEPTH`` and ``LOOK_INSTANCES``."""

    containers: int = LOOK_DEPTH
    instances: int = 0

    def within(self, shown: Shown) -> Reach:
        """What is left of it in a container or an instance."""
        if shown.form in ("object", "derived", "exception"):
            return Reach(LOOK_DEPTH, self.instances + 1)
        if shown.form == "named":  # a method leads to what it is bound to
            return Reach(self.containers, self.instances + 1)
        return Reach(0 if shown.form in ("frozenset", "slice") else self.containers - 1, self.instances)

    def covers(self, shown: Shown) -> bool:
        """Whether a look leads to it."""
        instance = shown.form in ("object", "derived", "exception")
        return self.containers > 0 and not (instance and self.instances >= LOOK_INSTANCES)


NEAREST = Reach()


def without_addresses(atom: Atom) -> object:
    """A text without the addresses in it: the truth is that of another run."""
    return ADDRESS.sub("0x", atom.value) if atom.type == "str" else atom


class Walk:
    """A comparison of one local's value.

    ``problems``: where it is wrong. ``missing``: what of it was not kept. ``marks``: that, and what is last known only.
    ``innermost``: it is a local of the frame whose line begins, and all in reach was looked at.
    """

    def __init__(self, objects: Objects, *, innermost: bool, alone: bool = False) -> None:
        self.objects = objects
        self.innermost = innermost
        self.alone = alone  # a trial: says nothing about which object is which
        self.problems: list[str] = []
        self.missing: list[str] = []
        self.inexact: list[str] = []
        self.loose = False  # something in it is not known to the oracle either
        self.met: set[int] = set()

    @property
    def marks(self) -> list[str]:
        return self.missing + self.inexact

    def differ(self, path: str, text: str) -> None:
        self.problems.append(f"{path}: {text}")

    def compare(self, true: Value, value: Any, path: str, name: str | None = None, reach: Reach = NEAREST) -> None:
        """Compare a true value with a captured one, which stands under a name."""
        shown = show(value)
        if isinstance(shown, Shown) and shown.form in ("cut", "redacted"):
            self.missing.append(shown.mark)
            if shown.form == "redacted" and not SECRET.search(path if name is None else name):
                self.differ(path, "it is no secret")
        elif isinstance(true, Atom):
            self.atom(true, shown, path)
        elif isinstance(shown, Atom):
            self.differ(path, f"expected {self.objects.text(true)}, recorded {shown!r}")
        else:
            self.node(true, shown, value, path, reach)

    def atom(self, true: Atom, shown: Atom | Shown, path: str) -> None:
        if shown == true or (isinstance(shown, Atom) and without_addresses(shown) == without_addresses(true)):
            return
        fits = False
        if isinstance(shown, Shown) and shown.type == true.type:
            if shown.form in ("str", "bytes"):
                fits = shown.size == len(true.value) and true.value.startswith(shown.content)
            elif shown.form == "int":
                bits, leading = true.value.bit_length(), abs(shown.content)
                fits = (shown.size, shown.content < 0) == (bits, true.value < 0)
                fits = fits and abs(true.value) >> (bits - leading.bit_length()) == leading
        if fits:
            self.missing.append("truncated")
        else:
            self.differ(path, f"expected {true!r}, recorded {shown!r}")

    def node(self, ref: Ref, shown: Shown, value: Any, path: str, reach: Reach) -> None:
        node = self.objects.nodes[ref.number]
        if node.form == "deep":
            return
        if shown.form == "seen":
            self.missing.append("inside itself")
            return
        if not self.alone and has_identity(node) and not self.same_object(ref.number, value, path):
            return
        if ref.number in self.met:
            return
        self.met.add(ref.number)
        if not shown.exact:
            self.inexact.append(shown.mark)
            if self.innermost and reach.covers(shown):
                self.differ(path, f"{shown.mark}, though it is in reach")
            return
        if shown.mark:
            self.missing.append(shown.mark)
        if shown.mark == "not looked at" and reach.covers(shown) and node.form not in ("text", "opaque"):
            self.differ(path, "its attributes were not looked at, though it is in reach")
        self.forms(node, shown, path, reach.within(shown))

    def same_object(self, number: int, value: Any, path: str) -> bool:
        """Whether an object is the same captured one by all ways that lead to it, and no other."""
        known = self.objects.captured.setdefault(number, value)
        if known is not value:
            self.differ(path, "the same object is another captured one elsewhere in this stack")
            return False
        other = self.objects.numbers.setdefault(id(value), number)
        if other != number:
            both = f"{self.objects.text(Ref(number))} and {self.objects.text(Ref(other))}"
            self.differ(path, f"two objects are one captured object: {both}")
            return False
        return True

    def forms(self, node: Node, shown: Shown, path: str, reach: Reach) -> None:
        self.loose |= node.loose
        form = "object" if node.form == "text" else node.form
        if form == "opaque" and shown.form in ("object", "derived", "exception"):
            form = shown.form  # the oracle does not know what it is made of
        if (shown.form, shown.type) != (form, node.type):
            self.differ(path, f"expected {node.form} {node.type}, recorded {shown.form} {shown.type}")
        elif node.form in ("set", "frozenset"):
            self.unordered(node, shown, path, reach)
        elif node.form == "bytearray":
            self.octets(node, shown, path)
        elif node.form == "named":
            if node.items != shown.items:
                self.differ(path, f"expected the name {node.items}, recorded {shown.items}")
            if node.content is not None and shown.content is not None:
                self.compare(node.content, shown.content, f"{path}.__self__", "", reach)
        elif node.form == "text":
            if shown.whole:
                self.differ(path, "what is in it is not shown, and nothing says so")
        elif node.form in ("object", "derived", "exception", "opaque"):
            self.instance(node, shown, path, reach)
        elif node.form != "class":
            self.sequence(node, shown, path, reach)

    def sequence(self, node: Node, shown: Shown, path: str, reach: Reach) -> None:
        step = 2 if node.form == "dict" else 1
        if node.form in ("array", "frame") and node.content not in (None, shown.content):
            self.differ(path, f"expected {node.content}, recorded {shown.content}")
        if node.form != "frame" and shown.size != node.size:
            self.differ(path, f"expected {node.size} items, recorded {shown.size}")
            return
        if shown.whole and len(shown.items) != node.size * step:
            self.differ(path, f"said to be whole, and {len(shown.items) // step} of {node.size} items are there")
        self.pairs(node, zip(node.items, shown.items, strict=False), path, reach)
        if shown.last and node.last:
            count = min(len(shown.last), len(node.last))
            self.pairs(node, zip(node.last[-count:], shown.last[-count:], strict=True), f"{path}'s end", reach)
        elif shown.last:
            self.pairs(node, zip(node.items[-len(shown.last) :], shown.last, strict=True), f"{path}'s end", reach)

    def pairs(self, node: Node, pairs: Any, path: str, reach: Reach) -> None:
        key = ""
        for number, (true, value) in enumerate(pairs):
            if node.form != "dict":
                self.compare(true, value, f"{path}[{number}]", "", reach)
            elif number % 2:
                self.compare(true, value, f"{path}[{key}]", key, reach)
            else:
                self.compare(true, value, f"{path}'s key {number // 2}", "", reach)
                key = self.objects.text(true, 1)

    def unordered(self, node: Node, shown: Shown, path: str, reach: Reach) -> None:
        """Each recorded item has to be one of the true ones, and none twice."""
        if shown.size != node.size or (shown.whole and len(shown.items) != node.size):
            self.differ(path, f"expected {node.size} items, recorded {len(shown.items)} of {shown.size}")
            return
        atoms = collections.Counter(item for item in node.items if isinstance(item, Atom))
        others = [item for item in node.items if not isinstance(item, Atom)]
        for value in shown.items:
            item = show(value)
            found = None if isinstance(item, Atom) else next((one for one in others if self.fits(one, value)), None)
            if isinstance(item, Atom) and atoms[item]:
                atoms[item] -= 1
            elif found is not None:
                others.remove(found)
                self.compare(found, value, f"{path}'s item", "", reach)
            elif isinstance(item, Shown) and item.form in ("cut", "str", "bytes", "int"):
                self.missing.append(item.mark)
            else:
                self.differ(path, f"there is nothing like {short(value)} in it")

    def fits(self, item: Ref, value: Any) -> bool:
        known = self.objects.captured.get(item.number)
        if known is not None:
            return known is value
        trial = Walk(self.objects, innermost=False, alone=True)
        trial.compare(item, value, "")
        return not trial.problems

    def octets(self, node: Node, shown: Shown, path: str) -> None:
        data = shown.content.value if isinstance(shown.content, Atom) else shown.content
        true = node.content.value
        if shown.size != node.size or not (true == data if shown.whole else true.startswith(data)):
            self.differ(path, f"expected {true[:40]!r} ({node.size}), recorded {data[:40]!r} ({shown.size})")

    def instance(self, node: Node, shown: Shown, path: str, reach: Reach) -> None:
        if isinstance(node.content, Node):  # the builtin part stands for the instance itself
            self.part(node.content, shown, path, reach)
        elif node.content is not None:
            self.compare(node.content, shown.content, f"{path}'s content", "", reach)
        true, members = dict(node.attributes), dict(node.members)
        for name, value in (shown.attributes or {}).items():
            if name in true or name in members:
                known = true if name in true else members
                self.compare(known[name], value, f"{path}.{name}", str(name), reach)
            elif not node.loose:
                self.differ(path, f"there is no attribute {name}, recorded {short(value)}")
        missing = [name for name in true if name not in (shown.attributes or {})]
        if missing and shown.whole:
            self.differ(path, f"said to be whole, and yet the attributes {missing} are missing")

    def part(self, node: Node, shown: Shown, path: str, reach: Reach) -> None:
        part = show(shown.content)
        if not isinstance(part, Shown):
            self.differ(path, f"expected the builtin part {node.form}, recorded {part!r}")
        elif part.form == "cut":
            self.missing.append(part.mark)
        else:
            self.missing += [part.mark] if part.mark else []
            self.forms(node, part, path, reach)


def has_identity(node: Node) -> bool:
    """Whether it is captured by its identity; named tuples and NumPy's scalars are captured as tuples and numbers."""
    if node.form == "derived":
        is_tuple = isinstance(node.content, Node) and node.content.form == "tuple"
        return not is_tuple and not node.type.startswith("numpy.")
    return node.form in MUTABLE
