def run():
    many = [0] * 1_000_000
    many[0] = 1
    many.append(2)
    size = len(many)
    many[-1] = 3
    many[10] = 4
    del many[20:]
    index = dict(enumerate(range(30_000)))
    index[0] = "changed"
    index["new"] = 1
    del index[1]
    unique = set(range(20_000))
    unique.add(-1)
    text = "x" * 1_000_000
    text += "y"
    data = bytes(1_000_000)
    packed = bytearray(data)
    packed[0] = 1
    packed.append(2)
    return size, len(index), len(unique), len(text), len(packed)

log.append(run())
