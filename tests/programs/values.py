def same(value):
    return value

for value in (None, True, 0, -1, 2**31, -(2**63), 2**63, 10**40, 1.5, -0.0, float("inf"), float("nan"), 2 + 3j,
              "", "text", "é", "\U0001f600", b"", b"\x00\xff", (), (1, (2, (3,))), [], [1, [2]], {}, {"a": 1, 2: [3]},
              {1}, frozenset({2}), range(3), len, int, same, ..., NotImplemented):
    same(value)
