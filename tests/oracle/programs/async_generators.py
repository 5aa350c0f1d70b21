import asyncio

async def ticks(stop, trace):
    try:
        for number in range(stop):
            got = yield number * number
            if got:
                trace.append(got)
            await asyncio.sleep(0)
    finally:
        trace.append("ticks end")

async def main():
    trace = []
    total = 0
    async for square in ticks(4, trace):
        total += square
    evens = [square async for square in ticks(5, trace) if square % 2 == 0]
    source = ticks(3, trace)
    first = await source.asend(None)
    second = await source.asend("hello")
    await source.aclose()
    table = {n: n async for n in ticks(2, trace)}
    return total, evens, first, second, table, trace

log.append(asyncio.run(main()))
