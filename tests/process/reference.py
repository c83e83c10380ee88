#!/usr/bin/env python3
"""An independent reference for the process language of demarche: exact answers by enumeration.

    python3 reference.py scenario.toml            prints the expected answers as JSON
    python3 reference.py --write scenario.toml... writes scenario.json beside each scenario
    python3 reference.py --path scenario.toml     tells the most likely paths, session by session
    python3 reference.py --variant NAME ...       plays a variant of the scenario

Written from the specification of the process language alone: it shares no line with the engine and
needs nothing but Python 3.11. It reads the same TOML, evaluates the formulas with its own evaluator,
solves every sitting by looking at every deal, and follows every branch of chance with its exact
probability. So it takes small scenarios only: issues with levels, options, values or a step (a range is
looked at on 41 points, so its answer has to be one of them), and `bernoulli`, `discrete`, `integer` and
`empirical` as the only distributions.

How chance is enumerated: one session is an ordinary function that asks an oracle whenever something
is left to luck. `explore` calls it once for every sequence of answers the oracle can give. After each
session equal states are put together, so the work does not grow with the number of paths.

The answers are a list of

    { "session": n, "statistic": ..., "variable": ..., "level": ..., "value": ..., "sd": ... }

    statistic  "ended": the share of runs with ended = level; "share": the share of runs in which the
               column `variable` equals `level` (1 where no level is given); "mean": the mean of the
               column over the runs in which it is not empty
    value      the exact value
    sd         the exact standard deviation of one run's contribution: the standard error of an
               estimate from N runs is sd / sqrt(N)

Where the specification leaves room, this is how it was read (see README.md beside this file):
  * ratification: everybody who is needed votes, whatever the others said;
  * renegotiate: the second text is put to the same draw of luck; refused again, it is dropped, and
    `rejected` counts both refusals;
  * breakdown: where a refusal ends the talks, all of that session's text falls, not only the file;
  * ended: where nothing is signed, "rejected" if this very session's text was refused. It could also mean
    any session's; where that would make a difference, neither "rejected" nor "no_deal" is listed;
  * a session's gain is the utility of the text that is left after ratification, less the reservation
    value at the start of that session;
  * ratchet: up only, from the first signature on and at it;
  * package: one rule over all deals of the open files (THEORY 5.2), so a file may stay as it stands; all or
    nothing means that what was agreed stands or falls as one text: where one file is refused at home,
    everything falls. (The other reading, every open file has to move, would break property P24.)
"""
import itertools
import json
import math
import os
import re
import sys
import tomllib

PACKAGE_ALL = False     # True: in a package every open file has to move, or nothing does
PACKAGE_FALLS = True    # False: in a package, too, the refusal of one file leaves the rest standing
EPS = 1e-9
NAN = float("nan")


# ======================================================================= formulas
# A formula becomes a nested tuple: ("num", x), ("name", "signed.a"), ("call", f, args),
# ("dist", kind, args, id), ("if", c, a, b), ("and"|"or"|"cmp"|"arith", ...), ("not", a), ("neg", a),
# ("in", a, [items]), ("list", items).

TOKEN = re.compile(r"\s*(?:(\d[\d_]*(?:\.[\d_]+)?(?:[eE][+-]?\d+)?|\.\d+)"
                   r"|([A-Za-z_]\w*(?:\.\w+)*)|(\*\*|<=|>=|==|!=|[-+*/^<>(),\[\]]))")
DISTRIBUTIONS = {"bernoulli", "discrete", "integer", "empirical"}
CONTINUOUS = {"uniform", "triangular", "pert", "normal", "normal_between", "lognormal", "beta", "gamma",
              "lognormal_between", "loguniform", "exponential", "weibull", "logistic_noise", "student_t",
              "mixture", "truncated", "poisson", "binomial"}


class Parser:
    def __init__(self, text, address):
        self.text, self.address, self.tokens, self.at, self.dists = text, address, [], 0, 0
        position = 0
        while position < len(text.rstrip()):
            found = TOKEN.match(text, position)
            if not found:
                raise SyntaxError(f"{address}: {text[position:]!r}")
            number, name, sign = found.groups()
            self.tokens.append(("num", float(number.replace("_", ""))) if number else
                               ("name", name) if name else ("sign", sign))
            position = found.end()
        self.tokens.append(("end", None))

    def peek(self, *what):
        return self.tokens[self.at][1] in what and self.tokens[self.at][0] != "num"

    def take(self, *what):
        if self.peek(*what):
            self.at += 1
            return self.tokens[self.at - 1][1]
        return None

    def need(self, what):
        if not self.take(what):
            raise SyntaxError(f"{self.address}: {what!r} expected in {self.text!r} at {self.tokens[self.at]}")

    def whole(self):
        tree = self.choice()
        if self.tokens[self.at][0] != "end":
            raise SyntaxError(f"{self.address}: too much in {self.text!r} at {self.tokens[self.at]}")
        return tree

    def choice(self):
        if self.take("if"):
            condition = self.choice()
            self.need("then")
            first = self.choice()
            self.need("else")
            return ("if", condition, first, self.choice())
        return self.either()

    def either(self):
        tree = self.both()
        while self.take("or"):
            tree = ("or", tree, self.both())
        return tree

    def both(self):
        tree = self.denial()
        while self.take("and"):
            tree = ("and", tree, self.denial())
        return tree

    def denial(self):
        return ("not", self.denial()) if self.take("not") else self.comparison()

    def comparison(self):
        left = self.sum()
        sign = self.take("<", "<=", ">", ">=", "==", "!=")
        if sign:
            return ("cmp", sign, left, self.sum())
        if self.take("in"):
            return ("in", left, self.list())
        return left

    def list(self):
        self.need("[")
        items = [self.choice()]
        while self.take(","):
            items.append(self.choice())
        self.need("]")
        return items

    def sum(self):
        tree = self.product()
        while sign := self.take("+", "-"):
            tree = ("arith", sign, tree, self.product())
        return tree

    def product(self):
        tree = self.minus()
        while sign := self.take("*", "/"):
            tree = ("arith", sign, tree, self.minus())
        return tree

    def minus(self):
        return ("neg", self.minus()) if self.take("-") else self.power()

    def power(self):
        base = self.atom()
        return ("arith", "^", base, self.minus()) if self.take("^", "**") else base

    def atom(self):
        kind, what = self.tokens[self.at]
        if kind == "num":
            self.at += 1
            return ("num", what)
        if self.take("("):
            tree = self.choice()
            self.need(")")
            return tree
        if self.peek("["):
            return ("list", self.list())
        if kind != "name":
            raise SyntaxError(f"{self.address}: {self.text!r} at {what!r}")
        self.at += 1
        if what in ("true", "false"):
            return ("num", float(what == "true"))
        if not self.take("("):
            return ("name", what)
        arguments = [self.choice()]
        while self.take(","):
            arguments.append(self.choice())
        self.need(")")
        if what in CONTINUOUS:
            raise ValueError(f"{self.address}: {what} cannot be enumerated")
        if what in DISTRIBUTIONS:
            self.dists += 1
            return ("dist", what, arguments, (self.address, self.dists))
        return ("call", what, arguments)


