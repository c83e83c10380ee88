"""Acceptance, time-dependent tactics and tables of several seats."""
import json
import math
from fractions import Fraction

from fresh.audit import minutes
from fresh.made import actor, case, near, points, tables
from reckon.answer import build

SAO = ("tau = round/(rounds-1); in every round actors move in order; AC_next acceptance; bid = lowest own utility at or "
       "above the target, lowest index on ties.")
FARATIN = ("Faratin, Sierra & Jennings (1998), Robotics and Autonomous Systems 24:159-182; protocol: Rosenschein & "
           "Zlotkin (1994), Baarslag et al. (2014)")
BAARSLAG = ("Baarslag, Hindriks & Jonker (2013), Effective acceptance conditions in real-time automated negotiation, "
            "Decision Support Systems 60")
AYDOGAN = ("Aydogan, Festen, Hindriks & Jonker (2017), Alternating offers protocols for multilateral negotiation, "
           "Studies in Computational Intelligence 674")
DEAL = ["agreement", "round", "accepted_by", "proposer", "package", "utilities", "trace"]
NO_DEAL = ["agreement", "ended_by", "round", "trace"]


def ports(reservations=(0.2, 0.25), **more):
    """Two seats, three issues, 4 x 3 x 3 packages."""
    return tables([4, 3, 3], [
        actor([0.45, 0.35, 0.2], [[0, 0.37, 0.64, 1], [1, 0.45, 0], [0, 0.7, 1]], reservations[0]),
        actor([0.3, 0.25, 0.45], [[1, 0.81, 0.33, 0], [0, 0.62, 1], [1, 0.48, 0]], reservations[1])], **more)


def coarse(reservations=(0.25, 0.25)):
    """Two seats, values in halves: ties everywhere."""
    return tables([3, 3, 2], [
        actor([0.5, 0.25, 0.25], [[0, 0.5, 1], [0, 0.5, 1], [0, 1]], reservations[0]),
        actor([0.25, 0.5, 0.25], [[1, 0.5, 0], [1, 0.5, 0], [1, 0]], reservations[1])])


def ladder(steps, reservations):
    """One issue in equal steps, opposed."""
    up = [k / steps for k in range(steps + 1)]
    return tables([steps + 1], [actor([1], [up], reservations[0]), actor([1], [up[::-1]], reservations[1])])


def councils():
    """Three seats, 3 x 3 x 3 packages."""
    return tables([3, 3, 3], [
        actor([0.5, 0.3, 0.2], [[0, 0.55, 1], [1, 0.62, 0], [0.3, 1, 0]], 0.2),
        actor([0.25, 0.35, 0.4], [[1, 0.7, 0], [0, 0.58, 1], [0, 0.41, 1]], 0.25),
        actor([0.3, 0.4, 0.3], [[0.2, 1, 0.6], [0.5, 1, 0], [1, 0.66, 0]], 0.3)])


def quartet():
    """Four seats, 3 x 3 x 2 packages."""
    return tables([3, 3, 2], [
        actor([0.5, 0.3, 0.2], [[0, 0.6, 1], [1, 0.5, 0], [0, 1]], 0.1),
        actor([0.2, 0.5, 0.3], [[1, 0.7, 0], [0, 0.65, 1], [0, 1]], 0.15),
        actor([0.3, 0.3, 0.4], [[0.4, 1, 0.2], [0.3, 1, 0.7], [1, 0]], 0.2),
        actor([0.4, 0.35, 0.25], [[0.9, 1, 0], [0, 0.8, 1], [1, 0.2]], 0.1)])


def read_over(model, task):
    exact = json.loads(json.dumps([model, task]), parse_float=Fraction)
    return lambda told: minutes(build(exact[0]), exact[1], told) or (
        "Second opinion: the trace was read line by line against the definitions by separate code (fresh/audit.py).")


def sao(id, concept, title, description, source, model, rounds, agents, keys, second=None, **more):
    task = {"kind": "sao", "rounds": rounds, "agents": agents}
    return case(id, concept, title, description, source, model, task, keys, second=second or read_over(model, task),
                **more)


def cases():
    yield from acceptance()
    yield from curves()
    yield from tactics()
    yield from stacked()


