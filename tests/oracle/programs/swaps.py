def bubble(items):
    swapped = True
    while swapped:
        swapped = False
        for i in range(len(items) - 1):
            if items[i] > items[i + 1]:
                items[i], items[i + 1] = items[i + 1], items[i]
                swapped = True
    return items

def rotate():
    a, b, c = [1], [2], [3]
    a, b, c = b, c, a
    a.append("was b")
    a, b = b, a
    b.append("again")
    c[0], a[0] = a[0], c[0]
    (a, b), c = (c, b), a
    return a, b, c

log.append(bubble([3, 1, 2]))
log.append(rotate())
