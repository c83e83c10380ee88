"""Zeuthen's path, Raiffa's sequence, equal loss, equal area, lotteries."""
import math

from fresh.made import actor, case, dollar, near, pie, points, tables
from fresh.voices import ports

ZEUTHEN = ("Zeuthen (1930); Harsanyi (1956), Econometrica 24:144-157; Rosenschein & Zlotkin (1994), Rules of Encounter")
RAIFFA = ("Raiffa (1953), Contributions to the Theory of Games II; Luce & Raiffa (1957) 6.7; Livne (1989); Salonen (1988)")
CHUN = "Chun (1988), Economics Letters 26:103-106"
AREA = "Anbarci & Bigelow (1994), Mathematical Social Sciences 28"
LOT = "Nash (1950), Econometrica 18:155-162 (convexity through lotteries)"


def cases():
    yield from concessions()
    yield from sequences()
    yield from losses()
    yield from areas()
    yield from lotteries()


def concessions():
    text = ("Deals: Pareto-efficient individually rational packages. Risk_i = (own gain of own offer - own gain of "
            "other's offer)/(own gain of own offer). The lower risk makes the smallest concession that reverses the "
            "risk comparison. Ends when one side weakly prefers the other's offer. ")
    keys = ["agreement", "package", "utilities", "path", "risks", "equals_nash"]

    def theorem(told):
        assert told["equals_nash"]
        return "Second opinion: the result maximises the Nash product over the deals (Harsanyi 1956)."
    def zeuthen(id, title, why, model, conceder, keys=keys, second=theorem, **more):
        return case(id, "zeuthen", title, text + why, ZEUTHEN, model, {"kind": "zeuthen", "tie_conceder": conceder}, keys,
                    second=second, **more)
    mirror = [[1, 10], [2, 9], [4, 7], [5, 6], [6, 5], [7, 4], [9, 2], [10, 1]]
    yield zeuthen("zeuthen-01-mirror-one", "Equal risks at first, actor 1 concedes",
                  "The set is its own mirror image, so both begin with risk 0.9; actor 1 then concedes.",
                  points(mirror), 1)
    yield zeuthen("zeuthen-02-mirror-zero", "Equal risks at first, actor 0 concedes",
                  "The same set, actor 0 concedes when risks are equal: the mirror image of the other path.", points(mirror), 0)
    yield zeuthen("zeuthen-03-duplicates-and-d", "Duplicates, dominated packages, reservation values",
                  "Package 5 repeats package 1, packages 3 and 7 are dominated, package 8 does not suit B; equal risks: "
                  "actor 1.", points([[11, 6], [14, 5.5], [9, 9], [8, 8.5], [18, 4], [14, 5.5], [6, 11], [11, 5.9],
                                      [25, 2.5], [16, 5]], [5, 3]), 1)
    yield zeuthen("zeuthen-04-one-deal", "One deal, worth nothing to one side",
                  "Packages 1 and 3 suit both, A is indifferent to either, and 1 dominates 3: both start there.",
                  points([[3, 9], [4, 6], [6, 1], [4, 5]], [4, 3]), 0)
    yield zeuthen("zeuthen-05-empty", "No deal", "No package suits both: disagreement.",
                  points([[3, 9], [2, 6], [6, 1]], [4, 3]), 0, ["agreement"], None)
    yield zeuthen("zeuthen-06-tables", "On a scoring table, actor 1 gives way on ties",
                  "Three issues, 36 packages.", ports((0.3, 0.324)), 1)


