total = 0
history = []
config = {"step": 1}

def add(amount):
    global total, last
    total += amount
    last = total
    history.append(total)

def reset():
    global total, history
    total = 0
    old, history = history, []
    return old

def deep():
    def inner():
        global made_inside
        made_inside = [config]
        config["step"] += 1
    inner()
    made_inside.append(total)

add(1)
add(config["step"])
deep()
add(config["step"])
old = reset()
add(7)
log.append((total, history, old, last, made_inside))
del last
