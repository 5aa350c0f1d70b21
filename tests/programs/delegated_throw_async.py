import contextlib
import types

@types.coroutine
def suspend(value):
    return (yield value)

async def ask(question):
    try:
        return await suspend(question)
    except KeyError:
        return await suspend(question + ", again")

async def work():
    a = await ask("a")
    try:
        b = await ask("b")
    except ValueError as error:
        b = str(error)
    return a, b

async def items(n):
    for i in range(n):
        try:
            yield await ask(f"item {i}")
        except ValueError:
            yield "caught"

async def gather():
    found = []
    async for item in items(3):
        found.append(item)
    return found

async def around(coroutine):
    return await coroutine

def drive(coroutine, *answers):
    found = []
    try:
        found.append(coroutine.send(None))
        for answer in answers:
            found.append(coroutine.throw(answer) if isinstance(answer, Exception) else coroutine.send(answer))
    except StopIteration as stop:
        found.append(stop.value)
    except Exception as error:
        found.append(repr(error))
    coroutine.close()
    log.append(found)

drive(work(), KeyError(), "x", KeyError(), "y")
drive(work(), "x", ValueError("thrown"))
drive(around(work()), "x", KeyError(), ValueError("thrown"))
drive(around(around(work())), OSError())
drive(around(gather()), KeyError(), "x", KeyError(), "y", "z")
drive(around(gather()), OSError())

async def throw_into_items():
    generator = items(2)
    found = [await anext(generator), await generator.athrow(ValueError()), await anext(generator)]
    try:
        await generator.athrow(OSError("through"))
    except OSError as error:
        found.append(str(error))
    await generator.aclose()
    return found

drive(around(throw_into_items()), "x", KeyError(), "y")
drive(around(throw_into_items()), "x", "y")

async def farewell(name):
    try:
        await ask("bye " + name)
    finally:
        log.append(name)

async def leave(*names):
    """Coroutines of a library lie in between."""
    async with contextlib.AsyncExitStack() as stack:
        for name in names:
            stack.push_async_callback(farewell, name)

async def leave_both():
    async with contextlib.AsyncExitStack() as stack:
        inside = await stack.enter_async_context(contextlib.AsyncExitStack())
        for name in ("c", "d"):
            inside.push_async_callback(farewell, name)

drive(around(leave("a", "b")), "x", KeyError(), "y")
drive(around(leave("a", "b")), ValueError(), KeyError(), "y")
drive(around(leave_both()), ValueError(), KeyError(), "y")
drive(around(leave_both()), OSError(), OSError())

@contextlib.contextmanager
def managed():
    yield from (yield_and_catch())

def yield_and_catch():
    try:
        yield "managed"
    except KeyError:
        log.append("caught by what the manager delegates to")

with managed() as value:
    log.append(value)
    raise KeyError
try:
    with managed():
        raise OSError
except OSError:
    log.append("out")
