"""Issue by issue, agendas and logrolling (5.2, 5.3)."""
from fractions import Fraction

from . import curves, rules


class OneIssue:
    """One issue on its own: its levels as packages, its own disagreement."""

    def __init__(self, m, k, d):
        self.n = m.n
        self.d = [Fraction(v) for v in d]
        self.u = [[Fraction(a["weights"][k]) * Fraction(a["values"][k][level]) for a in m.actors]
                  for level in range(m.sizes[k])]
        self.all = list(range(m.sizes[k]))

    gain = None
    zopa = None
    ideal = None


from .model import Finite  # noqa: E402

OneIssue.gain, OneIssue.zopa, OneIssue.ideal = Finite.gain, Finite.zopa, Finite.ideal


def separate(m, task):
    """Each issue by itself against the package deal. Disagreement as [issue][actor], or [actor][issue] by its shape."""
    d = task["per_issue_disagreement"]
    issues = len(m.sizes)
    by_issue = len(d) == issues and all(len(row) == m.n for row in d)
    quo = task.get("status_quo", [0] * issues)
    text = []
    for k in range(issues):
        one = OneIssue(m, k, d[k] if by_issue else [row[k] for row in d])
        level = rules.choose(one, task["rule"])
        text.append(quo[k] if level is None else level)
    x, y = m.number(text), rules.choose(m, task["rule"])
    gain = [b - a for a, b in zip(m.u[x], m.u[y])]
    return {"issue_by_issue": {"package": x, "utilities": m.u[x]}, "package_deal": {"package": y, "utilities": m.u[y]},
            "joint_gain": gain, "joint_gain_total": sum(gain)}


def sequential(m, task):
    """One issue after another; disagreement is the text as it stands."""
    orders = []
    for order in task["orders"]:
        text = list(task["status_quo"])
        path = []
        for k in order:
            now = m.number(text)
            among = [y for y in m.all if all(m.levels[y][j] == text[j] for j in range(len(text)) if j != k)]
            x = rules.choose(m, task["rule"], None, m.u[now], among)
            text = list(m.levels[now if x is None else x])
            path.append(m.number(text))
        orders.append({"order": order, "path": path, "package": path[-1], "utilities": m.u[path[-1]]})
    y = rules.choose(m, task["rule"])
    return {"orders": orders, "package_deal": {"package": y, "utilities": m.u[y]}}


def logrolling(m, task):
    """Gain over settling every issue at the same fraction of its range."""
    solved = curves.solve(m, task["rule"])
    at = [low + (high - low) * float(f) for f, (low, high) in zip(task["reference"], m.issues)]
    reference = m.u(at)
    most = m.u([m.top(lambda z: m.part(0, k, z) + m.part(1, k, z), k) for k in range(len(m.issues))])
    total = lambda u: sum(u) - sum(m.d)
    gain = total(solved["utilities"]) - total(reference)
    room = total(most) - total(reference)
    return {"x": solved["x"], "utilities": solved["utilities"], "reference_utilities": reference,
            "logrolling_gain": gain, "integrative_index": gain / room if room > 1e-9 else None, "w_max": total(most)}
