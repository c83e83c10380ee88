"""From a case to everything the reference can say about it."""
import re
from fractions import Fraction

from . import agenda, curves, information, lottery, minds, offers, positions, rules, table, text
from .model import Curve, Finite, Shares, is_finite, is_shares


def build(model):
    if is_finite(model):
        return Finite(model)
    return Shares(model) if is_shares(model) else Curve(model)


def answer(case):
    """Named answers, or None where the task is none of ours."""
    task, model, expected = case["task"], case["model"], case["expected"]
    do = TASKS.get(task["kind"])
    return None if do is None else plain(do(model, task, expected))


def plain(value):
    """Fractions become floats, whole ones stay equal to what they were."""
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    return float(value) if isinstance(value, Fraction) else value


def outside(model):
    """Problems the reference does not reckon: ranges among three, ranges beside levels."""
    ranges = [s.get("kind") == "continuous" for s in model.get("issues", [])]
    return any(ranges) and (not all(ranges) or len(model["actors"]) != 2)


def solve(model, task, expected):
    rule, weights = task["rule"], task.get("weights")
    if outside(model):
        return {}
    m = build(model)
    if not isinstance(m, Finite):
        return curves.solve(m, rule, weights)
    if task.get("lotteries", "none") != "none":
        found = lottery.nash(m, task["lotteries"], weights)
        if found is None:
            return {"agreement": False, "utilities": m.d}
        told = {"agreement": True, "utilities": found[0], "lottery": [{"package": x, "p": p} for x, p in found[1]]}
        x = rules.choose(m, rule, weights)
        if x is not None:
            told["without_lotteries"] = {"package": x, "utilities": m.u[x]}
        return told
    return solve_finite(m, rule, weights)


def solve_finite(m, rule, weights=None):
    x = rules.choose(m, rule, weights)
    if x is None:
        return {"agreement": False, "utilities": m.d}
    told = {"agreement": True, "package": x, "utilities": m.u[x]}
    if rule == "raiffa":
        told["path"] = rules.raiffa(m)[1]
    else:
        told["all_optima"], told["ideal"] = rules.optima(m, rule, weights)
    if rule == "equal_loss":
        told["loss"] = max(a - u for a, u in zip(told["ideal"], m.u[x]))
    return told


def solve_rules(model, task, expected):
    m = build(model)
    zopa = m.zopa()
    front = rules.efficient_all(m, m.all)
    told = {"package_count": len(m.u), "feasible_count": len(m.all), "zopa_count": len(zopa),
            "pareto_count": len(front), "pareto_in_zopa": [x for x in front if x in set(zopa)],
            "ideal": m.ideal(zopa)}
    for rule in task["rules"]:
        told[rule] = solve_finite(m, rule)
    return told


def sweep(model, task, expected):
    m = build(model)
    if task["sweep"] != "weights":
        return {}
    chosen = [rules.choose(m, task["rule"], r["weights"]) for r in expected["results"]]
    return {"results": [{"weights": r["weights"], "package": x, "utilities": m.u[x]}
                        for r, x in zip(expected["results"], chosen)]}


def alternating(model, task, expected):
    m = build(model)
    return offers.infinite(m, task) if task["horizon"] == "infinite" else offers.finite(m, task)


def zeuthen(model, task, expected):
    m = build(model)
    x, path, risks = rules.zeuthen(m, task["tie_conceder"])
    if x is None:
        return {"agreement": False, "utilities": m.d}
    return {"agreement": True, "package": x, "utilities": m.u[x], "path": path, "risks": risks,
            "equals_nash": x in rules.optima(m, "nash")[0]}


def acceptance(model, task, expected):
    rows = []
    for row in expected["rows"]:
        told = {k: row[k] for k in ("u_offer", "u_next", "tau")}
        for key in row:
            call = re.fullmatch(r"ac_(next|const|time)\((.*)\)", key)
            if call:
                a = [Fraction(v) for v in call[2].split(",")]
                if call[1] == "next":
                    told[key] = a[0] * Fraction(row["u_offer"]) + a[1] >= row["u_next"]
                elif call[1] == "const":
                    told[key] = row["u_offer"] >= a[0]
                else:
                    told[key] = row["tau"] >= a[0]
        rows.append(told)
    return {"rows": rows}


def concession(model, task, expected):
    return {"rows": [{"beta": r["beta"], "tau": r["tau"],
                      "value": table.alpha(task["family"], r["beta"], task["k"], r["tau"])} for r in expected["rows"]]}


def issue_offers(model, task, expected):
    rows = []
    for row in expected["rows"]:
        a = table.alpha(task.get("family", "polynomial"), task["beta"], task["k"], row["tau"])
        (s0, s1), (b0, b1) = task["seller_range"], task["buyer_range"]
        rows.append({"tau": row["tau"], "seller_price": s0 + (1 - a) * (s1 - s0), "buyer_price": b0 + a * (b1 - b0)})
    return {"rows": rows}


