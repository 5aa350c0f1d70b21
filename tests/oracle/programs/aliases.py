def two_names():
    a = b = []
    a.append(1)
    b.append(2)
    same = a is b
    b = b + [3]
    b.append(4)
    c = a
    a = c[:]
    c.append("c only")
    a.append("a only")
    d, e = {"x": c}, {"y": c}
    d["x"].append("through d")
    e["y"][0] = "through e"
    e["y"] = list(e["y"])
    e["y"].append("e alone")
    return a, b, c, d, e, same

log.append(two_names())
