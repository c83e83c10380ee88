"""Strategic alternating offers: outside options, breakdown, several proposers, finite horizons."""
import math
import random

from fresh.audit import linear, subgame
from fresh.made import case, dollar, near, pie, points

SHAKED = "Shaked & Sutton (1984), Econometrica 52:1351-1364; Binmore, Shaked & Sutton (1989), QJE 104:753-770"
BRW = "Binmore, Rubinstein & Wolinsky (1986), RAND J. Economics 17:176-188"
SUTTON = ("Shaked, reported in Sutton (1986), Review of Economic Studies 53:709-724; Osborne & Rubinstein (1990) 3.13")
BARON = "Baron & Ferejohn (1989), APSR 83:1181-1206"
STAHL = "Stahl (1972); backward induction"
DEAL = ["agreement", "round", "x", "utilities"]
PACKAGE = ["agreement", "round", "package", "utilities"]
NOTE = ("an outside option can be exercised only by the responder, immediately after rejecting; it pays its value at once")


def cases():
    yield from outside()
    yield from breakdown()
    yield from unanimity()
    yield from majority()
    yield from horizon()


def offers(id, concept, title, why, source, model, keys, tolerance=1e-06, second=None, method="closed_form", notes=None,
           kind="alternating_offers", **task):
    return case(id, concept, title, why, source, model, {"kind": kind} | task, keys, method, tolerance, notes,
                second=second)


def by_recursion(model, task):
    """Second opinion on a finite set: the recursion of fresh/audit.py."""
    d = [a["reservation"] for a in model["actors"]]
    delta = [a.get("discount", 1) for a in model["actors"]]
    risk = task.get("breakdown", {"p": 0, "payoffs": None})

    def check(told):
        gains, when, what = subgame(model["outcomes"], d, delta, task["horizon"], task.get("first", 0),
                                    model.get("available_from"), task.get("outside_options"), risk["p"], risk["payoffs"])
        near(told["value"], gains, 1e-9)
        if told["agreement"]:
            assert (when, what) == (told["round"], told["package"]), (when, what)
        else:
            assert what == told["ended_by"], what
        return "Second opinion: the recursion in floats of fresh/audit.py."
    return check


def tree(id, concept, title, why, source, model, keys=PACKAGE, **task):
    return offers(id, concept, title, why, source, model, keys, 1e-09, by_recursion(model, task), "backward_induction",
                  **task)


