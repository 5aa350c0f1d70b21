kept = []

def keep(thing):
    kept.append(thing)
    return thing

def change_kept():
    for thing in kept:
        thing.append(len(thing))
    kept[0][0] = "changed"

def run():
    mine = keep(["m"])
    yours = keep(list(mine))
    change_kept()
    also_mine = kept[0]
    also_mine.append("end")
    kept.pop(0)
    change_kept()
    return mine, yours

log.append(run())
