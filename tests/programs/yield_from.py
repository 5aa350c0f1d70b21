def inner(n):
    received = yield n
    log.append(received)
    try:
        yield n + 1
    except KeyError:
        yield "inner caught"
    return n + 2

def middle(n):
    result = yield from inner(n)
    log.append(result)
    return result

def outer():
    a = yield from middle(1)
    yield from (10, 20)
    b = yield from middle(a)
    return b

generator = outer()
next(generator)
generator.send("sent")
generator.throw(KeyError("through"))
log.append(list(generator))
generator = outer()
next(generator)
try:
    generator.throw(ValueError("not caught by any"))
except ValueError:
    log.append("out")
generator = outer()
next(generator)
generator.close()
