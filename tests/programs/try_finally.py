def returns_in_finally():
    try:
        raise ValueError("lost")
    finally:
        return 1

def finally_of_finally(n):
    try:
        try:
            if n:
                raise ValueError("a")
            return 0
        finally:
            log.append("inner")
    except ValueError:
        return 1
    else:
        return 2
    finally:
        log.append("outer")

log.append(returns_in_finally())
log.append(finally_of_finally(0))
log.append(finally_of_finally(1))
