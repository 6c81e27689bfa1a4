#!/usr/bin/env python3
"""Breaks a small tree once for each rule of tools/check_layers and tools/check_source, and expects to be told. TAP."""
import pathlib
import subprocess
import sys
import tempfile

TOOLS = pathlib.Path(__file__).resolve().parent.parent.parent / "tools"

GOOD = {
    "tools/README.md": "# tools\n",
    "tools/layers.txt": "base:\nsql: # generated\npg: base sql\nrobin: base pg sql\nwren: base but robin # it sings along\n"
                        "main: base\n<libpq-fe.h>: pg\n<event2/*>: robin\n",
    "src/main.c": "#include \"base/one.h\"\n",
    "src/base/README.md": "# base\n",
    "src/base/memory.c": "#include <stdlib.h>\nvoid *take(void)\n{\n\treturn malloc(1);\n}\n",
    "src/base/one.h": "// malloc(), <nosuch.h>, SELECT 1 and \"quotes\" in a comment are no harm\n#pragma once\n",
    "src/base/one.c": "#include \"base/one.h\"\n\n#include <sys/stat.h>\nconst char *one = \"free(\";\n",
    "src/pg/README.md": "# pg\n",
    "src/pg/conn.h": "#pragma once\n#include \"base/one.h\"\n",
    "src/pg/conn.c": "#include \"pg/conn.h\"\n\n#include \"sql/sql.h\"\n#include <libpq-fe.h>\n",
    "src/robin/README.md": "# robin\n",
    "src/robin/song.h": "#pragma once\n#include \"pg/conn.h\"\n#include <event2/event.h>\n",
    "src/wren/README.md": "# wren\n",
    "src/wren/song.c": "#include \"robin/song.h\"\n",
    "tests/README.md": "# tests\n",
    "sql/README.md": "# sql\n",
    "sql/queries/robin_all.sql": "SELECT 1\n",
    "sql/migrations/0001_core.sql": "SELECT 1\n",
}

