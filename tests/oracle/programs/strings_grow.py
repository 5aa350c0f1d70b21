def grow(count):
    text = ""
    for number in range(count):
        text += str(number)
    text += "é"
    text += "\U0001f600"
    same = text
    text += "!"
    parts = [text]
    parts[0] += "?"
    mark = {"text": ""}
    for letter in "abc":
        mark["text"] += letter
    data = b""
    for byte in range(4):
        data += bytes([byte])
    return same, parts, mark, data

log.append(grow(15))
