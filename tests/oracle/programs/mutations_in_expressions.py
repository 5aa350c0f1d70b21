def run():
    stack = [3, 2, 1]
    while stack.pop() < 3:
        stack.insert(0, 3) if len(stack) < 2 else None
    table = {}
    if table.setdefault("a", []) == [] and not table["a"].append(1):
        table["a"] += [2]
    value = table["a"].pop() or table["a"].pop()
    text = f"{table['a'].pop()} {table.setdefault('b', [1])} {table['b'].append(2)}"
    assert table["b"].append(3) is None, "never"
    flag = (lambda: table["b"].clear())() or bool(table["b"])
    both = table["b"].append(4) or table["b"].append(5)
    order = [table["b"].pop(), table["b"].pop()]
    chained = 0 < (table["b"].append(6) or len(table["b"])) < 2
    picked = order[table["b"].pop() - 6]
    pair = {order.pop(): order.pop()}
    return value, text, flag, both, chained, picked, pair, stack

log.append(run())