def formula(what, address):
    """Number, flag or text -> tree."""
    if isinstance(what, bool):
        return ("num", float(what))
    if isinstance(what, (int, float)):
        return ("num", float(what))
    return Parser(what, address).whole()


def truth(x):
    return NAN if math.isnan(x) else float(x != 0)


FUNCTIONS = {
    "min": min, "max": max, "clamp": lambda x, low, high: min(max(x, low), high),
    "exp": math.exp, "log": math.log, "sqrt": math.sqrt, "abs": abs,
    "logistic": lambda x: 1 / (1 + math.exp(-x)), "floor": math.floor,
    "round": lambda x: math.copysign(math.floor(abs(x) + 0.5), x),
}
COMPARE = {"<": lambda a, b: a < b, "<=": lambda a, b: a <= b, ">": lambda a, b: a > b,
           ">=": lambda a, b: a >= b, "==": lambda a, b: a == b, "!=": lambda a, b: a != b}


def evaluate(tree, env):
    kind = tree[0]
    if kind == "num":
        return tree[1]
    if kind == "name":
        return env.name(tree[1])
    if kind == "if":
        c = evaluate(tree[1], env)
        return NAN if math.isnan(c) else evaluate(tree[2] if c else tree[3], env)
    if kind in ("and", "or"):
        a, b = truth(evaluate(tree[1], env)), truth(evaluate(tree[2], env))
        decisive = 0.0 if kind == "and" else 1.0
        if a == decisive or b == decisive:
            return decisive
        return NAN if math.isnan(a) or math.isnan(b) else 1.0 - decisive
    if kind == "not":
        a = truth(evaluate(tree[1], env))
        return NAN if math.isnan(a) else 1.0 - a
    if kind == "neg":
        return -evaluate(tree[1], env)
    if kind == "cmp":
        a, b = scaled(tree[2], tree[3], env), scaled(tree[3], tree[2], env)
        return NAN if math.isnan(a) or math.isnan(b) else float(COMPARE[tree[1]](a, b))
    if kind == "in":
        return float(any(evaluate(tree[1], env) == scaled(item, tree[1], env) for item in tree[2]))
    if kind == "arith":
        a, b = evaluate(tree[2], env), evaluate(tree[3], env)
        return {"+": lambda: a + b, "-": lambda: a - b, "*": lambda: a * b,
                "/": lambda: a / b if b else NAN, "^": lambda: a ** b}[tree[1]]()
    if kind == "call":
        return float(FUNCTIONS[tree[1]](*(evaluate(a, env) for a in tree[2])))
    if kind == "dist":
        return env.draw(tree)
    raise ValueError(tree)


def scaled(tree, other, env):
    """A level's name is read on the scale of the issue on the other side."""
    if tree[0] == "name" and other[0] == "name":
        issue = env.model.issues.get(other[1].removeprefix("issues."))
        if issue and not issue.numeric and tree[1] in issue.labels:
            return float(issue.labels.index(tree[1]))
    return evaluate(tree, env)


# ======================================================================= the scenario
class Issue:
    def __init__(self, name, table):
        self.name, self.module = name, table.get("module")
        self.numeric = not ("levels" in table or "options" in table)
        self.range = False
        if not self.numeric:
            self.labels = [str(x) for x in table.get("levels", table.get("options"))]
            self.numbers = [float(k) for k in range(len(self.labels))]
            self.start = self.labels.index(table["status_quo"]) if "status_quo" in table else None
            return
        values = table.get("values", table)
        self.range = isinstance(values, dict) and "step" not in values
        if self.range:                              # a range: looked at on 41 points, told by its mean only
            values = values | {"step": (values["to"] - values["from"]) / 40}
        if isinstance(values, dict):
            count = round((values["to"] - values["from"]) / values["step"])
            values = [values["from"] + k * values["step"] for k in range(count + 1)]
        self.numbers = [float(x) for x in values]
        self.labels = [repr(x)[:-2] if repr(x).endswith(".0") else repr(x) for x in self.numbers]
        self.start = self.numbers.index(float(table["status_quo"])) if "status_quo" in table else None


