#!/usr/bin/env python3
"""What tools/run_tests makes of TAP: each single test counted once, every reason kept. TAP itself."""
import importlib.machinery
import importlib.util
import pathlib
import sys

PATH = pathlib.Path(__file__).resolve().parent.parent.parent / "tools" / "run_tests"

# title, TAP, passed, names of the failed, (name, reason) of the skipped
CASES = [
    ("plain tests", "1..2\nok 1 - a\nok 2 - b\n", 2, [], []),
    ("a failed one", "1..2\nok 1 - a\nnot ok 2 - b\n# why\n", 1, ["x: b"], []),
    ("a skipped one keeps its reason", "1..1\nok 1 - a # SKIP no disk\n", 0, [], [("x: a", "no disk")]),
    ("cmocka's way to skip", "1..1\nno disk\nnot ok 1 # SKIP a\n", 0, [], [("x: a", "no disk")]),
    ("one that ends too early", "1..3\nok 1 - a\n", 1, ["x: ended after 1 of 3 tests"], []),
    ("a plan at the end", "ok 1 - a\n1..1\n", 1, [], []),
    ("nested tests count, their groups do not",
     "TAP version 13\n# Subtest: g\n    # Subtest: a\n    ok 1 - a\n    ok 2 - b\n    1..2\nok 1 - g\nok 2 - c\n1..2\n", 3, [], []),
    ("a group fails only once", "    ok 1 - a\n    not ok 2 - b\n    1..2\nnot ok 1 - g\n1..1\n", 1, ["x: b"], []),
    ("a group that fails by itself", "    ok 1 - a\n    1..1\nnot ok 1 - g\n1..1\n", 1, ["x: g"], []),
    ("groups in groups", "        ok 1 - a\n        1..1\n    ok 1 - h\n    1..1\nok 1 - g\n1..1\n", 1, [], []),
    ("two groups after each other", "    ok 1 - a\n    1..1\nok 1 - g\n    not ok 1 - b\n    1..1\nnot ok 2 - h\n1..2\n", 1, ["x: b"], []),
    ("other output is no test", "okay\nnot okay\nhello\n1..1\nok 1 - a\n", 1, [], []),
]


def main():
    loader = importlib.machinery.SourceFileLoader("run_tests", str(PATH))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("run_tests", loader))
    sys.dont_write_bytecode = True
    loader.exec_module(module)
    print(f"1..{len(CASES)}")
    is_good = True
    for number, (title, text, passed, failed, skipped) in enumerate(CASES, 1):
        result = module.Result()
        result.add_tap("x", text)
        good = (result.passed, result.failed, result.skipped) == (passed, failed, skipped)
        is_good = is_good and good
        print(f"{'ok' if good else 'not ok'} {number} - {title}")
        if not good:
            print(f"# {result.passed} {result.failed} {result.skipped}")
    sys.exit(0 if is_good else 1)


main()
