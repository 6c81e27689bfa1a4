"""What the checks of the source tree share: reading C files without their comments, and reporting."""
import argparse
import pathlib
import re
import sys

TOKEN = re.compile(r"""(?P<comment>//[^\n]*|/\*.*?\*/)|(?P<string>"(?:\\.|[^"\\\n])*")|(?P<char>'(?:\\.|[^'\\\n])+')""",
                   re.DOTALL)
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(?:"(?P<own>[^"\n]+)"|<(?P<foreign>[^>\n]+)>)', re.MULTILINE)


class Report:
    """Collects findings and ends the program with them."""

    def __init__(self, root):
        self.root = root
        self.findings = []
        self.warnings = []

    def _where(self, path, line):
        place = path.relative_to(self.root) if isinstance(path, pathlib.Path) else path
        return f"{place}:{line}" if line else str(place)

    def fail(self, path, line, message):
        self.findings.append(f"{self._where(path, line)}: {message}")

    def warn(self, path, line, message):
        self.warnings.append(f"{self._where(path, line)}: warning: {message}")

    def end(self):
        for line in self.warnings + self.findings:
            print(line)
        sys.exit(1 if self.findings else 0)


def begin(description):
    """The tree to look at and a report for it."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--root", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parent.parent)
    root = parser.parse_args().root.resolve()
    return root, Report(root)


def line_at(text, offset):
    return text.count("\n", 0, offset) + 1


def without_comments(text, keep_strings):
    """The text with comments blanked, and the insides of strings too unless they are kept; every offset stays."""
    def blank(match):
        if match["comment"]:
            return re.sub(r"[^\n]", " ", match[0])
        return match[0] if keep_strings else match[0][0] + " " * (len(match[0]) - 2) + match[0][-1]
    return TOKEN.sub(blank, text)


def strings(text):
    """(offset, inside) of every string literal that is not in a comment or an #include."""
    includes = [match.span() for match in INCLUDE.finditer(text)]
    for match in TOKEN.finditer(text):
        if match["string"] and not any(start <= match.start() < end for start, end in includes):
            yield match.start(), match["string"][1:-1]


def includes_of(text):
    """(line, own path or None, foreign header or None) of each #include."""
    for match in INCLUDE.finditer(without_comments(text, keep_strings=True)):
        yield line_at(text, match.start()), match["own"], match["foreign"]
