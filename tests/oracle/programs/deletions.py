def run():
    x = [1, 2, 3]
    y = x
    del x
    y.append(4)
    x = "again"
    del x, y[0]
    try:
        x
    except UnboundLocalError:
        x = None
    for i in range(3):
        part = [i]
        del part
    box = {"a": y}
    del box["a"][0]
    del y
    def inner():
        return cell
    cell = 1
    del cell
    cell = box
    del box
    return inner()

log.append(run())
a = [1]
b = a
del a
b.append(2)
for name in ("b",):
    globals()[name].append(3)
log.append(b)
del b