LAYERS, SOURCE = "check_layers", "check_source"
# name of the rule, which check, file, its content (None: the file is missing), words of the finding
BROKEN = [
    ("a room includes one above it", LAYERS, "src/base/two.c", "#include \"pg/conn.h\"\n", "base may not include pg"),
    ("a room includes a neighbour", LAYERS, "src/robin/hop.c", "#include \"wren/x.h\"\n", "robin may not include wren"),
    ("a generated header is not for all", LAYERS, "src/base/two.c", "#include \"sql/sql.h\"\n", "base may not include sql"),
    ("an included file does not exist", LAYERS, "src/pg/two.c", "#include \"base/nosuch.h\"\n", "there is no file src/base/nosuch.h"),
    ("an include without its room", LAYERS, "src/pg/two.c", "#include \"conn.h\"\n", "names no room"),
    ("an included source file", LAYERS, "src/pg/two.c", "#include \"base/one.c\"\n", "is no header"),
    ("another room names a library", LAYERS, "src/robin/hop.c", "#include <libpq-fe.h>\n", "belongs to pg, not to robin"),
    ("a library with a folder", LAYERS, "src/pg/two.c", "#include <event2/http.h>\n", "belongs to robin, not to pg"),
    ("a library nobody owns", LAYERS, "src/pg/two.c", "#include <nosuch.h>\n", "no room's library"),
    ("a room without a line", LAYERS, "src/crow/caw.c", "int caw;\n", "room crow has no line"),
    ("an exception without a reason", LAYERS, "tools/layers.txt", "base:\npg: base\nrobin: base but pg\n", "gives no reason"),
    ("a table with a circle", LAYERS, "tools/layers.txt", "base: pg\npg: base\n", "no line above it"),
    ("a line that is no rule", LAYERS, "tools/layers.txt", "base\n", "a line reads"),
    ("files include each other", LAYERS, "src/base/one.h", "#include \"base/ring.h\"\n", "in a circle: base/one, base/ring"),
    ("a source that begins with another header", LAYERS, "src/pg/conn.c", "#include <stdio.h>\n#include \"pg/conn.h\"\n",
     "must begin with its own"),
    ("strcpy", SOURCE, "src/pg/two.c", "void f(void)\n{\n\tstrcpy (a, b);\n}\n", "two.c:3: strcpy is banned"),
    ("sprintf", SOURCE, "src/pg/two.c", "int a = sprintf(b, c);\n", "sprintf is banned"),
    ("atoi", SOURCE, "src/pg/two.c", "int a = atoi(b);\n", "atoi is banned"),
    ("strtok", SOURCE, "src/pg/two.c", "char *a = strtok(b, c);\n", "strtok is banned"),
    ("gets", SOURCE, "src/pg/two.c", "char *a = gets(b);\n", "gets is banned"),
    ("localtime", SOURCE, "src/pg/two.c", "void *a = localtime(b);\n", "localtime is banned"),
    ("malloc outside memory.c", SOURCE, "src/base/two.c", "void *a = malloc(1);\n", "malloc is banned"),
    ("free outside memory.c", SOURCE, "src/base/two.c", "void f(void)\n{\n\tfree(a);\n}\n", "free is banned"),
    ("getenv outside config", SOURCE, "src/base/two.c", "char *a = getenv(\"A\");\n", "getenv is banned"),
    ("SQL in C", SOURCE, "src/pg/two.c", "const char *a = \"SELECT 1\";\n", "SQL stands in sql/"),
    ("SQL in C after white space", SOURCE, "src/pg/two.c", "const char *a =\n\t\" UPDATE x\";\n", "two.c:2: SQL stands in sql/"),
    ("a file too long", SOURCE, "src/pg/two.c", "\n" * 501, "no file has more than 500"),
    ("a test file too long", SOURCE, "tests/unit/test_one.c", "\n" * 601, "no file has more than 600"),
    ("a function too long", SOURCE, "src/pg/two.c", "void f(void)\n{\n" + "\n" * 101 + "}\n", "a function of 101 lines"),
    ("a folder without README", SOURCE, "src/pg/README.md", None, "src/pg: has no README.md"),
    ("a README too long", SOURCE, "src/pg/README.md", "\n" * 16, "at most 15"),
    ("a query without its room", SOURCE, "sql/queries/all.sql", "SELECT 1\n", "begins with the room"),
    ("a migration without a number", SOURCE, "sql/migrations/more.sql", "SELECT 1\n", "NNNN_what.sql"),
    ("two migrations of one number", SOURCE, "sql/migrations/0001_more.sql", "SELECT 1\n", "same number"),
    ("a note of what is left", SOURCE, "src/pg/two.c", "// FIX" + "ME later\n", "say why not"),
]


def run(check, changes):
    """Exit status and output of a check on the good tree with these changes."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in {**GOOD, **changes}.items():
            if content is not None:
                path = pathlib.Path(folder) / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(content)
        result = subprocess.run([sys.executable, str(TOOLS / check), "--root", folder], capture_output=True, text=True, check=False)
        return result.returncode, result.stdout + result.stderr


def main():
    cases = [(f"{check}: a tidy tree passes", check, {}, None) for check in (LAYERS, SOURCE)]
    for rule, check, name, content, words in BROKEN:
        changes = {name: content}
        if rule == "files include each other":
            changes["src/base/ring.c"] = "#include \"base/one.h\"\n"
            changes["src/base/ring.h"] = ""
        cases.append((f"{check}: {rule} is found", check, changes, words))
    print(f"1..{len(cases)}")
    is_good = True
    for number, (title, check, changes, words) in enumerate(cases, 1):
        status, output = run(check, changes)
        good = (status == 0 and output == "") if words is None else (status == 1 and words in output)
        is_good = is_good and good
        print(f"{'ok' if good else 'not ok'} {number} - {title}")
        if not good:
            print("".join(f"# {line}\n" for line in (f"exit status {status}", *output.splitlines())), end="")
    sys.exit(0 if is_good else 1)


main()
