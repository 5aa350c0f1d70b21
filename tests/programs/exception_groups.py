def fail():
    raise ExceptionGroup("several", [ValueError("v"), KeyError("k")])

def star():
    try:
        fail()
    except* ValueError as group:
        log.append(len(group.exceptions))
    except* KeyError:
        log.append("key")

star()
