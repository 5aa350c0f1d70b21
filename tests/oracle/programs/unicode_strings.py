def run():
    word = "naïve"
    word = word.upper()
    greek = "αβγ"
    greek += "δ"
    astral = "a\U0001f600"
    astral = astral[::-1]
    lone = "\ud800x"
    lone = lone + "y"
    nul = "a\0b"
    quoted = 'it\'s "quoted"'
    names = {"ключ": "значение"}
    names["ключ"] += "!"
    π = 3
    π += 1
    parts = greek.partition("β")
    table = str.maketrans("a", "b")
    return word, parts, names, π, len(table), nul, quoted, len(lone), astral

log.append(run())
