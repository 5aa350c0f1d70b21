def shuffle():
    table = dict.fromkeys("abcd", 0)
    first = table.pop("a")
    table["a"] = first
    table["b"] += 1
    table["b"] = "one"
    del table["c"]
    table["c"] = None
    table.update({"d": 4, "e": 5})
    order = list(table)
    for key in order:
        value = table.pop(key)
        table[key] = value
    back = dict(reversed(table.items()))
    table.popitem()
    return order, back, table

log.append(shuffle())
