def counter(start):
    count = start
    history = []
    def up(by=1):
        nonlocal count
        count += by
        history.append(count)
        return count
    def undo():
        nonlocal count, history
        history.pop()
        count = history[-1] if history else start
        history = list(history)
    up()
    up(5)
    undo()
    before = count
    undo()
    undo_again = undo
    up(by=10)
    return up, undo_again, before

up, undo, before = counter(100)
up(2)
undo()
log.append((up(), before))
