def numbers():
    try:
        yield 1
        yield 2
    finally:
        log.append("closed")

def plain():
    yield 1

for make in (numbers, plain):
    generator = make()
    next(generator)
    generator.close()
    generator.close()
    make().close()
    generator = make()
    list(generator)
    generator.close()
