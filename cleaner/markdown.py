"""Markdown as it stands in article text: the dress of a line, and the zones no rule looks into.

The readings follow CommonMark where it matters for keeping text: when in doubt, a zone is
larger rather than smaller, and dress that is not closed is no dress.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from cleaner.text import SPACES, Lines, plain

# Longer lines are never dressed chrome; leaving them as they are keeps the work linear.
LONGEST_DRESSED = 4_000

_SPACE = f"[{SPACES}]"
_MARK = re.compile(
    rf"{_SPACE}*(?:>|#{{1,6}}(?={_SPACE}|$)|[-*+](?={_SPACE}|$)|\d{{1,3}}[.)](?={_SPACE})|[•‣◦▪▸►▶●■◆→»›|·]{{1,6}}(?={_SPACE}|\w))"
)
_LIST_ITEM = re.compile(rf"{_SPACE}*(?:>{_SPACE}*)*(?:[-*+•‣◦▪]|\d{{1,3}}[.)]){_SPACE}+")
_HEADING = re.compile(rf"{_SPACE}{{0,3}}(#{{1,6}}){_SPACE}+\S")
_TRAILING = re.compile(rf"(?:{_SPACE}+#{{1,6}}|{_SPACE}*[|→»›▸►▶]{{1,6}})$")
_TRAILING_MARKS = frozenset("#|→»›▸►▶")
# What a mark can begin with, numbers apart.
_FIRST_MARKS = frozenset(">#-*+•‣◦▪▸►▶●■◆→»›|·")
_NUMBER_MARK = re.compile(r"\d{1,3}[.)](?: |$)")
_LONE_MARKS = frozenset(("- ", "+ ", "* ", "> ", "• ", "▪ ", "· "))
_LINK = re.compile(r"(?<!!)\[([^\[\]]{0,500})\](?:\([^()\s]{0,2000}(?:\s\"[^\"]{0,200}\")?\)|\[[^\[\]]{0,100}\])")
_STRONG = re.compile(r"(\*\*|__)(?=\S)((?:(?!\1).){1,500}?)(?<=\S)\1")
_EMPHASIS = re.compile(r"(?<![\w*])([*_])(?=[^\s*_])([^*_]{1,500})(?<=\S)\1(?![\w*])")

_FENCE = re.compile(r"[ \t>]*(?:(?:[-*+]|\d{1,3}[.)])[ \t]+)?(`{3,}|~{3,})(.*)", re.DOTALL)
_FRONT_MATTER_KEY = re.compile(r"[\"'\w][\w .\"'-]*[:=]|#|\[")
_FRONT_MATTER_LONGEST = 400
_CELL_END = re.compile(r"(?<!\\)\||\t")
_BACKTICKS = re.compile(r"`+")


@dataclass(frozen=True, slots=True)
class Zones:
    """What is protected: whole lines by number, and spans of characters inside other lines."""

    lines: frozenset[int] = frozenset()
    spans: dict[int, list[tuple[int, int]]] = field(default_factory=dict)

    def touches(self, number: int) -> bool:
        """Whether anything of the line is protected."""
        return number in self.lines or number in self.spans

    def covers(self, number: int, start: int, stop: int) -> bool:
        """Whether a protected span of the line meets ``[start, stop)``."""
        if number in self.lines:
            return True
        return any(a < stop and start < b for a, b in self.spans.get(number, ()))


def dress_width(line: str) -> int:
    """How many characters of spaces, quote, list and heading marks the line begins with.

    >>> dress_width("> - **Share**")
    4
    """
    if line[:1].isalpha():
        return 0
    at = 0
    while mark := _MARK.match(line, at):
        at = mark.end()
    while at < len(line) and line[at] in SPACES:
        at += 1
    return at


def undress(line: str) -> str:
    """What a rule sees of a line: no Markdown, no marks at its ends, plain quotes and single spaces.

    >>> undress("## [Similar\\u00a0News](/news) \\u00bb")
    'Similar News'
    >>> undress("- **Also read:** Ferry back in service")
    'Also read: Ferry back in service'
    """
    if len(line) > LONGEST_DRESSED:
        return plain(line).strip()
    line = line[dress_width(line) :]
    if has_dress_inside(line):
        line = _LINK.sub(r"\1", line)
        line = _STRONG.sub(r"\2", line)
        line = _EMPHASIS.sub(r"\2", line)
        line = line[dress_width(line) :]
    line = line.rstrip()
    if line[-1:] in _TRAILING_MARKS:
        line = _TRAILING.sub("", line)
    return plain(line).strip()


def undress_all(lines: Lines) -> tuple[list[str], list[str], frozenset[int]]:
    """All lines, :func:`plain`, and what rules see of them: what :func:`undress` makes of each, in one go.

    Most lines of a text bear no dress, no mark at their ends and nothing inside that undressing would look
    at, or one mark with a space behind it. A line without any is its view: the same object. The numbers are those
    of the lines that :func:`have dress inside <has_dress_inside>`.

    >>> from cleaner.text import split_lines
    >>> undress_all(split_lines("## Similar  *News*\\nThe ferry is back.  "))
    (['## Similar *News*', 'The ferry is back. '], ['Similar News', 'The ferry is back.'], frozenset({0}))
    """
    whole = plain("\n".join(lines.strings))
    plains = whole.split("\n")
    views = list(map(str.strip, plains))
    numbers = range(len(plains)) if has_dress_inside(whole) else ()
    inside = frozenset(number for number in numbers if has_dress_inside(plains[number]))
    for number, view in enumerate(views):
        if number in inside:
            views[number] = undress(lines.strings[number])
        elif view and _has_marks(view):
            bare = plains[number].lstrip(" ")
            bare = bare[2:].strip() if bare[:2] in _LONE_MARKS else ""
            if not bare or len(view) >= LONGEST_DRESSED or _has_marks(bare):
                bare = undress(lines.strings[number])
            views[number] = bare
    return plains, views, inside


def _has_marks(view: str) -> bool:
    """Whether a line, plain and stripped, could bear marks at its ends."""
    first = view[0]
    return (
        first in _FIRST_MARKS
        or view[-1] in _TRAILING_MARKS
        or (first.isdecimal() and _NUMBER_MARK.match(view) is not None)
    )


def has_dress_inside(text: str) -> bool:
    """Whether undressing could join characters of a line that do not stand together."""
    return "*" in text or "_" in text or "](" in text or "][" in text


def is_list_item(line: str) -> bool:
    """Whether the line is dressed as an item of a list."""
    return _LIST_ITEM.match(line) is not None


def is_link(line: str) -> bool:
    """Whether the line, list marks aside, is one link and nothing else."""
    return _LINK.fullmatch(line[dress_width(line) :].strip()) is not None


def heading_rank(line: str) -> int:
    """1 to 6 for a line dressed with ``#`` to ``######``, else 0."""
    match = _HEADING.match(line)
    return len(match[1]) if match else 0


