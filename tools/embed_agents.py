#!/usr/bin/env python3
"""Turns what is known of user agents into C tables: robots (crawler-user-agents, then data/robot_rules.txt), browsers and
systems (uap-core's regexes.yaml), types of device (data/device_rules.txt), and brands and platforms of client hints
(data/brand_rules.txt).

usage: embed_agents.py agents.c agents.h crawler-user-agents.json regexes.yaml robot_rules.txt device_rules.txt brand_rules.txt"""
import json
import pathlib
import re
import sys

try:
    import yaml
except ImportError:
    sys.exit("python3-yaml is missing; tools/setup build installs it")
try:
    from re import _constants as ops, _parser as parser  # Python 3.11 and later
except ImportError:
    import sre_constants as ops
    import sre_parse as parser

NAMES = 5
KIND_SIZE_MAX = 60
LITERALS_MAX = 40    # more alternatives than this are not told apart
LITERAL_SIZE_MIN = 3  # what enrich/patterns.c looks for
HEADER = """#pragma once

typedef struct DataPattern {
	const char *pattern;  // PCRE2
	const char *literals; // in lower case, each ended by a NUL and the list by an empty one: a text without any of them does
						  // not match; NULL: nothing is known
	const char *names[5]; // what a match means; of browsers and systems uap-core's replacements, NULL where it has none
} DataPattern;

// What stands first is asked first; each list ends with a NULL pattern.
extern const DataPattern data_robots[];  // names: the robot's name, or a kind
extern const DataPattern data_browsers[]; // names: family, and three parts of its version
extern const DataPattern data_systems[];  // names: family, and four parts of its version
extern const DataPattern data_devices[]; // names: desktop, mobile, tablet or unknown

typedef struct DataBrand {
	const char *brand; // of a browser or a platform
	const char *family;
	const char *mobile_family; // on a mobile device
} DataBrand;

extern const DataBrand data_brands[];    // what stands first is preferred; ends with a NULL brand
extern const DataBrand data_platforms[]; // likewise
"""


# ── What must stand in a text for a pattern to match ──

def shortest(texts):
    return min(map(len, texts))


def better(left, right):
    """Of two sets of texts the one that rules out more."""
    if left is None or right is None:
        return right if left is None else left
    return right if shortest(right) > shortest(left) else left


def one_of(members):
    """The bytes of a [set], where they are few."""
    texts = set()
    for op, value in members:
        if op is ops.LITERAL and value < 128:
            texts.add(chr(value).lower())
        elif op is ops.RANGE and value[1] < 128 and value[1] - value[0] < 5:
            texts |= {chr(code).lower() for code in range(value[0], value[1] + 1)}
        else:
            return None
    return texts


def token_texts(op, value):
    """All a token can match, as a set, or None where that is too much; and a set one of which stands inside."""
    if op is ops.LITERAL:
        return ({chr(value).lower()} if value < 128 else None), None
    if op is ops.IN:
        return one_of(value), None
    if op in (ops.AT, ops.ASSERT, ops.ASSERT_NOT):
        return {""}, None
    if op is ops.SUBPATTERN:
        return required(value[3])
    if op is ops.BRANCH:
        wholes, insides = zip(*(required(branch) for branch in value[1]))
        return (None if None in wholes else set().union(*wholes)), (None if None in insides else set().union(*insides))
    if op in (ops.MAX_REPEAT, ops.MIN_REPEAT):
        least, most, repeated = value
        whole, inside = required(repeated)
        if most == 1:
            return (whole, inside) if least == 1 else (None if whole is None else whole | {""}, None)
        if least > 0:
            return None, better(inside, whole if whole and shortest(whole) > 0 else None)
    return None, None


def required(tokens):
    """As token_texts, of a row of tokens: neighbours that can be told are joined to longer texts."""
    run, best, is_whole = {""}, None, True
    for op, value in tokens:
        whole, inside = token_texts(op, value)
        best = better(best, inside)
        if whole is not None and len(run) * len(whole) <= LITERALS_MAX:
            run = {before + behind for before in run for behind in whole}
            continue
        is_whole = False
        best = better(best, run if shortest(run) > 0 else None)
        run = whole if whole is not None and len(whole) <= LITERALS_MAX else {""}
    best = better(best, run if shortest(run) > 0 else None)
    return (run if is_whole else None), best


