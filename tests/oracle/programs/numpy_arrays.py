import numpy as np

def run():
    row = np.zeros(5)
    row[0] = 1
    row += 2
    view = row[1:3]
    view[:] = 9
    grid = np.arange(6).reshape(2, 3)
    grid[1, 2] = -1
    grid = grid.T
    grid[0, 0] = 7
    mask = row > 5
    row[mask] = 0
    one = row[0]
    count = np.int64(3)
    many = np.arange(1000)
    many[999] = 5
    many[0] = 6
    box = {"row": row}
    box["row"].fill(4)
    names = np.array(["a", "bb"])
    names[0] = "c"
    np.cumsum(row, out=row)
    return row.tolist(), grid.tolist(), float(one), int(count), names.tolist()

log.append(run())
