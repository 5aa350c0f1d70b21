def run():
    table = dict(enumerate(map(str, range(1000))))
    table[0] = "zero"
    table[999] = "last"
    table["new"] = "end"
    table[500] = None
    del table[1]
    table.pop(998)
    table[1] = "back at the end"
    by_name = {f"name {number}": [number] for number in range(100)}
    by_name["name 0"].append("front")
    by_name["name 99"].append("back")
    by_name["name 50"].append("middle")
    by_name |= {"name 50": []}
    seen = set(range(500))
    seen.discard(250)
    seen.add("x")
    return len(table), by_name["name 50"], len(seen)

log.append(run())