class Model:
    def __init__(self, table):
        self.table = table
        calendar = table.get("calendar")
        self.sessions = calendar["sessions"] if calendar else 1
        get = lambda key, default: (calendar or {}).get(key, default)
        self.report = sorted(set(get("report", [])) | {self.sessions})
        self.breakdown = formula(get("breakdown", 0), "calendar.breakdown")
        self.foresight = formula(get("foresight", 0), "calendar.foresight")
        self.modules = table.get("modules", {})
        self.scope = get("scope", "modular" if self.modules else "package")
        self.issues = {name: Issue(name, t) for name, t in table["issues"].items()}
        self.files = list(self.modules) or [""]
        for issue in self.issues.values():
            issue.file = issue.module if self.modules else ""
        self.file = {}
        for f in self.files:
            m = self.modules.get(f, {})
            self.file[f] = {
                "ripe": formula(m.get("ripe", 1), f"modules.{f}.ripe"),
                "reopen": formula(m.get("reopen", 0), f"modules.{f}.reopen"),
                "ratchet": formula(m.get("ratchet", 0), f"modules.{f}.ratchet"),
                "step": formula(m["step"], f"modules.{f}.step") if "step" in m else None,
                "cost": {a: formula(x, f"modules.{f}.cost.{a}") for a, x in m.get("cost", {}).items()},
                "issues": [i.name for i in self.issues.values() if i.file == f],
            }
        self.quantities, self.redraw, self.reverts = {}, set(), {}
        for name, q in table.get("quantities", {}).items():
            q = q if isinstance(q, dict) else {"value": q}
            self.quantities[name] = formula(q["value"], f"quantities.{name}")
            if q.get("redraw") == "session":
                self.redraw.add(name)
            if "reverts" in q:
                self.reverts[name] = formula(q["reverts"], f"quantities.{name}.reverts")
        self.events = {}
        for name, e in table.get("events", {}).items():
            self.events[name] = {k: formula(e.get(k, d), f"events.{name}.{k}") for k, d in
                                 (("chance", 1), ("when", 1), ("once", 0), ("lasting", 0))}
            self.events[name]["effects"] = {q: formula(x, f"events.{name}.effects.{q}")
                                            for q, x in e["effects"].items()}
        self.moving = set(self.reverts) | {q for e in self.events.values() for q in e["effects"]}
        if self.moving & self.redraw:
            raise ValueError("redrawn and moving: not read by this reference")
        self.erosion = [{"issues": e["issues"], "chance": formula(e["chance"], f"erosion.{k}.chance"),
                         "when": formula(e.get("when", 1), f"erosion.{k}.when")}
                        for k, e in enumerate(table.get("erosion", []))]
        self.rules = [formula(r["require"], f"rules.{k}") for k, r in enumerate(table.get("rules", []))]
        self.actors = {}
        for name, a in table["actors"].items():
            here = f"actors.{name}"
            signs = a.get("signs", True)
            self.actors[name] = {
                "signs": signs,
                "veto": formula(a.get("veto", 0), here + ".veto"),
                "reservation": formula(a.get("reservation", "status_quo"), here + ".reservation"),
                "discount": formula(a.get("discount", 1), here + ".discount"),
                "risk": formula(a.get("risk", 1), here + ".risk"),
                "weight": {i: formula(s["weight"], f"{here}.stakes.{i}.weight")
                           for i, s in a.get("stakes", {}).items()},
                "value": {i: self.values(i, s["value"], f"{here}.stakes.{i}.value")
                          for i, s in a.get("stakes", {}).items()},
                "terms": [(formula(t.get("when", 1), f"{here}.terms.{k}.when"),
                           formula(t["adds"], f"{here}.terms.{k}.adds"))
                          for k, t in enumerate(a.get("terms", []))],
            }
        self.signatories = [n for n, a in self.actors.items() if a["signs"]]
        self.inducements = [{"by": x["by"], "to": x["to"],
                             "worth": formula(x["worth"], f"inducements.{k}.worth"),
                             "cost": formula(x.get("cost", 0), f"inducements.{k}.cost"),
                             "when": formula(x.get("when", 1), f"inducements.{k}.when")}
                            for k, x in enumerate(table.get("inducements", []))]
        self.ratification = {}
        for name, r in table.get("ratification", {}).items():
            self.ratification[name] = {
                "module": r.get("module"), "on_failure": r.get("on_failure", "drop"),
                **{k: formula(r.get(k, d), f"ratification.{name}.{k}") for k, d in
                   (("accepts", 1), ("chance", 1), ("foreseen", 0))}}
        self.signals = {}
        for name, g in table.get("signals", {}).items():
            rows = g["chance"] if isinstance(g["chance"], list) else [{"is": g["chance"]}]
            self.signals[name] = {
                "rows": [(formula(r.get("when", 1), f"signals.{name}.{k}.when"),
                          formula(r["is"], f"signals.{name}.{k}.is")) for k, r in enumerate(rows)],
                "missed": formula(g.get("missed", 0), f"signals.{name}.missed")}
        self.observations = table.get("observations", [])
        bargaining = table.get("bargaining", {})
        self.protocol = bargaining.get("protocol", "nash")
        power = bargaining.get("settings", {}).get("power", {})
        self.power = {n: formula(power.get(n, 1), f"bargaining.settings.power.{n}") for n in self.signatories}
        self.measures = {n: formula(m["value"] if isinstance(m, dict) else m, f"measures.{n}")
                         for n, m in table.get("measures", {}).items()}
        self.sat, self.reads = {}, None                     # sittings already solved
        self.ties = []                                      # near misses, told on stderr

    def values(self, issue, what, address):
        if isinstance(what, list):
            return [formula(x, f"{address}.{k}") for k, x in enumerate(what)]
        if isinstance(what, dict):
            return [formula(what[label], f"{address}.{label}") for label in self.issues[issue].labels]
        return formula(what, address)