def sequences():
    solve = {"kind": "solve", "rule": "raiffa"}
    cube = [[12, 3, 4], [10, 6, 5], [3, 12, 6], [5, 9, 8], [4, 4, 12], [7, 8, 7], [8, 7, 7.5], [6, 6, 9], [9, 5, 6], [2, 14, 1]]

    def steps(outcomes, n):
        def check(told):
            d, path = [0.0] * n, []
            while True:
                able = [u for u in outcomes if all(a >= b - 1e-9 for a, b in zip(u, d))]
                if not able:
                    break
                path.append(d)
                top = [max(u[i] for u in able) for i in range(n)]
                new = [a + (b - a) / n for a, b in zip(d, top)]
                if len({tuple(u) for u in able}) == 1 or max(abs(a - b) for a, b in zip(new, d)) < 1e-12:
                    break
                d = new
            near(told["path"], path)
            able = [x for x, u in enumerate(outcomes) if all(a >= b - 1e-9 for a, b in zip(u, path[-1]))]
            assert told["package"] in able
            return "Second opinion: the iteration in floats; the package is one of those the last d supports."
        return check
    yield case("raiffa-01-three-actors", "raiffa", "Three actors, finite set",
               "d <- d + (a(d)-d)/3 over the packages that still weakly dominate d; leximin of normalised gains from the "
               "last d that some package supports.", RAIFFA, points(cube), solve, ["agreement", "package", "utilities"],
               second=steps(cube, 3))
    pair = [[2, 18], [5, 16], [8, 15], [11, 12], [12, 11.5], [14, 8], [17, 7], [18, 3]]
    yield case("raiffa-02-indivisible", "raiffa", "The next point is supported by nothing",
               "Two packages are left, the next midpoint lies above both: leximin of normalised gains from the last "
               "supported d.", RAIFFA, points([[0, 10], [10, 0], [4, 7], [7, 3]]), solve,
               ["agreement", "package", "utilities"], second=steps([[0, 10], [10, 0], [4, 7], [7, 3]], 2))
    yield case("raiffa-03-reservation", "raiffa", "Positive reservation values",
               "The sequence starts at d = (3, 2).", RAIFFA, points(pair, [3, 2]), solve,
               ["agreement", "package", "utilities"])

    def curve(told):
        d = [0.1, 0.2]
        for _ in range(200):
            a = [math.sqrt(1 - d[1]), 1 - d[0] ** 2]
            d = [(p + q) / 2 for p, q in zip(d, a)]
        near(told["utilities"], d, 1e-9)
        return "Second opinion: midpoints of (sqrt(1-d_B), 1-d_A^2) and d, two hundred times."
    yield case("raiffa-04-parabola", "raiffa", "Continuous, u_B = 1 - u_A^2, d = (0.1, 0.2)",
               "Midpoints of the two dictatorial points: (sqrt(1-d_B) + d_A)/2 and (1-d_A^2 + d_B)/2, in the limit.",
               RAIFFA, dollar((0.1, 0.2), b={"fn": "poly", "coef": [1, 0, -1]}), solve, ["agreement", "x", "utilities"],
               "closed_form", {"default": 1e-06, "x": 1e-05}, second=curve)
    yield case("raiffa-05-three-shares", "raiffa", "Three linear shares: one step",
               "On a hyperplane the sequence stops after one step: s_i = d_i + (1 - sum d)/3.", RAIFFA,
               pie(3, [0.1, 0.25, 0.05]), solve, ["agreement", "x", "utilities"], "closed_form", 1e-05,
               second=lambda told: near(told["utilities"], [0.3, 0.45, 0.25]))