def is_table_row(line: str) -> bool:
    """Whether the line is a row of a table: cells between pipes or tabs."""
    stripped = line.strip()
    return (stripped.count("|") >= 2 and stripped.startswith("|")) or stripped.count("\t") >= 2


def filled_cells(line: str) -> int:
    """How many cells of a table row hold letters or digits.

    >>> filled_cells("| Town |  | 12 |"), filled_cells("|---|---|")
    (2, 0)
    """
    return sum(any(map(str.isalnum, cell)) for cell in _CELL_END.split(line))


def protected_zones(lines: Lines) -> Zones:
    """Find front matter, fenced and indented code, HTML comments and inline code.

    An unclosed fence or comment reaches to the end of the text, as in CommonMark.
    """
    text = lines.text
    whole: set[int] = set()
    # Each search is worth its time only where the text has the mark at all.
    if text.lstrip("\ufeff").startswith(("---", "+++")):
        whole.update(_front_matter(lines))
    if "```" in text or "~~~" in text:
        whole.update(_fenced(lines, whole))
    if "    " in text or "\t" in text:
        whole.update(_indented(lines, whole))
    spans: dict[int, list[tuple[int, int]]] = defaultdict(list)
    if "<!--" in text:
        _add_spans(lines, _comments(text), spans)
    if "`" in text:
        _add_spans(lines, _code_spans(lines, whole), spans)
    return Zones(frozenset(whole), dict(spans))