def patched(table, name):
    """A variant: numbers and formulas put in place of others; `base` is what stood there."""
    table = json.loads(json.dumps(table, default=str))

    def flat(t, before=""):
        for key, value in t.items():
            if isinstance(value, dict):
                yield from flat(value, before + key + ".")
            else:
                yield before + key, value
    for address, value in flat(table["variants"][name]["set"]):
        parts = address.split(".")
        if parts[0] == "quantities" and not isinstance(table["quantities"][parts[1]], dict):
            table["quantities"][parts[1]] = {"value": table["quantities"][parts[1]]}
        if parts[0] == "quantities" and len(parts) == 2:
            parts.append("value")
        place = table
        for part in parts[:-1]:
            if isinstance(place, list):
                place = place[int(part)] if part.isdigit() else next(t for t in place if t.get("id") == part)
            else:
                place = place.setdefault(part, {})
        if isinstance(value, str):
            value = re.sub(r"\bbase\b", f"({place.get(parts[-1], 0)})", value)
        place[parts[-1]] = value
    return table


# ======================================================================= chance
class Oracle:
    """Answers questions of luck along one given path and notes how likely the path is."""

    def __init__(self, prefix):
        self.prefix, self.taken, self.probability = prefix, [], 1.0

    def pick(self, odds):
        """odds: list of (answer, probability) -> an answer"""
        odds = [(answer, p) for answer, p in odds if p > 0]
        if len(odds) == 1:
            return odds[0][0]
        k = self.prefix[len(self.taken)] if len(self.taken) < len(self.prefix) else 0
        self.taken.append((k, len(odds)))
        self.probability *= odds[k][1]
        return odds[k][0]

    def chance(self, p):
        if math.isnan(p):
            raise ValueError("a chance that is not a number")
        p = min(max(p, 0.0), 1.0)
        return self.pick([(True, p), (False, 1.0 - p)])


def explore(play):
    """Every outcome of play(oracle) with its probability."""
    prefix = []
    while True:
        oracle = Oracle(prefix)
        result = play(oracle)
        yield oracle.probability, result
        taken = oracle.taken
        while taken and taken[-1][0] + 1 == taken[-1][1]:
            taken.pop()
        if not taken:
            return
        prefix = [k for k, _ in taken]
        prefix[-1] += 1


# ======================================================================= the world of one session
class State:
    """What one session leaves to the next."""

    def __init__(self, model):
        self.draws = {}                                                   # distributions drawn
        self.now, self.level = None, None                                 # moving quantities
        self.text = tuple(i.start for i in model.issues.values())         # what stands
        self.signed = tuple(0 for _ in model.files)
        self.before = self.signed                                         # signed when the session began
        self.agreed = 0                                                   # ever
        self.broken = 0
        self.events = {e: 0 for e in model.events}
        self.rejected = {r: 0 for r in model.ratification}
        self.gain = {a: 0.0 for a in model.signatories}

    def copy(self):
        new = object.__new__(State)
        for key, value in self.__dict__.items():
            setattr(new, key, dict(value) if isinstance(value, dict) else value)
        return new

    def key(self):
        def plain(x):
            if isinstance(x, dict):
                return tuple(sorted((str(k), plain(v)) for k, v in x.items()))
            return float(f"{x:.11g}") if isinstance(x, float) else x
        return tuple(plain(v) for k, v in self.__dict__.items() if k != "before")    # told anew in every session


class Env:
    """What a name means. `text` and `signed` may be those of a deal that is only looked at."""

    def __init__(self, model, state, session, oracle, frozen=None):
        self.model, self.state, self.session, self.oracle = model, state, session, oracle
        self.frozen = frozen                    # quantities, weights as the parties sat down
        self.text, self.signed = state.text, state.signed
        self.broken = state.broken
        self.extra = {}                         # status_quo, utility.*, measures

    def at(self, text, signed, **extra):
        new = object.__new__(Env)
        new.__dict__ = dict(self.__dict__)
        new.text, new.signed, new.extra = text, signed, dict(extra)
        return new

    def draw(self, tree):
        _, kind, arguments, name = tree
        if name not in self.state.draws:
            if kind == "bernoulli":
                p = evaluate(arguments[0], self)
                odds = [(1.0, p), (0.0, 1 - p)]
            elif kind == "discrete":
                odds = [(evaluate(x, self), evaluate(p, self)) for x, p in zip(arguments[0][1], arguments[1][1])]
                total = sum(p for _, p in odds)
                odds = [(x, p / total) for x, p in odds]
            elif kind == "integer":
                low, high = (int(evaluate(a, self)) for a in arguments)
                odds = [(float(x), 1 / (high - low + 1)) for x in range(low, high + 1)]
            else:
                odds = [(evaluate(x, self), 1 / len(arguments[0][1])) for x in arguments[0][1]]
            self.state.draws[name] = self.oracle.pick(odds)
        return self.state.draws[name]

    def name(self, name):
        model, state = self.model, self.state
        if name in self.extra:
            return self.extra[name]
        name = name.removeprefix("quantities.") if name.startswith("quantities.") else name
        if name in model.issues:
            issue = model.issues[name]
            k = self.text[list(model.issues).index(name)]
            return NAN if k is None else issue.numbers[k]
        if name in model.quantities:
            if self.frozen is not None:
                return self.frozen["quantities"][name]
            if name in model.moving:
                return state.now[name]
            return evaluate(model.quantities[name], self)
        if name == "session":
            return float(self.session)
        if name == "breakdown":
            return float(self.broken)
        if name == "signed_count":
            return float(sum(self.signed))
        if name == "newly_signed":
            return float(sum(self.signed) - sum(state.before))
        if name == "deal":
            return float(state.agreed)
        family, _, rest = name.partition(".")
        if family == "signed":
            return float(self.signed[model.files.index(rest)])
        if family == "event":
            return float(state.events[rest])
        if family == "rejected":
            return float(state.rejected[rest])
        if family == "utility":
            return utility(rest, self)
        if family == "gain":
            return state.gain[rest]
        if family in ("weight", "discount", "risk"):
            where = self.frozen[family] if self.frozen is not None else None
            if where is None:
                raise ValueError(f"{name} before the parties sat down")
            return where[tuple(rest.split("."))] if family == "weight" else where[rest]
        if family == "value":
            actor, issue = rest.split(".")
            return value(actor, issue, self)
        if name in model.measures:
            return evaluate(model.measures[name], self)
        raise NameError(name)


