def run():
    first, *middle, last = [1, 2, 3, 4]
    middle.append(first)
    (a, *b), c = [5, 6, 7], 8
    b += [a, c]
    *start, end = "xyz"
    start[0] = end
    a, b = b, a
    a[0], c = c, a[0]
    merged = [*a, *middle, *start]
    both = {**{"k": merged}, "l": middle}
    both["k"].append(both["l"])
    head, tail = merged[0], merged[1:]
    while tail:
        head, *tail = tail
    x = y = z = []
    x.append(y is z)
    i, row = 0, [0, 0, 0]
    i, row[i] = 2, "first place"
    return head, both["l"], b, x, row

log.append(run())
