"""Stacked alternating offers (4.1) and who sits there: tactics, tit-for-tat, MiCRO, trade-offs, acceptance."""
import math
from fractions import Fraction


def alpha(family, beta, k, tau):
    """How much of the way has been conceded."""
    beta, k, tau = float(beta), float(k), float(tau)
    if family == "exponential":
        return math.exp((1 - tau) ** beta * math.log(k))
    return k + (1 - k) * tau ** (1 / beta)


class Agent:
    """One seat: what it sees, and the words of the case for how it behaves."""

    def __init__(self, m, seat, spec, eps):
        self.m, self.seat, self.spec, self.eps = m, seat, spec, eps
        self.u = [m.u[x][seat] for x in range(len(m.u))]
        self.d = m.d[seat]
        self.top = max(self.u[x] for x in m.all)
        self.received = []          # (tau, from, package)
        self.proposed = []
        self.target = float(self.top)
        self.heard = 0
        self.order = sorted((x for x in m.all if self.u[x] >= self.d), key=lambda x: (-self.u[x], x))

    def above(self, theta):
        line = max(theta, float(self.d)) - self.eps
        return [x for x in self.m.all if float(self.u[x]) >= line]

    def lowest(self, theta):
        able = self.above(theta)
        return min(able, key=lambda x: (self.u[x], x)) if able else None

    def plan(self, tau):
        """The bid it would make now."""
        kind = self.spec["type"]
        if kind == "time":
            low = float(self.spec.get("u_min", self.d))
            a = alpha(self.spec.get("family", "polynomial"), self.spec["beta"], self.spec.get("k", 0), tau)
            theta = float(self.top) - (float(self.top) - low) * a
            if self.spec.get("select", "min_above") == "tradeoff" and self.received:
                weights = self.spec.get("similarity_weights")
                return tradeoff(self.m, self.u, self.above(theta), self.received[-1][2], weights)
            return self.lowest(theta)
        if kind == "tft":
            if len(self.received) >= 2 and self.heard < len(self.received):
                step = self.u[self.received[-1][2]] - self.u[self.received[-2][2]]
                moved = self.target - float(self.spec["kappa"]) * float(step)
                self.target = min(max(moved, float(self.d)), float(self.top))
            self.heard = len(self.received)
            return self.lowest(self.target)
        if kind == "micro":
            others = {who for who in range(self.m.n) if who != self.seat}
            heard = min(len({x for _, who, x in self.received if who == other}) for other in others)
            made = len(set(self.proposed))
            if not self.order:
                return None
            if made <= heard and made < len(self.order):
                return self.order[made]
            return self.proposed[-1]
        if kind == "fixed":
            sequence = self.spec["sequence"]
            return sequence[min(len(self.proposed), len(sequence) - 1)]
        raise ValueError(kind)

    def accepts(self, y, planned, tau):
        accept = self.spec.get("accept", {"type": "next"})
        u = float(self.u[y])
        if u < float(self.d) - self.eps:
            return False
        next_one = (planned is not None
                    and float(accept.get("a", 1)) * u + float(accept.get("b", 0))
                    >= float(self.u[planned]) - self.eps)
        kind = accept["type"]
        if kind == "never":
            return False
        if kind == "next":
            return next_one
        if kind == "const":
            return u >= float(accept["c"]) - self.eps
        if kind == "time":
            return tau >= accept["T"]
        if kind == "combi":
            if next_one:
                return True
            window = [float(self.u[x]) for when, _, x in self.received if tau - (1 - tau) <= when < tau]
            line = max(window) if window else float(self.d)
            return tau >= accept["T"] and u >= line - self.eps
        raise ValueError(kind)


def tradeoff(m, u, able, target, weights=None):
    """The package most like the last offer; ties: better for oneself, then lower index."""
    weights = [Fraction(1)] * len(m.sizes) if weights is None else [Fraction(w) for w in weights]
    if not able:
        return None
    return max(able, key=lambda x: (similarity(m, x, target, weights), u[x], -x))


def similarity(m, x, y, weights):
    total = Fraction(0)
    for a, b, size, weight in zip(m.levels[x], m.levels[y], m.sizes, weights):
        total += weight * (1 - Fraction(abs(a - b), size - 1) if size > 1 else 1)
    return total / sum(weights)


def sao(m, task, eps=1e-9):
    """The outcome and the trace."""
    rounds = task["rounds"]
    agents = [Agent(m, i, spec, eps) for i, spec in enumerate(task["agents"])]
    trace, standing, proposer, accepted = [], None, None, 0
    for k in range(rounds):
        tau = Fraction(k, rounds - 1) if rounds > 1 else Fraction(1)
        for i, agent in enumerate(agents):
            planned = agent.plan(tau)
            if standing is not None and proposer != i and agent.accepts(standing, planned, tau):
                accepted += 1
                trace.append([k, i, "accept"])
                if accepted == m.n - 1:
                    return {"agreement": True, "round": k, "accepted_by": i, "proposer": proposer,
                            "package": standing, "utilities": [float(u) for u in m.u[standing]], "trace": trace}
                continue
            if planned is None:
                return {"agreement": False, "ended_by": "walk_away", "round": k, "walked": i, "trace": trace,
                        "utilities": [float(d) for d in m.d]}
            standing, proposer, accepted = planned, i, 0
            agent.proposed.append(planned)
            trace.append([k, i, planned])
            for j, other in enumerate(agents):
                if j != i:
                    other.received.append((tau, i, planned))
    return {"agreement": False, "ended_by": "deadline", "round": rounds, "trace": trace,
            "utilities": [float(d) for d in m.d]}


def issue_values(task):
    """Tit-for-tat on one issue (4.3)."""
    own, y = Fraction(task["own_last"]), [Fraction(v) for v in task["opponent_offers"]]
    low, high = task["range"]
    window = task.get("window", 1)
    clamp = lambda v: float(min(max(v, low), high))
    return {"relative": clamp(own * y[-2] / y[-1]), "absolute": clamp(own + (y[-2] - y[-1])),
            "averaged": clamp(own * y[-1 - window] / y[-1])}
