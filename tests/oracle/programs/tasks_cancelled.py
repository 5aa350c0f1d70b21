import asyncio
import contextlib

class Shop:
    def __init__(self):
        self.stock, self.notes = {"tea": 2}, []

async def fetch(shop, name, delay):
    shop.notes.append(name)
    try:
        await asyncio.sleep(delay)
    except asyncio.CancelledError:
        shop.stock[name] = -1
        await asyncio.sleep(0)
        shop.notes.append("cleaned")
        raise
    shop.stock[name] = shop.stock.get(name, 0) + 1
    return name

async def order(shop, name, delay):
    tries = []
    try:
        tries.append(await fetch(shop, name, delay))
    except asyncio.CancelledError:
        tries.append("cancelled")
        shop.notes.extend(tries)
        raise
    finally:
        tries.append(len(shop.notes))
    return tries

async def prices(shop):
    price = 1
    while True:
        try:
            await asyncio.sleep(0 if price < 3 else 60)
            yield price
        except asyncio.CancelledError:
            shop.notes.append(price)
            raise
        price += 1

async def watch(shop):
    seen = []
    async for price in prices(shop):
        seen.append(price)
    return seen

async def stubborn(shop):
    for turn in range(3):
        with contextlib.suppress(asyncio.CancelledError):
            got = await order(shop, f"round {turn}", 0 if turn else 60)
            shop.notes.append(got)
    return "stays"

async def stopped(coroutine):
    task = asyncio.get_running_loop().create_task(coroutine)
    for _ in range(6):
        await asyncio.sleep(0)
    task.cancel()
    try:
        return await task
    except asyncio.CancelledError:
        return "stopped"

async def main():
    shop = Shop()
    found = [await stopped(order(shop, "milk", 60)), await stopped(watch(shop)), await stopped(stubborn(shop))]
    with contextlib.suppress(asyncio.TimeoutError):
        await asyncio.wait_for(order(shop, "late", 60), 0.001)
    return found, shop.stock, shop.notes

log.append(asyncio.run(main()))
