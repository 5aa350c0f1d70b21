class Holder:
    pass

def run():
    holder = Holder()
    holder.x, holder.y = 1, [2]
    for holder.x in range(3):
        holder.y.append(holder.x)
    table = {}
    for table["k"] in "ab":
        table.setdefault("all", []).append(table["k"])
    holder.x += 5
    holder.y[0] -= 1
    holder.y[1:] = [holder]
    holder.table = table
    holder.table["k"] += "!"
    with open(__file__) as holder.file:
        name = holder.file.name[-3:]
    del holder.file, holder.table["all"]
    vars(holder)["z"] = "by dictionary"
    setattr(holder, "w", [holder.z])
    holder.__dict__["w"].append(1)
    delattr(holder, "z")
    holder.__dict__ = {"only": table}
    holder.only["late"] = True
    holder.__class__ = type("Other", (), {})
    return holder.only, name

log.append(run())
