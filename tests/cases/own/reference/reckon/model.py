"""What a case is about: packages with exact utilities, issues in a range, or shares of a pie."""
import itertools
import json
import math
from fractions import Fraction


def read(path):
    """A case file; decimals become exact fractions."""
    with open(path, encoding="utf-8") as file:
        return json.load(file, parse_float=Fraction)


def value(function, z):
    """The utility of a raw issue value."""
    kind = function["fn"]
    if kind == "poly":
        return sum(c * z ** power for power, c in enumerate(function["coef"]))
    if kind == "power":
        base = float(function["a"] + function["b"] * z)
        return max(base, 0.0) ** float(function["p"])
    if kind == "cara":
        r = float(function["r"])
        return (1 - math.exp(-r * float(function["a"] + function["b"] * z))) / (1 - math.exp(-r))
    if kind == "abs":
        return 1 - abs(z - function["ideal"]) / function["scale"]
    if kind == "pwl":
        x, y = function["x"], function["y"]
        for k in range(len(x) - 1):
            if z <= x[k + 1] or k == len(x) - 2:
                return y[k] + (y[k + 1] - y[k]) * (z - x[k]) / (x[k + 1] - x[k])
    raise ValueError(kind)


def floats(function):
    """The same function with floats for fractions: quicker."""
    number = lambda v: float(v) if isinstance(v, Fraction) else v
    return {k: [number(c) for c in v] if isinstance(v, list) else number(v) for k, v in function.items()}


class Finite:
    """A numbered list of packages with the exact utility of each for each actor."""

    def __init__(self, model):
        self.actors = model["actors"]
        self.n = len(self.actors)
        self.names = [a["name"] for a in self.actors]
        self.d = [Fraction(a["reservation"]) for a in self.actors]
        self.delta = [Fraction(a.get("discount", 1)) for a in self.actors]
        if model["form"] == "points":
            self.sizes = [len(model["outcomes"])]
            self.levels = [(k,) for k in range(len(model["outcomes"]))]
            self.u = [[Fraction(v) for v in row] for row in model["outcomes"]]
            self.feasible = [True] * len(self.u)
        else:
            self.sizes = [len(issue["levels"]) for issue in model["issues"]]
            self.levels = list(itertools.product(*(range(size) for size in self.sizes)))
            self.u = [[self.utility(a, x) for a in self.actors] for x in self.levels]
            forbidden = model.get("forbidden", [])
            self.feasible = [not any(matches(f, x) for f in forbidden) for x in self.levels]
        self.available_from = model.get("available_from", [0] * len(self.u))
        self.all = [x for x in range(len(self.u)) if self.feasible[x]]

    @staticmethod
    def utility(actor, levels):
        u = Fraction(actor.get("constant", 0))
        for weight, values, level in zip(actor["weights"], actor["values"], levels):
            u += Fraction(weight) * Fraction(values[level])
        for interaction in actor.get("interactions", []):
            if matches(interaction["when"], levels):
                u += Fraction(interaction["bonus"])
        return u

    def gain(self, x, d=None):
        return [u - r for u, r in zip(self.u[x], self.d if d is None else d)]

    def zopa(self, d=None, among=None):
        return [x for x in (self.all if among is None else among) if min(self.gain(x, d)) >= 0]

    def ideal(self, among):
        return [max(self.u[x][i] for x in among) for i in range(self.n)]

    def number(self, levels):
        index = 0
        for level, size in zip(levels, self.sizes):
            index = index * size + level
        return index


def matches(conjunction, levels):
    return all(levels[part["issue"]] in part["levels"] for part in conjunction)


def is_finite(model):
    return model["form"] == "points" or (
        model["form"] == "issues" and all("levels" in issue for issue in model["issues"]))


def is_shares(model):
    return model["form"] == "issues" and model["issues"][0].get("kind") == "simplex"


