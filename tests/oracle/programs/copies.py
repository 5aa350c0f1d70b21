import copy

class Doc:
    def __init__(self):
        self.pages = [["one"]]
        self.title = "t"
    def __setstate__(self, state):
        self.__dict__.update(state)
        self.title += " copy"

def run():
    rows = [[1], [2]]
    shallow = copy.copy(rows)
    deep = copy.deepcopy(rows)
    rows[0].append("both see it")
    rows.append([3])
    deep[0].append("only deep")
    doc = Doc()
    same_pages = copy.copy(doc)
    own_pages = copy.deepcopy(doc)
    doc.pages[0].append("two")
    own_pages.pages.clear()
    same_pages.pages.append([])
    return rows, shallow, deep, doc.pages, own_pages.title

log.append(run())
