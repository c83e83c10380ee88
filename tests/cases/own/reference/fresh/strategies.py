"""Tit-for-tat, MiCRO, trade-offs, models of the opponent."""
import math
import random

from fresh.made import actor, case, near, points, tables
from fresh.voices import DEAL, FARATIN, NO_DEAL, SAO, coarse, councils, ports, sao

FARATIN_TFT = "Faratin, Sierra & Jennings (1998), Robotics and Autonomous Systems 24:159-182"
JONGE = ("de Jonge (2022), IJCAI-22, An Analysis of the Linear Bilateral ANAC Domains Using the MiCRO Benchmark "
         "Strategy")
TRADE = "Faratin, Sierra & Jennings (2002), Artificial Intelligence 142:205-237"
MINDS = ("van Krimpen, Looije & Hajizadeh (2013), HardHeaded, in Complex Automated Negotiations (issue-weight update); "
         "Hindriks & Tykhonov (2008), AAMAS (Bayesian)")
MICRO = ("Each agent ranks its individually rational packages by own utility (lowest index on ties). m = number of "
         "distinct packages it has proposed, n = number of distinct packages received. If m <= n it proposes its next "
         "package, otherwise it repeats its last proposal. It accepts an offer worth at least its planned proposal.")


def cases():
    yield from imitation()
    yield from micro()
    yield from tradeoffs()
    yield from minds()


def imitation():
    tft = (" The imitator lowers its target by kappa times the own-utility improvement between the opponent's last two "
           "offers, clamped to [reservation, u_max]; with fewer than two offers received it stays at u_max.")
    yield sao("tft-01-half-measure", "tit_for_tat", "Imitating half of every concession", SAO + tft + " kappa = 0.5.",
              FARATIN, ports(), 26, [{"type": "time", "beta": 1}, {"type": "tft", "mode": "absolute", "kappa": 0.5}],
              DEAL)
    yield sao("tft-02-twice-over", "tit_for_tat", "Twice every concession, up to the clamps", SAO + tft + " kappa = 2: "
              "the target is cut off at the reservation value and, when the opponent's next bid is worse, at u_max.",
              FARATIN, ports(), 26, [{"type": "tft", "mode": "absolute", "kappa": 2}, {"type": "time", "beta": 0.5}],
              DEAL)

    def still(told):
        assert len({tuple(e[1:]) for e in told["trace"]}) == 2
        return "Two pure imitators never move: both repeat their favourites until the deadline (THEORY 4.3)."
    yield sao("tft-03-two-imitators", "tit_for_tat", "Two imitators never move", SAO + tft, FARATIN, ports(), 7,
              [{"type": "tft", "mode": "absolute", "kappa": 1}, {"type": "tft", "mode": "absolute", "kappa": 1.5}],
              NO_DEAL, still)
    for name, title, own, offers, span, direction, window, want in [
            ("04-issue-low", "One issue, own value wanted low", 40, [90, 84, 80, 70], [20, 60], "low", 3,
             {"relative": 40 * 80 / 70, "absolute": 50, "averaged": 40 * 90 / 70}),
            ("05-issue-clamped", "One issue, clamped to the own range", 50, [10, 12, 40], [45, 80], "high", 2,
             {"relative": 45, "absolute": 45, "averaged": 45}),
            ("06-issue-retreat", "The opponent takes a concession back", 70, [30, 36, 32], [40, 75], "high", 1,
             {"relative": 75, "absolute": 74, "averaged": 75})]:
        yield case(f"tft-{name}", "tit_for_tat", title,
                   f"Own last offer {own}; opponent's offers {offers} (oldest first); range {span}, wanted {direction}. "
                   f"Relative and absolute use the last two offers, averaged the one {window} before the last.",
                   FARATIN_TFT, None,
                   {"kind": "tit_for_tat_issue", "own_last": own, "opponent_offers": offers, "range": span,
                    "direction": direction, "window": window}, ["relative", "absolute", "averaged"], "closed_form",
                   second=lambda told, want=want: near([told[k] for k in want], list(want.values())))


