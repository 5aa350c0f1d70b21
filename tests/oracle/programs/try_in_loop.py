def parse(texts):
    good, bad = [], {}
    for number, text in enumerate(texts):
        try:
            value = int(text)
            if value < 0:
                raise ValueError("negative")
        except ValueError as error:
            bad[text] = str(error)[:8]
            continue
        except TypeError:
            bad[repr(text)] = number
            break
        else:
            good.append(value)
        finally:
            bad["last"] = number
            value = None
    return good, bad

def retry(limit):
    attempts = []
    while True:
        try:
            attempts.append(len(attempts))
            if len(attempts) < limit:
                raise RuntimeError(attempts)
            return attempts
        except RuntimeError as error:
            last = error.args[0]
            last[0] -= 1

log.append(parse(["1", "x", "-3", "4", None, "5"]))
log.append(retry(3))
