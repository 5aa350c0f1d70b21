import types

@types.coroutine
def suspend(value):
    received = yield value
    return received

async def work(n):
    a = await suspend(n)
    b = await suspend(a)
    return a, b

coroutine = work(1)
log.append(coroutine.send(None))
log.append(coroutine.send("a"))
try:
    coroutine.send("b")
except StopIteration as stop:
    log.append(stop.value)
coroutine = work(2)
coroutine.send(None)
coroutine.close()
coroutine = work(3)
coroutine.send(None)
try:
    coroutine.throw(KeyError("thrown"))
except KeyError:
    log.append("out")
