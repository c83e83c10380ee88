"""Rules on finite sets (2.1 to 2.6 of THEORY), exact; ties by TB."""
import math
from fractions import Fraction


def normalised(g, ideal, d):
    return [gi / (a - r) if a > r else Fraction(0) for gi, a, r in zip(g, ideal, d)]


def tie_break(m, best, d, ideal):
    """TB: larger sum of normalised gains, larger minimum, lower index."""
    def key(x):
        h = normalised(m.gain(x, d), ideal, d)
        return (sum(h), min(h), -x)
    return max(best, key=key)


def top(scores):
    """The packages with the largest score; a float in the last place counts as equal within 1e-12."""
    best = max(scores.values())
    def same(score):
        return all(abs(a - b) <= 1e-12 if isinstance(b, float) else a == b for a, b in zip(score, best))
    return [x for x, score in scores.items() if same(score)]


def optima(m, rule, weights=None, d=None, among=None):
    """All packages of ZOPA that are best under a rule, and the ideal point."""
    d = m.d if d is None else d
    zopa = m.zopa(d, among)
    if not zopa:
        return [], None
    ideal = m.ideal(zopa)
    w = [Fraction(1)] * m.n if weights is None else [Fraction(v) for v in weights]
    scores = {}
    for x in zopa:
        g = m.gain(x, d)
        h = normalised(g, ideal, d)
        if rule == "nash":
            gainers = [i for i in range(m.n) if g[i] > 0]
            if len(set(w)) == 1:
                score = (len(gainers), math.prod((h[i] for i in gainers), start=Fraction(1)))
            else:
                score = (len(gainers), float(sum(float(w[i]) * math.log(h[i]) for i in gainers)))
        elif rule == "kalai_smorodinsky":
            score = tuple(sorted(h[i] / w[i] for i in range(m.n) if ideal[i] > d[i]))
        elif rule == "egalitarian":
            score = tuple(sorted(gi / wi for gi, wi in zip(g, w)))
        elif rule == "utilitarian":
            score = (sum(wi * ui for wi, ui in zip(w, m.u[x])),)
        elif rule == "equal_loss":
            score = tuple(sorted(u - a for u, a in zip(m.u[x], ideal)))
        else:
            raise ValueError(rule)
        scores[x] = score
    return top(scores), ideal


def choose(m, rule, weights=None, d=None, among=None):
    """The chosen package, or None."""
    if rule == "raiffa":
        return raiffa(m, d, among)[0]
    best, ideal = optima(m, rule, weights, d, among)
    return tie_break(m, best, m.d if d is None else d, ideal) if best else None


def raiffa(m, d=None, among=None):
    """The package and the disagreement points some package supports."""
    d = list(m.d if d is None else d)
    if not m.zopa(d, among):
        return None, []
    path = [list(d)]
    while True:
        zopa = m.zopa(d, among)
        ideal = m.ideal(zopa)
        new = [r + (a - r) / m.n for r, a in zip(d, ideal)]
        if len({tuple(m.u[x]) for x in zopa}) == 1 or new == d or not m.zopa(new, among):
            break
        d = new
        path.append(list(d))
    return choose(m, "kalai_smorodinsky", None, d, among), path


def efficient(m, among):
    """One package (the lowest number) for each undominated vector."""
    kept = []
    for x in among:
        if not any(m.u[y] == m.u[x] and y < x or dominates(m.u[y], m.u[x]) for y in among):
            kept.append(x)
    return kept


def efficient_all(m, among):
    return [x for x in among if not any(dominates(m.u[y], m.u[x]) for y in among)]


def dominates(a, b):
    return all(p >= q for p, q in zip(a, b)) and a != b


def zeuthen(m, tie_conceder):
    """Path of offers, risks before each concession, and the deal."""
    deals = efficient(m, m.zopa())
    if not deals:
        return None, [], []
    g = {x: m.gain(x) for x in deals}
    product = lambda x: g[x][0] * g[x][1]
    at = [max(deals, key=lambda x: (g[x][i], g[x][1 - i], -x)) for i in range(2)]
    path, risks = [list(at)], []
    while True:
        content = [i for i in range(2) if g[at[1 - i]][i] >= g[at[i]][i]]
        if len(content) == 2:
            return max(at, key=lambda x: (product(x), -x)), path, risks
        if content:
            return at[1 - content[0]], path, risks
        risk = [(g[at[i]][i] - g[at[1 - i]][i]) / g[at[i]][i] if g[at[i]][i] != 0 else Fraction(1) for i in range(2)]
        risks.append(risk)
        i = tie_conceder if risk[0] == risk[1] else (0 if risk[0] < risk[1] else 1)
        mine, theirs = at[i], at[1 - i]
        steps = [x for x in deals if g[theirs][i] <= g[x][i] < g[mine][i] and product(x) > product(theirs)]
        at[i] = max(steps, key=lambda x: (g[x][i], g[x][1 - i], -x)) if steps else theirs
        path.append(list(at))
