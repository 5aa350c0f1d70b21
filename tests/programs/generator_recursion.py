def tree(depth):
    if depth:
        yield from tree(depth - 1)
        yield depth
        for item in tree(depth - 1):
            yield item

log.append(list(tree(4)))