def outside():
    d9 = [0.9, 0.9]
    fan = [[0, 10], [2, 9], [4, 8], [5, 6.5], [6.5, 5], [8, 3], [9, 2], [10, 0]]
    yield offers("outside-01-first-mover-B", "outside_option", "B opens; A's option binds",
                 "deltas 0.8 and 0.9: as responder A would get 0.8 (1-0.9)/(1-0.72) = 0.2857; its option 0.35 binds. B's "
                 "own option 0.1 does not.", SHAKED, dollar(discounts=[0.8, 0.9]), DEAL,
                 second=lambda told: near(told["utilities"], [0.35, 0.65], 1e-9), notes=NOTE, horizon="infinite", first=1,
                 outside_options=[0.35, 0.1])
    yield offers("outside-02-parabola", "outside_option", "Binding option on a curved frontier",
                 "u_B = 1 - u_A^2, deltas 0.9: without options B would get 1 - x^2 = 0.631 with x^2 = 0.1/(1-0.729). Its "
                 "option is 0.68, so A keeps sqrt(1-0.68).", SHAKED,
                 dollar(discounts=d9, b={"fn": "poly", "coef": [1, 0, -1]}), DEAL,
                 second=lambda told: near(told["utilities"], [math.sqrt(0.32), 0.68], 1e-9), notes=NOTE,
                 horizon="infinite", first=0, outside_options=[None, 0.68])
    yield offers("outside-03-opt-out", "outside_option", "The options are worth more than the pie",
                 "0.6 + 0.55 > 1: no share leaves both at least their options. The responder opts out in round 0 and each "
                 "takes its own.", SHAKED, dollar(discounts=d9), ["agreement", "utilities"],
                 second=lambda told: near(told["utilities"], [0.6, 0.55]), notes=NOTE, horizon="infinite", first=0,
                 outside_options=[0.6, 0.55])

    def mixed(told):
        # p = 0.1, b = (0.05, 0.1), d = (0.1, 0.05), deltas (0.9, 0.8), options (none, 0.45): B's option binds.
        near(told["utilities"], [0.55, 0.45], 1e-9)
        return ("By hand: A's continuation is 0.1*0.05 + 0.9(0.1*0.1 + 0.9*0.55) = 0.4595, so B would counter with 0.5405, "
                "worth 0.1*0.1 + 0.9(0.2*0.05 + 0.8*0.5405) = 0.408 to it now: less than its option.")
    yield offers("outside-04-risk-and-flow", "outside_option", "Option, breakdown and impasse flow together",
                 "d = (0.1, 0.05), deltas (0.9, 0.8), breakdown 0.1 to (0.05, 0.1); B may leave with 0.45. Threshold: the "
                 "larger of the option and p b + (1-p)[(1-delta) d + delta u].", SHAKED,
                 dollar((0.1, 0.05), [0.9, 0.8]), DEAL, second=mixed, notes=NOTE, horizon="infinite", first=0,
                 breakdown={"p": 0.1, "payoffs": [0.05, 0.1]}, outside_options=[None, 0.45])
    yield offers("outside-08-dollar-T2", "outside_option", "Two rounds, options in the last one too",
                 "T = 2, deltas 0.9, options 0.2 and 0.3. Round 1: B leaves A its option and keeps 0.8. Round 0: B's threshold "
                 "is the larger of 0.3 and 0.72.", SHAKED, dollar(discounts=d9), DEAL,
                 second=lambda told: near(told["utilities"], [0.28, 0.72], 1e-9), notes=NOTE, horizon=2, first=0,
                 outside_options=[0.2, 0.3])
    yield tree("outside-05-points-T3", "outside_option", "Finite set, T = 3, B may leave with 5.5",
               "B's threshold is the larger of its option and its discounted continuation, in the last round too.",
               SHAKED, points(fan, discounts=[0.9, 0.8]), horizon=3, first=0, outside_options=[None, 5.5])
    yield tree("outside-06-points-opt-out", "outside_option", "Finite set: opt-out in round 0",
               "Options 5 and 5; the only packages are (6,2), (4,4), (2,6). What B accepts leaves A 2, less than the 5 "
               "it gets when B leaves.", SHAKED, points([[6, 2], [4, 4], [2, 6]], discounts=[0.9, 0.9]),
               ["agreement", "utilities"], horizon=2, first=0, outside_options=[5, 5])
    yield tree("outside-07-points-both", "outside_option", "Finite set: both have options, T = 4",
               "Options 4.5 and 4, d = (1, 2): neither exceeds what the other can give.", SHAKED,
               points(fan, [1, 2], [0.95, 0.85]), horizon=4, first=1, outside_options=[4.5, 4])


