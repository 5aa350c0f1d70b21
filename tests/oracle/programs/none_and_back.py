def toggle(times):
    value = None
    other = []
    for number in range(times):
        value = None if value else [number]
        other = other if value else list(other)
        other.append(value)
        empty = {} if number % 2 else None
        if empty is not None:
            empty["n"] = number
        same = value is other[-1]
        value = value or 0
    return value, other, empty, same

log.append(toggle(5))
