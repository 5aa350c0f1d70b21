def f(items):
    items.append(1); items.append(2)
    a = 1; b = [a]; a = 2; b.append(a)
    items[0] = items; items[0] = 0
    a += 1; a += 1; del b[0]
    c = [items]; c[0].append(3); c = c[0]
    x = y = 0; x = [y]; y = x; x.append(9)
    if a > 3: b = {}; b[1] = 2
    for i in range(2): items.append(i); a -= i
    while a > 3: a -= 1; items.pop()
    return items, a, b, c, x

log.append(f([]))
p = [1]; q = p; p.append(2); del q
log.append(p); p = None; p = [3]; log.append(p)
