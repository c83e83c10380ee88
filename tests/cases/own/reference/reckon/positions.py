"""Actors on a line: median, mean, the challenge model and the exchange of positions (section 9)."""
from fractions import Fraction


def weights(actors):
    return [Fraction(a["capability"]) * Fraction(a["salience"]) for a in actors]


def median_interval(x, m):
    """Lower and upper weighted median; an actor without weight is not there."""
    order = sorted((i for i in range(len(x)) if m[i] > 0), key=lambda i: x[i])
    half, total = sum(m) / 2, 0
    for place, i in enumerate(order):
        total += m[i]
        if total > half:
            return [x[i], x[i]]
        if total == half:
            return [x[i], x[order[place + 1]]]


def mean(x, m):
    return sum(a * b for a, b in zip(x, m)) / sum(m)


class Challenge:
    """One state of the challenge model (9.2)."""

    def __init__(self, actors, x, task):
        self.c = [float(a["capability"]) for a in actors]
        self.s = [float(a["salience"]) for a in actors]
        self.m = weights(actors)
        self.x = [float(v) for v in x]
        low, high = task["position_range"]
        self.range = float(high - low)
        self.q = float(task["Q"])
        self.net = task.get("win_probability") == "net"
        self.n = len(x)
        self.mu = float(median_interval(self.x, self.m)[0])
        self.risk = [1.0] * self.n
        self.security = [sum(self.expected(j, i, 1.0) for j in range(self.n) if j != i) for i in range(self.n)]
        low, high = min(self.security), max(self.security)
        for i in range(self.n):
            big = (2 * self.security[i] - high - low) / (high - low) if high > low else 0.0
            self.risk[i] = (1 - big / 3) / (1 + big / 3)

    def win(self, a, b):
        """Chance that position a prevails over position b."""
        if a == b:
            return 0.0
        votes = [self.c[k] * self.s[k] * (abs((self.x[k] - b) / self.range) ** self.risk[k]
                                          - abs((self.x[k] - a) / self.range) ** self.risk[k])
                 for k in range(self.n)]
        total = sum(abs(v) for v in votes)
        if total == 0:
            return 0.0
        return max(0.0, sum(votes)) / total if self.net else sum(max(0.0, v) for v in votes) / total

    def expected(self, i, j, r):
        """E(i vs j) with exponent r in the utilities; win chances with each voter's own."""
        x, scale = self.x, self.range
        apart = abs(x[i] - x[j]) / scale
        u = lambda share: 2 - 4 * share ** r
        success, failure, status_quo = u(0.5 - 0.5 * apart), u(0.5 + 0.5 * apart), u(0.5)
        z = (abs(x[i] - self.mu) + abs(x[i] - x[j])) / scale
        better, worse = u(0.5 - 0.25 * z), u(0.5 + 0.25 * z)
        t = 1.0 if abs(x[i] - self.mu) < abs(x[i] - x[j]) else 0.0
        p = self.win(x[i], x[j])
        return (self.s[j] * (p * success + (1 - p) * failure) + (1 - self.s[j]) * success
                - self.q * status_quo - (1 - self.q) * (t * better + (1 - t) * worse))

    def move(self):
        """Everybody's position after one simultaneous round, and how near the nearest tie was."""
        new, closeness = [], [1.0]
        for i in range(self.n):
            options = {"confrontation": [], "compromise": [], "compelled": []}
            for j in range(self.n):
                if j == i or self.x[j] == self.x[i]:
                    continue
                a, b = self.expected(i, j, self.risk[i]), self.expected(j, i, self.risk[i])
                closeness += [abs(a), abs(b), abs(abs(a) - abs(b))]
                gap = self.x[j] - self.x[i]
                if b > a > 0:
                    options["confrontation"].append(gap)
                elif b > 0 > a:
                    if b > -a:
                        options["compromise"].append(gap * -a / b)
                    else:
                        options["compelled"].append(gap)
            shift = 0.0
            for kind in ("confrontation", "compromise", "compelled"):
                if options[kind]:
                    shift = min(options[kind], key=abs)
                    closeness += [abs(abs(o) - abs(shift)) for o in options[kind] if abs(o - shift) > 1e-12]
                    break
            new.append(self.x[i] + shift)
        return new, min(closeness)


def bdm(model, task):
    actors = model["actors"]
    x = [float(a["position"]) for a in actors]
    m = [float(w) for w in weights(actors)]
    state = Challenge(actors, x, task)
    told = {"initial_median": state.mu, "initial_mean": mean(x, m), "security": state.security,
            "risk_exponents": state.risk, "closeness": 1.0,
            "p_win": level_headed(actors, x, task).win}
    for k in range(1, task["rounds"] + 1):
        x, closeness = state.move()
        told["closeness"] = min(told["closeness"], closeness)
        told[f"positions_after_round_{k}"] = x
        state = Challenge(actors, x, task)
        told[f"median_after_round_{k}"] = state.mu
        told[f"mean_after_round_{k}"] = mean(x, m)
    return told


def level_headed(actors, x, task):
    """The state with every exponent at 1: the win chances that security is reckoned with."""
    state = Challenge(actors, x, task)
    state.risk = [1.0] * state.n
    return state


def exchange(model, task):
    """Two actors trade shifts at the rate of equal gains (9.3)."""
    actors = model["actors"]
    i, j, p, q = task["i"], task["j"], task["i_shifts_on"], task["j_shifts_on"]
    f = Fraction
    s = [[f(v) for v in a["salience"]] for a in actors]
    c = [[f(v) for v in a["capability"]] for a in actors]
    x = [[f(v) for v in a["position"]] for a in actors]
    issues = range(len(s[0]))
    total = [sum(c[a][k] * s[a][k] for a in range(len(actors))) for k in issues]
    before = [sum(c[a][k] * s[a][k] * x[a][k] for a in range(len(actors))) / total[k] for k in issues]
    full_p = c[i][p] * s[i][p] * abs(x[j][p] - x[i][p]) / total[p]
    full_q = c[j][q] * s[j][q] * abs(x[i][q] - x[j][q]) / total[q]
    most_p = min(full_p, abs(x[j][p] - before[p]))
    most_q = min(full_q, abs(x[i][q] - before[q]))
    rate = (s[i][p] + s[j][p]) / (s[i][q] + s[j][q])
    shift_p = min(most_p, most_q / rate)
    shift_q = shift_p * rate
    sign = lambda v: (v > 0) - (v < 0)
    after = list(before)
    after[p] += sign(x[j][p] - x[i][p]) * shift_p
    after[q] += sign(x[i][q] - x[j][q]) * shift_q
    loss = lambda a, o: sum(s[a][k] * abs(o[k] - x[a][k]) for k in issues)
    told = {"outcomes_before": before, "outcomes_after": after,
            "fraction_of_full_shift": [shift_p / full_p, shift_q / full_q],
            "new_positions": [x[i][p] + (x[j][p] - x[i][p]) * shift_p / full_p,
                              x[j][q] + (x[i][q] - x[j][q]) * shift_q / full_q],
            "gain_each": loss(i, before) - loss(i, after),
            "gain_of_j": loss(j, before) - loss(j, after),
            "formula_gain": shift_p * (s[i][q] * s[j][p] - s[i][p] * s[j][q]) / (s[i][q] + s[j][q])}
    for a, actor in enumerate(actors):
        told[f"externality_on_{actor['name']}"] = loss(a, before) - loss(a, after)
    return told
