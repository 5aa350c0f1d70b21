def run():
    asked = []
    words = ["pear", "fig", "apple", "kiwi"]
    def key(word):
        asked.append(word)
        return len(word), word
    ordered = sorted(words, key=key)
    words.sort(key=lambda word: asked.append(word) or word[-1])
    longest = max(words, key=key)
    table = {"b": 1, "a": 2}
    by_value = sorted(table.items(), key=lambda pair: table.setdefault(pair[0] * 2, pair[1]), reverse=True)if 0 else []
    class Item:
        compared = 0
        def __init__(self, n):
            self.n = n
        def __lt__(self, other):
            Item.compared += 1
            asked.append((self.n, other.n))
            return self.n < other.n
    items = [Item(2), Item(3), Item(1)]
    items.sort()
    numbers = [item.n for item in items]
    return ordered, words, longest, numbers, len(asked)

log.append(run())
