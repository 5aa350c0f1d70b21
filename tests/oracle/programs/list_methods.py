def work(items):
    items.append(4)
    items.insert(0, 0)
    last = items.pop()
    first = items.pop(0)
    items.extend([last, first])
    items.remove(2)
    items.sort(reverse=True)
    items.reverse()
    copied = items.copy()
    items += [9]
    items *= 2
    del items[0]
    count = items.count(9)
    where = items.index(9)
    items.clear()
    return copied, count, where

numbers = [1, 2, 3]
log.append(work(numbers))
log.append(numbers)
