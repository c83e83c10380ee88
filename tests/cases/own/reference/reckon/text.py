"""The single negotiating text as a Markov chain (5.1)."""
import math


def moves(m):
    """For each package, those that differ from it on one issue."""
    out = []
    for levels in m.levels:
        near = []
        for k, size in enumerate(m.sizes):
            for level in range(size):
                if level != levels[k]:
                    near.append(m.number(levels[:k] + (level,) + levels[k + 1:]))
        out.append(near)
    return out


def passes(m, task, x, y, temperature):
    """The chance that y replaces x: everybody, or a quota of votes."""
    yes = []
    for i in range(m.n):
        rise = m.u[y][i] - m.u[x][i]
        if task["agents"] == "hill_climb":
            yes.append(1.0 if rise >= 0 else 0.0)
        else:
            t = temperature[i]
            yes.append(1.0 if rise >= 0 else math.exp(float(rise) / t) if t > 0 else 0.0)
    quota = task.get("quota") or m.n
    count = [1.0]                                       # the distribution of the number of yes votes
    for p in yes:
        count = [(count[k] if k < len(count) else 0.0) * (1 - p) + (count[k - 1] * p if k else 0.0)
                 for k in range(len(count) + 1)]
    return sum(count[quota:])


def rows(m, task, temperature):
    near = moves(m)
    out = []
    for x in range(len(m.u)):
        row = {y: passes(m, task, x, y, temperature) / len(near[x]) for y in near[x]}
        row[x] = 1 - sum(row.values())
        out.append(row)
    return out


def step(distribution, chain):
    new = [0.0] * len(distribution)
    for x, p in enumerate(distribution):
        if p:
            for y, q in chain[x].items():
                new[y] += p * q
    return new


def temperatures(m, task, factor=1.0):
    t = task.get("temperature", 1)
    return [float(v) * factor for v in (t if isinstance(t, list) else [t] * m.n)]


def final(m, task):
    """Where the text is after the steps of the task."""
    now = [0.0] * len(m.u)
    now[task["start"]] = 1.0
    steps = task["steps"]
    chain = rows(m, task, temperatures(m, task))
    for s in range(steps):
        if task.get("schedule") == "linear":
            chain = rows(m, task, temperatures(m, task, 1 - s / steps))
        now = step(now, chain)
    return now


def gibbs(m, task):
    """Stationary at constant temperature under unanimity: exp(sum u_i/T_i)."""
    t = temperatures(m, task)
    logs = [sum(float(u) / v for u, v in zip(row, t)) for row in m.u]
    top = max(logs)
    weights = [math.exp(v - top) for v in logs]
    return [v / sum(weights) for v in weights]


def settled(m, task):
    """Stationary by walking the chain long enough."""
    now = [1 / len(m.u)] * len(m.u)
    chain = rows(m, task, temperatures(m, task))
    for _ in range(200000):
        new = step(now, chain)
        if max(abs(a - b) for a, b in zip(now, new)) < 1e-17:
            break
        now = new
    return now
