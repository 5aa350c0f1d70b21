import threading

def follower(steps, mine, other):
    other.set(); mine.wait(); mine.clear()
    for number in range(3):
        steps.append(("follower", number))
        own = list(steps)
        steps[0] = len(own)
        if number < 2:
            other.set(); mine.wait(); mine.clear()
    steps.append("follower ends")

def leader():
    steps = []
    mine, other = threading.Event(), threading.Event()
    thread = threading.Thread(target=follower, args=(steps, other, mine), name="follower")
    thread.start(); mine.wait(); mine.clear()
    for number in range(3):
        steps.append(("leader", number))
        if number < 2:
            other.set(); mine.wait(); mine.clear()
            steps[-1] = (*steps[-1], "seen")
    other.set(); thread.join()
    return steps

log.append(leader())
