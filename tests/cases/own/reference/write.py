#!/usr/bin/env python3
"""Write our own cases of bargaining theory: the same bytes every time.

    python3 tests/cases/own/reference/write.py [WORD]    only the cases whose name holds the word
    python3 tests/cases/own/reference/write.py --check   writes nothing; fails if a file would change
"""
import importlib
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(HERE))

from fresh.made import written  # noqa: E402

TOPICS = ["voices", "strategies", "arbiters", "games", "texts", "lines", "secrets"]


def main(arguments):
    check = "--check" in arguments
    words = [a for a in arguments if not a.startswith("--")]
    names, changed = set(), []
    for topic in TOPICS:
        for made in importlib.import_module(f"fresh.{topic}").cases():
            name = made["id"]
            assert name not in names, f"two cases are called {name}"
            names.add(name)
            if words and not any(word in name for word in words):
                continue
            path = HERE.parent / f"{name}.json"
            text = written(made)
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                changed.append(name)
                if not check:
                    path.write_text(text, encoding="utf-8")
    print(f"{len(names)} cases, {len(changed)} {'differ' if check else 'written anew'}")
    for name in changed:
        print(f"  {name}")
    return 1 if check and changed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
