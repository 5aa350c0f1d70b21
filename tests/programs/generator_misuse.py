def itself():
    try:
        next(generator)
    except ValueError as error:
        log.append(str(error))
    yield 1

generator = itself()
next(generator)

def started():
    yield 1

fresh = started()
try:
    fresh.send(5)
except TypeError:
    log.append("cannot send")
next(fresh)
