def echo(value, other=None):
    copied = value
    return copied if other is None else other

def run():
    text = echo("t" * 300)
    items = echo(list(range(60)))
    items.append(60)
    items[0] = echo(items[1])
    table = echo({n: [n] for n in range(40)})
    table[39].append("end")
    table[0].append("start")
    nested = echo([[n] * 40 for n in range(40)])
    nested[39][39] = "corner"
    nested[0][0] = "first"
    data = echo(b"d" * 1000)
    big = echo(7**400)
    words = echo(("w" * 200, "v" * 300))
    return len(text), len(items), len(nested), len(data), big % 97, len(words)

log.append(run())
