def run():
    text = "abc" * 100
    text += "z"
    text = text[1:]
    long = "y" * 100_000
    long = long[:-1] + "x"
    head = long[:256]
    over = long[:257]
    wide = "é" * 300
    data = b"\0" * 300
    data += b"\1"
    rows = [text, long]
    rows[0] = rows[0][:10]
    table = {long: "a long key"}
    table[long] = text
    exact = data[:256]
    return len(text), len(rows[0]), len(table), len(head), len(over), len(wide), len(exact)

log.append(run())
