from collections import deque

def run():
    recent = deque(maxlen=3)
    for number in range(5):
        recent.append(number)
    recent.appendleft("left")
    gone = recent.pop()
    recent.rotate(1)
    line = deque([[1], [2]])
    line[0].append("inside")
    first = line.popleft()
    first.append("outside")
    line.extend([first, 3])
    line.clear()
    plain = list(recent)
    return plain, gone, first

log.append(run())