def freeze(model, env):
    """Quantities, weights, discounts, risk and power as they stand before the parties sit down."""
    frozen = {"quantities": {q: env.name(q) for q in model.quantities}}
    frozen["weight"] = {(a, i): evaluate(w, env) for a, t in model.actors.items() for i, w in t["weight"].items()}
    frozen["discount"] = {a: evaluate(t["discount"], env) for a, t in model.actors.items()}
    frozen["risk"] = {a: evaluate(t["risk"], env) for a, t in model.actors.items()}
    frozen["power"] = {a: evaluate(p, env) for a, p in model.power.items()}
    return frozen


def value(actor, issue, env):
    table = env.model.actors[actor]["value"][issue]
    level = env.text[list(env.model.issues).index(issue)]
    if level is None:                                       # no status quo and no deal yet
        return NAN
    if isinstance(table, list):
        return evaluate(table[level], env)
    return evaluate(table, env)


def utility(actor, env):
    """weight x value / 100, terms, inducements, costs of the files that are signed."""
    model = env.model
    table = model.actors[actor]
    total = sum(env.frozen["weight"][actor, i] * value(actor, i, env) / 100 for i in table["weight"])
    for when, adds in table["terms"]:
        if evaluate(when, env):
            total += evaluate(adds, env)
    for x in model.inducements:
        if actor in (x["by"], x["to"]) and evaluate(x["when"], env):
            total += (evaluate(x["worth"], env) if actor == x["to"] else 0.0)
            total -= (evaluate(x["cost"], env) if actor == x["by"] else 0.0)
    for f, signed in zip(model.files, env.signed):
        if signed and actor in model.file[f]["cost"]:
            total -= evaluate(model.file[f]["cost"][actor], env)
    return total


def reservation(actor, env):
    return evaluate(env.model.actors[actor]["reservation"], env.at(env.text, env.signed, status_quo=utility(actor, env)))


# ======================================================================= rules that pick a deal
def settle(model, gains, power, ties=None):
    """Index of the chosen one of a list of gain vectors (THEORY 2 and TB1 to TB3)."""
    n = len(gains[0])
    ideal = [max(g[i] for g in gains) for i in range(n)]
    small = [EPS * max(1.0, max(abs(g[i]) for g in gains)) for i in range(n)]
    share = [[g[i] / ideal[i] if ideal[i] > small[i] else 0.0 for i in range(n)] for g in gains]
    grid = lambda x: round(x / 1e-10) * 1e-10

    def main(k):
        g, h = gains[k], share[k]
        if model.protocol == "nash":
            gainers = [i for i in range(n) if g[i] > small[i]]
            return [len(gainers), grid(sum(power[i] * math.log(h[i]) for i in gainers))]
        if model.protocol == "kalai-smorodinsky":
            return sorted(grid(h[i] / power[i]) for i in range(n) if ideal[i] > small[i])
        if model.protocol == "egalitarian":
            return sorted(grid(g[i] / power[i]) for i in range(n))
        if model.protocol == "utilitarian":
            return [grid(sum(power[i] * g[i] for i in range(n)))]
        raise ValueError(model.protocol)
    scores = [main(k) for k in range(len(gains))]
    best = max(scores)
    tied = [k for k, s in enumerate(scores) if s == best]
    order = lambda k: (grid(sum(share[k])), grid(min(share[k])), -k)
    chosen = max(tied, key=order)
    if ties is not None:
        for k, s in enumerate(scores):
            if k != chosen and all(abs(a - b) < 1e-6 for a, b in zip(s, best)):
                ties.append(("tie" if k in tied else "near tie", k, gains[k], gains[chosen], order(k) == order(chosen)))
    return chosen


# ======================================================================= one sitting
def sitting_reads(model):
    """Every name that a sitting may look at: what a sitting's answer can depend on."""
    found = set()

    def walk(tree):
        if isinstance(tree, tuple) and tree and tree[0] == "name":
            found.add(tree[1].removeprefix("quantities."))
        elif isinstance(tree, (tuple, list)):
            for part in tree:
                walk(part)
        elif isinstance(tree, dict):
            for part in tree.values():
                walk(part)
    for part in (model.actors, model.rules, model.ratification, model.inducements, model.file):
        walk(part)
    return found


