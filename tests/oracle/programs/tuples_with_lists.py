def run():
    pair = ([], {})
    pair[0].append(1)
    pair[1]["a"] = pair[0]
    try:
        pair[0] += [2]
    except TypeError as error:
        kind = type(error).__name__
    nested = (1, (2, ([3],)))
    nested[1][1][0].append(4)
    other = nested
    other[1][1][0][0] = "three"
    frozen = frozenset([(1, 2)])
    keys = {(1, "a"): [1], (2, ("b",)): [2]}
    keys[1, "a"].append(keys[2, ("b",)])
    keys[2, ("b",)].append("inner")
    pairs = [pair, nested]
    pairs[0][0].clear()
    return pair, nested, kind, keys, len(frozen)

log.append(run())
