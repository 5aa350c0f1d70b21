def collect(item, into=[], *, index={}):
    into.append(item)
    index[item] = len(into)
    if len(into) > 3:
        into.clear()
    return len(into)

for letter in "abcdef":
    log.append(collect(letter))
mine = []
log.append(collect("x", mine))
log.append(collect("y", mine, index={}))
log.append((collect.__defaults__, mine))
