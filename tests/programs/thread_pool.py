from concurrent.futures import ThreadPoolExecutor

def work(n):
    if n == 2:
        raise ValueError("two")
    return n * n

with ThreadPoolExecutor(1, thread_name_prefix="pool") as pool:
    futures = [pool.submit(work, n) for n in range(4)]
    for future in futures:
        try:
            log.append(future.result())
        except ValueError:
            log.append("raised")
    log.append(list(pool.map(work, [5, 6])))
