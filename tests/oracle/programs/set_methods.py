def edit():
    seen = {1, 2, 3}
    seen.add(4)
    seen.discard(1)
    seen.remove(2)
    other = {3, 4, 5}
    seen |= other
    seen &= {4, 5, 6}
    seen -= {6}
    seen ^= {5, 9}
    frozen = frozenset(seen)
    seen.update([10, 11], (12,))
    seen.difference_update({10})
    one = {7}
    got = one.pop()
    nested = {frozen, frozenset()}
    pairs = {(n, str(n)) for n in range(3)}
    pairs.discard((1, "1"))
    seen.clear()
    return sorted(frozen), got, len(nested), sorted(pairs)

log.append(edit())
