import re

def run(text):
    words = []
    position = 0
    while (match := re.match(r"\s*(\w+)", text[position:])) is not None:
        word = match[1]
        position += match.end()
        match = None
        if (size := len(word)) > 3 and (first := word[0]).isupper():
            words.append((first, size))
    lengths = [last := len(word) for word, _ in words]
    total = (a := 1) + (b := a + 1) + (a := 10)
    any((found := n) > 2 for n in range(5))
    print_it = lambda: (inner := [total])
    inner = print_it()
    return words, lengths, last if lengths else None, a, b, found, inner

log.append(run("An Example of Words With size"))
if (box := []) is not None:
    box.append(1)
log.append(box)