def micro():
    yield sao("micro-01-ties", "micro", "MiCRO where every rank is a tie", MICRO, JONGE, coarse((0.375, 0.25)), 60,
              [{"type": "micro"}, {"type": "micro"}], DEAL)
    three = " With three seats n is the smallest number over the opponents."
    yield sao("micro-02-three-stand-still", "micro", "Three MiCRO agents come to a stop", MICRO + three + " Whoever accepts "
              "proposes nothing, so the others hear nothing new and repeat themselves until the deadline.", JONGE,
              councils(), 18, [{"type": "micro"}] * 3, NO_DEAL)
    dice = random.Random(27)
    yield sao("micro-06-three-agree", "micro", "Three MiCRO agents agree", MICRO + three, JONGE,
              points([[dice.randint(0, 12) for _ in range(3)] for _ in range(12)], [2, 3, 2]), 30,
              [{"type": "micro"}] * 3, DEAL)
    yield sao("micro-03-runs-dry", "micro", "A ranking that runs out", MICRO + " A finds only three packages worth its "
              "reservation value and repeats the third once they are spent; B has more.", JONGE,
              points([[9, 0], [8, 1], [7, 2], [5, 3], [4, 6], [3, 7], [2, 8], [1, 9], [0, 10]], [6.5, 2.5]), 12,
              [{"type": "micro"}, {"type": "micro"}], NO_DEAL)
    yield sao("micro-04-against-a-script", "micro", "MiCRO counts distinct packages", MICRO + " The opponent reads from a "
              "script that repeats itself: only new packages move MiCRO. It never accepts.", JONGE, ports(), 14,
              [{"type": "micro"},
               {"type": "fixed", "sequence": [2, 2, 5, 2, 5, 11, 11, 3, 5, 14, 14, 2, 8, 8], "accept": {"type": "never"}}],
              NO_DEAL, second=script)
    yield sao("micro-05-and-a-tactic", "micro", "MiCRO against a Conceder", MICRO, JONGE, ports(), 40,
              [{"type": "time", "beta": 2}, {"type": "micro"}], DEAL)


def script(told):
    mine = [e[2] for e in told["trace"] if e[1] == 0]
    theirs = [e[2] for e in told["trace"] if e[1] == 1]
    for k in range(len(mine)):
        assert len(set(mine[:k + 1])) == min(len(set(theirs[:k])) + 1, k + 1)
    return "Second opinion: in every round MiCRO has made one distinct proposal more than it had heard."


