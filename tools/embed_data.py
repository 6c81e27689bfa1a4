#!/usr/bin/env python3
"""Turns the lists of data/ into C tables: robots by user agent (crawler-user-agents, then data/robot_rules.txt) and the
requests of a log that are no page views (data/asset_rules.txt).

usage: embed_data.py tables.c tables.h crawler-user-agents.json robot_rules.txt asset_rules.txt"""
import json
import pathlib
import re
import sys

KIND_SIZE_MAX = 60
HEADER = """#pragma once

typedef struct DataRobot {
	const char *kind;    // the robot's name, or a kind
	const char *pattern; // PCRE2
} DataRobot;

extern const DataRobot data_robots[]; // what stands first is asked first; ends with a NULL kind

typedef struct DataAssetRule {
	const char *kind;
	const char *pattern; // .ext, /glob or ?name=glob
} DataAssetRule;

extern const DataAssetRule data_asset_rules[]; // in order; ends with a NULL kind
"""


def name_of(pattern):
    """A robot's name, out of the pattern that finds it: the first alternative, up to where it stops being plain text."""
    name, at, depth = "", 0, 0
    while at < len(pattern):
        token = re.compile(r"\\.|\[\^?\]?[^\]]*\]|[\s\S]").match(pattern, at)[0]
        at += len(token)
        if token == "(":
            depth += 1
        elif token == ")":
            depth -= 1
        elif token == "|":
            if depth == 0:
                break
            depth -= 1 # the other alternatives of this group are left out
            while at < len(pattern) and pattern[at - 1] != ")":
                at += 1
        elif token in "^$":
            continue
        elif token.startswith("[") and not token.startswith("[^") and "\\" not in token:
            name += token[1] if name else token[1].upper()
        elif token.startswith("\\") and not token[1].isalnum():
            name += token[1]
        elif len(token) > 1 or token in ".*+?{":
            if name.strip():
                break
        else:
            name += token
    if name.count("(") != name.count(")"):
        name = name.replace(")", "") if ")" in name else name[:name.index("(")]
    return name.strip(" /;:-")[:KIND_SIZE_MAX] or "other robot"


def rows(path):
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            yield number, line


def read_robots(crawler_path, rules_path):
    if not crawler_path.exists():
        sys.exit(f"{crawler_path} is missing; tools/setup build installs it")
    for crawler in json.loads(crawler_path.read_text()):
        yield name_of(crawler["pattern"]), crawler["pattern"]
    for number, line in rows(rules_path):
        words = re.split(r" {2,}", line, maxsplit=1)
        if len(words) != 2:
            sys.exit(f"{rules_path}:{number}: a line is a kind, two or more spaces, and a pattern")
        yield words[0], words[1]


def read_assets(path):
    for number, line in rows(path):
        kind, _, patterns = line.partition(":")
        for pattern in patterns.split():
            if pattern[0] not in "./?" and not pattern.startswith("*/"):
                sys.exit(f"{path}:{number}: \"{pattern}\" is no .ext, /glob or ?name=glob")
            yield kind, pattern


def literal(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("??", "?\\?") + '"'


def main():
    out_c, out_h, crawlers, robot_rules, asset_rules = map(pathlib.Path, sys.argv[1:])
    body = ['#include "tables.h"', "", "#include <stddef.h>", ""]
    for declaration, table in (("const DataRobot data_robots[]", read_robots(crawlers, robot_rules)),
                               ("const DataAssetRule data_asset_rules[]", read_assets(asset_rules))):
        body += [declaration + " = {"]
        body += [f"\t{{{literal(kind)}, {literal(pattern)}}}," for kind, pattern in table]
        body += ["\t{NULL, NULL},", "};", ""]
    out_c.write_text("\n".join(body))
    out_h.write_text(HEADER)


main()
