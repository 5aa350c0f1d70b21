def edit():
    row = list(range(10))
    row[2:4] = ["a", "b", "c"]
    row[::3] = [None] * len(row[::3])
    del row[1:3]
    row[len(row):] = [7, 7]
    row[:0] = [-1]
    row[-1] = row[0]
    del row[::2]
    row[:] = reversed(row)
    same = row
    row = row[1:]
    same[0] = "kept"
    row[0] = "other"
    return row, same

log.append(edit())
