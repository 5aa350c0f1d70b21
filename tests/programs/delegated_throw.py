def inner(n):
    try:
        yield n
    except KeyError as error:
        log.append(str(error))
        yield n + 1
    except IndexError:
        return "inner has returned"
    except TypeError:
        raise ValueError("another one")
    return n

def middle(n):
    got = yield from inner(n)
    try:
        yield got
    finally:
        log.append("middle is left")
    return got

def outer(n):
    try:
        result = yield from middle(n)
    except ValueError as error:
        result = yield str(error)
    return result

def throw(generator, *errors):
    found = []
    try:
        found.append(next(generator))
        for error in errors:
            found.append(generator.send(error) if isinstance(error, str) else generator.throw(error))
        found.extend(generator)
    except BaseException as error:
        found.append(repr(error))
    log.append(found)

throw(outer(1), KeyError("first"))
throw(outer(2), KeyError("first"), KeyError("second"))
throw(outer(3), IndexError())
throw(outer(4), IndexError(), IndexError())
throw(outer(5), TypeError())
throw(outer(6), TypeError(), "sent", KeyError())
throw(outer(7), ValueError("not caught by the inner one"))
throw(outer(8), OSError("by none"))
throw(outer(9), GeneratorExit())
throw(outer(10), KeyError(), "sent", IndexError())

def around():
    """Throws into another one that delegates while it is thrown into itself."""
    try:
        yield 1
    except KeyError:
        throw(outer(11), KeyError("nested"), TypeError())
        yield 2

def delegate(generator):
    return (yield from generator)

throw(delegate(delegate(around())), KeyError(), KeyError())

def recursive(n):
    if n == 0:
        try:
            yield "bottom"
        except KeyError:
            yield "caught"
    else:
        yield from recursive(n - 1)
    return n

throw(recursive(20), KeyError())
throw(recursive(20), KeyError(), KeyError())