def breakdown():
    def flows(told):
        # u_A when A proposes: 1 - cont_B; u_B when B proposes: 1 - cont_A.
        p, b, d, r = 0.15, (0.1, 0.05), (0.2, 0.1), (0.95, 0.85)
        fix = [p * b[i] + (1 - p) * (1 - r[i]) * d[i] for i in range(2)]
        a = linear([[1, (1 - p) * r[1]], [(1 - p) * r[0], 1]], [1 - fix[1], 1 - fix[0]])
        near(told["utilities"], [a[0], 1 - a[0]], 1e-9)
        return "Second opinion: the two linear equations of THEORY 0.5 solved for the proposers' payoffs."
    yield offers("breakdown-01-with-flow", "breakdown", "Impatience, impasse flow and breakdown",
                 "p = 0.15 to (0.1, 0.05), d = (0.2, 0.1), deltas (0.95, 0.85): cont = p b + (1-p)[(1-delta) d + "
                 "delta u].", BRW, dollar((0.2, 0.1), [0.95, 0.85]), DEAL, second=flows, horizon="infinite", first=0,
                 breakdown={"p": 0.15, "payoffs": [0.1, 0.05]})
    yield offers("breakdown-02-certain", "breakdown", "Breakdown for certain: an ultimatum",
                 "p = 1: a refusal ends the talks with (0.3, 0.25), so A leaves B 0.25.", BRW, dollar(discounts=[1, 1]), DEAL,
                 second=lambda told: near(told["utilities"], [0.75, 0.25], 1e-9), horizon="infinite", first=0,
                 breakdown={"p": 1, "payoffs": [0.3, 0.25]})

    def curved(told):
        x = told["utilities"][0]
        p, b = 0.2, (0.1, 0.2)
        y = p * b[0] + (1 - p) * x                      # what B must leave A
        near(1 - x * x, p * b[1] + (1 - p) * (1 - y * y), 1e-9)
        return "Second opinion: the equation 1 - x^2 = 0.04 + 0.8 (1 - (0.02 + 0.8 x)^2) holds."
    yield offers("breakdown-03-parabola", "breakdown", "Breakdown on a curved frontier",
                 "u_B = 1 - u_A^2, no discounting, p = 0.2 to (0.1, 0.2).", BRW,
                 dollar(discounts=[1, 1], b={"fn": "poly", "coef": [1, 0, -1]}), DEAL, second=curved, horizon="infinite",
                 first=0, breakdown={"p": 0.2, "payoffs": [0.1, 0.2]})

    def limit(told):
        w, dhat = told["limit_weights"], told["limit_disagreement"]
        near(w, [0.25, 0.75], 1e-12)
        x = told["limit_utilities"][0]
        near(w[0] / (x - dhat[0]), 2 * x * w[1] / (1 - x * x - dhat[1]), 1e-6)
        near(told["rows"][-1]["utilities"], told["limit_utilities"], 1e-3)
        return "Second opinion: first-order condition of the asymmetric Nash product at the limit."
    curve = dollar((0.1, 0.2), b={"fn": "poly", "coef": [1, 0, -1]})
    yield case("breakdown-04-limit-parabola", "breakdown", "The limit of frequent offers on a curve",
               "u_B = 1 - u_A^2, rates (0.25, 0.05), hazard 0.05 to (0.05, 0.3), d = (0.1, 0.2), B opens: weights 1/0.3 and "
               "1/0.1, disagreement (lambda b + r d)/(lambda + r).", BRW + "; Muthoo (1999), ch. 4-6", curve,
               {"kind": "rubinstein_limit", "rates": [0.25, 0.05], "hazard": 0.05, "breakdown_payoffs": [0.05, 0.3],
                "delta_t": [1, 0.1, 0.01, 0.001], "first": 1},
               ["rows", "limit_weights", "limit_disagreement", "limit_utilities"], "closed_form", 1e-06, second=limit)


