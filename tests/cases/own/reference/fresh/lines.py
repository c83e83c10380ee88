"""Positions on a line: median, mean, challenge model, exchange."""
from fresh.made import case, near

BLACK = "Black (1948), J. Political Economy 56:23-34"
MEAN = ("Van den Bos (1991), Dutch EC Policy Making (compromise model); Achen (2006), in Thomson et al., The European Union "
        "Decides")
BDM = ("Scholz, Calbert & Smith (2011), printed equations; Bueno de Mesquita (1997), International Interactions 23:235-266; "
       "variant fixed by this specification")
SWAP = ("Stokman & Van Oosten (1994), in Bueno de Mesquita & Stokman (eds), European Community Decision Making, ch. 5; Van "
        "Assen, Stokman & Van Oosten (2003), Rationality and Society 15:85-112; derivation")


def line(*rows):
    return {"form": "spatial", "dimensions": 1,
            "actors": [{"name": "ABCDEFG"[i], "capability": c, "position": x, "salience": s}
                       for i, (c, x, s) in enumerate(rows)]}


def cases():
    yield from middle()
    yield from challenge()
    yield from exchange()


def middle():
    def least(model, low, high):
        """Second opinion: sum m |x - x_i| is least exactly on the interval."""
        rows = [(a["capability"] * a["salience"], a["position"]) for a in model["actors"]]
        def check(told):
            cost = lambda x: sum(m * abs(x - y) for m, y in rows)
            a, b = told["median_interval"]
            near([a, b], [low, high])
            near(cost(a), cost(b))
            assert cost(a) < min(cost(a - 0.01), cost(b + 0.01))
            return "Second opinion: the sum of weighted distances is least on this interval."
        return check
    for name, title, model, low, high in [
            ("01-interval", "Half the weight on either side",
             line((0.5, 10, 0.6), (0.4, 20, 0.5), (0.25, 35, 0.8), (0.5, 50, 0.6)), 20, 35),
            ("02-one-heavy", "One actor outweighs the rest", line((0.9, 80, 1), (0.3, 10, 0.5), (0.4, 20, 0.9)), 80, 80),
            ("03-ties-and-zero", "Shared positions and an actor that does not care",
             line((0.3, 5, 0.5), (0.3, 5, 0.5), (1, 7, 0), (0.6, 9, 0.5), (0.2, 9, 0.4), (0.2, 3, 0.4)), 5, 9)]:
        yield case(f"median-{name}", "weighted_median", title,
                   "Weights capability*salience, sorted by position; where the cumulative weight hits exactly half, the "
                   "medians form an interval.", BLACK, model, {"kind": "weighted_median"}, ["median_interval"],
                   "closed_form", second=least(model, low, high))
    model = line((0.5, 10, 0.6), (0.4, 20, 0.5), (0.25, 35, 0.8), (0.5, 50, 0.6))
    yield case("mean-01-four", "compromise_mean", "Compromise of four", "sum c s x / sum c s = (3 + 4 + 7 + 15)/1.", MEAN,
               model, {"kind": "compromise_mean"}, ["mean"], "closed_form", second=lambda told: near(told["mean"], 29))
    yield case("mean-02-negative", "compromise_mean", "Positions below zero",
               "(-12 + 0.9 + 4.8)/(0.6 + 0.9 + 0.48).", MEAN, line((0.6, -20, 1), (1, 1, 0.9), (0.8, 10, 0.6)),
               {"kind": "compromise_mean"}, ["mean"], "closed_form",
               second=lambda told: near(told["mean"], (-12 + 0.9 + 4.8) / 1.98))


