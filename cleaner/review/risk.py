"""Which removals to look at first: signs that body may have gone, and how much each weighs.

The weights only order a list for a reader; nothing is removed or kept by them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate

from cleaner.cleaner import Result
from cleaner.evidence import count_words, is_prose
from cleaner.removal import Removal
from cleaner.rule import Level

PARAGRAPH, BETWEEN, RARE = "paragraph", "between", "rare"
SIGNS = {
    PARAGRAPH: "What goes reads like a paragraph.",
    BETWEEN: "It stands between two long paragraphs.",
    RARE: "The rule has few hits in this corpus.",
}
_WEIGHTS = {PARAGRAPH: 40, BETWEEN: 25, RARE: 20}
_LEVELS: dict[Level, int] = {"safe": 0, "standard": 5, "aggressive": 15}
# A rule with so many hits or fewer was hardly tried.
FEW_HITS = 3
_LONG_PARAGRAPH_WORDS = 20
# What stands beside a line: its ends, or nothing.
_NO_LINE = ("", "\r", "\n", "\ufeff")
# Of a longer line, this much is judged.
_JUDGED = 2_000


def signs_of(result: Result) -> list[tuple[str, ...]]:
    """The signs of each removal of a text, but for ``rare``, which only the whole corpus tells.

    >>> import cleaner
    >>> signs_of(cleaner.clean("The ferry sailed at nine. (turn0search21)"))
    [()]
    """
    kept = kept_between(result)
    before = list(accumulate(map(_last_line, kept), _later))
    after = list(accumulate(map(_first_line, reversed(kept)), _later))[::-1]
    signs = []
    for number, removal in enumerate(result.removals):
        gone = result.source[removal.start : removal.end]
        found = []
        if any(map(_is_paragraph, gone.splitlines())):
            found.append(PARAGRAPH)
        if _takes_whole_lines(result.source, removal) and _is_long(before[number]) and _is_long(after[number + 1]):
            found.append(BETWEEN)
        signs.append(tuple(found))
    return signs


def kept_between(result: Result) -> list[str]:
    """The stretches that stay: before the first removal, between them, and after the last."""
    ends = [0, *(removal.end for removal in result.removals)]
    starts = [*(removal.start for removal in result.removals), len(result.source)]
    return [result.source[end:start] for end, start in zip(ends, starts, strict=True)]


def removal_risk(signs: Iterable[str], level: Level) -> int:
    """What a removal adds to the risk of its text.

    >>> removal_risk(["between"], "standard")
    30
    """
    return sum(_WEIGHTS[sign] for sign in signs) + _LEVELS[level]


def text_risk(share: float, removal_risks: Sequence[int]) -> int:
    """The risk of a text: the share of its words that goes, in percent, and the riskiest of its removals.

    >>> text_risk(0.25, [5, 30])
    55
    """
    return round(100 * share) + max(removal_risks, default=0)


def _takes_whole_lines(text: str, removal: Removal) -> bool:
    """Whether it is no token inside a line; a removal has the line end before its lines, or the one after."""
    first, last = text[removal.start], text[removal.end - 1]
    before, after = text[removal.start - 1 : removal.start], text[removal.end : removal.end + 1]
    return (before in _NO_LINE or first in _NO_LINE) and (last in _NO_LINE or after in _NO_LINE)


def _later(earlier: str, line: str) -> str:
    """The line, or the earlier one where a stretch holds none."""
    return line or earlier


def _last_line(piece: str) -> str:
    return piece.rstrip()[-_JUDGED:].splitlines()[-1] if piece.strip() else ""


def _first_line(piece: str) -> str:
    return piece.lstrip()[:_JUDGED].splitlines()[0] if piece.strip() else ""


def _is_paragraph(line: str) -> bool:
    return is_prose(line[:_JUDGED])


def _is_long(line: str) -> bool:
    return count_words(line) >= _LONG_PARAGRAPH_WORDS and is_prose(line)
