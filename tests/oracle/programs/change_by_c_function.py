import bisect
import heapq
import operator

def run():
    heap = [5, 1, 4]
    heapq.heapify(heap)
    heapq.heappush(heap, 0)
    least = heapq.heappop(heap)
    ranks = []
    for value in (3, 1, 2):
        bisect.insort(ranks, value)
    operator.setitem(ranks, 0, -1)
    operator.iadd(ranks, [9])
    operator.delitem(ranks, 1)
    list.append(ranks, "plain")
    into = {}
    list(map(into.__setitem__, "abc", ranks))
    pushed = list(map(heap.append, (7, 8)))
    setattr(run, "mark", heap)
    run.mark.append("by attribute")
    least, heap[0] = heap[0], least
    return heap, ranks, into, pushed

log.append(run())