def moved_files(model, before, text):
    return {model.issues[name].file for name, a, b in zip(model.issues, before, text) if a != b}


def after(model, signed, moved):
    return tuple(1 if f in moved else s for f, s in zip(model.files, signed))


def needed(model, moved):
    return [r for r, t in model.ratification.items()
            if moved and (t["module"] is None or t["module"] in moved)]


def ratification_chance(model, r, env):
    return min(max(evaluate(model.ratification[r]["chance"], env), 0.0), 1.0)


def sit(env, files, above=None, values=None):
    """The parties sit down over `files`. Returns the text they agree on (what stands: no deal).

    above   {ratification: chance}: only texts with a higher chance (a renegotiation)
    values  looks ahead: function (text, signed) -> {actor: value}
    """
    model, before, signed = env.model, env.text, env.signed
    if model.reads is None:
        model.reads = sitting_reads(model)
    memo = (tuple(env.frozen["quantities"][q] for q in model.quantities if q in model.reads),
            tuple(env.frozen["weight"].values()), tuple(env.frozen["risk"].values()), tuple(env.frozen["power"].values()),
            env.session, env.broken, tuple(files), before, signed, tuple((above or {}).items()),
            tuple(n for e, n in env.state.events.items() if "event." + e in model.reads),
            tuple(n for r, n in env.state.rejected.items() if "rejected." + r in model.reads))
    if values is None and memo in model.sat:
        return model.sat[memo]
    choices = []
    for k, issue in enumerate(model.issues.values()):
        options = [before[k]]
        if issue.file in files:
            options = list(range(len(issue.labels)))
            table = model.file[issue.file]
            if table["step"] is not None:
                step = math.floor(evaluate(table["step"], env) + 1e-9)
                options = [x for x in options if abs(x - before[k]) <= step]
            if evaluate(table["ratchet"], env):
                options = [x for x in options if x >= before[k]]
        choices.append(options)
    look = values or (lambda text, flags: {a: utility(a, env.at(text, flags)) for a in model.actors})
    stands = look(before, signed)
    floor = {a: evaluate(model.actors[a]["reservation"], env.at(before, signed, status_quo=stands[a]))
             for a in model.actors if model.actors[a]["signs"] or evaluate(model.actors[a]["veto"], env)}
    deals = []
    for text in itertools.product(*choices):
        moved = moved_files(model, before, text)
        flags = after(model, signed, moved)
        if model.scope == "package" and PACKAGE_ALL and moved and moved != set(files):
            continue
        here = env.at(text, flags)
        if not all(evaluate(rule, here) == 1 or truth(evaluate(rule, here)) == 1 for rule in model.rules):
            continue
        asked = needed(model, moved)
        if not all(truth(evaluate(model.ratification[r]["accepts"], here)) == 1 for r in asked):
            continue
        if above and any(r in asked and ratification_chance(model, r, here) <= p + 1e-12 for r, p in above.items()):
            continue
        deals.append((text, asked, here, look(text, flags)))
    size = {a: EPS * max([1.0] + [abs(d[3][a]) for d in deals]) for a in floor}
    deals = [d for d in deals if all(d[3][a] >= floor[a] - size[a] for a in floor)]
    chosen = before
    if deals:
        gains = []
        for text, asked, here, u in deals:
            weight = 1.0
            for r in asked:
                if evaluate(model.ratification[r]["foreseen"], env):
                    weight *= ratification_chance(model, r, here)
            gains.append([(max(u[a] - floor[a], 0.0) * weight) ** env.frozen["risk"][a] for a in model.signatories])
        ties = []
        power = [env.frozen["power"][a] for a in model.signatories]
        chosen = deals[settle(model, gains, [p / sum(power) for p in power], ties)][0]
        for kind, k, g, best, exact in ties:
            model.ties.append((env.session, kind, labels(model, deals[k][0]), g, labels(model, chosen), best, exact))
    if values is None:
        model.sat[memo] = chosen
    return chosen


def labels(model, text):
    return tuple("" if k is None else i.labels[k] for i, k in zip(model.issues.values(), text))


# ======================================================================= one session
def ratify(env, before, signed, text, oracle, resit):
    """Ratification of `text`. Returns text, signed flags, refusals, whether talks break down."""
    model, state = env.model, env.state
    luck = {}                                   # what is known of each draw: it lies in [low, high)

    def vote(text):
        moved = moved_files(model, before, text)
        refused = []
        for r in needed(model, moved):
            p = ratification_chance(model, r, env.at(text, after(model, signed, moved)))
            low, high = luck.get(r, (0.0, 1.0))
            passes = oracle.chance((min(max(p, low), high) - low) / (high - low))
            luck[r] = (low, min(p, high)) if passes else (max(p, low), high)
            if not passes:
                state.rejected[r] += 1
                refused.append((r, p))
        return refused
    refused = vote(text)
    again = {r: p for r, p in refused if model.ratification[r]["on_failure"] == "renegotiate"}
    if again:
        if len(luck) - sum(interval == (0.0, 1.0) for interval in luck.values()) > 1:   # somebody else may refuse
            raise ValueError("a renegotiation with several ratifications: not read by this reference")
        text = resit(again)
        refused = vote(text) if text != before else []
    fallen, broken = set(), False
    for r, _ in refused:
        module = model.ratification[r]["module"]
        whole = module is None or (PACKAGE_FALLS and model.scope == "package")
        whole |= model.ratification[r]["on_failure"] == "breakdown"
        fallen |= set(model.files) if whole else {module}
        broken |= model.ratification[r]["on_failure"] == "breakdown"
    left = tuple(a if i.file in fallen else b for i, a, b in zip(model.issues.values(), before, text))
    flags = after(model, signed, moved_files(model, before, left))
    if fallen and left != before:
        here = env.at(left, flags)
        if not all(truth(evaluate(rule, here)) == 1 for rule in model.rules):
            left, flags = before, signed
    return left, flags, bool(refused), broken