def unanimity():
    linear_pie = {"recognition": "rotating", "equilibrium": "stationary", "horizon": "infinite"}

    def four(told):
        q = [0.8 ** k for k in range(4)]
        want = [q[(i - 2) % 4] / sum(q) for i in range(4)]
        near(told["utilities"], want, 1e-9)
        return "Closed form: shares 1, 0.8, 0.64, 0.512 in proposal order P3, P4, P1, P2."
    yield offers("nparty-03-rotating-4", "nparty_unanimity", "Four actors, rotating proposer, P3 opens",
                 "Shares proportional to 1, delta, delta^2, delta^3 in proposal order.", SUTTON,
                 pie(4, discounts=[0.8] * 4), ["agreement", "round", "utilities"], second=four, first=2, **linear_pie)

    def unequal(told):
        r, d = [0.9, 0.7, 0.8], [0.1, 0.05, 0.15]
        keep = linear([[r[j] ** ((j - p) % 3) for j in range(3)] for p in range(3)], [0.7] * 3)
        near(told["utilities"], [d[j] + r[j] ** j * keep[j] for j in range(3)], 1e-9)
        return "Second opinion: three linear equations for what each keeps when it proposes."
    yield offers("nparty-04-rotating-unequal", "nparty_unanimity", "Three actors, unequal patience, reservation values",
                 "Gain discounting over d = (0.1, 0.05, 0.15), deltas (0.9, 0.7, 0.8): a responder m turns before its own "
                 "proposal gets delta^m of what it would keep.", SUTTON, pie(3, [0.1, 0.05, 0.15], [0.9, 0.7, 0.8]),
                 ["agreement", "round", "utilities"], second=unequal, first=0, **linear_pie)

    def drawn(p, r, d):
        def check(told):
            surplus = 1 - sum(d)
            c = [a / (1 - b) for a, b in zip(p, r)]
            left = surplus / (1 + sum(a * b for a, b in zip(c, r)))     # surplus less everybody's discounted value
            near(told["ex_ante_utilities"], [a + left * b for a, b in zip(d, c)], 1e-9)
            return "Closed form: v_i (1-delta_i) = p_i (S - sum delta_j v_j)."
        return check
    keys = ["ex_ante_utilities", "utilities_given_proposer"]
    for name, title, p, r, d in [("05-drawn-4", "Four actors, common delta", [0.4, 0.3, 0.2, 0.1], [0.85] * 4, [0] * 4),
                                 ("06-drawn-unequal", "Unequal patience, reservation values", [0.5, 0.25, 0.25],
                                  [0.7, 0.9, 0.8], [0.1, 0, 0.2])]:
        yield offers(f"nparty-{name}", "nparty_unanimity", f"Random recognition, unanimity: {title}",
                     "Stationary: a responder gets its discounted ex-ante value, the proposer the rest.",
                     "Binmore (1987); Laruelle & Valenciano (2008); derivation", pie(len(p), d, r), keys,
                     second=drawn(p, r, d), horizon="infinite", recognition="random", recognition_probs=p,
                     equilibrium="stationary")
    dice = random.Random(11)
    model = points([[dice.randint(0, 15) for _ in range(4)] for _ in range(16)], [2, 3, 1, 2], [0.9, 0.75, 0.85, 0.95])
    yield tree("nparty-07-points-four", "nparty_unanimity", "Four actors, 16 packages, T = 5, actor 2 opens",
               "Exact backward induction with gain discounting.", STAHL, model, horizon=5, first=2, recognition="rotating")
    ties = points([[6, 4, 4], [6, 8, 2], [6, 2, 8], [3, 9, 9], [4, 4, 4]], [0, 0, 0], [0.9, 0.5, 0.5])
    yield tree("nparty-08-three-way-tie", "nparty_unanimity", "The proposer's tie goes down to the index",
               "T = 1: packages 0, 1, 2 give A 6. Normalised sums: (4+4)/9, (8+2)/9, (2+8)/9; the last two tie in sum and "
               "in minimum as well, so the lower index counts.", "Tie-break rule TB", ties, horizon=1, first=0,
               recognition="rotating")