def curves():
    source = "Faratin, Sierra & Jennings (1998), Robotics and Autonomous Systems 24:159-182"
    rows = [{"beta": b, "tau": t} for b in (0.3, 1, 4) for t in (0, 0.25, 0.6, 1)]

    def powers(told):
        for row in told["rows"]:
            near(row["value"], 0.02 ** ((1 - row["tau"]) ** row["beta"]))
        return "Second opinion: k to the power (1-tau)^beta."
    yield case("tactic-01-exponential", "time_dependent", "Exponential concession function, k = 0.02",
               "alpha(tau) = exp((1-tau)^beta ln k).", source, None,
               {"kind": "concession_curve", "family": "exponential", "k": 0.02}, ["rows"], "closed_form",
               expected={"rows": rows}, second=powers)

    def ends(told):
        near([told["rows"][0]["value"], told["rows"][3]["value"]], [0.15, 1])
        near(told["rows"][5]["value"], 0.15 + 0.85 * 0.25)
    yield case("tactic-02-polynomial-k", "time_dependent", "Polynomial concession function, k = 0.15",
               "alpha(tau) = k + (1-k) tau^(1/beta).", source, None,
               {"kind": "concession_curve", "family": "polynomial", "k": 0.15}, ["rows"], "closed_form",
               expected={"rows": rows}, second=ends)
    yield case("tactic-03-price-offers-k", "time_dependent", "Offers on one issue, k = 0.1, Conceder",
               "value = min + alpha (max-min) if the actor wants it low, min + (1-alpha)(max-min) if it wants it high. "
               "beta = 2, k = 0.1; seller range [-5, 15], buyer range [-10, 12].", source, None,
               {"kind": "concession_issue_values", "beta": 2, "k": 0.1, "seller_range": [-5, 15], "buyer_range": [-10, 12]},
               ["rows"], "closed_form", expected={"rows": [{"tau": t} for t in (0, 0.25, 0.49, 1)]},
               second=lambda told: near([told["rows"][1]["seller_price"], told["rows"][1]["buyer_price"]],
                                        [-5 + 0.45 * 20, -10 + 0.55 * 22]))


def acceptance():
    rows = []
    names = ["ac_next(1,0)", "ac_next(1.05,0)", "ac_next(0.9,0.1)", "ac_next(1,-0.05)", "ac_const(0.55)",
             "ac_time(0.75)"]
    for offer, own, tau in [(0.5, 0.5, 0), (0.4, 0.42, 0.75), (0.55, 0.6, 0.74), (0.6, 0.64, 1), (0.3, 0.37, 0.5),
                            (0.9, 0.85, 0.1), (0.54, 0.567, 0.7499), (0, 0, 0.8)]:
        row = {"u_offer": offer, "u_next": own, "tau": tau}
        o, u, t = (Fraction(str(v)) for v in (offer, own, tau))
        row["ac_next(1,0)"] = o >= u
        row["ac_next(1.05,0)"] = o * Fraction("1.05") >= u
        row["ac_next(0.9,0.1)"] = o * Fraction("0.9") + Fraction("0.1") >= u
        row["ac_next(1,-0.05)"] = o - Fraction("0.05") >= u
        row["ac_const(0.55)"] = o >= Fraction("0.55")
        row["ac_time(0.75)"] = t >= Fraction("0.75")
        rows.append(row)

    def same(told):
        assert told["rows"] == [{k: (v if isinstance(v, bool) else float(v)) for k, v in row.items()} for row in rows]
        assert all(any(row[n] for row in rows) and not all(row[n] for row in rows) for n in names)
    yield case("accept-01-equalities", "acceptance", "AC_next with other slopes, exactly at the line",
               "AC_next(a,b): a*u(offer)+b >= u(own next bid); AC_const(c): u >= c; AC_time(T): tau >= T. Equality "
               "accepts: 0.9*0.3+0.1 = 0.37, 0.9*0.6+0.1 = 0.64, 1.05*0.4 = 0.42 and 1.05*0.54 = 0.567 are equalities.",
               BAARSLAG, None, {"kind": "acceptance_conditions"}, ["rows"], "closed_form", 0, expected={"rows": rows},
               second=same, notes="an equality that binary fractions miss by one unit in the last place still accepts")
    yield sao("accept-02-combi-window", "acceptance", "AC_combi waits for the best offer of the window",
              SAO + " Agent 0 uses AC_combi(T=0.6): from tau 0.6 on it takes an offer that is the best of those "
              "received in [2 tau - 1, tau), or that AC_next takes.", BAARSLAG, ports((0.1, 0.2)), 21,
              [{"type": "time", "beta": 0.1, "accept": {"type": "combi", "T": 0.6}}, {"type": "time", "beta": 0.6}],
              DEAL, second=combi)
    yield sao("accept-03-combi-last-word", "acceptance", "In the last round the window is empty",
              SAO + " Agent 1 uses AC_combi(T=1): at tau = 1 the window [1, 1) is empty, so the offer is held against the "
              "reservation value.", BAARSLAG, ports((0.4, 0.2)), 11,
              [{"type": "time", "beta": 0.15},
               {"type": "time", "beta": 0.05, "u_min": 0.7, "accept": {"type": "combi", "T": 1}}], DEAL, second=last)
    yield sao("accept-04-const-and-slope", "acceptance", "AC_const against AC_next(1.1, 0.02) in talks",
              SAO + " Agent 0 takes anything worth 0.45, agent 1 whatever satisfies 1.1 u + 0.02 >= u(own next bid).",
              BAARSLAG, ports((0.1, 0.2)), 25,
              [{"type": "time", "beta": 0.4, "accept": {"type": "const", "c": 0.65}},
               {"type": "time", "beta": 0.3, "accept": {"type": "next", "a": 1.1, "b": 0.02}}], DEAL)