def play(model, state, session, oracle):
    """One session: from the state before to the state after, and what a report would say."""
    state = state.copy()
    state.before = state.signed
    env = lambda frozen=None: Env(model, state, session, oracle, frozen)
    # 1. redraw, revert
    if session > 1:
        for q in model.redraw:
            for name in [n for n in state.draws if n[0] == f"quantities.{q}"]:
                del state.draws[name]
    if state.now is None:
        state.now, state.level = {}, {}
        for q in model.quantities:
            if q in model.moving:
                state.now[q] = state.level[q] = evaluate(model.quantities[q], env())
    elif model.reverts:
        pull = {q: evaluate(r, env()) for q, r in model.reverts.items()}
        for q, share in pull.items():
            state.now[q] += share * (state.level[q] - state.now[q])
    # 2. events
    for name, event in model.events.items():
        if evaluate(event["once"], env()) and state.events[name]:
            continue
        if truth(evaluate(event["when"], env())) != 1 or not oracle.chance(evaluate(event["chance"], env())):
            continue
        new = {q: evaluate(x, env()) for q, x in event["effects"].items()}
        for q, x in new.items():
            if evaluate(event["lasting"], env()):
                state.level[q] += x - state.now[q]
            state.now[q] = x
        state.events[name] += 1
    # 3. breakdown
    if not state.broken and oracle.chance(evaluate(model.breakdown, env())):
        state.broken = 1
    world = env(freeze(model, env()))
    before, signed = state.text, state.signed
    floor = {a: reservation(a, world) for a in model.signatories}
    # 4. which files are open
    refused = False
    if not state.broken:
        files = []
        for f, s in zip(model.files, signed):
            t = model.file[f]
            if not s or evaluate(t["reopen"], world) or evaluate(t["ratchet"], world):
                if model.scope == "package" or oracle.chance(evaluate(t["ripe"], world)):
                    files.append(f)
        # 5. the parties sit down
        look = ahead(model, state, session, oracle, world) if evaluate(model.foresight, world) else None

        def talks(above=None):
            text, flags = before, signed
            tables = [[f] for f in files] if model.scope == "one_by_one" else [files] if files else []
            for table in tables:
                new = sit(world.at(text, flags), table, above, look)
                flags = after(model, flags, moved_files(model, text, new))
                text = new
            return text
        text = talks()
        # 6. ratification
        if text != before:
            text, flags, refused, broken = ratify(world, before, signed, text, oracle, talks)
            if text != before:
                state.agreed = 1
                for a in model.signatories:
                    state.gain[a] += utility(a, world.at(text, flags)) - floor[a]
            state.text, state.signed = text, flags
            state.broken |= broken
    # 7. erosion
    for e in model.erosion:
        now = env(world.frozen)
        if truth(evaluate(e["when"], now)) == 1 and oracle.chance(evaluate(e["chance"], now)):
            state.text = tuple(max(k - 1, 0) if i in e["issues"] else k for i, k in zip(model.issues, state.text))
    # 8. signals and the record
    row = record(model, state, session, env(world.frozen), floor, refused) if session in model.report else None
    return state, row, (session, labels(model, before), labels(model, state.text))


def ahead(model, state, session, oracle, world):
    """Values of texts to parties that look ahead (THEORY 10.1): only where nothing is left to chance."""
    def values(text, flags):
        now = {a: utility(a, world.at(text, flags)) for a in model.actors}
        if session == model.sessions:
            return now
        next_state = state.copy()
        next_state.text, next_state.signed = text, flags
        later = future(model, next_state, session + 1, oracle)
        d = world.frozen["discount"]
        return {a: (1 - d[a]) * now[a] + d[a] * later[a] for a in model.actors}
    return values


def future(model, state, session, oracle):
    end, _, _ = play(model, state, session, oracle)
    here = Env(model, end, session, oracle)
    world = Env(model, end, session, oracle, freeze(model, here))
    return ahead(model, end, session, oracle, world)(end.text, end.signed)


def record(model, state, session, env, floor, refused):
    """One row of runs.csv: column -> (kind, content); kind is "share" (label or 0/1) or "mean"."""
    row = {}
    signed = any(state.signed)
    row["ended"] = ("ended", "breakdown" if state.broken else "agreement" if signed else
                    "rejected" if refused else "unclear" if any(state.rejected.values()) else "no_deal")
    for issue, k in zip(model.issues.values(), state.text):
        row[issue.name] = ("label", labels(model, state.text)[list(model.issues).index(issue.name)])
        if issue.numeric:
            row[issue.name + "#"] = ("mean", NAN if k is None else issue.numbers[k])
    for a in model.actors:
        u = utility(a, env)
        row["utility." + a] = ("mean", u if state.agreed or not model.actors[a]["signs"] else floor[a])
    if not evaluate(model.foresight, env):          # what a gain is to those who look ahead is left open
        for a in model.signatories:
            row["gain." + a] = ("mean", state.gain[a])
    for m in model.measures:
        logical = model.measures[m][0] in ("cmp", "in", "and", "or", "not")
        extra = {"utility." + a: row["utility." + a][1] for a in model.actors}
        extra |= {"reservation." + a: floor[a] for a in model.signatories}
        here = env.at(env.text, env.signed, **extra)
        row[m] = ("share" if logical else "mean", evaluate(model.measures[m], here))
    if model.modules:
        for f, s in zip(model.files, state.signed):
            row["signed." + f] = ("share", float(s))
    for e, n in state.events.items():
        row["event." + e] = ("mean", float(n))
    for r, n in state.rejected.items():
        row["rejected." + r] = ("mean", float(n))
    chance = {}
    for name, g in model.signals.items():
        p = 0.0
        for when, is_ in g["rows"]:
            if truth(evaluate(when, env)) == 1:
                p = evaluate(is_, env)
                break
        chance[name] = min(max(p, 0.0), 1.0) * (1 - evaluate(g["missed"], env))
        row["signal." + name] = ("chance", chance[name])
    for o in model.observations:
        if o.get("session", 1) == session:
            p = 1.0
            for name in o.get("seen", []):
                p *= chance[name]
            for name in o.get("not_seen", []):
                p *= 1 - chance[name]
            row["likelihood." + o["id"]] = ("mean", p ** o.get("temper", 1))
    return row


