"""The single negotiating text, issue by issue, agendas, logrolling."""
import itertools
import math
import random

from fresh.made import actor, case, near, tables

KLEIN = "Klein, Faratin, Sayama & Bar-Yam (2003), Group Decision and Negotiation 12:111-125; exact Markov chain"
AGENDA = ("Raiffa (1982) ch. 10-14; Fershtman (1990), Games and Economic Behavior 2:224-238; Lang & Rosenthal (2001)")
LOGROLL = ("Froman & Cohen (1970), Behavioral Science 15:180-183; Pruitt (1981), Negotiation Behavior; metric defined in "
           "this specification")
FINAL = {"runs": 40000, "z": 4, "quantity": "final_distribution[].p", "se": "sqrt(p(1-p)/runs)", "min_p": 0.005}
RESTS = {"runs": 20000, "z": 4, "steps_per_run": 500, "quantity": "stationary", "se": "sqrt(p(1-p)/runs)", "min_p": 0.005}


def cases():
    yield from single_text()
    yield from issue_by_issue()
    yield from logrolling()


def trio():
    """Three seats, 3 x 2 x 3 packages, interactions."""
    return tables([3, 2, 3], [
        actor([1, 1, 1], [[0, 3, 5], [4, 0], [1, 0, 2]], 0,
              interactions=[{"when": [{"issue": 0, "levels": [2]}, {"issue": 2, "levels": [0, 1]}], "bonus": 3}]),
        actor([1, 1, 1], [[4, 2, 0], [0, 5], [2, 3, 0]], 0,
              interactions=[{"when": [{"issue": 1, "levels": [1]}, {"issue": 2, "levels": [2]}], "bonus": -2}]),
        actor([1, 1, 1], [[1, 4, 2], [2, 3], [0, 2, 4]], 0)])


def utilities(model):
    """In plain floats, by another road than reckon.model."""
    sizes = [len(i["levels"]) for i in model["issues"]]
    out = {}
    for levels in itertools.product(*map(range, sizes)):
        row = []
        for a in model["actors"]:
            u = sum(w * v[l] for w, v, l in zip(a["weights"], a["values"], levels))
            for i in a.get("interactions", []):
                if all(levels[p["issue"]] in p["levels"] for p in i["when"]):
                    u += i["bonus"]
            row.append(u)
        out[levels] = row
    return out


