registry = []

def register(cls):
    registry.append(cls.__name__)
    return cls

@register
class Table:
    columns = []
    columns.append("id")
    for name in ("price", "size"):
        columns.append(name)
    width = len(columns)
    squares = [n * n for n in range(3)]
    squares += columns
    del name
    if width > 2:
        wide = True
    class Inner:
        depth = 2
        depth += 1
        label = f"inner {depth}"
    def method(self):
        return self.columns
    alias = method
    width, extra = 1, (width,)

registry.append(Table().method())
Table.columns.append("later")
log.append((registry, Table.width, Table.extra, Table.Inner.label))
