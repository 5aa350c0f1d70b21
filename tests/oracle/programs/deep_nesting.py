def run():
    two = [[1]]
    three = {"a": {"b": ["c"]}}
    four = [[[["deepest"]]]]
    six = [[[[[["too deep"]]]]]]
    inner = six[0][0][0][0][0]
    four[0][0][0].append("more")
    inner.append("changed below the bounds")
    two[0].append(2)
    three["a"]["b"].append("d")
    inner = None
    six[0][0].append([1])
    mixed = ({"k": [({"l": [1]},)]},)
    mixed[0]["k"][0][0]["l"].append(2)
    chain = []
    for number in range(8):
        chain = [number, chain]
    return four, six, mixed, chain

log.append(run())
