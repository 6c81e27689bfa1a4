#!/usr/bin/env python3
"""Turns what data/ knows of where visits come from into C: referrers.txt as a table with its hash index, so that it is there
without being loaded, click_ids.txt as a table, channel_rules.txt as it is.

usage: embed_sources.py sources.c sources.h referrers.txt click_ids.txt channel_rules.txt"""
import pathlib
import re
import sys

CATEGORIES = {"search", "social", "ai", "video", "shopping", "email", "referral"}
HEADER = """#pragma once
#include <stdint.h>

// An address or a source's name, and what it is.
typedef struct DataReferrer {
	const char *key;             // "example.com", "example.*" (any top-level domain), or "=name"; lower case
	const char *path;            // "/path": only at or below it; "": anywhere
	const char *category;        // of the referrer
	const char *source_category; // of the source, for channels
	const char *parameters;      // names of the query's parameters that hold the searched words, with blanks between; or ""
	const char *word_path;       // "/s/": the part of the path behind it holds them; or ""
	unsigned char is_alone;      // hosts below are not meant
	unsigned char has_next;      // the next row has the same key, and a path that is no longer
} DataReferrer;

extern const DataReferrer data_referrers[];

// Where rows with a key begin: 1 + index into data_referrers, 0 for none. A key is looked for from the slot of its hash on
// (32-bit FNV-1a), until an empty one.
#define DATA_REFERRER_SLOTS %d // power of two
extern const uint16_t data_referrer_slots[DATA_REFERRER_SLOTS];

typedef struct DataClickId {
	const char *parameter; // of the query
	const char *source;    // what it tells of
	const char *medium;
} DataClickId;

extern const DataClickId data_click_ids[]; // what stands first counts; ends with a NULL parameter

extern const char data_channel_rules[]; // the file, to be read at start
"""


def fail(path, number, sentence):
    sys.exit(f"{path}:{number}: {sentence}")


def fnv1a(key):
    value = 2166136261
    for byte in key.encode():
        value = (value ^ byte) * 16777619 & 0xFFFFFFFF
    return value


def lines_of(path):
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            yield number, line


def read_referrers(path):
    """(key, path) → the row's other columns."""
    table = {}
    for number, line in lines_of(path):
        columns = re.split(r" {2,}", line.strip())
        if len(columns) != 3:
            fail(path, number, "a line is a category, a name, and addresses, with two or more spaces between")
        category, _, source_category = columns[0].partition("/")
        source_category = source_category or category
        if not {category, source_category} <= CATEGORIES:
            fail(path, number, f"there is no category \"{columns[0]}\"")
        words = columns[2].split()
        parameters = " ".join(word[1:] for word in words if word.startswith("?"))
        word_path = "".join(word[:-2] for word in words if word.startswith("/") and word.endswith("/{}"))
        for word in words:
            if word.startswith(("?", "/")):
                continue
            key, slash, below = word.partition("/")
            is_alone = key.startswith("www.")
            key = key.removeprefix("www.")
            row = (key, (slash + below).rstrip("/"))
            if key != key.lower() or "*" in key.removesuffix(".*"):
                fail(path, number, f"\"{word}\" is no address: lower case, and * only at the end")
            if row in table:
                fail(path, number, f"\"{word}\" stands here a second time")
            table[row] = (category, source_category, parameters, word_path, int(is_alone))
    return table


def read_click_ids(path):
    for number, line in lines_of(path):
        words = line.split()
        if len(words) != 3:
            fail(path, number, "a line is a parameter, its source and its medium")
        yield words


def literal(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("??", "?\\?") + '"'


def write_referrers(table):
    """The lines of C, and the number of slots."""
    order = sorted(table, key=lambda row: (row[0], -len(row[1]), row[1]))
    size = 1 << (2 * len({key for key, _ in order})).bit_length()
    slots = [0] * size
    body = ["const DataReferrer data_referrers[] = {"]
    for index, (key, path) in enumerate(order):
        if index == 0 or order[index - 1][0] != key:
            slot = fnv1a(key) % size
            while slots[slot]:
                slot = (slot + 1) % size
            slots[slot] = index + 1
        *texts, is_alone = table[key, path]
        has_next = int(index + 1 < len(order) and order[index + 1][0] == key)
        body.append("\t{" + ", ".join(map(literal, (key, path, *texts))) + f", {is_alone}, {has_next}}},")
    body += ["};", "", "const uint16_t data_referrer_slots[DATA_REFERRER_SLOTS] = {"]
    body += ["\t" + " ".join(f"{slot}," for slot in slots[at:at + 24]) for at in range(0, size, 24)]
    return [*body, "};", ""], size


def main():
    out_c, out_h, referrers, click_ids, channel_rules = map(pathlib.Path, sys.argv[1:])
    referrer_lines, slots = write_referrers(read_referrers(referrers))
    body = ['#include "sources.h"', "", "#include <stddef.h>", "", *referrer_lines, "const DataClickId data_click_ids[] = {"]
    body += ["\t{" + ", ".join(map(literal, row)) + "}," for row in read_click_ids(click_ids)]
    body += ["\t{NULL, NULL, NULL},", "};", "", "const char data_channel_rules[] ="]
    body += [f"\t{literal(line)[:-1]}\\n\"" for line in channel_rules.read_text().splitlines()]
    out_c.write_text("\n".join(body) + ";\n")
    out_h.write_text(HEADER % slots)


main()
