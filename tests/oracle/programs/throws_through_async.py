import contextlib
import types

@types.coroutine
def ask(question):
    answer = yield question
    return answer

async def patient(question, tries):
    while True:
        tries.append(question)
        try:
            return await ask(question)
        except KeyError as error:
            question = f"{question}, {error.args[0]}"

async def items(kept):
    for number in range(3):
        try:
            got = await patient(f"item {number}", kept)
            yield got
        except ValueError as error:
            kept.append(str(error))
            yield None

async def collect():
    kept, found = [], {}
    async for item in items(kept):
        found[len(found)] = item
    return kept, found

async def by_hand():
    kept = []
    generator = items(kept)
    first = await anext(generator)
    second = await generator.athrow(ValueError("thrown"))
    third = await anext(generator)
    await generator.aclose()
    kept.append([first, second, third])
    return kept

async def around(coroutine, names):
    names.append("in")
    try:
        result = await coroutine
    finally:
        names.append("out")
    return result

async def farewell(names, name):
    tries = []
    try:
        names.append(await patient("bye", tries))
    finally:
        names.extend(tries)

async def leave(names):
    async with contextlib.AsyncExitStack() as stack:
        inside = await stack.enter_async_context(contextlib.AsyncExitStack())
        for name in ("c", "d"):
            inside.push_async_callback(farewell, names, name)
    names.append("left")

def drive(coroutine, answers, names):
    asked = [coroutine.send(None)]
    for answer in answers:
        try:
            asked.append(coroutine.throw(answer) if isinstance(answer, Exception) else coroutine.send(answer))
        except (StopIteration, ValueError) as error:
            asked.append(str(error))
            break
    return asked

names = []
log.append(drive(around(collect(), names), ["a", KeyError("again"), "b", KeyError("more"), ValueError("no"), 3], names))
log.append(drive(around(by_hand(), names), [KeyError("again"), "a", KeyError("once more"), "b", 1], names))
log.append(drive(around(leave(names), names), [KeyError("please"), "a", "b", 1], names))
log.append(drive(around(leave(names), names), [ValueError("no"), KeyError("please"), "b", 1], names))
log.append(names)
