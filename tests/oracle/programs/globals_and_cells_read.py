queue = []
seen = {"count": 0}

def push(x):
    queue.append(x)
    seen["count"] += 1
    return len(queue)

def drain():
    while queue:
        queue.pop()
    seen["drained"] = True

def make():
    bag = []
    def add(x):
        bag.append(x)
        return len(bag)
    def size():
        return len(bag)
    add("first")
    push(bag)
    add("second")
    return add, size

add, size = make()
n = push("a"); n = push("b")
add(n)
queue[0].append("through the global")
log.append((size(), list(queue[0])))
drain()
add("last")
log.append((size(), queue, seen))
