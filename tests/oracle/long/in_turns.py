"""Two threads in strict turns: each has a frame that was entered before the horizon."""

import threading


def player(name, table, times, mine, other):
    notes = {"name": name, "moves": 0}
    hand = [name]
    if name == "right":
        other.set(); mine.wait(); mine.clear()
    for turn in range(times):
        move(table, notes, turn)
        hand.append(turn)
        if len(hand) > 4:
            hand = hand[2:]
        if turn < times - 1:
            other.set(); mine.wait(); mine.clear()
    return notes


def move(table, notes, turn):
    notes["moves"] += 1
    table.append((notes["name"], turn))
    if len(table) > 6:
        del table[:3]
    notes["last"] = table[-1]


def run():
    table = []
    left, right = threading.Event(), threading.Event()
    thread = threading.Thread(target=player, args=("right", table, 600, right, left), name="right")
    thread.start(); left.wait(); left.clear()
    notes = player("left", table, 600, left, right)
    right.set(); thread.join()
    return notes, table


log.append(run())
