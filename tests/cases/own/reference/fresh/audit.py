"""A second opinion on stacked offers: the trace is read like minutes, every line held against the words of 4.1 to 4.7.

Written apart from `reckon.table`: floats instead of fractions, sorting instead of scanning, and nothing is played;
each line is judged from the lines before it. AC_next, AC_const and never only.
"""


def minutes(m, task, told):
    """Assert that every line of the trace is what its author had to write."""
    u = [[float(row[i]) for row in m.u] for i in range(m.n)]
    d = [float(v) for v in m.d]
    rounds, trace = task["rounds"], told["trace"]
    lines = iter(trace)
    for k in range(rounds):
        for i in range(m.n):
            entry = next(lines, None)
            if entry is None:
                assert told["agreement"]
                return
            place = trace.index(entry)
            assert entry[:2] == [k, i], entry
            before = trace[:place]
            offers = [e for e in before if e[2] != "accept"]
            mine = [e[2] for e in offers if e[1] == i]
            spec = task["agents"][i]
            ranked = sorted(m.all, key=lambda x: (-u[i][x], x))
            if spec["type"] == "time":
                tau = k / (rounds - 1) if rounds > 1 else 1.0
                low, start = float(spec.get("u_min", d[i])), float(spec.get("k", 0))
                if spec.get("family") == "exponential":
                    a = start ** ((1 - tau) ** float(spec["beta"]))
                else:
                    a = start + (1 - start) * tau ** (1 / float(spec["beta"]))
                line = max(u[i][ranked[0]] * (1 - a) + low * a, d[i]) - 1e-9
                heard = [e[2] for e in offers if e[1] != i]
                if spec.get("select") == "tradeoff" and heard:
                    plan = nearest(m, [x for x in ranked if u[i][x] >= line], heard[-1], spec)
                else:
                    plan = cheapest(ranked, u[i], line)
            elif spec["type"] == "tft":
                heard = [u[i][e[2]] for e in offers if e[1] != i]
                theta = u[i][ranked[0]]
                for a, b in zip(heard, heard[1:]):
                    theta = max(d[i], min(u[i][ranked[0]], theta - float(spec["kappa"]) * (b - a)))
                plan = cheapest(ranked, u[i], theta - 1e-9)
            elif spec["type"] == "micro":
                able = [x for x in ranked if u[i][x] >= d[i] - 1e-9]
                heard = min(len({e[2] for e in offers if e[1] == j}) for j in range(m.n) if j != i)
                made = len(dict.fromkeys(mine))
                plan = able[made] if made <= heard and made < len(able) else mine[-1]
            else:
                plan = spec["sequence"][min(len(mine), len(spec["sequence"]) - 1)]
            standing = offers[-1] if offers else None
            rule = spec.get("accept", {"type": "next"})
            yes = standing is not None and standing[1] != i and rule["type"] != "never"
            if yes:
                worth = u[i][standing[2]]
                line = (float(rule["c"]) if rule["type"] == "const" else
                        (u[i][plan] - float(rule.get("b", 0))) / float(rule.get("a", 1)))
                yes = worth >= max(line, d[i]) - 1e-9
            assert entry[2] == ("accept" if yes else plan), (entry, plan, yes)
    assert next(lines, None) is None and told["agreement"] == all(e[2] == "accept" for e in trace[1 - m.n:])


def cheapest(ranked, u, line):
    """The last of the own ranking above the line, the lowest number among equals."""
    worst = [x for x in ranked if u[x] >= line][-1]
    return min(x for x in ranked if abs(u[x] - u[worst]) < 1e-9)


def nearest(m, ranked, y, spec):
    """Most similar to y; `ranked` has the richer first and the lower number first among equals."""
    w = [float(v) for v in spec.get("similarity_weights", [1] * len(m.sizes))]
    def distance(x):
        return sum(v * abs(a - b) / (size - 1) for v, a, b, size in zip(w, m.levels[x], m.levels[y], m.sizes))
    least = min(map(distance, ranked))
    return next(x for x in ranked if distance(x) < least + 1e-9)


def subgame(outcomes, d, delta, horizon, first, since=None, options=None, risk=0.0, ruin=None, t=0):
    """A second opinion on backward induction: top down, in floats. Returns (gains, round or None, package or word)."""
    n = len(d)
    if t == horizon:
        return [0.0] * n, None, "deadline"
    after, when, what = subgame(outcomes, d, delta, horizon, first, since, options, risk, ruin, t + 1)
    p = (first + t) % n
    ruin = ruin or d
    stay = [risk * (ruin[i] - d[i]) + (1 - risk) * delta[i] * after[i] for i in range(n)]
    out = [None if not options or options[i] is None else options[i] - d[i] for i in range(n)]
    goes = any(out[j] is not None and out[j] > stay[j] + 1e-12 for j in range(n) if j != p)
    need = [stay[j] if out[j] is None else max(stay[j], out[j]) for j in range(n)]
    zopa = [u for u in outcomes if all(u[i] >= d[i] - 1e-9 for i in range(n))]
    scale = [max([u[i] - d[i] for u in zopa] or [0]) or 1.0 for i in range(n)]
    able = []
    for x, u in enumerate(outcomes):
        g = [u[i] - d[i] for i in range(n)]
        if (since is None or since[x] <= t) and g[p] >= -1e-9 and all(g[j] >= need[j] - 1e-9 for j in range(n) if j != p):
            h = [g[i] / scale[i] for i in range(n)]
            able.append((round(g[p], 9), round(sum(h), 9), round(min(h), 9), -x, g))
    refused = [0.0 if out[i] is None else out[i] for i in range(n)] if goes else stay
    if able and max(able)[0] >= refused[p] - 1e-9:
        best = max(able)
        return best[4], t, -best[3]
    return (refused, t, "opt_out") if goes else (refused, when, what)


def linear(a, b):
    """Solve a small system of linear equations."""
    n = len(b)
    rows = [list(map(float, row)) + [float(v)] for row, v in zip(a, b)]
    for k in range(n):
        pivot = max(range(k, n), key=lambda r: abs(rows[r][k]))
        rows[k], rows[pivot] = rows[pivot], rows[k]
        for r in range(n):
            if r != k:
                f = rows[r][k] / rows[k][k]
                rows[r] = [x - f * y for x, y in zip(rows[r], rows[k])]
    return [rows[k][n] / rows[k][k] for k in range(n)]