def single_text():
    def walk(model, start, steps, vote):
        """Second opinion: follow the distribution over level tuples."""
        u = utilities(model)
        sizes = [len(i["levels"]) for i in model["issues"]]
        order = list(u)
        def check(told):
            now = {order[start]: 1.0}
            for s in range(steps):
                new = {}
                for x, p in now.items():
                    near_by = [x[:k] + (l,) + x[k + 1:] for k in range(len(x)) for l in range(sizes[k]) if l != x[k]]
                    for y in near_by:
                        q = p * vote(u[x], u[y], s) / len(near_by)
                        new[y] = new.get(y, 0.0) + q
                        new[x] = new.get(x, 0.0) + p / len(near_by) - q
                now = new
            for part in told["final_distribution"]:
                near(part["p"], now[order[part["package"]]], 1e-9)
            near(sum(part["p"] for part in told["final_distribution"]), 1, 1e-7)
            return "Second opinion: the chain walked step by step over level tuples (fresh/texts.py)."
        return check

    def text(id, title, why, model, task, keys, second, monte_carlo):
        return case(id, "single_text", title, why, KLEIN, model,
                    {"kind": "single_text"} | task | {"mutation": "uniform_single_issue"}, keys, "markov_chain", 1e-09,
                    None, monte_carlo, second=second)
    model = trio()
    dice = random.Random(32)
    maze = tables([3, 3, 2], [
        actor([1, 1, 1], [[dice.randint(0, 6) for _ in range(size)] for size in (3, 3, 2)], 0, interactions=[
            {"when": [{"issue": 0, "levels": [dice.randint(0, 2)]}, {"issue": 1, "levels": [dice.randint(0, 2)]}],
             "bonus": dice.choice([3, -3, 4])}]) for _ in range(3)])
    agree = lambda a, b, s: float(all(q >= p - 1e-9 for p, q in zip(a, b)))
    yield text("text-01-three-hill-climbers", "Three hill-climbing actors, 18 packages",
               "Start at package 4; a change becomes the text iff every actor weakly prefers it.", maze,
               {"start": 4, "agents": "hill_climb", "steps": 400}, ["final_distribution"], walk(maze, 4, 400, agree), FINAL)
    cents = tables([2, 3], [
        actor([1, 1], [[0.1, 0.3], [0.7, 0.7, 0.9]], 0, interactions=[{"when": [{"issue": 0, "levels": [1]}], "bonus": -0.2}]),
        actor([1, 1], [[0.4, 0.4], [0.1, 0.2, 0.1]], 0)])
    yield text("text-07-decimal-ties", "Equal in decimals, unequal in binary fractions",
               "0.3 - 0.2 and 0.1 are equal, so A does not mind a change of issue0 in either direction; the text wanders for "
               "6 steps.", cents, {"start": 0, "agents": "hill_climb", "steps": 6}, ["final_distribution"],
               walk(cents, 0, 6, agree), FINAL)
    yield text("text-02-wandering", "Packages that are equal for everybody",
               "Level 2 of issue1 is worth as much to everybody as level 1, so the text never comes to rest; after 7 steps "
               "it is distributed as told.",
               tables([2, 3], [actor([1, 1], [[0, 1], [0, 2, 2]], 0), actor([1, 1], [[0, 2], [1, 3, 3]], 0)]),
               {"start": 0, "agents": "hill_climb", "steps": 7}, ["final_distribution"],
               walk(tables([2, 3], [actor([1, 1], [[0, 1], [0, 2, 2]], 0), actor([1, 1], [[0, 2], [1, 3, 3]], 0)]), 0, 7,
                    lambda a, b, s: float(all(q >= p for p, q in zip(a, b)))), FINAL)
    yield text("text-03-quota", "Two of three votes are enough",
               "quota = 2: a change becomes the text iff at least two actors weakly prefer it. Actors may lose on the way, "
               "and the text may go round in circles; after 12 steps it is distributed as told.", model,
               {"start": 4, "agents": "hill_climb", "steps": 12, "quota": 2}, ["final_distribution"],
               walk(model, 4, 12, lambda a, b, s: float(sum(q >= p for p, q in zip(a, b)) >= 2)), FINAL)

    def gibbs(t):
        def check(told):
            u = utilities(model)
            w = [math.exp(sum(a / b for a, b in zip(row, t))) for row in u.values()]
            near(told["stationary"], [v / sum(w) for v in w], 1e-12)
            # detailed balance on every edge
            for (x, p), (y, q) in itertools.combinations(zip(u.items(), told["stationary"]), 2):
                if sum(a != b for a, b in zip(x[0], y[0])) == 1:
                    there = math.prod(min(1, math.exp((b - a) / c)) for a, b, c in zip(x[1], y[1], t))
                    back = math.prod(min(1, math.exp((a - b) / c)) for a, b, c in zip(x[1], y[1], t))
                    near(p * there, q * back, 1e-12)
            return "Second opinion: detailed balance holds on every edge of the chain."
        return check
    keys = ["stationary", "expected_total_utility", "most_likely"]
    yield text("text-04-gibbs", "Annealing at constant temperature, three actors",
               "Every actor accepts with probability min(1, exp(dU_i/T)), T = 2.5: stationary distribution proportional to "
               "exp(sum_i U_i / T).", model, {"agents": "anneal", "temperature": 2.5, "schedule": "constant"}, keys,
               gibbs([2.5] * 3), RESTS)
    yield text("text-05-own-temperatures", "A temperature for each actor",
               "Temperatures 1.5, 3 and 6: stationary distribution proportional to exp(sum_i U_i / T_i). The cold actor "
               "gets its way (THEORY 5.1 d).", model,
               {"agents": "anneal", "temperature": [1.5, 3, 6], "schedule": "constant"}, keys[:2], gibbs([1.5, 3, 6]), RESTS)
    vote = lambda a, b, s: math.prod(min(1, math.exp((q - p) / (4 * (1 - s / 30)))) for p, q in zip(a, b))
    yield text("text-06-cooling", "Falling temperature",
               "T_s = 4 (1 - s/30) in step s = 0..29: the exact distribution of the text after 30 steps.", model,
               {"start": 0, "agents": "anneal", "temperature": 4, "schedule": "linear", "steps": 30},
               ["final_distribution"], walk(model, 0, 30, vote), FINAL)


