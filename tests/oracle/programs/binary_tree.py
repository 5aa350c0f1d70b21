class Tree:
    def __init__(self, key):
        self.key = key
        self.left = self.right = None
    def insert(self, key):
        side = "left" if key < self.key else "right"
        child = getattr(self, side)
        if child is None:
            setattr(self, side, Tree(key))
        else:
            child.insert(key)
    def walk(self, out):
        if self.left:
            self.left.walk(out)
        out.append(self.key)
        if self.right:
            self.right.walk(out)
        return out

def run():
    root = Tree(5)
    for key in (2, 8, 1, 9):
        root.insert(key)
    smallest = root.left.left
    smallest.key = 0
    root.right.key = 7
    out = root.walk([])
    root.left = smallest
    smallest.right = Tree(3)
    return out, root.walk([])

log.append(run())