def challenge():
    five = line((0.9, 0, 0.7), (0.5, 25, 0.9), (0.7, 40, 0.4), (1, 75, 0.6), (0.4, 100, 0.8))

    def by_hand(q, net):
        """Second opinion: security levels written out anew, all exponents 1."""
        rows = [(a["capability"], a["position"], a["salience"]) for a in five["actors"]]
        def check(told):
            span, mu = 100.0, told["initial_median"]
            def p(i, j):
                v = [c * s * (abs(x - rows[j][1]) - abs(x - rows[i][1])) / span for c, x, s in rows]
                return max(0, sum(v)) / sum(map(abs, v)) if net else sum(a for a in v if a > 0) / sum(map(abs, v))
            def e(i, j):
                apart = abs(rows[i][1] - rows[j][1]) / span
                z = (abs(rows[i][1] - mu) + abs(rows[i][1] - rows[j][1])) / span
                s = rows[j][2]
                # 2 - 4(0.5 -+ y/2) = +-2y; with r = 1 the status quo is worth 0.
                value = s * (p(i, j) * 2 * apart - (1 - p(i, j)) * 2 * apart) + (1 - s) * 2 * apart
                t = abs(rows[i][1] - mu) < abs(rows[i][1] - rows[j][1])
                return value - (1 - q) * (z if t else -z)
            near(told["security"], [sum(e(j, i) for j in range(5) if j != i) for i in range(5)], 1e-9)
            assert told["closeness"] > 1e-4, told["closeness"]
            return "Second opinion: security levels by the formulas for r = 1. No move hangs on a near tie."
        return check
    def apart(told):
        assert told["closeness"] > 1e-4, told["closeness"]
        return "No move hangs on a near tie."
    keys = ["initial_median", "initial_mean", "security", "risk_exponents"]
    rounds = [f"{what}_after_round_{k}" for k in (1, 2, 3) for what in ("positions", "median", "mean")]
    yield case("bdm-01-five", "bdm_challenge", "Five actors, three rounds", "Q = 1, range [0, 100].", BDM, five,
               {"kind": "bdm", "Q": 1, "position_range": [0, 100], "rounds": 3},
               keys + ["p_win_from_0_vs_75", "p_win_from_25_vs_100", "p_win_from_100_vs_40"] + rounds, tolerance=1e-06,
               expected={"p_win_from_0_vs_75": 0, "p_win_from_25_vs_100": 0, "p_win_from_100_vs_40": 0},
               second=by_hand(1, False))
    yield case("bdm-02-half-q", "bdm_challenge", "Uncertain whether others would move: Q = 0.5",
               "Q = 0.5: half of the status quo is the chance that it would move anyway, for better (T = 1) or worse.", BDM,
               five, {"kind": "bdm", "Q": 0.5, "position_range": [0, 100], "rounds": 3}, keys + rounds, tolerance=1e-06,
               second=by_hand(0.5, False))
    yield case("bdm-03-net", "bdm_challenge", "Win chances from net votes, Q = 0.5, three rounds",
               "P_ij = max(0, net votes)/sum of absolute votes.", BDM, five,
               {"kind": "bdm", "Q": 0.5, "position_range": [0, 100], "rounds": 3, "win_probability": "net"}, keys + rounds,
               tolerance=1e-06, second=by_hand(0.5, True))
    yield case("bdm-04-wider-range", "bdm_challenge", "A range wider than the positions",
               "Range [-20, 130]: R = 150 throughout.", BDM,
               line((0.8, 10, 0.5), (0.6, 30, 0.9), (0.9, 55, 0.35), (0.3, 90, 1), (0.5, 105, 0.6)),
               {"kind": "bdm", "Q": 1, "position_range": [-20, 130], "rounds": 2},
               keys + [f"{what}_after_round_{k}" for k in (1, 2) for what in ("positions", "median", "mean")],
               tolerance=1e-06, second=apart)


def exchange():
    def actors(*rows):
        return {"form": "spatial", "dimensions": len(rows[0][0]),
                "actors": [{"name": "ABCDEFG"[i], "position": x, "capability": c, "salience": s}
                           for i, (x, c, s) in enumerate(rows)]}
    keys = ["outcomes_before", "outcomes_after", "new_positions", "fraction_of_full_shift", "gain_each"]

    def even(told):
        near(told["gain_each"], told["gain_of_j"])
        near(told["gain_each"], told["formula_gain"])
        return "Second opinion: losses of both partners before and after, and the formula of THEORY 9.3, agree."

    def swap(id, title, why, model, task, keys=keys, second=even):
        return case(id, "exchange_model", title, why, SWAP, model, {"kind": "exchange_pair"} | task, keys, "closed_form",
                    second=second)
    yield swap("exchange-01-i-runs-out-second", "The other side runs out of room",
               "B has little weight on issue 1, so its full shift sets the pace and A shifts only part of the way.",
               actors(([0, 10], [1, 0.8], [0.3, 0.9]), ([100, 90], [0.9, 0.4], [0.8, 0.25]), ([40, 60], [0.7, 1], [0.6, 0.7])),
               {"i": 0, "j": 1, "i_shifts_on": 0, "j_shifts_on": 1}, keys + ["externality_on_C"])
    yield swap("exchange-02-four-actors", "Four actors, B and C trade on issues 2 and 0",
               "Three issues; the partners are the second and the third actor, and the first of them shifts on issue 2.",
               actors(([50, 20, 60], [1, 1, 1], [0.4, 0.6, 0.5]), ([90, 40, 80], [0.8, 0.6, 1], [0.9, 0.2, 0.3]),
                      ([10, 70, 0], [1, 0.5, 0.7], [0.35, 0.5, 0.8]), ([60, 30, 30], [0.4, 0.9, 0.6], [0.5, 0.5, 0.7])),
               {"i": 1, "j": 2, "i_shifts_on": 2, "j_shifts_on": 0}, keys + ["externality_on_A", "externality_on_D"])

    def clamped(told):
        even(told)
        near(told["outcomes_after"][0], 60)
        return ("The full shift of A would carry the outcome of issue 0 past B's position; the exchange stops at it. "
                "Losses of both partners and the formula of THEORY 9.3 agree.")
    yield swap("exchange-03-clamped", "The outcome may not pass the partner's position",
               "Other actors pull the outcome of issue 0 so near to B that A's full shift would carry it past B: the shift "
               "is clamped where the outcome reaches B's position.",
               actors(([0, 0], [2, 1], [0.2, 0.9]), ([60, 100], [0.5, 2], [0.9, 0.4]), ([95, 30], [0.5, 1], [0.9, 0.5])),
               {"i": 0, "j": 1, "i_shifts_on": 0, "j_shifts_on": 1}, keys, clamped)
