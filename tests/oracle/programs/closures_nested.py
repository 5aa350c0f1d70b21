def outer(a):
    b = [a]
    def middle(c):
        nonlocal a
        a += 1
        d = {"c": c}
        def inner(e):
            nonlocal c
            c = (a, c)
            b.append(e)
            d["e"] = e
            return lambda: (a, b, c, d)
        return inner
    one = middle("one")
    f = one(1)
    a = 100
    g = one(2)
    two = middle("two")
    h = two(3)
    return f(), g(), h()

log.append(outer(0))
adders = []
for n in range(3):
    def adder(x, n=n):
        return x + n
    adders.append(adder)
log.append([adder(10) for adder in adders])
