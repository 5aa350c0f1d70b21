import asyncio

async def producer(queue, count):
    for number in range(count):
        item = {"number": number}
        await queue.put(item)
        item["put"] = True
    await queue.put(None)

async def consumer(queue, out):
    total = 0
    while True:
        item = await queue.get()
        if item is None:
            break
        item["got"] = True
        total += item["number"]
        out.append(item)
    return total

async def main():
    queue = asyncio.Queue(maxsize=2)
    out = []
    making = asyncio.create_task(producer(queue, 4))
    total = await consumer(queue, out)
    await making
    return total, out

log.append(asyncio.run(main()))
