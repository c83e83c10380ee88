"""What the other side does not know: double auctions, screening, hazard at the table."""
import json
from fractions import Fraction

from fresh.made import case, near
from fresh.voices import councils, ladder, ports
from reckon.answer import build
from reckon.table import sao

AUCTION = ("Chatterjee & Samuelson (1983), Operations Research 31:835-851; Myerson & Satterthwaite (1983), J. Economic "
           "Theory 29:265-281")
SCREEN = "Fudenberg & Tirole (1991) 10.2; Sobel & Takahashi (1983)"
TYPES = "Fudenberg & Tirole (1991), Game Theory, ch. 10; derivation"


def cases():
    yield from auctions()
    yield from types()
    yield from hazards()


def auctions():
    keys = ["buyer_slope", "buyer_intercept", "seller_slope", "seller_intercept", "p_trade", "gains", "efficiency",
            "first_best_gains", "buyer_surplus", "seller_surplus"]

    def grid(k):
        """Second opinion: a sum over a fine grid, and P = (1+k)(2-k)/8."""
        def check(told):
            near(told["p_trade"], (1 + k) * (2 - k) / 8)
            near(told["gains"], told["p_trade"] / 2)
            n, trade, buyer, seller = 400, 0.0, 0.0, 0.0
            for i in range(n):
                v = (i + 0.5) / n
                b = v / (1 + k) + k * (1 - k) / (2 * (1 + k))
                for j in range(n):
                    c = (j + 0.5) / n
                    s = c / (2 - k) + (1 - k) / 2
                    if b >= s:
                        price = k * b + (1 - k) * s
                        trade += 1
                        buyer += v - price
                        seller += price - c
            near([trade / n ** 2, buyer / n ** 2, seller / n ** 2],
                 [told["p_trade"], told["buyer_surplus"], told["seller_surplus"]], 2e-3)
            return "Second opinion: P(trade) = (1+k)(2-k)/8, gains P/2, and a sum over a grid of 160000 pairs."
        return check
    for name, k, title in [("01-sellers-offer", 0, "k = 0: seller's take-it-or-leave-it offer"),
                           ("02-k-03", 0.3, "k = 0.3"), ("03-k-08", 0.8, "k = 0.8")]:
        p = (1 + k) * (2 - k) / 8
        yield case(f"auction-{name}", "double_auction", title,
                   "Linear equilibrium b(v) = v/(1+k) + k(1-k)/(2(1+k)), s(c) = c/(2-k) + (1-k)/2; v, c ~ U[0,1].", AUCTION,
                   None, {"kind": "double_auction", "k": k, "value_dist": "U[0,1]", "cost_dist": "U[0,1]"}, keys,
                   "closed_form", 1e-06,
                   monte_carlo={"runs": 200000, "z": 4, "p_trade_se": float(f"{(p * (1 - p) / 200000) ** 0.5:.12g}")},
                   second=grid(k))


def types():
    def two(id, title, pi, high, low, delta, keys, want):
        return case(f"types-{id}", "two_type", title,
                    f"Seller (cost 0) makes both offers; buyer value {high} w.p. {pi} else {low}; common discount {delta}. "
                    "Candidates: sell at L now; price (1-d)H+dL then L; price H with the high type accepting with "
                    "probability y = 1-(1-pi)L/(pi(H-L)).", SCREEN, None,
                    {"kind": "two_period_screening", "pi": pi, "H": high, "L": low, "delta": delta}, keys, "closed_form",
                    1e-06, second=lambda told: near([told["seller_profit"], told["first_price"], told["p_trade_period_1"]], want))
    keys = ["policy", "seller_profit", "profits", "first_price", "p_trade_period_1"]
    yield two("03-sell-low-now", "Few high types: sell at L at once", 0.2, 3, 1, 0.9, keys, [1, 1, 1])
    yield two("04-high-price", "Many high types: stay at H", 0.8, 4, 1, 0.9, keys,
              [0.8 * (1 - 0.2 / 2.4) * 4 + 0.9 * (1 - 0.8 * (1 - 0.2 / 2.4)), 4, 0.8 * (1 - 0.2 / 2.4)])

    def tioli(id, title, values, probs, own, want):
        return case(f"types-{id}", "two_type", title,
                    f"Responder reservation is {values[0]} with probability {probs[0]}, else {values[1]}; the proposer gets "
                    f"{own} if there is no agreement. Pool iff 1-h >= pi (1-l) + (1-pi) d_P.", TYPES, None,
                    {"kind": "tioli", "prior": {"dist": "discrete", "values": values, "probs": probs},
                     "proposer_disagreement": own}, ["demand", "policy", "p_agreement", "proposer_payoff"], "closed_form",
                    second=lambda told: near([told["demand"], told["p_agreement"], told["proposer_payoff"]], want))
    yield tioli("06-own-fallback", "A fallback makes the proposer bold", [0.1, 0.4], [0.6, 0.4], 0.3, [0.9, 0.6, 0.66])
    yield tioli("07-small-gap", "Types too close to be worth the risk", [0.25, 0.3], [0.7, 0.3], 0.1, [0.7, 1, 0.7])


def hazards():
    def closed(h):
        def check(told):
            r, p = told["round_if_agreement"], told["p_agreement"]
            near(p, (1 - h) ** r)
            q = 1 - h
            # sum k h q^k, k < r, in closed form
            total = (q - r * q ** r + (r - 1) * q ** (r + 1)) / h
            near(told["mean_breakdown_round_given_breakdown"], total / (1 - p), 1e-9)
            return "Second opinion: geometric sums in closed form; the round is that of the deterministic trace."
        return check
    keys = ["p_agreement", "round_if_agreement", "package_if_agreement", "mean_utilities",
            "mean_breakdown_round_given_breakdown"]
    time = lambda *betas: [{"type": "time", "beta": b} for b in betas]
    for name, title, model, rounds, agents, h in [
            ("07-hazard-micro", "MiCRO at a table that may collapse", ports(), 60, [{"type": "micro"}] * 2, 0.03),
            ("08-hazard-ladder", "Two linear conceders, hazard 0.05", ladder(20, (0.25, 0.3)), 31, time(1, 1), 0.05),
            ("09-hazard-three", "Three at the table, hazard 0.04", councils(), 26, time(0.4, 1, 2.5), 0.04)]:
        exact = json.loads(json.dumps([model, {"rounds": rounds, "agents": agents}]), parse_float=Fraction)
        r = sao(build(exact[0]), exact[1])["round"]
        p = (1 - h) ** r
        yield case(f"mc-event-{name}", "mc_events", title,
                   f"Without breakdown the table agrees in round {r} (0-based). At the end of every round without agreement "
                   f"talks collapse with probability {h}: P(agreement) = (1-{h})^{r}; everybody then has its reservation "
                   "value.", "Derivation from the deterministic trace", model,
                   {"kind": "monte_carlo", "protocol": {"kind": "sao", "rounds": rounds, "agents": agents},
                    "breakdown_per_round": h}, keys, "closed_form",
                   monte_carlo={"runs": 100000, "z": 4, "p_agreement_se": float(f"{(p * (1 - p) / 100000) ** 0.5:.12g}")},
                   second=closed(h))
