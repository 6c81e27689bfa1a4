#!/usr/bin/env python3
"""Embeds files that a browser gets in C: those of dashboard/ as web_files[], of demo/ as demo_files[], the scripts of
tracker/ as tracker_files[]; each with its path below its folder, its content type and an entity tag made of its content.
Those of dashboard/ are there packed too, and of pages the hashes of the scripts in them, as a content policy has them."""
import base64
import gzip
import hashlib
import pathlib
import re
import sys

TYPES = {".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8",
         ".svg": "image/svg+xml"}
LISTS = {"dashboard": "web_files", "demo": "demo_files", "tracker": "tracker_files"}
PACKED = {"dashboard"}
BYTES_A_LINE = 40


def literal(data):
    lines = (data[at:at + BYTES_A_LINE] for at in range(0, len(data), BYTES_A_LINE))
    return "\n".join("\t" + "".join(f"{byte}," for byte in line) for line in lines) or "\t0"


def script_hashes(data):
    """" 'sha256-…'" for each script that stands in a page."""
    digests = (hashlib.sha256(script).digest() for script in re.findall(rb"<script>(.*?)</script>", data, re.S))
    return "".join(f" 'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)


def main():
    out_c, out_h = sys.argv[1], sys.argv[2]
    header = ["#pragma once", "#include <stddef.h>", "", "typedef struct WebFile {", "\tconst char *path; // /index.html",
              "\tconst char *content_type;", "\tconst char *etag; // with its quotes", "\tconst unsigned char *data;",
              "\tsize_t size;",
              "\tconst unsigned char *packed; // with gzip; NULL: not there", "\tsize_t packed_size;",
              "\tconst char *script_hashes; // of a page's own scripts, for its content policy; a space before each", "} WebFile;", "", "// Each ends with a NULL path."]
    body = ['#include "web.h"', ""]
    rows = {name: [] for name in LISTS.values()}
    for number, name in enumerate(sys.argv[3:]):
        path = pathlib.Path(name).resolve()
        data = path.read_bytes()
        body += [f"static const unsigned char file_{number}[] = {{", literal(data), "};", ""]
        packed, packed_size = "NULL", 0
        if path.parent.name in PACKED:
            bytes_packed = gzip.compress(data, 9, mtime=0)
            packed, packed_size = f"packed_{number}", len(bytes_packed)
            body += [f"static const unsigned char {packed}[] = {{", literal(bytes_packed), "};", ""]
        rows[LISTS[path.parent.name]].append(f'\t{{"/{path.name}", "{TYPES[path.suffix]}", '
                                             f'"\\"{hashlib.sha256(data).hexdigest()[:32]}\\"", file_{number}, {len(data)}, '
                                             f'{packed}, {packed_size}, "{script_hashes(data)}"}},')
    for name, lines in rows.items():
        header.append(f"extern const WebFile {name}[];")
        body += [f"const WebFile {name}[] = {{", *lines, "\t{NULL, NULL, NULL, NULL, 0, NULL, 0, NULL},", "};"]
    pathlib.Path(out_h).write_text("\n".join(header) + "\n")
    pathlib.Path(out_c).write_text("\n".join(body) + "\n")


main()
