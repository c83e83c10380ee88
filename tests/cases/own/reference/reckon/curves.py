"""Rules on a curve between two actors and on shares of a pie: by bisection along the frontier."""
import math

from .model import Curve, bisect, golden


def solve(m, rule, weights=None):
    if isinstance(m, Curve):
        return on_curve(m, rule, weights)
    return on_shares(m, rule, weights)


def on_curve(m, rule, weights=None):
    d = m.d
    w = [0.5, 0.5] if weights is None else [float(v) / float(sum(weights)) for v in weights]
    right, left = m.best(0, d), m.best(1, d)            # best for actor 0, best for actor 1
    if right is None or left is None or m.u(right)[0] < d[0] - 1e-9 or m.u(left)[1] < d[1] - 1e-9:
        return {"agreement": False, "utilities": list(d)}
    a = [m.u(right)[0], m.u(left)[1]]
    low, high = m.u(left)[0], a[0]                      # what actor 0 may get on the frontier
    at = lambda c: m.best(1, [c, None])                 # best for 1 given that 0 gets c
    other = lambda c: m.u(at(c))[1]
    told = {"ideal": a}
    if rule == "nash":
        log = lambda v: math.log(v) if v > 0 else -1e300
        c = golden(lambda c: w[0] * log(c - d[0]) + w[1] * log(other(c) - d[1]), low, high)
    elif rule == "utilitarian":
        c = golden(lambda c: w[0] * c + w[1] * other(c), low, high)
    elif rule == "kalai_smorodinsky":
        c = level(lambda c: (c - d[0]) / (w[0] * (a[0] - d[0])), lambda c: (other(c) - d[1]) / (w[1] * (a[1] - d[1])),
                  low, high)
    elif rule == "egalitarian":
        c = level(lambda c: (c - d[0]) / w[0], lambda c: (other(c) - d[1]) / w[1], low, high)
    elif rule == "equal_loss":
        c = level(lambda c: c - a[0], lambda c: other(c) - a[1], low, high)
    elif rule == "equal_area":
        c = equal_area(other, d, low, high)
    elif rule == "raiffa":
        return told | raiffa_curve(m)
    else:
        raise ValueError(rule)
    x = at(c)
    u = m.u(x)
    return told | {"agreement": True, "x": x, "utilities": u, "loss": a[0] - u[0],
                   "zopa_interval": sorted([left[0], right[0]])}


def level(mine, theirs, low, high):
    """Where two measures meet, one rising and one falling; an end if they do not."""
    if mine(low) >= theirs(low):
        return low
    if mine(high) <= theirs(high):
        return high
    return bisect(lambda c: mine(c) - theirs(c), low, high)


def simpson(f, a, b, n=40):
    if b <= a:
        return 0.0
    h = (b - a) / n
    return h / 3 * (f(a) + f(b) + sum((4 if k % 2 else 2) * f(a + k * h) for k in range(1, n)))


def equal_area(phi, d, low, high):
    """The ray from d halves what lies under the frontier and above d (flat to the left of the frontier)."""
    height = lambda c: phi(max(c, low)) - d[1]
    right = lambda t: 0.5 * (t - d[0]) * height(t) + simpson(height, t, high)
    whole = (low - d[0]) * height(low) + simpson(height, low, high)
    return bisect(lambda t: whole / 2 - right(t), low, high)


def raiffa_curve(m):
    """Midpoints of the two dictated points, until they no longer move."""
    kept = m.d
    d, path = list(m.d), []
    for _ in range(200):
        path.append(list(d))
        m.d = d
        right, left = m.best(0, d), m.best(1, d)
        a = [m.u(right)[0], m.u(left)[1]]
        new = [r + (b - r) / 2 for r, b in zip(d, a)]
        if max(abs(p - q) for p, q in zip(new, d)) < 1e-13:
            break
        d = new
    m.d = kept
    x = m.best(1, [d[0], None])
    path = [p for k, p in enumerate(path) if k == 0 or max(abs(a - b) for a, b in zip(p, path[k - 1])) > 1e-12]
    return {"agreement": True, "x": x, "utilities": m.u(x), "path": path}


def on_shares(m, rule, weights=None):
    d, n = m.d, m.n
    w = [1.0 / n] * n if weights is None else [float(v) / float(sum(weights)) for v in weights]
    if m.best(0, d) is None or m.best(0, d)[0] < d[0] - 1e-9:
        return {"agreement": False, "utilities": list(d)}
    a = [m.best(i, d)[i] for i in range(n)]

    def spread(target):
        """The largest t for which everybody can get target(i, t)."""
        def room(t):
            shares = [m.share(i, max(target(i, t), d[i])) for i in range(n)]
            return -1.0 if None in shares else 1 - sum(shares)
        low, high = -1e3, 1e3
        for _ in range(200):
            middle = (low + high) / 2
            low, high = (middle, high) if room(middle) >= 0 else (low, middle)
        return [max(target(i, low), d[i]) for i in range(n)]

    if rule == "kalai_smorodinsky":
        u = spread(lambda i, t: d[i] + t * w[i] * (a[i] - d[i]))
    elif rule == "egalitarian":
        u = spread(lambda i, t: d[i] + t * w[i])
    elif rule == "equal_loss":
        u = spread(lambda i, t: min(a[i] + t, m.f[i](1.0)))
    elif rule == "raiffa":
        return raiffa_shares(m)
    elif rule == "nash":
        u = nash_shares(m, w)
    else:
        raise ValueError(rule)
    return {"agreement": True, "x": m.x(u), "utilities": u, "ideal": a, "loss": a[0] - u[0]}


def nash_shares(m, w):
    """Each share where w f'/(f-d) equals one multiplier (derivative by differences)."""
    def share(i, price):
        low, high = m.share(i, m.d[i]), 1.0
        f, h = m.f[i], 1e-7
        def slope(s):
            a, b = max(s - h, 0.0), min(s + h, 1.0)
            gain = f(s) - m.d[i]
            return math.inf if gain <= 0 else w[i] * (f(b) - f(a)) / (b - a) / gain
        for _ in range(100):
            middle = (low + high) / 2
            low, high = (middle, high) if slope(middle) > price else (low, middle)
        return low
    price = bisect(lambda p: sum(share(i, p) for i in range(m.n)) - 1, 1e-6, 1e6)
    return [m.f[i](share(i, price)) for i in range(m.n)]


def raiffa_shares(m):
    d, path = list(m.d), []
    for _ in range(400):
        path.append(list(d))
        a = [m.best(i, d)[i] for i in range(m.n)]
        new = [r + (b - r) / m.n for r, b in zip(d, a)]
        if max(abs(p - q) for p, q in zip(new, d)) < 1e-14 or m.best(0, new) is None:
            break
        d = new
    path = [p for k, p in enumerate(path) if k == 0 or max(abs(b - c) for b, c in zip(p, path[k - 1])) > 1e-12]
    return {"agreement": True, "x": m.x(d), "utilities": d, "path": path}
