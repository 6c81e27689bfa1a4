#!/usr/bin/env python3
"""docs/reference/channels.md shows the rules and click ids that data/ has. TAP."""
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PAGE = (ROOT / "docs/reference/channels.md").read_text()


def rules():
    text = (ROOT / "data/channel_rules.txt").read_text()
    return "```\n" + text[text.index("\nPAID = ") + 1:] + "```\n"


def click_ids():
    lines = (ROOT / "data/click_ids.txt").read_text().splitlines()
    rows = [line.split() for line in lines if line.strip() and not line.startswith("#")]
    return "".join(f"| `{parameter}` | {source} | {medium} |\n" for parameter, source, medium in rows)


checks = {"the page of channels shows the rules as they are": rules() in PAGE,
          "the page of channels shows the click ids as they are": "|---|---|---|\n" + click_ids() + "\n" in PAGE}
print(f"1..{len(checks)}")
for number, (name, is_good) in enumerate(checks.items(), 1):
    print(f"{'' if is_good else 'not '}ok {number} - {name}")
sys.exit(not all(checks.values()))
