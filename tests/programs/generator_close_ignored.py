def stubborn():
    while True:
        try:
            yield 1
        except GeneratorExit:
            log.append("ignored")
            yield 2
            return

generator = stubborn()
next(generator)
try:
    generator.close()
except RuntimeError as error:
    log.append(str(error))
del generator
