"""A producer and workers over an asyncio queue."""

from __future__ import annotations

import asyncio

from benchmarks.workloads import Pass


async def handle(item: int) -> int:
    await asyncio.sleep(0)
    return item * 2


async def work(queue: asyncio.Queue[int]) -> int:
    total = 0
    while (item := await queue.get()) >= 0:
        total += await handle(item)
    return total


async def serve() -> None:
    queue: asyncio.Queue[int] = asyncio.Queue(maxsize=16)
    workers = [asyncio.create_task(work(queue)) for _ in range(8)]
    for item in range(3_000):
        await queue.put(item)
    for _ in workers:
        await queue.put(-1)
    await asyncio.gather(*workers)


def prepare() -> Pass:
    return lambda: asyncio.run(serve())
