def share():
    shared = {"count": 0}
    left = [shared, 1]
    right = (shared, [shared])
    left[0]["count"] += 1
    right[0]["count"] += 1
    right[1][0]["count"] += 1
    shared = None
    left.append(left[0])
    left[2]["more"] = []
    right[0]["more"].append(left[1])
    left[0] = dict(left[0])
    left[0]["count"] = -1
    return left, right

def matrix():
    row = [0, 0]
    rows = [row] * 3
    rows[0][0] = 1
    rows[1] = rows[1].copy()
    rows[1][1] = 2
    return rows

log.append(share())
log.append(matrix())
