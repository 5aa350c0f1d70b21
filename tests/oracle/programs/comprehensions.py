def run(names):
    upper = [name.upper() for name in names]
    lengths = {name: len(name) for name in names}
    letters = {letter for name in names for letter in name if letter != "x"}
    grid = [[x * y for x in range(3)] for y in range(2)]
    flat = [cell for row in grid for cell in row if cell]
    total = sum(n for n in flat)
    out = []
    [out.append(n) for n in flat]
    grid[0].extend(out)
    chained = [pair for pair in zip(upper, flat)]
    x = "outer"
    swapped = [x for x in chained]
    nested = [[(lambda: i + j)() for j in range(2)] for i in range(2)]
    functions = [lambda: i for i in range(2)]
    return lengths, sorted(letters), total, x, swapped, nested, [f() for f in functions]

log.append(run(["ann", "bo"]))
squares = [n * n for n in range(4)]
n = "kept"
squares = [
    n + len(
        squares
    )
    for n in squares
    if n
]
log.append((squares, n))
