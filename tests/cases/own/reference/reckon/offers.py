"""Strategic alternating offers (section 3): backward induction, stationary equilibria, the limit of frequent offers."""
import math
from fractions import Fraction

from . import rules
from .model import Curve, Finite, Shares, bisect


def setting(task, m):
    """First proposer, breakdown (chance and gains) and outside options (gains, None where there is none)."""
    number = Fraction if isinstance(m, Finite) else float
    breakdown = task.get("breakdown") or {"p": 0, "payoffs": m.d}
    p = number(breakdown["p"])
    b = [number(v) - d for v, d in zip(breakdown["payoffs"], m.d)]
    options = task.get("outside_options") or [None] * m.n
    o = [None if v is None else number(v) - d for v, d in zip(options, m.d)]
    return task.get("first", 0), p, b, o


def propose(m, p, demand, t, ideal):
    """The proposer's choice and its gains, or None: best for p among what meets everybody's demand (in gains)."""
    if isinstance(m, Finite):
        able = [x for x in m.all if m.available_from[x] <= t and m.gain(x)[p] >= 0
                and all(m.gain(x)[j] >= demand[j] for j in range(m.n) if j != p)]
        if not able:
            return None
        best = max(m.gain(x)[p] for x in able)
        x = rules.tie_break(m, [x for x in able if m.gain(x)[p] == best], m.d, ideal)
        return x, m.gain(x)
    asked = [d + c for d, c in zip(m.d, demand)]
    if isinstance(m, Curve):
        x = m.best(p, asked)
        if x is None:
            return None
        g = [u - d for u, d in zip(m.u(x), m.d)]
        return (x, g) if g[p] >= -1e-12 else None
    u = m.best(p, [max(a, d) for a, d in zip(asked, m.d)])
    if u is None or u[p] < m.d[p] - 1e-12:
        return None
    return m.x(u), [a - d for a, d in zip(u, m.d)]


def finite(m, task):
    """Backward induction. Told: how it ends on the path, and each round's proposal."""
    first, chance, b, o = setting(task, m)
    horizon = task["horizon"]
    slack = 0 if isinstance(m, Finite) else 1e-12
    ideal = m.ideal(m.zopa()) if isinstance(m, Finite) and m.zopa() else None
    if isinstance(m, Finite) and ideal is None:
        ideal = m.d
    v = [0] * m.n                                       # gains when the round that follows begins
    ends = ("deadline", horizon, None)
    path = []
    for t in reversed(range(horizon)):
        p = (first + t) % m.n
        later = [chance * b[i] + (1 - chance) * m.delta[i] * v[i] for i in range(m.n)]
        leaves = any(o[j] is not None and o[j] > later[j] for j in range(m.n) if j != p)
        demand = [max(later[j], o[j]) if o[j] is not None else later[j] for j in range(m.n)]
        refused = [o[i] if o[i] is not None else 0 for i in range(m.n)] if leaves else later
        choice = propose(m, p, demand, t, ideal)
        if choice is not None and choice[1][p] >= refused[p] - slack:
            v, ends = choice[1], ("agreement", t, choice[0])
            path.insert(0, {"t": t, "proposer": p, "package": choice[0], "gain": [float(g) for g in v]})
        else:
            v = refused
            if leaves:
                ends = ("opt_out", t, None)
            path.insert(0, {"t": t, "proposer": p, "package": None, "gain": [float(g) for g in v]})
    kind, t, x = ends
    told = {"agreement": kind == "agreement", "round": t, "path": path, "value": [float(g) for g in v]}
    if kind == "agreement":
        if isinstance(m, Finite):
            told |= {"package": x, "utilities": [float(u) for u in m.u[x]]}
        else:
            gain = path[t]["gain"]
            told |= {"x": x, "utilities": [g + d for g, d in zip(gain, m.d)]}
    else:
        told["ended_by"] = kind
        told["utilities"] = [float(g + d) for g, d in zip(v, m.d)] if t == 0 or kind == "opt_out" else None
        if kind == "deadline":
            told["utilities"] = [float(d) for d in m.d]
    return told


