"""A second opinion on stacked offers: the trace is read like minutes, every line held against the words of 4.1 to 4.7.

Written apart from `reckon.table`: floats instead of fractions, sorting instead of scanning, and nothing is played;
each line is judged from the lines before it. Tactics with `min_above` and MiCRO, with plain acceptance, only.
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
                reach = [x for x in ranked if u[i][x] >= line]
                worst = u[i][reach[-1]]
                plan = min(x for x in reach if abs(u[i][x] - worst) < 1e-9)
            elif spec["type"] == "micro":
                able = [x for x in ranked if u[i][x] >= d[i] - 1e-9]
                heard = min(len({e[2] for e in offers if e[1] == j}) for j in range(m.n) if j != i)
                made = len(dict.fromkeys(mine))
                plan = able[made] if made <= heard and made < len(able) else mine[-1]
            else:
                return
            standing = offers[-1] if offers else None
            yes = (standing is not None and standing[1] != i and u[i][standing[2]] >= d[i] - 1e-9
                   and u[i][standing[2]] >= u[i][plan] - 1e-9
                   and spec.get("accept", {"type": "next"})["type"] == "next")
            assert entry[2] == ("accept" if yes else plan), (entry, plan, yes)
    assert next(lines, None) is None and told["agreement"] == (trace[-1][2] == "accept")
