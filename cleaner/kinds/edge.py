"""Kind ``edge``: what lies around the article at the head or the tail of the text, known by one structural sign.

Signs: ``layout-table``, rows of a table that form no regular grid, which is how a page is laid
out and not how data is set; ``dated-list``, a run of lines that each end in a date or a count
of comments, as lists of other articles do.

Safety: only before the first and behind the last paragraph; only where the lines share few words
with the article; never a regular table, nor a row that holds a paragraph; never where a line with
a colon announces the list; never a row that says nothing but a date; never a list whose
dates rise from line to line, as those of events do. A text without enough prose to compare with is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from cleaner import evidence
from cleaner.look import Hit, Look
from cleaner.removal import Strike

LEAST_PROSE_WORDS = 50
LEAST_WORDS = 3
MOST_WORDS_IN_ROW = 30
STAMP_WITHIN = 40
_STAMP = re.compile(
    r"(?<![\d.,/<>=≤≥-])(?P<date>\d{1,4}[-./年]\s?\d{1,2}(?:[-./月]\s?\d{1,4})?)日?"
    r"(?:,? ?\d{1,2}:\d{2}(?::\d{2})?)?[)\]\s|]*$"
    r"|\d+ ?条[)\]\s|]*$"
)

_DAY = re.compile(r"(?:19|20)\d\d[-./年]\d{1,2}[-./月]\d{1,2}")
_WORD = re.compile(r"[^\W\d_]{4}")


@dataclass(frozen=True, slots=True)
class EdgeFields:
    """What an ``edge`` rule says beyond what every rule does.

    ``most_shared`` is the largest share of their content words that the article may know.
    """

    sign: Literal["layout-table", "dated-list"]
    most_shared: float
    least_items: int = 3


def check(fields: EdgeFields) -> Iterator[str]:
    """Mistakes that no single field shows."""
    if not 0.0 <= fields.most_shared < 1.0:
        yield f"most_shared = {fields.most_shared}: must be at least 0 and less than 1"
    if fields.least_items < 1:
        yield f"least_items = {fields.least_items}: must be at least 1"


def gate(text: str) -> bool:
    """Whether the text could have such an edge: it has a cell mark, or three lines that end in a stamp."""
    if "|" in text or "\t" in text:
        return True
    lines = map(str.rstrip, text.replace("\r", "\n").split("\n"))
    return sum(line[-1].isdigit() or line[-1] in "日条)]" for line in lines if line) >= 3


def judge(look: Look, hits: Iterable[Hit]) -> Iterator[Strike]:
    """Strike runs of lines at the head and the tail that bear a rule's sign."""
    prose = [n for n in range(len(look.lines)) if look.is_prose(n)]
    if sum(map(look.words, prose)) < LEAST_PROSE_WORDS:
        return
    edges = (range(prose[0]), range(prose[-1] + 1, len(look.lines)))
    for hit in hits:
        for edge in edges:
            for run in _runs(look, edge, hit.rule.fields):
                enough = len(run) >= hit.rule.fields.least_items
                if enough and not _is_announced(look, run[0]) and not _is_calendar(look, run):
                    yield Strike(run[0], run[-1], hit.rule.id)


def _runs(look: Look, edge: Sequence[int], fields: EdgeFields) -> Iterator[list[int]]:
    """Runs of lines that bear the sign and share few words each, blank and struck lines passed over."""
    bears = _SIGNS[fields.sign]
    run: list[int] = []
    for number in edge:
        if look.is_blank(number) or look.is_struck(number):
            continue
        if look.is_open(number) and bears(look, number) and _is_foreign(look, number, fields):
            run.append(number)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _is_foreign(look: Look, number: int, fields: EdgeFields) -> bool:
    view = look.view(number)
    return not evidence.content_words(view) or evidence.shared(view, look.vocabulary()) <= fields.most_shared


def _is_announced(look: Look, first: int) -> bool:
    """Whether the line before the run introduces it."""
    before = next((n for n in range(first - 1, -1, -1) if not look.is_blank(n) and not look.is_struck(n)), -1)
    return before >= 0 and look.view(before).endswith((":", "："))


def _is_layout_row(look: Look, number: int) -> bool:
    view = look.view(number)
    if not look.is_table_row(number) or look.is_data_row(number) or _is_bare_date(view):
        return False
    # A row that holds a paragraph is the article's, however the page is laid out.
    return evidence.count_words(view) < MOST_WORDS_IN_ROW


def _is_bare_date(view: str) -> bool:
    """Whether a row says nothing but when: it has no word to share with the article, so that nothing tells it apart."""
    return _DAY.search(view) is not None and _WORD.search(view) is None


def _is_calendar(look: Look, run: Sequence[int]) -> bool:
    """Whether the dates of the lines rise from each to the next, as those of events do; news stands newest first."""
    dates = [_date(look.view(number)) for number in run]
    return len(run) > 1 and all(before < after for before, after in pairwise(dates))


def _date(view: str) -> tuple[int, ...]:
    """The date at the end of a line as far as it is told, the year first where there is one; () for none."""
    stamp = _STAMP.search(view, max(0, len(view) - STAMP_WITHIN))
    if stamp is None or stamp["date"] is None:
        return ()
    numbers = tuple(map(int, re.findall(r"\d+", stamp["date"])))
    return numbers[::-1] if len(numbers) == 3 and numbers[2] > 31 else numbers


def _is_dated(look: Look, number: int) -> bool:
    view = look.view(number)
    stamp = _STAMP.search(view, max(0, len(view) - STAMP_WITHIN))
    return stamp is not None and evidence.count_words(view[: stamp.start()]) >= LEAST_WORDS


_SIGNS: dict[str, Callable[[Look, int], bool]] = {"layout-table": _is_layout_row, "dated-list": _is_dated}