def _front_matter(lines: Lines) -> range:
    fence = lines[0].rstrip()
    if fence not in ("---", "+++") or len(lines) < 3 or not _FRONT_MATTER_KEY.match(lines[1]):
        return range(0)
    closing = (fence, "...") if fence == "---" else (fence,)
    for number in range(1, min(len(lines), _FRONT_MATTER_LONGEST)):
        if lines[number].rstrip() in closing:
            return range(number + 1)
    return range(0)


def _fenced(lines: Lines, taken: set[int]) -> Iterator[int]:
    fence = ""
    for number in range(len(lines)):
        if number in taken:
            continue
        match = _FENCE.match(lines[number])
        if fence:
            yield number
            if match and match[1].startswith(fence) and not match[2].strip():
                fence = ""
        elif match and not (match[1][0] == "`" and "`" in match[2]):
            fence = match[1]
            yield number


def _indented(lines: Lines, taken: set[int]) -> set[int]:
    """Lines of four spaces or a tab behind a blank line, outside lists (a list indents its text).

    A lone cell of a table is none, however far in it stands: extractors keep the tabs of a page's layout.
    """
    code: set[int] = set()
    may_begin, in_list, blanks = True, False, []
    for number in range(len(lines)):
        line = lines[number]
        if not line.strip():
            may_begin = may_begin or not in_list
            blanks.append(number)
            continue
        if line.startswith(("    ", "\t")) and not _is_lone_cell(line):
            if may_begin and not in_list and number not in taken:
                if number - len(blanks) - 1 in code:
                    code.update(blanks)
                code.add(number)
        else:
            in_list = is_list_item(line) or (in_list and line.startswith(" "))
            may_begin = False
        blanks = []
    return code


def _is_lone_cell(line: str) -> bool:
    """Whether the line is one cell between two pipes."""
    stripped = line.strip()
    return stripped.count("|") == 2 and stripped.startswith("|") and stripped.endswith("|")


def _comments(text: str) -> Iterator[tuple[int, int]]:
    at = text.find("<!--")
    while at >= 0:
        close = text.find("-->", at + 4)
        stop = len(text) if close < 0 else close + 3
        yield at, stop
        at = text.find("<!--", stop)


def _code_spans(lines: Lines, taken: set[int]) -> Iterator[tuple[int, int]]:
    """Runs of backticks closed by an equal run in the same line."""
    for number in range(len(lines)):
        if number in taken or "`" not in (line := lines[number]):
            continue
        start = lines.starts[number]
        runs = [m.span() for m in _BACKTICKS.finditer(line)]
        # For each run, the next one of the same length: found from behind, in one pass.
        latest: dict[int, int] = {}
        closing: list[int | None] = [None] * len(runs)
        for index in range(len(runs) - 1, -1, -1):
            width = runs[index][1] - runs[index][0]
            closing[index] = latest.get(width)
            latest[width] = index
        index = 0
        while index < len(runs):
            close = closing[index]
            if close is None:
                index += 1
            else:
                yield start + runs[index][0], start + runs[close][1]
                index = close + 1


def _add_spans(lines: Lines, found: Iterator[tuple[int, int]], spans: dict[int, list[tuple[int, int]]]) -> None:
    number = 0
    for start, stop in found:
        while lines.ends[number] <= start and number < len(lines) - 1:
            number += 1
        inside = number
        while inside < len(lines) and lines.starts[inside] < stop:
            spans[inside].append((max(start, lines.starts[inside]), min(stop, lines.stops[inside])))
            inside += 1
