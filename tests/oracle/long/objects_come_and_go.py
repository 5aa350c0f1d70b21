"""Addresses are used again and again, and old objects are found under new names."""


class Item:
    def __init__(self, number, link):
        self.number = number
        self.link = link

    def __iadd__(self, other):
        self.number += other
        return self


def churn(n, queue, index):
    item = Item(n, queue[-1] if queue else None)
    item += 1
    queue.append(item)
    index[n % 10] = [item.number]
    index[n % 10].append(len(queue))
    if len(queue) > 5:
        old = queue.pop(0)
        queue[0].link = None
        old.number = [old.number]
        del old
    temporary = {"n": n, "text": str(n) * 3}
    temporary["n"] += 0.5
    return temporary


def run(times):
    queue, index = [], {}
    first = Item(-1, None)
    queue.append(first)
    result = None
    for n in range(times):
        result = churn(n, queue, index)
        if n == times // 2:
            found = index[n % 10]
            found.append("kept")
    first.link = queue
    return result, sorted(index), found, len(first.link)


log.append(run(1500))