class Shares:
    """A pie divided among n actors, each of whom likes its own share."""

    def __init__(self, model):
        assert len(model["issues"]) == 1
        actors = model["actors"]
        self.n = len(actors)
        self.part = [a["values"][0]["part"] for a in actors]
        self.f = [(lambda s, w=float(a["weights"][0]), f=floats(a["values"][0]): w * float(value(f, s))) for a in actors]
        self.d = [float(a["reservation"]) for a in actors]
        self.delta = [float(a.get("discount", 1)) for a in actors]

    def share(self, i, u):
        """The smallest share worth u to actor i; None if the whole pie is not."""
        if self.f[i](0.0) >= u:
            return 0.0
        if self.f[i](1.0) < u:
            return 1.0 if self.f[i](1.0) >= u - 1e-12 else None
        return bisect(lambda s: self.f[i](s) - u, 0.0, 1.0)

    def best(self, p, demand):
        """Utilities when p keeps what the others' demands leave; None if they leave nothing it can live with."""
        shares = [self.share(i, demand[i]) if i != p else 0.0 for i in range(self.n)]
        if None in shares or sum(shares) > 1 + 1e-12:
            return None
        shares[p] = max(0.0, 1 - sum(shares))
        return [self.f[i](shares[i]) for i in range(self.n)]

    def x(self, utilities):
        """The parts of the issue."""
        parts = [0.0] * self.n
        for i, u in enumerate(utilities):
            parts[self.part[i]] = self.share(i, u)
        return parts


class Curve:
    """Issues in a range between two actors; concave values, or one issue on which they pull apart."""

    def __init__(self, model):
        self.issues = [(float(s["min"]), float(s["max"])) for s in model["issues"]]
        self.actors = model["actors"]
        self.n = len(self.actors)
        assert self.n == 2, "a curve lies between two actors"
        self.d = [float(a["reservation"]) for a in self.actors]
        self.straight = [all(a["values"][k]["fn"] == "poly" and len(a["values"][k]["coef"]) <= 2 for a in self.actors)
                         for k in range(len(self.issues))]
        self.weights = [[float(w) for w in a["weights"]] for a in self.actors]
        self.values = [[floats(f) for f in a["values"]] for a in self.actors]
        self.favourites = {}
        self.delta = [float(a.get("discount", 1)) for a in self.actors]

    def part(self, i, k, z):
        return self.weights[i][k] * float(value(self.values[i][k], z))

    def u(self, x):
        return [sum(self.part(i, k, z) for k, z in enumerate(x)) + float(self.actors[i].get("constant", 0))
                for i in range(2)]

    def top(self, score, k):
        """Where a function of one issue is highest; linear ones at an end exactly."""
        low, high = self.issues[k]
        if self.straight[k]:
            return low if score(low) >= score(high) else high
        grid = [low + (high - low) * j / 200 for j in range(201)]
        best = max(range(201), key=lambda j: score(grid[j]))
        if best in (0, 200) and score(grid[best]) >= score(grid[1 if best == 0 else 199]) + 1e-13:
            edge = golden(score, *sorted((grid[best], grid[1 if best == 0 else 199])))
            return grid[best] if score(grid[best]) >= score(edge) else edge
        return golden(score, grid[max(0, best - 1)], grid[min(200, best + 1)])

    def favourite(self, p):
        """Best for p; among equals, better for the other."""
        if p not in self.favourites:
            self.favourites[p] = [self.top(lambda z: self.part(p, k, z) + 1e-9 * self.part(1 - p, k, z), k)
                                  for k in range(len(self.issues))]
        return self.favourites[p]

    def best(self, p, demand):
        """The package best for p among those worth demand[j] to the other; None if there is none."""
        j, c = 1 - p, demand[1 - p]
        mine, theirs = self.favourite(p), self.favourite(j)
        if self.u(mine)[j] >= c:
            return mine
        if self.u(theirs)[j] < c - 1e-12:
            return None
        if len(self.issues) > 1:
            low, high, x_low, x_high = 0.0, 1.0, mine, theirs
            for _ in range(60):
                middle = (low + high) / 2
                x = [self.top(lambda z: (1 - middle) * self.part(p, k, z) + middle * self.part(j, k, z), k)
                     for k in range(len(self.issues))]
                if self.u(x)[j] >= c:
                    high, x_high = middle, x
                else:
                    low, x_low = middle, x
            mine, theirs = x_low, x_high
        along = lambda t: [a + (b - a) * t for a, b in zip(mine, theirs)]
        t = bisect(lambda t: self.u(along(t))[j] - c, 0.0, 1.0)
        return along(t)


def golden(score, low, high):
    """The top of a one-peaked function."""
    ratio = (math.sqrt(5) - 1) / 2
    for _ in range(70):
        a, b = high - ratio * (high - low), low + ratio * (high - low)
        if score(a) < score(b):
            low = a
        else:
            high = b
    return (low + high) / 2


def bisect(f, low, high):
    """Where a function crosses zero from below (or from above); the side where it has crossed."""
    rising = f(high) >= f(low)
    for _ in range(200):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        if (f(middle) >= 0) == rising:
            high = middle
        else:
            low = middle
    return high
