"""What comes back in different company is the site's, and not an article's.

A line is learned if documents print it that tell different stories, and if it either stands on a good share
of the site's pages or keeps the company of other such lines: the same one before it or behind it, or the edge
of the text. An ingredient, a dateline or the name of a round come back, too, but among other lines each time.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from cleaner.evidence import count_words, is_headline
from cleaner.kinds.repeat import LONE_WORDS, same
from cleaner.learn.counting import Evidence
from cleaner.learn.rows import EDGE

Strength = Literal["safe", "standard"]
LEVELS_LEARNED: tuple[Strength, ...] = get_args(Strength)

# A line stands beside the same one if more than this share of the documents agree.
STEADY = 2 / 3
# At least this share of the documents that print a line must tell different stories.
DIFFERENT = 0.5
# Whatever stands by itself, at the edge or anywhere, needs so many documents.
ALONE_DOCUMENTS = 3
# On such a share of the documents a line needs no company.
EVERYWHERE = 0.5
# Paragraphs come back by quotation as well, and so do the openings of headlines; they need more than chance.
PROSE_SHARE = 0.25
OPENING_SHARE = 0.5
# Evidence that nobody needs to look at: such lines in a row of so many, up to the edge of the text, half of them
# as short as the items of a menu. Authors open and close with formulas, too, but not with rows of those.
SAFE_SHARE = 0.5
SAFE_DOCUMENTS = 5
SAFE_LINES = 5
ITEM_WORDS = 3
# So many labels with what they label are a table of the article's.
DATA_LINES = 3

# A line of so many words besides its date is a label that the site prints with it.
LABEL_WORDS = 3

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_LETTER = re.compile(r"[^\W\d_]")
_DIGIT = re.compile(r"\d")
_NUMBERS = re.compile(r"[\W\d_]+")
# A label and what it labels: "Defence: Reed, Lee, Stone".
_DATA = re.compile(r"[^\W_]\s?[:\uff1a]\s*[^\W_]")


@dataclass(frozen=True, slots=True)
class Learned:
    """A line that a site repeats, the number of its run, and how strong the evidence is; run 0 needs no company."""

    evidence: Evidence
    run: int
    strength: Strength


def learn(of_site: Sequence[Evidence]) -> list[Learned]:
    """Which of the lines that come back on a site are the site's own."""
    told = {e.key: e for e in of_site if _tells_different(e) and not _is_stamp(e)}
    runs = _runs({key: evidence for key, evidence in told.items() if evidence.form == "line"})
    rows: dict[int, list[Evidence]] = {}
    for key, number in runs.items():
        rows.setdefault(number, []).append(told[key])
    safe = {number for number, row in rows.items() if _is_edge_row(row)}
    tables = {number for number, row in rows.items() if _is_of_data(row)}
    return [
        Learned(evidence, runs.get(key, 0), "safe" if runs.get(key) in safe else "standard")
        for key, evidence in told.items()
        if runs.get(key) not in tables
        and (key in runs or _is_at_edge(evidence) or (_goes_alone(evidence) and not _is_subhead(evidence)))
    ]


def _is_of_data(row: Sequence[Evidence]) -> bool:
    """Whether half of so many lines between paragraphs label what follows: a line-up, the data of a film."""
    labels = sum(_DATA.search(e.text) is not None and _is_between_paragraphs(e) for e in row)
    return labels >= max(DATA_LINES, len(row) / 2)


def _is_subhead(evidence: Evidence) -> bool:
    """Whether the line, by itself between paragraphs, may be a heading of the site's format."""
    return evidence.form == "line" and is_headline(evidence.text) and _is_between_paragraphs(evidence)


def _is_between_paragraphs(evidence: Evidence) -> bool:
    return evidence.inside * 2 > evidence.documents


def _is_edge_row(row: Sequence[Evidence]) -> bool:
    """Whether lines that nobody doubts reach up to the edge of the text, as menus and feet of pages do."""
    return (
        len(row) >= SAFE_LINES
        and all(map(_is_certain, row))
        and any(map(_is_at_edge, row))
        and sum(e.words <= ITEM_WORDS for e in row) * 2 >= len(row)
    )


def _is_certain(evidence: Evidence) -> bool:
    """A line that tells something else each time, or stands between paragraphs, may be the article's."""
    return _is_common(evidence) and not evidence.inside and not evidence.is_prose and not _DATA.search(evidence.text)


def _tells_different(evidence: Evidence) -> bool:
    if evidence.is_prose and (evidence.documents < ALONE_DOCUMENTS or evidence.share < PROSE_SHARE):
        return False
    if evidence.form != "line" and evidence.rests < max(ALONE_DOCUMENTS, DIFFERENT * evidence.documents):
        return False
    least = ALONE_DOCUMENTS if evidence.is_prose else 2
    return evidence.stories >= max(least, DIFFERENT * evidence.sampled)


def _is_stamp(evidence: Evidence) -> bool:
    """Whether the line tells its article's date, time or number, and hardly more: that is not of the site."""
    if not _LETTER.search(evidence.text):
        return True
    year = _YEAR.search(evidence.text)
    if year is None or _DIGIT.search(evidence.text.replace(year[0], "", 1)) is None:
        return False
    return count_words(_NUMBERS.sub(" ", same(evidence.text))) < LABEL_WORDS


def _goes_alone(evidence: Evidence) -> bool:
    if evidence.documents < ALONE_DOCUMENTS:
        return False
    if evidence.form == "begins":
        return evidence.share >= OPENING_SHARE
    return evidence.share >= EVERYWHERE and evidence.words >= LONE_WORDS


def _is_at_edge(evidence: Evidence) -> bool:
    first = evidence.before_times if evidence.before == EDGE else 0
    last = evidence.after_times if evidence.after == EDGE else 0
    return max(first, last) > STEADY * evidence.documents and evidence.documents >= ALONE_DOCUMENTS


def _is_common(evidence: Evidence) -> bool:
    """Whether most texts of the site have the line, word for word; such lines hang together, others with their like."""
    return (
        evidence.form == "line"
        and evidence.texts == 1
        and evidence.share >= SAFE_SHARE
        and evidence.documents >= SAFE_DOCUMENTS
    )


def _is_steady(line: Evidence, next_line: Evidence) -> bool:
    """Whether each of the two lines mostly stands beside the other."""
    return (
        next_line.before == line.key
        and line.after_times > STEADY * line.documents
        and next_line.before_times > STEADY * next_line.documents
    )


def _runs(told: Mapping[int, Evidence]) -> dict[int, int]:
    """The number of the run of each line that stands beside another one steadily, as common as itself."""
    leader = {key: key for key in told}

    def led_by(key: int) -> int:
        while leader[key] != key:
            leader[key] = leader[leader[key]]
            key = leader[key]
        return key

    for key, evidence in told.items():
        other = told.get(evidence.after)
        if other is None or other.key == key or _is_common(evidence) != _is_common(other):
            continue
        if _is_steady(evidence, other):
            one, two = sorted((led_by(key), led_by(other.key)))
            leader[two] = one
    sizes: dict[int, int] = {}
    for key in told:
        sizes[led_by(key)] = sizes.get(led_by(key), 0) + 1
    numbers = {first: at for at, first in enumerate(sorted(key for key, size in sizes.items() if size > 1), start=1)}
    return {key: numbers[led_by(key)] for key in told if led_by(key) in numbers}
