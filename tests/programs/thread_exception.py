import threading

def fail():
    raise ValueError("in a thread")

def leave():
    raise SystemExit

before, threading.excepthook = threading.excepthook, lambda arguments: log.append(arguments.exc_type.__name__)
try:
    for target in (fail, leave):
        thread = threading.Thread(target=target, name=target.__name__)
        thread.start()
        thread.join()
finally:
    threading.excepthook = before
