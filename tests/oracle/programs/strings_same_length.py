def run():
    trail = []
    for letter in "abcdef":
        word = letter * 5
        code = f"{letter}{ord(letter)}"
        pair = (letter, word)
        flipped = word[::-1] if letter < "c" else letter + word[1:]
        trail.append(code)
        del word
        word = code + "xx"
    for number in range(300, 306):
        shown = str(number)
        next_one = number + 1
        half = number / 2
    raw = [bytes([n]) * 3 for n in range(3)]
    for one in raw:
        turned = one.hex()
    return trail, shown, half, turned

log.append(run())