def combi(told):
    """By hand: the offer taken is the best of its window, and would not have been taken by AC_next."""
    m = build(json.loads(json.dumps(ports((0.1, 0.2))), parse_float=Fraction))
    last = told["round"]
    assert told["accepted_by"] == 0 and last < 20
    offers = {e[0]: float(m.u[e[2]][0]) for e in told["trace"] if e[1] == 1}
    def window(k):
        return [offers[r] for r in offers if 2 * k - 20 <= r < k]
    assert offers[last - 1] >= max(window(last)) - 1e-9
    refused = [k for k in range(12, last) if offers[k - 1] < max(window(k)) - 1e-9 and offers[k - 1] >= 0.1]
    assert refused, "no offer was refused because of the window"
    return (f"The offers received in rounds {[k - 1 for k in refused]} were above the reservation value and after T, "
            "and were refused because a better one was in the window.")


def last(told):
    assert told["round"] == 10 and told["accepted_by"] == 1
    assert told["utilities"][1] < 0.7
    return "AC_next alone would end at the deadline: agent 1 never plans a bid below 0.7."


def tactics():
    def closed(told):
        # A asks ceil(20(1-0.75t)), B leaves A floor(20*0.7t): A takes y when y >= its own next ask.
        for k in range(31):
            t = Fraction(k, 30)
            ask = math.ceil(20 * (1 - Fraction(3, 4) * t))
            give = math.floor(20 * Fraction(7, 10) * t)
            before = math.floor(20 * Fraction(7, 10) * Fraction(k - 1, 30)) if k else -1
            if k and before >= ask:
                want = [k, 0, before]
                break
            if ask <= give:
                want = [k, 1, ask]
                break
        assert [told["round"], told["accepted_by"], told["package"]] == want
        return "Closed form: A asks ceil(20(1 - 0.75 tau)) steps, B grants floor(14 tau); they meet as told."
    yield sao("sao-01-ladder", "sao_time_dependent", "Two linear conceders on a ladder of 21 rungs",
              SAO, FARATIN, ladder(20, (0.25, 0.3)), 31, [{"type": "time", "beta": 1}, {"type": "time", "beta": 1}],
              DEAL, closed)
    yield sao("sao-02-exponential", "sao_time_dependent", "Exponential family against polynomial with k",
              SAO + " Agent 0: alpha = exp((1-tau)^beta ln k), k = 0.05, beta = 2; agent 1: polynomial, k = 0.1, "
              "beta = 0.7, u_min = 0.35 above its reservation value.", FARATIN, ports(), 30,
              [{"type": "time", "family": "exponential", "beta": 2, "k": 0.05},
               {"type": "time", "beta": 0.7, "k": 0.1, "u_min": 0.35}], DEAL)
    yield sao("sao-03-reservation-cuts", "sao_time_dependent", "Targets below the reservation value",
              SAO + " Both aim for u_min = 0 in the end; bids stop at the reservation value (0.46 and 0.44) all the same.",
              FARATIN, ports((0.46, 0.44)), 16,
              [{"type": "time", "beta": 1.5, "u_min": 0}, {"type": "time", "beta": 0.9, "u_min": 0}], DEAL)
    yield sao("sao-04-deadline", "sao_time_dependent", "A deadline although a zone of agreement exists",
              SAO + " Both are Boulware and hold out for u_min = 0.75: packages better than both reservation values "
              "exist, but neither side ever asks for less.", FARATIN, ports(), 12,
              [{"type": "time", "beta": 0.3, "u_min": 0.75}, {"type": "time", "beta": 0.2, "u_min": 0.75}], NO_DEAL)
    passing = points([[10, 0], [9, 1], [4, 3.9], [3.5, 4.1], [3, 2], [2.5, 4], [2, 9], [0, 10], [4, 4.2]], [2.9, 3.95])
    yield sao("sao-05-pass-each-other", "sao_time_dependent", "Walking past each other",
              SAO + " Both concede down to their reservation values; the bids that are just good enough for their author "
              "never suit the other, although packages 3 and 8 suit both.", FARATIN, passing, 8,
              [{"type": "time", "beta": 1}, {"type": "time", "beta": 1}], NO_DEAL)
    yield sao("sao-06-ties", "sao_time_dependent", "Many packages of the same utility",
              SAO + " Utilities come in steps of 1/8, so every bid is a tie; equality of bid and target and of offer "
              "and bid decides when they meet.", FARATIN, coarse(), 13,
              [{"type": "time", "beta": 1}, {"type": "time", "beta": 2}], DEAL)
    yield sao("sao-07-one-round", "sao_time_dependent", "A single round: tau = 1",
              SAO + " rounds = 1: both are at their reservation values at once; agent 0 proposes, agent 1 answers.",
              FARATIN, coarse((0.375, 0.375)), 1, [{"type": "time", "beta": 0.5}, {"type": "time", "beta": 3}], DEAL)
    yield sao("sao-08-forbidden-best", "sao_time_dependent", "The best package is forbidden",
              SAO + " u_max is the best feasible utility: A's favourite (and every package with issue0 = 3 and issue1 "
              "= 0) is ruled out, and so is B's.", FARATIN,
              ports(forbidden=[[{"issue": 0, "levels": [3]}, {"issue": 1, "levels": [0]}],
                               [{"issue": 0, "levels": [0]}, {"issue": 1, "levels": [2]},
                                {"issue": 2, "levels": [0, 1]}]]), 18,
              [{"type": "time", "beta": 0.8}, {"type": "time", "beta": 1.3}], DEAL)
    yield sao("sao-09-below-zero", "sao_time_dependent", "Utilities below zero, unequal units",
              SAO + " Levels do not matter: A's utilities are in tens, B's are negative.", FARATIN,
              points([[80, -9], [71, -7.5], [64, -8], [55, -6], [40, -3.5], [38, -5], [30, -3], [22, -1], [10, -2],
                      [-5, 0]], [5, -8.5]), 15, [{"type": "time", "beta": 0.6}, {"type": "time", "beta": 0.7}], DEAL)


