def run():
    numbers = list(range(1000))
    numbers.append(-1)
    numbers[0] = "first"
    numbers[999] = "near the end"
    numbers[500] = "in the middle"
    numbers.extend([7, 8])
    numbers.insert(0, "new first")
    numbers.pop()
    del numbers[300:700]
    words = [str(number) for number in range(200)]
    words[100] = words[0]
    words.sort()
    pairs = [(number, [number]) for number in range(100)]
    pairs[50][1].append("in the middle")
    pairs[1][1].append("near the start")
    size = len(numbers)
    numbers.clear()
    return size, words[:3]

log.append(run())
