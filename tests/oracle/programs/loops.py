def find(items, wanted):
    for place, item in enumerate(items):
        if item == wanted:
            break
        items[place] = None
    else:
        place = -1
    return place

def countdown(n):
    steps = []
    while n > 0:
        n -= 1
        if n == 3:
            continue
        if n == 1:
            break
        steps.append(n)
    else:
        steps.append("else")
    return steps

def early(rows):
    for row in rows:
        for cell in row:
            if cell is None:
                return rows.index(row), len(row)
            row[0] = cell
    return None

def consume(items):
    taken = []
    while items and (item := items.pop()):
        taken.append(item)
    return taken

log.append((find([1, 2, 3], 2), find([1, 2], 9), countdown(5), countdown(1)))
log.append((early([[1, 2], [3, None]]), early([]), consume([0, 1, 2])))
