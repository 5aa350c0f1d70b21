from array import array
from collections import deque

class Node:
    def __init__(self, name):
        self.name = name
        self.next = None

def changed_then_rebound():
    kept = x = [1]
    x += [2]; x = None
    x = kept
    x[0] = "item"; x = []
    kept_dict = x = {}
    x["k"] = 1; x = {}
    x = kept_dict
    x["k"] = 2; del x
    kept_bytes = x = bytearray(b"a")
    x += b"b"; x = b""
    x = kept_bytes
    x[0] = 98; x = x[:1]
    x += b"in"; x += b"place"
    kept_deque = x = deque([1])
    x += [2]; x = 2
    kept_array = x = array("i", [1])
    x += x; x = 3
    kept_set = x = {1}
    x |= {2}; x = set()
    return kept, kept_dict, kept_bytes, kept_deque, kept_array, kept_set

def rebound_then_changed():
    x = bytearray(b"a"); x.append(98); x += b"c"
    y = x; y += b"d"; z = y
    y = deque(); y.append(1); y += [2]; z = [y]
    z = z[0]; z += [3]
    z, y = y, z; z += [4]
    return x, y, z

def linked():
    first = last = Node("first")
    second, third = Node("second"), Node("third")
    last.next = second; last = second
    last.next, last = third, third
    (last.name, last), spare = ("third again", first), None
    last.name, last, spare = "first again", second, last
    for last.name in "ab": last = spare
    for last.name, last in [("c", spare.next), ("d", spare)]: spare = last
    del first.next; first = None
    return second, third, spare

def by_attribute(kept):
    x = kept
    x.items += [3]; x = None
    x = kept.items
    x += [4]; x += [5]; x = kept.items = x + [6]
    x = kept; x.items, x = x, x.items
    return x

def swapped(left, right):
    x, y = left, right
    x[0], y[0] = y[0], x[0]; x, y = [], []
    x, y = left, right
    x[0], x, y[0], y = "left", None, "right", None
    return left, right

def with_walrus(kept):
    (x := kept).append(1); x = []
    x = kept; (x.__iadd__([2])); x = None
    if (x := kept) and (x := x + [3]): x.append(4); x = None
    return kept

def by_result(kept):
    held = [kept]
    found = iter(held)
    next(found)[0] = "by next"
    next(iter(held)).append(1)
    found = iter(held)
    (spare := next(found))[0] = "by name"; spare = None
    for found in iter(held): found[0] = "by loop"; found = None
    held[:] = [kept, [0 if len(held) > 1 else kept][0]]
    held[1 if held else 0] += [5]
    (held if not kept else next(iter(held)))[-1] = "last"
    found = kept
    found += ["or"] or held; found = 0
    found = [kept, held]
    (found[0] if not found else found[0]).append("and"); found = [found]
    (found and found[0])[0][0] = "chain"; found = kept
    found += [n for n in range(2) if n] if len(found) < 3 else ["else"]
    found[len(found) if not found else 0 < 1 < 2] = "compared"
    found = 0
    return held

def in_handler(kept):
    try:
        raise ValueError(kept)
    except ValueError as error: error.kept = kept; kept = error
    try:
        raise kept
    except ValueError as error: error.kept = 2
    count = 0
    for n in range(3): count += n if n % 2 else 10; kept.kept += count
    return kept

def handed_over(kept):
    def see(step=1):
        seen = kept.name
        return step
    def resume():
        seen = kept.items
        while True:
            seen = kept.name
            yield len(kept.items)
    resumed = resume(); kept.items = [1]
    step = next(resumed)
    see()
    kept.name = "before"; see()
    kept.name = "again"; kept.name += see() * "!"; see()
    kept.items[0] = see(); kept.items[0] = see(2); step = next(resumed)
    kept.items += [next(resumed)]; step = next(resumed)
    for step in range(3): see(); kept.name += "x"
    kept.items[0] = kept.items[see() - 1] = next(resumed)
    for step in resumed:
        if step > 3: break
        kept.items[:] = [*kept.items, step]
    return kept

class Holder:
    items = [1]
    kept = items
    items += [2]; items = None
    items = kept; items[0] = 0; del items

log.append(changed_then_rebound())
log.append(rebound_then_changed())
log.append([node.name for node in linked()])
thing = Node("thing")
thing.items = [1, 2]
log.append(len(by_attribute(thing)))
log.append(swapped([1], [2]))
log.append(with_walrus([0]))
log.append(by_result(["x", "y"]))
log.append(in_handler([1]).kept)
log.append(handed_over(Node("kept")).items)
log.append(Holder.kept)
kept = moved = [1]
moved += [2]; moved = None
moved = kept
moved[0] = 5; moved = kept[:]
moved = kept; del moved[0]; del moved
log.append(kept)