def losses():
    solve = {"kind": "solve", "rule": "equal_loss"}
    keys = ["agreement", "package", "utilities", "all_optima"]

    def brute(outcomes, d):
        def check(told):
            able = [x for x, u in enumerate(outcomes) if all(a >= b for a, b in zip(u, d))]
            a = [max(outcomes[x][i] for x in able) for i in range(len(d))]
            loss = {x: sorted((round(p - q, 9) for p, q in zip(a, outcomes[x])), reverse=True) for x in able}
            least = min(loss.values())
            assert told["all_optima"] == [x for x in able if loss[x] == least]
            return f"Second opinion: sorted losses {least} by brute force from the ideal point {a}."
        return check
    tie = [[10, 0], [8, 3], [6, 6], [3, 8], [0, 10], [7, 5], [5, 7]]
    yield case("loss-01-ties", "equal_loss", "A tie in the larger and in the smaller loss",
               "Ideal (10,10). (7,5) and (5,7) lose (3,5), (6,6) loses (4,4): the leximin is (6,6); the other two tie "
               "behind it.", CHUN, points(tie), solve, keys, second=brute(tie, [0, 0]))
    even = [[12, 0], [9, 4], [4, 9], [0, 12], [4, 4]]
    yield case("loss-02-tie-break", "equal_loss", "Two packages with the same losses",
               "Ideal (12,12): (9,4) and (4,9) both lose 8 and 3. Normalised gains tie as well, so the lower index "
               "counts.", CHUN, points(even), solve, keys, second=brute(even, [0, 0]))
    units = [[20, 1], [14, 6], [8, 7], [2, 8], [17, 3]]
    yield case("loss-03-ideal-in-zopa", "equal_loss", "The ideal point is that of the packages that suit both",
               "(20,1) and (2,8) do not suit both, so the ideal is (17,7), not (20,8).", CHUN, points(units, [5, 2]), solve,
               keys, second=brute(units, [5, 2]))
    three = [[9, 2, 3], [6, 6, 4], [3, 9, 5], [4, 4, 8], [6, 5, 6], [5, 6, 6], [2, 3, 9]]
    yield case("loss-04-three-actors", "equal_loss", "Three actors, finite set",
               "Leximin of u_i - a_i.", CHUN, points(three), solve, keys, second=brute(three, [0, 0, 0]))
    yield case("loss-05-parabola-d", "equal_loss", "u_B = 1 - u_A^2 with d = (0.2, 0.36)",
               "Ideal (0.8, 0.96): 0.8 - x = 0.96 - 1 + x^2, so x^2 + x - 0.84 = 0.", CHUN,
               dollar((0.2, 0.36), b={"fn": "poly", "coef": [1, 0, -1]}), solve, ["agreement", "x", "utilities", "loss"],
               "closed_form", {"default": 1e-06, "x": 1e-05},
               second=lambda told: near(told["x"], [(-1 + math.sqrt(1 + 4 * 0.84)) / 2], 1e-9))
    yield case("loss-06-three-shares", "equal_loss", "Three shares in different units",
               "u = (s_1, 1.25 s_2, 1.5 s_3), d = 0: equal sacrifices L with (1-L) + (1-L/1.25) + (1-L/1.5) = 1, so "
               "L = 2/(1 + 1/1.25 + 1/1.5).", CHUN,
               pie(3, functions=[{"fn": "poly", "coef": [0, 1]}, {"fn": "poly", "coef": [0, 1.25]},
                                 {"fn": "poly", "coef": [0, 1.5]}]), solve, ["agreement", "utilities", "loss"],
               "closed_form", 1e-05,
               second=lambda told: near(told["utilities"], [a - 2 / (1 + 1 / 1.25 + 1 / 1.5) for a in (1, 1.25, 1.5)], 1e-9))
    yield case("loss-07-out-of-reach", "equal_loss", "Equal sacrifices would cost one actor more than it has",
               "u = (s_1, 10 s_2, 10 s_3), d = 0: equal sacrifices would need L = 5/3 from actor 1, who can give up only "
               "1. Leximin of u_i - a_i: actor 1 gets nothing, the others lose 5 each.", CHUN,
               pie(3, functions=[{"fn": "poly", "coef": [0, 1]}, {"fn": "poly", "coef": [0, 10]},
                                 {"fn": "poly", "coef": [0, 10]}]), solve, ["agreement", "utilities"], "closed_form", 1e-05,
               second=lambda told: near(told["utilities"], [0, 5, 5], 1e-9))


def areas():
    solve = {"kind": "solve", "rule": "equal_area"}
    keys = ["agreement", "x", "utilities"]
    note = "S is the comprehensive hull: the set includes everything below the frontier down to d"

    def cubic(told):
        s = math.sqrt(2)
        t = (1 + s) ** (1 / 3) - (1 + s) ** (-1 / 3)
        near(told["x"], [t], 1e-6)
    yield case("area-01-parabola", "equal_area", "Equal area under u_B = 1 - u_A^2",
               "Area 2/3. Right of the ray: t(1-t^2)/2 + 2/3 - t + t^3/3 = 1/3, that is t^3 + 3t - 2 = 0: "
               "t = (1+sqrt 2)^(1/3) - (1+sqrt 2)^(-1/3).", AREA, dollar(b={"fn": "poly", "coef": [1, 0, -1]}), solve, keys,
               "closed_form", 0.0001, note, second=cubic)

    def quadratic(told):
        # .5(t-.2)(.9-.3t) + .9(1-t) - .15(1-t^2) = .288
        a, b, c = -0.15 + 0.15, 0.5 * (0.9 + 0.06) - 0.9, 0.9 - 0.15 - 0.09 - 0.288
        near(told["x"], [-c / b if abs(a) < 1e-12 else None], 1e-6)
    yield case("area-02-trapezoid-d", "equal_area", "A trapezoid seen from d = (0.2, 0.1)",
               "u_B = 1 - 0.3 u_A. Above d the area is 0.576; the part right of the ray is 0.66 - 0.42 t, half at "
               "t = 0.372/0.42.", AREA,
               dollar((0.2, 0.1), b={"fn": "pwl", "x": [0, 1], "y": [1, 0.7]}), solve, keys, "closed_form", 0.0001, note,
               second=quadratic)

    def flat(told):
        # frontier from (0.4, 1) to (1, 0.4): u_B = 1.4 - u_A; flat at 1 on the left. Area 0.4 + 0.6*0.7 = 0.82.
        t = told["x"][0]
        near(0.5 * t * (1.4 - t) + 1.4 * (1 - t) - (1 - t * t) / 2, 0.41, 1e-6)
        near(told["utilities"], [0.7, 0.7], 1e-6)
    yield case("area-03-flat-left", "equal_area", "The other's favourite is not the end of the range",
               "u_A = z, u_B peaks at z = 0.4: u_B = 1 on the left by free disposal, 1.4 - z on the right. By symmetry "
               "the ray is the diagonal.", AREA,
               dollar(b={"fn": "pwl", "x": [0, 0.4, 1], "y": [0.2, 1, 0.4]}), solve, keys, "closed_form", 0.0001, note,
               second=flat)


