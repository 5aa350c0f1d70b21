def catcher():
    for n in range(5):
        try:
            yield n
        except KeyError as error:
            log.append(error.args)
            yield "caught"

generator = catcher()
next(generator)
log.append(generator.throw(KeyError("a")))
next(generator)
log.append(generator.throw(KeyError, KeyError("b")))
try:
    generator.throw(ValueError("not caught"))
except ValueError:
    log.append("came out")
try:
    catcher().throw(ValueError("never started"))
except ValueError:
    log.append("came out")
finished = catcher()
list(finished)
try:
    finished.throw(ValueError("finished"))
except ValueError:
    log.append("came out")