def stacked():
    more = " Stacked alternating offers: an offer needs n-1 consecutive acceptances; a counter-offer replaces it."
    yield sao("stacked-01-three-speeds", "stacked_nparty", "Boulware, linear, Conceder", SAO + more, AYDOGAN,
              councils(), 26, [{"type": "time", "beta": 0.4}, {"type": "time", "beta": 1}, {"type": "time", "beta": 2.5}],
              DEAL)
    yield sao("stacked-02-four", "stacked_nparty", "Four at the table", SAO + more, AYDOGAN, quartet(), 30,
              [{"type": "time", "beta": 0.9}, {"type": "time", "beta": 0.6},
               {"type": "time", "beta": 1.2, "u_min": 0.3}, {"type": "time", "beta": 0.8, "k": 0.05}], DEAL)
    yield sao("stacked-03-four-no-deal", "stacked_nparty", "One of four never gives way", SAO + more + " Agent 2 repeats "
              "one package, which agent 0 cannot live with, and accepts nothing.", AYDOGAN, quartet(), 9,
              [{"type": "time", "beta": 1}, {"type": "time", "beta": 1},
               {"type": "fixed", "sequence": [4], "accept": {"type": "never"}}, {"type": "time", "beta": 1}], NO_DEAL)
    yield sao("stacked-04-tradeoff-weights", "stacked_nparty", "Trade-offs with unequal similarity weights",
              SAO + more + " Selection: trade-off towards the most recent offer received from anybody, issues weighed "
              "by similarity_weights.", AYDOGAN, councils(), 21,
              [{"type": "time", "beta": 0.7, "select": "tradeoff", "similarity_weights": [0.2, 0.3, 0.5]},
               {"type": "time", "beta": 0.8, "select": "tradeoff"}, {"type": "time", "beta": 0.9}], DEAL)
