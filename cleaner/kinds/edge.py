"""Kind ``edge``: what lies around the article at the head or the tail of the text, known by one structural sign.

Signs: ``layout-table``, rows of a table that form no regular grid, which is how a page is laid
out and not how data is set; ``dated-list``, a run of lines that each end in a date or a count
of comments, or begin with a date, as lists of other articles do.

Safety: only before the first and behind the last paragraph; only where the lines share few words
with the article; never a regular table, nor a row that holds a paragraph; never where a line with
a colon announces the list; never a row that says nothing but a date; never a list whose
dates rise from line to line or reach far back, as those of events do. A text without enough prose to
compare with is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise
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
# A list of news may begin its lines with the day; only a whole date tells it from a score or a number.
_DATED_ITEM = re.compile(r"(?P<day>\d{1,2})[./-](?P<month>\d{1,2})[./-](?P<year>(?:19|20)\d\d)[ ,|:\u2013-]+(?=\S)")
# News of one list is not older; what reaches back further is a chronicle.
MOST_DAYS_APART = 31

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
    """Whether the text could have such an edge: it has a cell mark, or three lines that begin or end in a stamp."""
    if "|" in text or "\t" in text:
        return True
    lines = map(str.rstrip, text.replace("\r", "\n").split("\n"))
    return sum(line[-1].isdigit() or line[-1] in "日条)]" or _has_digit(line[:6]) for line in lines if line) >= 3


def _has_digit(text: str) -> bool:
    return any(map(str.isdigit, text))


def judge(look: Look, hits: Iterable[Hit]) -> Iterator[Strike]:
    """Strike runs of lines at the head and the tail that bear a rule's sign."""
    prose = look.prose()
    if not look.has_prose_words(LEAST_PROSE_WORDS):
        return
    edges = (range(prose[0]), range(prose[-1] + 1, len(look.lines)))
    for hit in hits:
        for edge in edges:
            for run in _runs(look, edge, hit.rule.fields):
                enough = len(run) >= hit.rule.fields.least_items
                if enough and not _is_announced(look, run[0]) and not _is_of_events(look, run):
                    yield Strike(run[0], run[-1], hit.rule.id)


def _runs(look: Look, edge: Sequence[int], fields: EdgeFields) -> Iterator[list[int]]:
    """Runs of lines that bear the sign and share few words each, blank and struck lines passed over."""
    bears = _SIGNS[fields.sign]
    left = [number for number in edge if not look.is_blank(number) and not look.is_struck(number)]
    for run in _parted(left, lambda number: look.is_open(number) and bears(look, number)):
        # What the article shares is asked only of runs that are long enough: its words are dear to collect.
        if len(run) >= fields.least_items:
            yield from _parted(run, lambda number: _is_foreign(look, number, fields))


def _parted(numbers: Iterable[int], holds: Callable[[int], bool]) -> Iterator[list[int]]:
    """Runs of those numbers for which it holds."""
    return (list(run) for does_hold, run in groupby(numbers, holds) if does_hold)


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


def _is_of_events(look: Look, run: Sequence[int]) -> bool:
    """Whether the lines tell events: their dates rise, or reach far back. News stands newest first, of one month."""
    views = [look.view(number) for number in run]
    dates = [_date(view) for view in views]
    if len(run) > 1 and all(before < after for before, after in pairwise(dates)):
        return True
    days = [day for day in map(_day_before, views) if day is not None]
    return any(earlier < later for earlier, later in pairwise(days)) or (
        bool(days) and (max(days) - min(days)).days > MOST_DAYS_APART
    )


def _date(view: str) -> tuple[int, ...]:
    """The date at the end of a line as far as it is told, the year first where there is one; () for none."""
    stamp = _STAMP.search(view, max(0, len(view) - STAMP_WITHIN))
    if stamp is None or stamp["date"] is None:
        return ()
    numbers = tuple(map(int, re.findall(r"\d+", stamp["date"])))
    return numbers[::-1] if len(numbers) == 3 and numbers[2] > 31 else numbers


def _day_before(view: str) -> date | None:
    """The date with which a line begins, if it goes on behind it."""
    item = _DATED_ITEM.match(view)
    if item is None:
        return None
    try:
        return date(int(item["year"]), int(item["month"]), int(item["day"]))
    except ValueError:
        return None


def _is_dated(look: Look, number: int) -> bool:
    if look.is_data_row(number):
        return False
    view = look.view(number)
    stamp = _STAMP.search(view, max(0, len(view) - STAMP_WITHIN))
    if stamp is not None and evidence.count_words(view[: stamp.start()]) >= LEAST_WORDS:
        return True
    return _day_before(view) is not None and evidence.count_words(view) > LEAST_WORDS


_SIGNS: dict[str, Callable[[Look, int], bool]] = {"layout-table": _is_layout_row, "dated-list": _is_dated}