# ======================================================================= all runs at once
def solve(table):
    model = Model(table)
    states = {None: (1.0, State(model), [])}
    report, branches, lucky, paths = [], 0, False, {}
    for session in range(1, model.sessions + 1):
        following, rows = {}, []
        for probability, state, story in states.values():
            for p, (new, row, told) in explore(lambda oracle: play(model, state, session, oracle)):
                branches += 1
                lucky |= p < 1
                key = new.key()
                old = following.get(key, (0.0, new, story + [told]))
                following[key] = (old[0] + probability * p, old[1], old[2])
                if row is not None:
                    rows.append((probability * p, row))
        states = following
        if rows:
            report += statistics(model, session, rows)
    total = sum(p for p, _, _ in states.values())
    assert abs(total - 1) < 1e-9, total
    exact = not lucky and all(e["sd"] == 0 for e in report)
    return model, report, branches, exact, list(states.values())


def statistics(model, session, rows):
    out = []

    def add(statistic, variable, value, sd, level=None):
        entry = {"session": session, "statistic": statistic, "variable": variable}
        if level is not None:
            entry["level"] = level
        out.append(entry | {"value": tidy(value), "sd": tidy(sd)})

    def share(p):
        p = min(max(p, 0.0), 1.0)
        return p, math.sqrt(p * (1 - p)) if 1e-12 < p < 1 - 1e-12 else 0.0
    for column, (kind, _) in rows[0][1].items():
        items = [(p, row[column][1]) for p, row in rows]
        if kind == "ended":
            unclear = sum(p for p, x in items if x == "unclear") > 0
            for level in ("agreement", "breakdown") if unclear else ("agreement", "no_deal", "rejected", "breakdown"):
                add("ended", column, *share(sum(p for p, x in items if x == level)), level)
        elif kind == "label" and not model.issues[column].range:
            for level in model.issues[column].labels:
                add("share", column, *share(sum(p for p, x in items if x == level)), level)
        elif kind == "label":
            continue
        elif kind in ("share", "chance"):
            items = [(p, x) for p, x in items if not math.isnan(x)]
            add("share", column, *share(sum(p * x for p, x in items) / max(sum(p for p, _ in items), 1e-300)))
        else:
            items = [(p, x) for p, x in items if not math.isnan(x)]
            mass = sum(p for p, _ in items)
            if mass == 0:
                continue
            mean = sum(p * x for p, x in items) / mass
            variance = sum(p * (x - mean) ** 2 for p, x in items) / mass
            add("mean", column.rstrip("#"), mean, math.sqrt(variance) if variance > 1e-18 else 0.0)
    return out


def tidy(x):
    x = float(f"{x:.12g}")
    return 0.0 if abs(x) < 1e-12 else x


def lines(answer):
    head = {k: v for k, v in answer.items() if k != "expected"}
    text = json.dumps(head, indent=1)[:-2] + ',\n "expected": [\n  '
    return text + ",\n  ".join(json.dumps(e) for e in answer["expected"]) + "\n ]\n}\n"


def main(arguments):
    write = "--write" in arguments
    tell = "--path" in arguments
    variant = arguments[arguments.index("--variant") + 1] if "--variant" in arguments else None
    for name in [a for a in arguments if a.endswith(".toml")]:
        with open(name, "rb") as file:
            table = tomllib.load(file)
        model, report, branches, exact, states = solve(patched(table, variant) if variant else table)
        for tie in dict.fromkeys(map(str, model.ties)):
            print(f"{os.path.basename(name)}: {tie}", file=sys.stderr)
        if tell:
            for p, state, story in sorted(states, key=lambda s: -s[0])[:12]:
                print(f"{p:.6f}  " + "  ".join(f"{s}: {' '.join(b)}" for s, _, b in story), state.signed, state.gain)
            continue
        method = (f"reference.py: every deal of every sitting and every branch of chance, one by one "
                  f"({model.sessions} session{'s' * (model.sessions > 1)}, {branches} branches)")
        answer = {"scenario": os.path.basename(name), "method": method, "runs": 4 if exact else 40000,
                  "exact": exact, "expected": report}
        if variant:
            answer["variant"] = variant
        if write:
            with open(name[:-5] + ".json", "w") as file:
                file.write(lines(answer))
            print(f"{os.path.basename(name)}: {branches} branches, {len(report)} answers, exact {exact}")
        else:
            print(lines(answer), end="")


if __name__ == "__main__":
    main(sys.argv[1:])
