import functools
import itertools

def run():
    seen = []
    def note(x):
        seen.append(x)
        return x * 2
    lazy = map(note, [1, 2, 3])
    first = next(lazy)
    seen.append("between")
    rest = list(lazy)
    kept = list(filter(lambda x: seen.append(-x) or x > 2, rest))
    total = functools.reduce(lambda acc, x: (seen.pop(), acc + x)[1], rest, 0)
    pairs = list(itertools.accumulate([1, 2, 3], lambda a, b: seen.append((a, b)) or a + b))
    groups = {key: list(group) for key, group in itertools.groupby([1, 1, 2], key=note)}
    for left, right in zip(itertools.count(), map(note, "ab")):
        seen.append((left, right))
    runs = list(itertools.takewhile(lambda x: len(seen) > 0 and seen.pop(), itertools.repeat(1, 3)))
    return first, kept, total, pairs, groups, len(runs), seen

log.append(run())
