"""Nash's solution with lotteries over a finite set (2.1)."""
from fractions import Fraction


def nash(m, kind, weights=None):
    """Expected utilities and the lottery as (package, chance). Two actors exactly, more by ascent."""
    w = [Fraction(1, m.n)] * m.n if weights is None else [Fraction(v) / sum(Fraction(v) for v in weights) for v in weights]
    pool = m.zopa() if kind == "ex_post" else m.all
    if not pool:
        return None
    return two(m, w, pool) if m.n == 2 else many(m, w, pool)


def two(m, w, pool):
    """Every pair of packages: the best point of the segment between them, kept where both gain at least nothing."""
    best = None
    for x in pool:
        for y in pool:
            if y < x:
                continue
            a, b = m.gain(x), m.gain(y)
            for p in mixes(w, a, b):
                g = [p * s + (1 - p) * t for s, t in zip(a, b)]
                if min(g) < 0:
                    continue
                score = float(g[0]) ** float(w[0]) * float(g[1]) ** float(w[1])
                if best is None or score > best[0] + 1e-12:
                    best = (score, g, [(x, p), (y, 1 - p)] if 0 < p < 1 else [(x if p == 1 else y, Fraction(1))])
    if best is None:
        return None
    _, g, parts = best
    return [float(v + d) for v, d in zip(g, m.d)], [(x, float(p)) for x, p in parts]


def mixes(w, a, b):
    """Chances worth trying for the first of two packages."""
    yield Fraction(1)
    yield Fraction(0)
    slope = [s - t for s, t in zip(a, b)]
    if slope[0] * slope[1] < 0:
        # w0 s0/(b0+p s0) + w1 s1/(b1+p s1) = 0
        p = -(w[0] * slope[0] * b[1] + w[1] * slope[1] * b[0]) / (slope[0] * slope[1])
        if 0 < p < 1:
            yield p


def many(m, w, pool):
    """Multiplicative ascent, then Newton on the support; certified by sum w g(x)/g(p) <= 1 for every package."""
    g = {x: [float(v) for v in m.gain(x)] for x in pool}
    w = [float(v) for v in w]
    assert min(min(v) for v in g.values()) >= 0, "ascent needs gains that are not negative"
    p = {x: 1 / len(pool) for x in pool}
    for _ in range(200000):
        mean = [sum(p[x] * g[x][i] for x in pool) for i in range(m.n)]
        rise = {x: sum(w[i] * g[x][i] / mean[i] for i in range(m.n)) for x in pool}
        p = {x: p[x] * rise[x] for x in pool}
        if max(rise.values()) < 1 + 1e-13:
            break
    total = sum(p.values())
    p = {x: v / total for x, v in p.items()}
    mean = [sum(p[x] * g[x][i] for x in pool) for i in range(m.n)]
    rise = {x: sum(w[i] * g[x][i] / mean[i] for i in range(m.n)) for x in pool}
    assert max(rise.values()) < 1 + 1e-9, rise
    return ([v + float(d) for v, d in zip(mean, m.d)], [(x, v) for x, v in p.items() if v > 1e-7])