def issue_by_issue():
    keys = ["issue_by_issue", "package_deal", "joint_gain", "joint_gain_total"]

    def nash(values, d):
        """The level with the largest product, strict gains for both; None if no level suits both."""
        able = [l for l in range(len(values[0])) if all(v[l] >= r - 1e-9 for v, r in zip(values, d))]
        return max(able, key=lambda l: math.prod(v[l] - r for v, r in zip(values, d))) if able else None
    three = tables([4, 3, 5], [
        actor([0.5, 0.3, 0.2], [[0, 0.3, 0.65, 1], [0, 0.45, 1], [1, 0.8, 0.5, 0.3, 0]], 0.18),
        actor([0.2, 0.25, 0.55], [[1, 0.9, 0.5, 0], [1, 0.6, 0], [0, 0.15, 0.4, 0.8, 1]], 0.2)])

    def levels(d, status_quo=(0, 0, 0)):
        def check(told):
            text = []
            for k in range(3):
                values = [[a["weights"][k] * v for v in a["values"][k]] for a in three["actors"]]
                l = nash(values, [d[k][0], d[k][1]])
                text.append(status_quo[k] if l is None else l)
            assert told["issue_by_issue"]["package"] == text[0] * 15 + text[1] * 5 + text[2]
            return ("Second opinion: largest product on each issue by brute force. "
                    "per_issue_disagreement has one row for each issue, one column for each actor.")
        return check
    d = [[0.05, 0.04], [0.06, 0.05], [0.07, 0.11]]
    yield case("agenda-01-own-disagreement", "issue_by_issue", "Each issue has its own disagreement",
               "Three issues, d on issue0 (0.05, 0.04), on issue1 (0.06, 0.05), on issue2 (0.07, 0.11); together the "
               "reservation values of the package deal.", AGENDA, three,
               {"kind": "issue_by_issue_vs_package", "rule": "nash", "per_issue_disagreement": d}, keys, second=levels(d))
    gap = [[0.05, 0.04], [0.17, 0.16], [0.07, 0.11]]
    stuck = {**three, "actors": [{**a, "reservation": r} for a, r in zip(three["actors"], (0.29, 0.31))]}
    yield case("agenda-02-no-zone-on-one", "issue_by_issue", "One issue has no zone of agreement",
               "On issue1 no level gives A 0.17 and B 0.16: it stays at its status quo, level 2.", AGENDA, stuck,
               {"kind": "issue_by_issue_vs_package", "rule": "nash", "per_issue_disagreement": gap,
                "status_quo": [0, 2, 0]}, keys, second=levels(gap, (0, 2, 0)))
    yield case("agenda-03-ks", "issue_by_issue", "Kalai-Smorodinsky on each issue and on the package",
               "As the first case, with the finite Kalai-Smorodinsky rule.", AGENDA, three,
               {"kind": "issue_by_issue_vs_package", "rule": "kalai_smorodinsky",
                "per_issue_disagreement": [list(row) for row in zip(*d)]}, keys,
               notes="per_issue_disagreement has one row for each actor here, one column for each issue: d_ik")
    linked = tables([3, 3, 2], [
        actor([1, 1, 1], [[0, 3, 5], [0, 1, -1], [0, 2]], 0,
              interactions=[{"when": [{"issue": 0, "levels": [1]}, {"issue": 1, "levels": [2]}], "bonus": 6}]),
        actor([1, 1, 1], [[0, 1, -1], [0, 2, 4], [0, -1]], 0,
              interactions=[{"when": [{"issue": 0, "levels": [2]}, {"issue": 2, "levels": [1]}], "bonus": 5}])])

    def better(told):
        u = utilities(linked)
        rows = list(u.values())
        for order in told["orders"]:
            at = [rows[0]] + [rows[x] for x in order["path"]]
            assert all(b >= a - 1e-9 for p, q in zip(at, at[1:]) for a, b in zip(p, q))
            assert math.prod(order["utilities"]) <= math.prod(told["package_deal"]["utilities"]) + 1e-9
        return "Second opinion: every step suits both, and the package deal's Nash product is the largest (P24)."
    yield case("agenda-04-six-orders", "issue_by_issue", "Three linked issues in all six orders",
               "Sequential myopic agenda by NBS; disagreement = utilities of the current text, unsettled issues at level 0.",
               AGENDA + "; definition of the sequential agenda in this specification", linked,
               {"kind": "sequential_agenda", "rule": "nash", "orders": [list(o) for o in itertools.permutations(range(3))],
                "status_quo": [0, 0, 0]}, ["orders", "package_deal"], second=better)