def stationary(m, first, chance, b, o):
    """Two actors for ever: the root of 'what I keep when the other's demand rests on what I keep'."""
    def demand(i, v):
        later = chance * b[i] + (1 - chance) * m.delta[i] * v
        return later if o[i] is None else max(later, o[i])

    def keep(p, asked):
        choice = propose(m, p, [asked, asked], 0, None)
        return (None, -1.0) if choice is None else (choice[0], choice[1][p])

    j = 1 - first
    most = keep(first, 0.0)[1]

    def again(v):
        """What `first` keeps when it proposes, if it believes it will keep v."""
        other = keep(j, demand(first, v))[1]
        return keep(first, demand(j, max(other, 0.0)))[1]

    if o[first] is not None or o[j] is not None:
        # Somebody would rather leave than take what the other can bear to give.
        give = keep(first, max(o[j], 0.0) if o[j] is not None else 0.0)[1]
        if o[j] is not None and o[first] is not None and give < o[first] - 1e-12:
            return None
    v = bisect(lambda v: v - again(v), 0.0, most)
    other = keep(j, demand(first, v))[1]
    x, _ = keep(first, demand(j, max(other, 0.0)))
    y, _ = keep(j, demand(first, v))
    return x, y


def infinite(m, task):
    first, chance, b, o = setting(task, m)
    if isinstance(m, Curve):
        found = stationary(m, first, chance, b, o)
        if found is None:
            return {"agreement": False, "ended_by": "opt_out", "round": 0,
                    "utilities": [g + d for g, d in zip(o, m.d)]}
        x, y = found
        return {"agreement": True, "round": 0, "x": x, "utilities": m.u(x), "counteroffer_x": y}
    if task.get("recognition") == "random":
        return random_recognition(m, task)
    v = [[0.0] * m.n for _ in range(m.n)]               # v[p]: gains when p proposes
    for _ in range(20000):
        old = [list(row) for row in v]
        for p in range(m.n):
            later = [m.delta[i] * v[(p + 1) % m.n][i] for i in range(m.n)]
            v[p] = propose(m, p, later, 0, None)[1]
        if max(abs(a - c) for r, s in zip(v, old) for a, c in zip(r, s)) < 1e-15:
            break
    u = [g + d for g, d in zip(v[first], m.d)]
    return {"agreement": True, "round": 0, "x": m.x(u), "utilities": u}


def random_recognition(m, task):
    """Proposers drawn with chance p_i; unanimity, or a quota with partners drawn evenly among the cheapest."""
    probs = [float(p) for p in task["recognition_probs"]]
    if task.get("quota") is not None:
        assert len(set(m.delta)) == 1 and len(set(task["recognition_probs"])) == 1 and set(m.d) == {0.0}
        price, partners = m.delta[0] / m.n, task["quota"] - 1
        return {"proposer_share": 1 - partners * price, "partner_share": price, "excluded_share": 0,
                "partners": partners, "ex_ante_utilities": [1 / m.n] * m.n}
    v = [0.0] * m.n
    for _ in range(100000):
        given = [propose(m, p, [m.delta[i] * v[i] for i in range(m.n)], 0, None)[1] for p in range(m.n)]
        new = [sum(probs[p] * given[p][i] for p in range(m.n)) for i in range(m.n)]
        done = max(abs(a - c) for a, c in zip(v, new)) < 1e-15
        v = new
        if done:
            break
    return {"ex_ante_utilities": [a + d for a, d in zip(v, m.d)],
            "utilities_given_proposer": [[a + d for a, d in zip(row, m.d)] for row in given]}


def limit(m, task):
    """Rows for each length of a period, and the asymmetric Nash solution they tend to (3.3)."""
    rates = [float(r) for r in task["rates"]]
    hazard = float(task.get("hazard") or 0)
    b = [float(v) - d for v, d in zip(task.get("breakdown_payoffs") or m.d, m.d)]
    rows = []
    for step in task["delta_t"]:
        m.delta = [math.exp(-r * float(step)) for r in rates]
        chance = 1 - math.exp(-hazard * float(step))
        x, _ = stationary(m, task.get("first", 0), chance, b, [None, None])
        rows.append({"delta_t": float(step), "utilities": m.u(x)})
    raw = [1 / (hazard + r) for r in rates]
    w = [v / sum(raw) for v in raw]
    dhat = [(hazard * (v + d) + r * d) / (hazard + r) for v, d, r in zip(b, m.d, rates)]
    from . import curves
    kept, m.d = m.d, dhat
    solved = curves.solve(m, "nash", w)
    m.d = kept
    return {"rows": rows, "limit_weights": w, "limit_disagreement": dhat, "limit_utilities": solved["utilities"],
            "limit_x": solved["x"]}