def literals_of(pattern):
    """Sorted, or None: then the pattern is tried on every text, as with what Python cannot read."""
    try:
        texts = required(parser.parse(pattern))[1]
    except re.error:
        return None
    return sorted(texts) if texts and shortest(texts) >= LITERAL_SIZE_MIN else None


# ── The lists ──

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


def at_word(pattern, instances):
    """The pattern from the beginning of a word on, unless one of its robots says otherwise: "008/" is none of "39008/"."""
    bound = f"(?<![A-Za-z0-9])(?:{pattern})"
    is_word = re.match(r"[A-Za-z0-9\[(]", pattern) and all(re.search(bound, instance) for instance in instances)
    return bound if is_word else pattern


def rows(path, columns):
    """Lines as columns with two or more spaces between them; # begins a comment."""
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            words = re.split(r" {2,}", line, maxsplit=columns - 1)
            if len(words) != columns:
                sys.exit(f"{path}:{number}: a line has {columns} columns with two or more spaces between them")
            yield words


def read_robots(crawler_path, rules_path):
    if not crawler_path.exists():
        sys.exit(f"{crawler_path} is missing; tools/setup build installs it")
    for crawler in json.loads(crawler_path.read_text()):
        yield at_word(crawler["pattern"], crawler.get("instances", [])), [name_of(crawler["pattern"])]
    for kind, pattern in rows(rules_path, 2):
        yield pattern, [kind]


def read_families(regexes, group, keys):
    for row in regexes[group]:
        yield row["regex"], [row.get(key) for key in keys]


def read_devices(path):
    for kind, pattern in rows(path, 2):
        if kind not in ("desktop", "mobile", "tablet", "unknown"):
            sys.exit(f"{path}: \"{kind}\" is no type of device: desktop, mobile, tablet or unknown")
        yield pattern, [kind]


def literal(text):
    return "NULL" if text is None else '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("??", "?\\?") + '"'


def pattern_table(name, patterns):
    yield f"const DataPattern {name}[] = {{"
    for pattern, names in patterns:
        texts = literals_of(pattern)
        listed = "NULL" if texts is None else " ".join(literal(text) + ' "\\0"' for text in texts)
        words = ", ".join(literal(text) for text in names + [None] * (NAMES - len(names)))
        yield f"\t{{{literal(pattern)}, {listed}, {{{words}}}}},"
    yield "\t{NULL},"
    yield "};"


def brand_table(name, kind, brands):
    yield f"const DataBrand {name}[] = {{"
    for what, *words in brands:
        if what == kind:
            yield "\t{" + ", ".join(map(literal, words)) + "},"
    yield "\t{NULL, NULL, NULL},"
    yield "};"


def main():
    out_c, out_h, crawlers, regexes, robot_rules, device_rules, brand_rules = map(pathlib.Path, sys.argv[1:])
    uap = yaml.load(regexes.read_text(), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    brands = list(rows(brand_rules, 4))
    browser_keys = ["family_replacement", "v1_replacement", "v2_replacement", "v3_replacement"]
    system_keys = ["os_replacement"] + [f"os_v{part}_replacement" for part in range(1, 5)]
    body = ['#include "agents.h"', "", "#include <stddef.h>", ""]
    body += pattern_table("data_robots", read_robots(crawlers, robot_rules))
    body += pattern_table("data_browsers", read_families(uap, "user_agent_parsers", browser_keys))
    body += pattern_table("data_systems", read_families(uap, "os_parsers", system_keys))
    body += pattern_table("data_devices", read_devices(device_rules))
    body += brand_table("data_brands", "browser", brands)
    body += brand_table("data_platforms", "platform", brands)
    out_c.write_text("\n".join(body) + "\n")
    out_h.write_text(HEADER)


main()
