def leaves(tree, seen):
    for item in tree:
        if isinstance(item, list):
            depth = yield from leaves(item, seen)
            seen.append(depth)
        else:
            got = yield item
            if got:
                seen.append(got)
    return len(tree)

def chain(*parts):
    results = []
    for part in parts:
        results.append((yield from part))
    return results

def run():
    seen = []
    flat = list(leaves([1, [2, [3]], 4], seen))
    both = chain(leaves([5], seen), iter("ab"))
    out = [next(both)]
    out.append(both.send("sent"))
    out.extend(both)
    return flat, seen, out

log.append(run())
