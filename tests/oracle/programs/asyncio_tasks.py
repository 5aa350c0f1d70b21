import asyncio

async def worker(name, jobs, done):
    count = 0
    while jobs:
        job = jobs.pop(0)
        count += 1
        done.append((name, job))
        await asyncio.sleep(0)
    return name, count

async def main():
    jobs = list(range(5))
    done = []
    tasks = [asyncio.ensure_future(worker(name, jobs, done)) for name in "ab"]
    results = await asyncio.gather(*tasks)
    lock = asyncio.Lock()
    async with lock:
        held = lock.locked()
        done.append(held)
    try:
        await asyncio.wait_for(asyncio.sleep(0, "quick"), 5)
    finally:
        done.append("end")
    return results, done

log.append(asyncio.run(main()))