def majority():
    for name, title, n, q, r in [("09-majority-3", "Three actors, simple majority", 3, 2, 0.9),
                                 ("10-majority-7", "Seven actors, simple majority", 7, 4, 0.95),
                                 ("11-quota-4-of-5", "Five actors, four votes needed", 5, 4, 0.7),
                                 ("12-dictator", "Four actors, one vote is enough", 4, 1, 0.6)]:
        yield offers(f"nparty-{name}", "nparty_majority", f"{title}, closed rule, equal recognition",
                     f"n = {n}, delta = {r}: the proposer buys {q - 1} votes at delta/n each and keeps "
                     f"1 - {q - 1} delta/n; the others get nothing.", BARON, pie(n, discounts=[r] * n),
                     ["proposer_share", "partner_share", "excluded_share", "partners", "ex_ante_utilities"]
                     if q > 1 else ["proposer_share", "excluded_share", "partners", "ex_ante_utilities"],
                     second=lambda told, n=n, q=q: near(told["proposer_share"] + (q - 1) * told["partner_share"], 1),
                     horizon="infinite", recognition="random", recognition_probs=[1 / n] * n, quota=q,
                     equilibrium="stationary")


def horizon():
    late = points([[5, 1], [1, 4], [6, 6], [8, 3], [2, 9]], discounts=[0.9, 0.9], available_from=[0, 0, 1, 2, 2])
    yield tree("finite-08-wait-one-round", "finite_horizon", "A better package comes a round later",
               "(6,6) is available from round 1, T = 2, A opens. B would have it in round 1, so nothing that is there in "
               "round 0 is worth B's continuation of 5.4: agreement in round 1.", STAHL, late,
               ["agreement", "round", "package"], horizon=2, first=0)
    yield tree("finite-14-wait-two-rounds", "finite_horizon", "The last proposer waits for its package",
               "The same packages, T = 3: in round 2 A takes (8,3), its continuation in round 1 is 7.2, more than (6,6): "
               "agreement in round 2.", STAHL, late, ["agreement", "round", "package"], horizon=3, first=0)
    yield tree("finite-09-nothing-yet", "finite_horizon", "Nothing on the table for two rounds",
               "No package is available before round 2.", STAHL,
               points([[7, 2], [4, 4], [2, 8]], [1, 1], [0.8, 0.95], available_from=[2, 3, 2]),
               ["agreement", "round", "package"], horizon=5, first=1)
    yield tree("finite-10-patience-pays-one", "finite_horizon", "The patient side can afford to wait",
               "(9,4) comes in round 3, where A proposes. A's continuation is worth more than anything that is there "
               "before, so everybody waits, the impatient B too.", STAHL,
               points([[4, 6], [5, 5], [3, 8], [9, 4]], [0, 0], [0.95, 0.3], available_from=[0, 0, 0, 3]),
               horizon=4, first=1)
    yield tree("finite-11-never-suits", "finite_horizon", "No package suits everybody: the deadline",
               "Each package leaves somebody below its reservation value.", STAHL,
               points([[7, 2, 5], [4, 4, 1], [2, 8, 6]], [3, 3, 2], [0.8, 0.9, 0.7]), ["agreement", "utilities"], horizon=3,
               first=0, recognition="rotating")
    dice = random.Random(5)
    yield tree("finite-12-twelve-T7", "finite_horizon", "Twelve packages, T = 7, risk and patience",
               "Breakdown 0.1 to (1, 2) after each refusal, the last included.", STAHL,
               points([[dice.randint(0, 20), dice.randint(0, 20)] for _ in range(12)], [2, 3], [0.9, 0.85]), horizon=7,
               first=1, breakdown={"p": 0.1, "payoffs": [1, 2]})
    dice = random.Random(8)
    yield tree("finite-13-three-late", "finite_horizon", "Three actors, packages that come and wait",
               "Rotating proposer, T = 6; the packages that are good for all come in rounds 2 and 3.", STAHL,
               points([[5, 1, 2], [1, 5, 2], [2, 1, 5], [6, 6, 6], [9, 4, 5], [4, 9, 5], [5, 5, 8]], [0, 0, 0],
                      [0.9, 0.95, 0.9], available_from=[0, 0, 0, 2, 3, 3, 3]), ["agreement", "round", "package"],
               horizon=6, first=0, recognition="rotating")
