def key(item):
    if item == 2:
        raise ValueError("no two")
    return -item

log.append(sorted([3, 1], key=key))
try:
    sorted([1, 2, 3], key=key)
except ValueError:
    log.append("refused")
log.append(max([3, 1, 2][:1], key=lambda item: item))
log.append(list(map(key, [5, 6])))
log.append(list(filter(lambda item: item > 1, [1, 3])))
