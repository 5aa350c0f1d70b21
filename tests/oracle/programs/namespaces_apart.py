"""Bodies of a module that run beside each other, in namespaces that have the same name."""

HERE = __file__
LINES = "\n" * 40
SOURCE = "a = 1\nb = [a]\nb.append(a)\nc = b\ndel b\n"
COUNTS = "count = 0\ndef up():\n    global count\n    count += 1\n    return count\nup()\nlast = up()\n"

a = "outside"
b = 7
count = -1


def inside(source, namespace):
    code = compile(LINES + source, HERE, "exec")
    exec(code, namespace)
    return namespace


apart = inside(SOURCE, {"__name__": __name__})
names = sorted(apart)
again = inside(SOURCE, {"__name__": __name__, "c": 3})
counted = inside(COUNTS, {"__name__": __name__})
seen = a, b, count
total = counted["up"]() + counted["last"]
inside(COUNTS, globals())
count += 1
up()
d = eval("a + 'x'")
log.append((names[-1], again["c"], seen, total, count, d))
