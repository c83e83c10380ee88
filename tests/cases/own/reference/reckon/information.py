"""What the other side does not know (section 6)."""
from fractions import Fraction


def tioli(task):
    prior, own = task["prior"], float(task["proposer_disagreement"])
    if prior["dist"] == "discrete":
        best = None
        values, probs = [float(v) for v in prior["values"]], [float(p) for p in prior["probs"]]
        for r in values:
            sure = sum(p for v, p in zip(values, probs) if v <= r)
            payoff = (1 - r) * sure + own * (1 - sure)
            if best is None or payoff > best[0] + 1e-12 or (abs(payoff - best[0]) <= 1e-12 and sure > best[2]):
                best = (payoff, 1 - r, sure)
        payoff, demand, sure = best
        return {"demand": demand, "p_agreement": sure, "proposer_payoff": payoff,
                "policy": "pool" if sure > 1 - 1e-12 else "screen"}
    low, high = float(prior["low"]), float(prior["high"])
    demand = min(max((1 - low + own) / 2, 1 - high), 1 - low)
    sure = (1 - demand - low) / (high - low)
    given = 1 - demand
    return {"demand": demand, "p_agreement": sure, "proposer_payoff": demand * sure + own * (1 - sure),
            "responder_expected_gain": (min(given, high) - low) ** 2 / 2 / (high - low) if given <= high else None,
            "first_best_surplus": 1 - own - (low + high) / 2}


def crisis(task):
    p, cost = float(task["p"]), float(task["cost_A"])
    low, high = float(task["cost_B"]["low"]), float(task["cost_B"]["high"])
    demand = p + min(max((high - cost) / 2, low), high)
    war = (demand - p - low) / (high - low)
    return {"demand": demand, "p_war": war, "payoff_A": (1 - war) * demand + war * (p - cost)}


def screening(task):
    """Two periods, two types of buyer: the three things the seller may do."""
    pi, high, low, delta = (Fraction(task[k]) for k in ("pi", "H", "L", "delta"))
    first = (1 - delta) * high + delta * low
    profits = {"L_now": low, "skim": pi * first + delta * (1 - pi) * low}
    y = 1 - (1 - pi) * low / (pi * (high - low))
    if y >= 0:
        profits["H_mixed"] = pi * y * high + delta * (1 - pi * y) * low
    policy = max(profits, key=lambda k: profits[k])
    told = {"policy": policy, "seller_profit": profits[policy], "profits": profits}
    told["first_price"] = {"L_now": low, "skim": first, "H_mixed": high}[policy]
    told["p_trade_period_1"] = {"L_now": Fraction(1), "skim": pi, "H_mixed": pi * y}[policy]
    if policy == "skim":
        told["second_price"] = low
    if policy == "H_mixed":
        told["second_price"] = high
    return told


def auction(task):
    """Linear equilibrium of the k-double auction, values and costs even on [0,1]: integrals over a triangle."""
    k = Fraction(task["k"])
    b1, b0 = 1 / (1 + k), k * (1 - k) / (2 * (1 + k))
    s1, s0 = 1 / (2 - k), (1 - k) / 2
    # b(v) >= s(c) between the corners (v, c): where c = 0, (1, 0), and where v = 1.
    corners = [((s0 - b0) / b1, Fraction(0)), (Fraction(1), Fraction(0)), (Fraction(1), (b1 + b0 - s0) / s1)]
    area = (corners[1][0] - corners[0][0]) * corners[2][1] / 2
    v = sum(p[0] for p in corners) / 3
    c = sum(p[1] for p in corners) / 3
    price = k * (b1 * v + b0) + (1 - k) * (s1 * c + s0)
    best = Fraction(1, 6)
    return {"buyer_slope": b1, "buyer_intercept": b0, "seller_slope": s1, "seller_intercept": s0, "p_trade": area,
            "gains": area * (v - c), "efficiency": area * (v - c) / best, "first_best_gains": best,
            "buyer_surplus": area * (v - price), "seller_surplus": area * (price - c)}
