def place(orders, name, item):
    orders.setdefault(name, {"items": [], "total": 0})
    orders[name]["items"].append(item)
    orders[name]["total"] += item[1]
    orders[name]["items"][0][2].append(name)
    return orders[name]

def run():
    orders = {}
    one = place(orders, "ann", ["pen", 3, []])
    two = place(orders, "bob", ["cup", 5, []])
    one = place(orders, "ann", ["ink", 4, []])
    one["items"][1][0] = "red ink"
    del orders["bob"]["items"][0]
    orders["both"] = [one, two]
    orders["both"][1]["total"] = None
    grid = [[0] * 3 for _ in range(2)]
    grid[0][1] = 1
    grid[1] = grid[0]
    grid[1][2] = 2
    return orders, grid

log.append(run())
