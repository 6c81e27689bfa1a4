#!/usr/bin/env python3
"""Turns a list of data/ into C tables: the requests of a log that are no page views (data/asset_rules.txt).

usage: embed_data.py tables.c tables.h asset_rules.txt"""
import pathlib
import sys

HEADER = """#pragma once

typedef struct DataAssetRule {
	const char *kind;
	const char *pattern; // .ext, /glob or ?name=glob
} DataAssetRule;

extern const DataAssetRule data_asset_rules[]; // in order; ends with a NULL kind
"""


def rows(path):
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            yield number, line


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
    out_c, out_h, asset_rules = map(pathlib.Path, sys.argv[1:])
    rules = [f"\t{{{literal(kind)}, {literal(pattern)}}}," for kind, pattern in read_assets(asset_rules)]
    out_c.write_text("\n".join(['#include "tables.h"', "", "#include <stddef.h>", "", "const DataAssetRule data_asset_rules[] = {",
                                *rules, "\t{NULL, NULL},", "};", ""]))
    out_h.write_text(HEADER)


main()
