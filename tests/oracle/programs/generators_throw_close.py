def stubborn(log_of):
    tries = 0
    try:
        while tries < 5:
            try:
                got = yield tries
                log_of.append(got)
            except KeyError as error:
                log_of.append(error.args)
                tries += 10
            finally:
                tries += 1
    except GeneratorExit:
        log_of.append("closed")
        raise
    finally:
        log_of.append(tries)

def run():
    told = []
    one = stubborn(told)
    next(one)
    one.send("a")
    left = list(one.throw(KeyError("k")) for _ in range(1) if False)
    other = stubborn(told)
    first = next(other)
    try:
        other.throw(KeyError("k", 1))
    except StopIteration:
        first = "stopped"
    one.close()
    one.close()
    return told, left, first

log.append(run())