def logrolling():
    def model(wa, wb, d):
        return {"form": "issues",
                "issues": [{"name": n, "kind": "continuous", "min": 0, "max": 1} for n in "pqr"[:len(wa)]],
                "actors": [{"name": "A", "weights": wa, "values": [{"fn": "poly", "coef": [0, 1]}] * len(wa), "reservation": d[0]},
                           {"name": "B", "weights": wb, "values": [{"fn": "poly", "coef": [1, -1]}] * len(wa), "reservation": d[1]}]}
    keys = ["x", "utilities", "reference_utilities", "logrolling_gain", "integrative_index", "w_max"]

    def roll(id, title, why, m, reference, want):
        return case(id, "logrolling", title, why, LOGROLL, m, {"kind": "logrolling", "rule": "nash", "reference": reference},
                    keys, "closed_form", 0.0001, second=lambda told: near([told["utilities"], told["logrolling_gain"]],
                                                                           want, 1e-6))
    # On q = 0, r = 0 ... frontier by the ratio of weights: q (0.2/0.6) goes to B first, p (0.6/0.25) to A first.
    yield roll("logroll-01-edge", "The Nash solution inside an edge",
               "u_A = 0.8p + 0.2q, u_B = 0.45(1-p) + 0.55(1-q), d = (0.3, 0.2). With q = 0: maximise (0.8p - 0.3)"
               "(0.8 - 0.45p): p = (0.64 + 0.135)/0.72 > 1, so p = 1; with p = 1: (0.5 + 0.2q)(0.35 - 0.55q) falls in q: "
               "the corner (1, 0). Gains over the half split: 0.3 and 0.05.",
               model([0.8, 0.2], [0.45, 0.55], (0.3, 0.2)), [0.5, 0.5], [[0.8, 0.55], 0.35])
    yield roll("logroll-02-inside", "Not the best joint outcome",
               "u_A = 0.6p + 0.4q, u_B = 0.3(1-p) + 0.7(1-q), d = (0.1, 0.5). With q = 0: maximise (0.6p - 0.1)"
               "(0.5 - 0.3p): p = 0.33/0.36. The joint gain is largest at p = 1.",
               model([0.6, 0.4], [0.3, 0.7], (0.1, 0.5)), [0.5, 0.5], [[0.55, 0.725], 0.275])
    yield roll("logroll-03-three-issues", "Three issues, an uneven reference",
               "A cares for p, B for r, both alike for q: p = 1, r = 0, and q splits so that the gains balance: "
               "(0.5 + 0.3q)(0.5 + 0.3(1-q)) is largest at q = 1/2. Reference: 0.6, 0.5, 0.4 of the range.",
               model([0.5, 0.3, 0.2], [0.2, 0.3, 0.5], (0, 0)), [0.6, 0.5, 0.4],
               [[0.65, 0.65], 1.3 - (0.53 + 0.53)])
