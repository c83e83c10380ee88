"""How a case is put together, reckoned and written."""
import json
from fractions import Fraction

from reckon import table
from reckon.answer import answer, build

WIDE = 120
ORDER = ["schema", "id", "concept", "split", "title", "description", "source", "method", "model", "task", "expected",
         "tolerance", "monte_carlo", "notes"]


def case(id, concept, title, description, source, model, task, keys, method="enumeration", tolerance=1e-09,
         notes=None, monte_carlo=None, expected=None, second=None):
    """A case whose expected numbers are those the reference tells under `keys`; `second` is a second opinion."""
    made = {"schema": 1, "id": f"own-{id}", "concept": concept, "split": "own", "title": title,
            "description": description, "source": source, "method": method, "model": model, "task": task,
            "expected": expected or {},
            "tolerance": tolerance if isinstance(tolerance, dict) else {"default": tolerance}}
    if monte_carlo:
        made["monte_carlo"] = monte_carlo
    exact = json.loads(json.dumps(made), parse_float=Fraction)
    told = answer(exact)
    if task["kind"] == "sao":
        m = build(exact["model"])
        for eps in (1e-12, 1e-7):
            assert table.sao(m, exact["task"], eps)["trace"] == told["trace"], f"{id}: the trace hangs on epsilon"
    if second:
        remark = second(told) or "Second opinion: the closed form of the description, reckoned apart."
        notes = ". ".join(n for n in (notes, remark) if isinstance(n, str)) or None
    missing = [k for k in keys if k not in told]
    assert not missing, f"{id}: {missing} not told"
    least = min(made["tolerance"].values())
    digits = 12 if least < 1e-7 else 9 if least < 5e-6 else 7
    made["expected"] = tidy({k: told[k] for k in keys}, digits)
    if notes:
        made["notes"] = notes
    return made


def near(a, b, tolerance=1e-9):
    """Assert that numbers or lists of numbers agree."""
    if isinstance(a, (list, tuple)):
        assert len(a) == len(b), (a, b)
        for x, y in zip(a, b):
            near(x, y, tolerance)
    else:
        assert abs(a - b) <= tolerance, (a, b)


def tidy(value, digits):
    """No more digits than the tolerance asks for, whole numbers whole: the same bytes on every machine."""
    if isinstance(value, dict):
        return {k: tidy(v, digits) for k, v in value.items()}
    if isinstance(value, list):
        return [tidy(v, digits) for v in value]
    if isinstance(value, float):
        short = float(f"{value:.{digits}g}")
        if abs(value) < 1e-11:
            return 0
        return int(short) if short.is_integer() else short
    return value


def line(value):
    return json.dumps(value, ensure_ascii=False)


def text(value, indent=0, used=0):
    """JSON as the public cases have it: what fits a line stays on it."""
    flat = line(value)
    if not isinstance(value, (dict, list)) or (len(flat) + used <= WIDE and indent):
        return flat
    pad = " " * (indent + 1)
    if isinstance(value, dict):
        rows = [f"{pad}{line(k)}: {text(v, indent + 1, len(pad) + len(line(k)) + 3)}" for k, v in value.items()]
        return "{\n" + ",\n".join(rows) + "\n" + " " * indent + "}"
    if all(not isinstance(v, (dict, list)) for v in value):
        rows, row = [], ""
        for k, v in enumerate(value):
            word = line(v) + ("," if k < len(value) - 1 else "")
            if row and len(row) + len(word) + len(pad) + 1 > WIDE - (used if not rows else 0):
                rows.append(row)
                row = word
            else:
                row = f"{row} {word}".strip()
        return "[" + ("\n" + pad).join(rows + [row]) + "]"
    rows = [pad + text(v, indent + 1, len(pad) + 1) for v in value]
    return "[\n" + ",\n".join(rows) + "\n" + " " * indent + "]"


def written(made):
    return text({k: made[k] for k in ORDER if k in made}) + "\n"


# ---- pieces of models ----

def points(outcomes, reservations=None, discounts=None, **more):
    n = len(outcomes[0])
    actors = []
    for i in range(n):
        actor = {"name": "ABCDEFG"[i], "reservation": (reservations or [0] * n)[i]}
        if discounts:
            actor["discount"] = discounts[i]
        actors.append(actor)
    return {"form": "points", "actors": actors, "outcomes": outcomes} | more


def tables(sizes, actors, **more):
    """Issues with levels. Each actor: weights, values, reservation and whatever else."""
    issues = [{"name": f"issue{k}", "levels": [str(v) for v in range(size)]} for k, size in enumerate(sizes)]
    return {"form": "issues", "issues": issues,
            "actors": [{"name": "ABCDEFG"[i]} | a for i, a in enumerate(actors)]} | more


def actor(weights, values, reservation, **more):
    return {"weights": weights, "values": values, "reservation": reservation} | more


def dollar(reservations=(0, 0), discounts=None, b=None, a=None, low=0, high=1):
    """One share in a range: A likes it, B does not."""
    fs = [a or {"fn": "poly", "coef": [0, 1]}, b or {"fn": "poly", "coef": [1, -1]}]
    actors = []
    for i in range(2):
        one = {"name": "AB"[i], "weights": [1], "values": [fs[i]], "reservation": reservations[i]}
        if discounts:
            one["discount"] = discounts[i]
        actors.append(one)
    return {"form": "issues", "issues": [{"name": "share_of_A", "kind": "continuous", "min": low, "max": high}],
            "actors": actors}


def pie(n, reservations=None, discounts=None, functions=None):
    """A pie for n."""
    actors = []
    for i in range(n):
        one = {"name": f"P{i + 1}", "weights": [1],
               "values": [{"part": i} | (functions[i] if functions else {"fn": "poly", "coef": [0, 1]})],
               "reservation": (reservations or [0] * n)[i]}
        if discounts:
            one["discount"] = discounts[i]
        actors.append(one)
    return {"form": "issues", "issues": [{"name": "shares", "kind": "simplex", "parts": n}], "actors": actors}
