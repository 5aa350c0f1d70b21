class Box:
    def __init__(self, value):
        self.value = value

def run():
    out = []
    x = [1, 2, 3]
    del x; x = [4, 5, 6]
    x = None; x = [7, 8, 9]
    y = Box(1)
    del y; y = Box(2)
    y = None; y = Box([3])
    for number in range(4):
        temporary = {"number": number}
        out.append(temporary["number"])
        temporary = None
        box = Box(number)
        out.append(box.value)
        del box
        row = [number] * 3
        row = [row[0] + 1, *row[1:]]
        point = 0.5 + number
        point = point * 2
    x = [number for number in range(3)]; del x; x = {1: 2}
    return out, x, y.value, row, point

log.append(run())
