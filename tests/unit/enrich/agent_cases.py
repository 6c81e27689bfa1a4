#!/usr/bin/env python3
"""Turns what others say of user agents into C tables for tests: uap-core's own test cases, and the agents of
crawler-user-agents' `instances`.

usage: agent_cases.py cases.c cases.h FOLDER_OF_UAP_CORE crawler-user-agents.json"""
import json
import pathlib
import sys

import yaml

PARTS = ["family", "major", "minor", "patch", "patch_minor"]
BROWSERS = ["tests/test_ua.yaml", "test_resources/firefox_user_agent_strings.yaml", "test_resources/opera_mini_user_agent_strings.yaml",
            "test_resources/pgts_browser_list.yaml", "test_resources/podcasting_user_agent_strings.yaml"]
SYSTEMS = ["tests/test_os.yaml", "test_resources/additional_os_tests.yaml"]
HEADER = """#pragma once

typedef struct FamilyCase {
	const char *file;
	const char *user_agent;
	const char *parts[5]; // family, major, minor, patch, patch minor; NULL where none
} FamilyCase;

// Each ends with a NULL file, and is empty where the package has no tests.
extern const FamilyCase browser_cases[]; // those of test_ua.yaml first
extern const FamilyCase system_cases[];
extern const char *const robot_instances[]; // ends with NULL
"""


def literal(text):
    if not text:
        return "NULL"
    return '"' + "".join(chr(byte) if 32 <= byte < 127 and byte not in b'"\\?' else f"\\{byte:03o}" for byte in text.encode()) + '"'


def cases(folder, files):
    for name in files:
        if (folder / name).exists():
            # Without types: a version stays the text it is.
            for case in yaml.load((folder / name).read_text(), getattr(yaml, "CBaseLoader", yaml.BaseLoader))["test_cases"]:
                parts = ", ".join(literal(case.get(part)) for part in PARTS)
                yield f"\t{{{literal(name.split('/')[1])}, {literal(case['user_agent_string'])}, {{{parts}}}}},"


def main():
    out_c, out_h, folder, crawlers = map(pathlib.Path, sys.argv[1:])
    body = ['#include "agent_cases.h"', "", "#include <stddef.h>", ""]
    for name, files in (("browser_cases", BROWSERS), ("system_cases", SYSTEMS)):
        body += [f"const FamilyCase {name}[] = {{", *cases(folder, files), "\t{NULL},", "};", ""]
    instances = [instance for crawler in json.loads(crawlers.read_text()) for instance in crawler.get("instances", [])]
    body += ["const char *const robot_instances[] = {", *(f"\t{literal(one)}," for one in instances), "\tNULL,", "};", ""]
    out_c.write_text("\n".join(body))
    out_h.write_text(HEADER)


main()
