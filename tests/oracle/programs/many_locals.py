def run(n):
    a0 = n; a1 = [a0]; a2 = a1; a3 = 3; a4 = 4; a5 = 5; a6 = 6; a7 = 7; a8 = 8; a9 = 9
    b0 = 0; b1 = 1; b2 = 2; b3 = 3; b4 = 4; b5 = 5; b6 = 6; b7 = 7; b8 = 8; b9 = 9
    c0 = 0; c1 = 1; c2 = 2; c3 = 3; c4 = 4; c5 = 5; c6 = 6; c7 = 7; c8 = 8; c9 = 9
    d0 = 0; d1 = 1; d2 = 2; d3 = 3; d4 = 4; d5 = 5; d6 = 6; d7 = 7; d8 = 8; d9 = 9
    e0 = 0; e1 = 1; e2 = 2; e3 = 3; e4 = 4; e5 = 5; e6 = 6; e7 = 7; e8 = 8; e9 = 9
    f0 = 0; f1 = 1; f2 = 2; f3 = 3; f4 = 4; f5 = 5; f6 = 6; f7 = 7; f8 = 8; f9 = 9
    g0 = 0; g1 = 1; g2 = 2; g3 = 3; g4 = 4; g5 = 5; g6 = 6; g7 = 7; g8 = 8; g9 = []
    h0 = {}; h1 = 1
    h0["late"] = g9
    g9.append(h1)
    a1.append("early")
    h1 += 1
    a9, h1 = h1, a9
    del b5, h0["late"]
    f5 = f9 = h0
    f9["x"] = a2
    def inner():
        nonlocal e5
        e5 += 100
        c5.append(e5)
    c5 = []
    inner()
    return a1, a9, h1, g9, e5, c5, f5

log.append(run(1))
