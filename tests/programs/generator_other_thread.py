import threading

def numbers():
    for n in range(4):
        yield n

generator = numbers()
next(generator)

def go_on():
    log.append(next(generator))
    log.append(next(generator))

thread = threading.Thread(target=go_on, name="other")
thread.start()
thread.join()
log.append(next(generator))