def tradeoff_offer(model, task, expected):
    m = build(model)
    i = task["actor"]
    u = [row[i] for row in m.u]
    rows = []
    for row in expected["rows"]:
        able = [x for x in m.all if u[x] >= max(row["aspiration"], m.d[i])]
        x = table.tradeoff(m, u, able, row["opponent_last"])
        same = table.similarity(m, x, row["opponent_last"], [Fraction(1)] * len(m.sizes))
        rows.append({"aspiration": row["aspiration"], "opponent_last": row["opponent_last"], "package": x,
                     "similarity": same, "own_utility": u[x]})
    return {"rows": rows}


def frequency(model, task, expected):
    weights, values = minds.frequency(task)
    told = {"weights": weights, "values": values}
    if "estimated_utility" in expected:
        package = expected["estimated_utility"]["package"]
        told["estimated_utility"] = {"package": package,
                                     "value": sum(w * v[x] for w, v, x in zip(weights, values, package))}
    return told


def single_text(model, task, expected):
    m = build(model)
    told = {}
    if "steps" in task:
        end = text.final(m, task)
        told["final_distribution"] = [{"package": x, "p": p} for x, p in enumerate(end) if p > 1e-9]
    else:
        end = text.settled(m, task) if task.get("quota") else text.gibbs(m, task)
        told["stationary"] = end
    told["expected_total_utility"] = sum(p * float(sum(row)) for p, row in zip(end, m.u))
    told["most_likely"] = max(range(len(end)), key=lambda x: end[x])
    return told


def bdm(model, task, expected):
    told = positions.bdm(model, task)
    for key in expected:
        call = re.fullmatch(r"p_win_from_([\d.]+)_vs_([\d.]+)", key)
        if call:
            told[key] = told["p_win"](float(call[1]), float(call[2]))
    del told["p_win"]
    return told


def median(model, task, expected):
    x = [Fraction(a["position"]) for a in model["actors"]]
    return {"median_interval": positions.median_interval(x, positions.weights(model["actors"]))}


def mean(model, task, expected):
    x = [Fraction(a["position"]) for a in model["actors"]]
    return {"mean": positions.mean(x, positions.weights(model["actors"]))}


def hazard(model, task, expected):
    """A table of strategies at which talks may collapse after every round."""
    if "protocol" not in task:
        return {}
    m = build(model)
    told = table.sao(m, task["protocol"])
    h = float(task["breakdown_per_round"])
    r = told["round"]
    survive = (1 - h) ** r
    agreed = survive if told["agreement"] else 0.0
    end = {"p_agreement": agreed,
           "mean_breakdown_round_given_breakdown": sum(k * h * (1 - h) ** k for k in range(r)) / (1 - survive)
           if r else None}
    if told["agreement"]:
        end |= {"round_if_agreement": r, "package_if_agreement": told["package"]}
    end["mean_utilities"] = [agreed * u + (1 - agreed) * float(d) for u, d in zip(told["utilities"], m.d)]
    return end


TASKS = {
    "solve": solve,
    "solve_rules": solve_rules,
    "solve_sweep": sweep,
    "solve_family": lambda model, task, expected: {
        name: {rule: solve(member, {"rule": rule}, expected)["utilities"] for rule in task["rules"]}
        for name, member in model["members"].items()},
    "alternating_offers": alternating,
    "rubinstein_limit": lambda model, task, expected: offers.limit(build(model), task),
    "sao": lambda model, task, expected: table.sao(build(model), task),
    "zeuthen": zeuthen,
    "acceptance_conditions": acceptance,
    "concession_curve": concession,
    "concession_issue_values": issue_offers,
    "tit_for_tat_issue": lambda model, task, expected: table.issue_values(task),
    "tradeoff_offer": tradeoff_offer,
    "opponent_model_frequency": frequency,
    "opponent_model_bayes": lambda model, task, expected: {"posterior": minds.bayes(task)},
    "single_text": single_text,
    "issue_by_issue_vs_package": lambda model, task, expected: agenda.separate(build(model), task),
    "sequential_agenda": lambda model, task, expected: agenda.sequential(build(model), task),
    "logrolling": lambda model, task, expected: agenda.logrolling(build(model), task),
    "tioli": lambda model, task, expected: information.tioli(task) if model is None else {},
    "crisis_tioli": lambda model, task, expected:
        information.crisis(task) if task["cost_B"]["dist"] == "uniform" else {},
    "two_period_screening": lambda model, task, expected: information.screening(task),
    "double_auction": lambda model, task, expected: information.auction(task),
    "weighted_median": median,
    "compromise_mean": mean,
    "bdm": bdm,
    "exchange_pair": lambda model, task, expected: positions.exchange(model, task),
    "monte_carlo": hazard,
}
