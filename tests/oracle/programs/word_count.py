def tokens(text):
    word = ""
    for letter in text:
        if letter.isalpha():
            word += letter.lower()
        elif word:
            yield word
            word = ""
    if word:
        yield word

def count(text):
    counts = {}
    order = []
    for word in tokens(text):
        if word not in counts:
            order.append(word)
            counts[word] = 0
        counts[word] += 1
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], order.index(pair[0])))
    return ranked

log.append(count("The cat, the dog. The END!"))
