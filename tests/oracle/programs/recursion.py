def walk(tree, path, found):
    path.append(tree["name"])
    if not tree["children"]:
        found.append("/".join(path))
    for child in tree["children"]:
        walk(child, path, found)
    path.pop()
    return len(found)

def permute(items, start, out):
    if start == len(items):
        out.append(tuple(items))
        return
    for i in range(start, len(items)):
        items[start], items[i] = items[i], items[start]
        permute(items, start + 1, out)
        items[start], items[i] = items[i], items[start]

leaf = {"name": "leaf", "children": []}
tree = {"name": "root", "children": [{"name": "a", "children": [leaf]}, leaf]}
paths = []
log.append(walk(tree, [], paths))
all_of_them = []
permute([1, 2, 3], 0, all_of_them)
log.append((paths, all_of_them))
