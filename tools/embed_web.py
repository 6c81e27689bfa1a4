#!/usr/bin/env python3
"""Embeds files that a browser gets, as web_files[] in embedded C: each with its path below the web root, its content type
and an entity tag made of its content."""
import hashlib
import pathlib
import sys

TYPES = {".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8",
         ".svg": "image/svg+xml"}
BYTES_A_LINE = 40


def literal(data):
    lines = (data[at:at + BYTES_A_LINE] for at in range(0, len(data), BYTES_A_LINE))
    return "\n".join("\t" + "".join(f"{byte}," for byte in line) for line in lines) or "\t0"


def main():
    out_c, out_h, root = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3]).resolve()
    header = ["#pragma once", "#include <stddef.h>", "", "typedef struct WebFile {", "\tconst char *path; // /index.html",
              "\tconst char *content_type;", "\tconst char *etag; // with its quotes", "\tconst unsigned char *data;",
              "\tsize_t size;", "} WebFile;", "", "extern const WebFile web_files[]; // ends with a NULL path"]
    body = ['#include "web.h"', ""]
    rows = []
    for number, name in enumerate(sys.argv[4:]):
        path = pathlib.Path(name).resolve()
        data = path.read_bytes()
        body += [f"static const unsigned char file_{number}[] = {{", literal(data), "};", ""]
        rows.append(f'\t{{"/{path.relative_to(root)}", "{TYPES[path.suffix]}", '
                    f'"\\"{hashlib.sha256(data).hexdigest()[:32]}\\"", file_{number}, {len(data)}}},')
    body += ["const WebFile web_files[] = {", *rows, "\t{NULL, NULL, NULL, NULL, 0},", "};"]
    pathlib.Path(out_h).write_text("\n".join(header) + "\n")
    pathlib.Path(out_c).write_text("\n".join(body) + "\n")


main()
