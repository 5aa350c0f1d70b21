import asyncio

class Manager:
    async def __aenter__(self):
        await asyncio.sleep(0)
        return self
    async def __aexit__(self, *error):
        log.append(error[0] and error[0].__name__)
        return True

async def numbers(n):
    for i in range(n):
        await asyncio.sleep(0)
        yield i

async def main():
    async with Manager():
        async for n in numbers(3):
            log.append(n)
        raise ValueError("swallowed")
    log.append([n async for n in numbers(2)])
    async for n in numbers(5):
        break

asyncio.run(main())