def tradeoffs():
    rows = [{"aspiration": a, "opponent_last": y} for a, y in
            [(0.75, 2), (0.5, 8), (0.35, 13), (0.9, 35), (0.64, 0), (0.5, 22)]]

    def brute(told):
        for row in told["rows"]:
            level = lambda x: (x // 9, x // 3 % 3, x % 3)
            w, v = [0.45, 0.35, 0.2], [[0, 0.37, 0.64, 1], [1, 0.45, 0], [0, 0.7, 1]]
            u = lambda x: sum(w[k] * v[k][l] for k, l in enumerate(level(x)))
            s = lambda x: sum(1 - abs(a - b) / t for a, b, t in
                              zip(level(x), level(row["opponent_last"]), (3, 2, 2))) / 3
            able = [x for x in range(36) if u(x) >= row["aspiration"] - 1e-9]
            best = max(s(x) for x in able)
            tied = [x for x in able if s(x) > best - 1e-9]
            rich = max(u(x) for x in tied)
            assert row["package"] == min(x for x in tied if u(x) > rich - 1e-9)
        return "Second opinion: brute force in floats over the 36 packages."
    yield case("tradeoff-01-rows", "tradeoff", "Trade-off offers, one step at a time",
               "Among packages with own utility >= aspiration the one most similar to the opponent's last offer: sim = "
               "mean over issues of 1 - |level difference|/(levels-1); ties to the larger own utility, then the lower "
               "index. Actor 0.", TRADE, ports(), {"kind": "tradeoff_offer", "actor": 0}, ["rows"],
               expected={"rows": rows}, second=brute)
    flat = tables([3, 3, 3], [actor([0.34, 0.33, 0.33], [[0, 0.5, 1]] * 3, 0.2), actor([0.2, 0.3, 0.5], [[1, 0.5, 0]] * 3, 0.2)])
    yield case("tradeoff-02-ties", "tradeoff", "Many packages equally similar",
               "As before, actor 1, values in halves: several packages are equally near the opponent's last offer, and "
               "own utility decides, then the index.", TRADE, flat, {"kind": "tradeoff_offer", "actor": 1}, ["rows"],
               expected={"rows": [{"aspiration": a, "opponent_last": y} for a, y in
                                  [(0.6, 26), (0.5, 26), (0.75, 14), (0.3, 20), (0.65, 24)]]})
    text = " Selection: trade-off towards the most recent offer of the opponent, issues weighed by similarity_weights."
    yield sao("tradeoff-03-weights", "tradeoff", "Talks with weighed similarity", SAO + text, TRADE, ports(), 21,
              [{"type": "time", "beta": 0.7, "select": "tradeoff", "similarity_weights": [0.3, 0.25, 0.45]},
               {"type": "time", "beta": 0.7, "select": "tradeoff", "similarity_weights": [0.45, 0.35, 0.2]}], DEAL)
    yield sao("tradeoff-04-one-sided", "tradeoff", "Only one side trades off", SAO + text + " Agent 1 gives most of "
              "the weight to the first issue.", TRADE, ports(), 17,
              [{"type": "time", "beta": 1.1},
               {"type": "time", "beta": 1.4, "select": "tradeoff", "similarity_weights": [0.8, 0.1, 0.1]}], DEAL)


def running(told):
    w = [1.0] * 4                                       # not renormalised: what is added grows instead
    for same in [(1, 1, 0, 1), (1, 0, 1, 0), (0, 1, 0, 1), (0, 1, 1, 1), (1, 1, 1, 1), (1, 0, 0, 0)]:
        total = sum(w)
        w = [a + 0.25 * total * b for a, b in zip(w, same)]
    near(told["weights"], [a / sum(w) for a in w])
    near(told["values"][2], [(n / 4) ** 0.5 for n in (2, 3, 1, 2, 4)])
    return "Second opinion: weights without renormalising on the way; the counts of issue 2 by hand."


def sharp(told):
    odds = math.exp(20 * (0.5 ** 2 - 0.499 ** 2) / (2 * 0.05 ** 2))
    near(told["posterior"], [1 / (1 + odds), odds / (1 + odds), 0])
    return "Second opinion: twenty offers tell the first two hypotheses apart, by 0.5^2 - 0.499^2 each."


def minds():
    yield case("oppmodel-01-four-issues", "opponent_model", "Frequencies on four issues, gamma = 0.5",
               "Equal weights at first; after each offer 0.25 is added to every issue whose level did not change, then "
               "all are renormalised. Value of a level: ((1+count)/(1+max count))^0.5.", MINDS, None,
               {"kind": "opponent_model_frequency", "levels": [2, 3, 5, 2],
                "offers": [[1, 2, 0, 0], [1, 2, 1, 0], [1, 0, 1, 1], [0, 0, 4, 1], [1, 0, 4, 1], [1, 0, 4, 1], [1, 2, 3, 0]],
                "epsilon": 0.25, "gamma": 0.5}, ["weights", "values", "estimated_utility"], "closed_form",
               expected={"estimated_utility": {"package": [1, 0, 4, 0]}},
               second=running)

    def single(told):
        near(told["weights"], [1 / 3] * 3)
        near(told["values"], [[0.25, 1], [1, 0.25], [0.25, 0.25, 1]])
        return "By hand: one offer moves no weight; counts 1 and 0 give (1/2)^2."
    yield case("oppmodel-02-one-offer", "opponent_model", "A single offer moves no weight",
               "One offer: there is no previous one to compare with. gamma = 2.", MINDS, None,
               {"kind": "opponent_model_frequency", "levels": [2, 2, 3], "offers": [[1, 0, 2]], "epsilon": 0.1,
                "gamma": 2}, ["weights", "values", "estimated_utility"], "closed_form",
               expected={"estimated_utility": {"package": [0, 0, 1]}}, second=single)

    def odds(told):
        p = told["posterior"]
        # log odds: sum over offers of ((u2-t)^2 - (u1-t)^2)/(2 sigma^2) + ln(prior ratio)
        t = [1, 0.92, 0.84, 0.76]
        a, b = [1, 0.9, 0.9, 0.7], [0.6, 0.8, 1, 0.9]
        log = sum((y - s) ** 2 - (x - s) ** 2 for x, y, s in zip(a, b, t)) / (2 * 0.2 ** 2) + math.log(0.3 / 0.7)
        near(math.log(p[0] / p[1]), log)
        return "Second opinion: log odds by hand. Each row of offer_utilities is one offer, each column one hypothesis."
    yield case("oppmodel-03-bayes-two", "opponent_model", "Two hypotheses, four offers, unequal prior",
               "Prior 0.3 and 0.7; the opponent is assumed to bid with utility 1 - 0.8 tau, error sigma = 0.2. One row "
               "of offer_utilities for each offer, one column for each hypothesis.", MINDS, None,
               {"kind": "opponent_model_bayes", "prior": [0.3, 0.7],
                "offer_utilities": [[1, 0.6], [0.9, 0.8], [0.9, 1], [0.7, 0.9]], "taus": [0, 0.1, 0.2, 0.3], "c": 0.8,
                "sigma": 0.2}, ["posterior"], "closed_form", second=odds)
    yield case("oppmodel-04-bayes-sharp", "opponent_model", "Many offers, small sigma: likelihoods underflow",
               "Forty offers with sigma = 0.05: the likelihoods are below the smallest double, their ratios are not. "
               "The last hypothesis has prior zero.", MINDS, None,
               {"kind": "opponent_model_bayes", "prior": [0.5, 0.5, 0],
                "offer_utilities": [[0.5, 0.5 + 0.001 * (k % 2), 0.9] for k in range(40)], "taus": [0.01 * k for k in range(40)],
                "c": 0, "sigma": 0.05}, ["posterior"], "closed_form",
               second=sharp)
