"""Frames that were entered before the horizon, each with locals of its own, call on and on."""


def descend(depth, path, bottom):
    mine = [depth]
    name = f"level {depth}"
    path.append(mine)
    if depth < 6:
        result = descend(depth + 1, path, bottom)
    else:
        result = bottom(path)
    mine.append("back")
    path.pop()
    after = (name, result)
    return after if depth == 0 else result


def bottom(path):
    total = 0
    index = {}
    for n in range(2000):
        total += leaf(n, path[n % len(path)])
        index[n % 5] = total
        if n % 400 == 399:
            path[3].append(n)
    return total


def leaf(n, level):
    shifted = level[0] + n
    if len(level) > 1:
        shifted -= level[-1] % 3
    return shifted


log.append(descend(0, [], bottom))
