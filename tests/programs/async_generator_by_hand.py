async def numbers():
    try:
        received = yield 1
        log.append(received)
        yield 2
    finally:
        log.append("closed")

def drive(awaitable):
    try:
        awaitable.send(None)
    except StopIteration as stop:
        return stop.value
    except StopAsyncIteration:
        return "end"

generator = numbers()
log.append(drive(generator.__anext__()))
log.append(drive(generator.asend("sent")))
log.append(drive(generator.__anext__()))
generator = numbers()
drive(generator.__anext__())
drive(generator.aclose())
generator = numbers()
drive(generator.__anext__())
try:
    drive(generator.athrow(ValueError("thrown")))
except ValueError:
    log.append("out")
