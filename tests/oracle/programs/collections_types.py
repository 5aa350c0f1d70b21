from collections import ChainMap, Counter, OrderedDict, defaultdict
from types import SimpleNamespace

def run():
    counts = Counter("abracadabra")
    counts["a"] -= 1
    counts.update("zz")
    common = counts.most_common(2)
    groups = defaultdict(list)
    for word in ("one", "two", "three"):
        groups[len(word)].append(word)
    missing = groups["none"]
    missing.append("made")
    ordered = OrderedDict(a=1, b=2, c=3)
    ordered.move_to_end("a")
    ordered["b"] = [2]
    ordered["b"].append(3)
    first = ordered.popitem(last=False)
    both = ChainMap({}, {"x": 1})
    both["x"] = 2
    space = SimpleNamespace(x=1, items=[])
    space.items.append(space.x)
    space.y = both["x"]
    del space.x
    return common, dict(groups), first, list(ordered), both["x"], space.items

log.append(run())
