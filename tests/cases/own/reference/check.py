#!/usr/bin/env python3
"""Hold the reference against every case of its kinds, the public ones and our own.

    python3 tests/cases/own/reference/check.py [FOLDER OR FILE...]

Prints one line for each case: how many of its expected numbers were compared, and what does not hold. Numbers are
held against the case's own tolerance; packages, traces, words and yes or no must be equal.
"""
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(HERE))

from reckon.answer import answer  # noqa: E402
from reckon.model import read  # noqa: E402

WHOLE = {"package", "trace", "path", "round", "accepted_by", "proposer", "all_optima", "pareto_in_zopa", "most_likely", "partners",
         "package_if_agreement", "round_if_agreement", "order"}


def compare(case, want, got, name, where, faults):
    """How many numbers were compared."""
    if isinstance(want, dict):
        if not isinstance(got, dict):
            faults.append(f"{where}: not told")
            return 0
        return sum(compare(case, v, got[k], k, f"{where}.{k}".strip("."), faults) if k in got else
                   missing(faults, f"{where}.{k}".strip(".")) for k, v in want.items())
    if isinstance(want, list):
        if not isinstance(got, list) or len(got) != len(want):
            faults.append(f"{where}: expected {short(want)}, got {short(got)}")
            return 0
        return sum(compare(case, a, b, name, f"{where}[{k}]", faults) for k, (a, b) in enumerate(zip(want, got)))
    if isinstance(want, (bool, str)) or want is None or isinstance(got, (bool, str)) or got is None:
        if want != got:
            faults.append(f"{where}: expected {want}, got {got}")
        return 1
    limits = case["tolerance"]
    top = where.split(".")[0].split("[")[0]
    limit = 0 if name in WHOLE and isinstance(want, int) else limits.get(name, limits.get(top, limits["default"]))
    if not abs(float(want) - float(got)) <= float(limit) + 1e-15:
        faults.append(f"{where}: expected {float(want)!r}, got {float(got)!r}")
    return 1


def missing(faults, where):
    faults.append(f"{where}: not told")
    return 0


def short(value):
    text = repr(value)
    return text if len(text) < 90 else text[:87] + "..."


def hold(path):
    """The case, how much was compared, and the faults; None if the task is none of ours."""
    case = read(path)
    try:
        got = answer(case)
    except (KeyError, AssertionError) as fault:
        return case, 0, [f"cannot be reckoned: {fault!r}"]
    if not got:
        return case, None, []
    faults = []
    return case, compare(case, case["expected"], got, "", "", faults), faults


def main(arguments):
    own = HERE.parent
    places = [Path(a) for a in arguments] or [own.parent / "public", own]
    held = failed = left = 0
    for place in places:
        for path in sorted(place.glob("*.json")) if place.is_dir() else [place]:
            start = time.time()
            case, count, faults = hold(path)
            if count is None:
                left += 1
                continue
            held, failed = (held, failed + 1) if faults else (held + 1, failed)
            seconds = time.time() - start
            print(f"{'FAILED' if faults else 'ok':7}{case['concept']:20}{case['id']:48}{count:5}{seconds:8.1f} s")
            for fault in faults:
                print(f"       {fault}")
    print(f"{held} cases hold, {failed} do not; {left} of other kinds")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
