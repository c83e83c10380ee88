"""Models of the opponent (4.8)."""
import math
from fractions import Fraction


def frequency(task):
    """Issue weights and level values from the offers heard; exact for whole gamma."""
    levels, offers = task["levels"], task["offers"]
    weights = [Fraction(1, len(levels))] * len(levels)
    for before, now in zip(offers, offers[1:]):
        weights = [w + (Fraction(task["epsilon"]) if a == b else 0) for w, a, b in zip(weights, before, now)]
        weights = [w / sum(weights) for w in weights]
    values = []
    for k, size in enumerate(levels):
        count = [sum(offer[k] == level for offer in offers) for level in range(size)]
        values.append([float(Fraction(1 + c, 1 + max(count))) ** float(task["gamma"]) for c in count])
    return [float(w) for w in weights], values


def bayes(task):
    """Posterior weights of the hypotheses. `offer_utilities`: one row for each offer, one column for each hypothesis."""
    logs = []
    for prior, row in zip(task["prior"], zip(*task["offer_utilities"])):
        wrong = sum((float(u) - (1 - float(task["c"]) * float(tau))) ** 2 for u, tau in zip(row, task["taus"]))
        logs.append((math.log(prior) if prior > 0 else -math.inf) - wrong / (2 * float(task["sigma"]) ** 2))
    top = max(logs)
    weights = [math.exp(v - top) for v in logs]
    return [w / sum(weights) for w in weights]
