def counter():
    n = 0
    def increment(by=1):
        nonlocal n
        n += by
        return n
    def both():
        return increment(), increment(by=2)
    return increment, both

increment, both = counter()
increment()
log.append(both())
log.append((lambda a, *b, c=3: (a, b, c))(1, 2))
functions = [lambda: i for i in range(3)]
log.append([function() for function in functions])
