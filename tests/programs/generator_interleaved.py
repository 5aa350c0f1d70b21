def count(name, n):
    for i in range(n):
        yield name, i

a, b, c = count("a", 3), count("b", 2), count("c", 4)
for _ in range(5):
    for generator in (a, b, c):
        log.append(next(generator, None))
log.append(list(zip(count("x", 3), count("y", 2))))
