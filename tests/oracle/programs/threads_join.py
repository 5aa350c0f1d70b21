import threading

def fill(box, start):
    for number in range(start, start + 3):
        box.append(number)
        size = len(box)
    box.append(("end", size))

def run():
    box = []
    for start in (0, 10):
        thread = threading.Thread(target=fill, args=(box, start), name=f"filler {start}")
        thread.start(); thread.join()
        box[0] = "main"
    thread = None
    return box

log.append(run())
