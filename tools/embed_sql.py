#!/usr/bin/env python3
"""Embeds sql/: each sql/queries/NAME.sql becomes `extern const char sql_NAME[]`, all of them stand in sql_queries[], and
sql/migrations/NNNN_what.sql, in order, in sql_migrations[]. `/*part NAME*/` in a query is sql/parts/NAME.sql, which at least two
queries have. A changed file list needs a new configure run; --list is what Meson reads it with."""
import collections
import hashlib
import pathlib
import re
import sys


def literal(text):
    lines = []
    for line in text.splitlines():
        escaped = line.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t")
        lines.append(f'\t"{escaped}\\n"')
    return "\n".join(lines) or '\t""'


def put_together(queries, parts):
    """The queries' texts with their parts in them, by name."""
    uses = collections.Counter()

    def part(match):
        uses[match[1]] += 1
        if match[1] not in parts:
            sys.exit(f"{match[1]}: a query has this part, and there is no sql/parts/{match[1]}.sql")
        return whole(parts[match[1]]).rstrip("\n")

    def whole(path):
        return re.sub(r"/\*part (\w+)\*/", part, path.read_text())

    texts = {path.stem: whole(path) for path in queries}
    for name, path in parts.items():
        if uses[name] < 2:
            sys.exit(f"{path}: fewer than two queries have this part; it belongs into the one that does")
    return texts


def main():
    if sys.argv[1] == "--list":
        root = pathlib.Path(sys.argv[2])
        for folder in ("migrations", "parts", "queries"):
            for path in sorted(root.glob(f"{folder}/*.sql")):
                print(path.relative_to(root))
        return
    out_c, out_h = sys.argv[2], sys.argv[3]
    paths = [pathlib.Path(argument) for argument in sys.argv[4:]]
    queries = [path for path in paths if path.parent.name == "queries"]
    migrations = sorted(path for path in paths if path.parent.name == "migrations")
    texts = put_together(queries, {path.stem: path for path in paths if path.parent.name == "parts"})
    header = ["#pragma once", "", "typedef struct SqlQuery {", "\tconst char *name;", "\tconst char *text;", "} SqlQuery;", "",
              "typedef struct SqlMigration {", "\tint number;", "\tconst char *name;", "\tconst char *sha256;",
              "\tconst char *text;", "} SqlMigration;", "",
              "extern const SqlQuery sql_queries[];     // ends with a NULL name",
              "extern const SqlMigration sql_migrations[]; // in order; ends with a NULL name", ""]
    body = ['#include "sql.h"', "", "#include <stddef.h>", ""]
    for path in queries:
        if not re.fullmatch(r"[a-z][a-z0-9_]*", path.stem):
            sys.exit(f"{path}: a query file's name holds lower-case letters, digits and underscores only")
        header.append(f"extern const char sql_{path.stem}[];")
        body += [f"const char sql_{path.stem}[] =", literal(texts[path.stem]) + ";", ""]
    body.append("const SqlQuery sql_queries[] = {")
    body += [f'\t{{"{path.stem}", sql_{path.stem}}},' for path in queries] + ["\t{NULL, NULL},", "};", ""]
    body.append("const SqlMigration sql_migrations[] = {")
    for path in migrations:
        text = path.read_text()
        digest = hashlib.sha256(text.encode()).hexdigest()
        body += [f'\t{{{int(path.stem[:4])}, "{path.stem}", "{digest}",', literal(text) + "},"]
    body += ["\t{0, NULL, NULL, NULL},", "};"]
    pathlib.Path(out_h).write_text("\n".join(header) + "\n")
    pathlib.Path(out_c).write_text("\n".join(body) + "\n")


main()
