import asyncio

async def child(n):
    await asyncio.sleep(0)
    if n == 2:
        raise ValueError("two")
    return n

async def main():
    results = await asyncio.gather(*(child(n) for n in range(4)), return_exceptions=True)
    log.append([repr(result) for result in results])
    task = asyncio.create_task(child(9))
    await asyncio.sleep(0)
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        log.append("cancelled")

asyncio.run(main())
