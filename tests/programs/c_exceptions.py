def convert(text):
    try:
        return int(text)
    except ValueError:
        return None

log.append([convert(text) for text in ("1", "x")])
for wrong in (lambda: len(5), lambda: [].pop(), lambda: {}["a"], lambda: None.x, lambda: 1 / 0, lambda: next(iter(()))):
    try:
        wrong()
    except Exception as error:
        log.append(type(error).__name__)
log.append(next(iter(()), "default"))
log.append(hasattr(3, "nothing"))
log.append(getattr(3, "nothing", "default"))