def lotteries():
    keys = ["agreement", "utilities", "lottery"]

    def lottery(id, title, why, model, kind, keys=keys, second=None, weights=None, **more):
        task = {"kind": "solve", "rule": "nash", "lotteries": kind}
        if weights:
            task["weights"] = weights
        return case(id, "nash_lottery", title, why, LOT, model, task, keys, "closed_form", 1e-06, second=second, **more)
    yield lottery("nash-lottery-01-edge", "Inside an edge, unequal weights",
                  "Hull of (0,12), (4,10), (9,3), (10,0). On the edge from (4,10) to (9,3): u_B = 15.6 - 1.4 u_A, so "
                  "u_A = w_A 15.6/1.4 with w_A = 0.6: 6.6857.", points([[0, 12], [4, 10], [9, 3], [10, 0], [5, 5]]),
                  "ex_post", keys + ["without_lotteries"], lambda told: near(told["utilities"], [0.6 * 15.6 / 1.4, 0.4 * 15.6]),
                  [0.6, 0.4])
    yield lottery("nash-lottery-02-vertex", "A vertex: the lottery is a certainty",
                  "The edges left and right of (6,7) both lead back to it.", points([[0, 10], [6, 7], [10, 0], [3, 3]]),
                  "ex_post", keys + ["without_lotteries"], lambda told: near(told["utilities"], [6, 7]))
    yield lottery("nash-lottery-03-ex-ante-empty", "No package suits both, a lottery does",
                  "d = (1,1); (6,0) and (0,5) each leave one side short. Mixed beforehand, gains u_A = 5 - 6(1-p), "
                  "u_B = 4(1-p) - p: on the line g_B = 4 - 5(g_A+1)/6, the product is largest at g_A = 1.9.",
                  points([[6, 0], [0, 5], [0.5, 0.5]], [1, 1]), "ex_ante",
                  second=lambda told: near(told["utilities"], [2.9, 1 + 19 / 6 - 19 / 12]))
    outcomes = [[9, 0], [2, 5], [5, 2], [0, 8]]
    yield lottery("nash-lottery-04-ex-post", "Ex post: only what suits both is mixed",
                  "d = (1,1): (9,0) and (0,8) may not be drawn; (2,5) and (5,2) with even chances.",
                  points(outcomes, [1, 1]), "ex_post", second=lambda told: near(told["utilities"], [3.5, 3.5]))
    yield lottery("nash-lottery-05-ex-ante", "Ex ante: the same set with commitment",
                  "d = (1,1): mixing (9,0) and (0,8) gives gains on g_B = 7 - 8(g_A+1)/9, largest product at "
                  "g_A = 55/16.", points(outcomes, [1, 1]), "ex_ante",
                  second=lambda told: near(told["utilities"], [1 + 55 / 16, 1 + 55 / 18]))

    def kkt(told):
        g, u = [[8, 1, 2], [1, 7, 3], [3, 3, 4], [0, 0, 9]], told["utilities"]
        rise = [sum(a / b for a, b in zip(row, u)) / 3 for row in g]
        assert max(rise) <= 1 + 1e-7
        for part in told["lottery"]:
            near(rise[part["package"]], 1, 1e-7)
        return "Second opinion: the certificate sum w g(x)/g(p) <= 1 holds, with equality on the support."
    yield lottery("nash-lottery-06-three", "Three actors, a mixed support",
                  "Maximise the mean of ln g over lotteries on four packages.",
                  points([[8, 1, 2], [1, 7, 3], [3, 3, 4], [0, 0, 9]]), "ex_post", ["agreement", "utilities"], kkt)
