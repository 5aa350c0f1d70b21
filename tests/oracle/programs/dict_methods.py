def edit(book):
    book["b"] = 2
    book.setdefault("c", []).append(1)
    book.setdefault("c", []).append(2)
    book.update(d=4, a=10)
    book |= {"e": 5}
    gone = book.pop("a")
    pair = book.popitem()
    del book["b"]
    missing = book.get("zzz", 0)
    book["again"] = gone
    merged = book | {"f": 6}
    merged["c"].append(3)
    kept = {key: value for key, value in book.items() if key != "d"}
    book.clear()
    return merged, kept, pair, missing

shelf = {"a": 1}
log.append(edit(shelf))
log.append(shelf)
