"""Labelled pages and a cleaner to figures: how much chrome went, and how much of the body."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from cleaner.cleaner import Cleaner, Result
from cleaner.evaluate.align import aligned
from cleaner.evaluate.label import LabelledLine, label_lines
from cleaner.evaluate.score import LineScore, PageScore, Score, total
from cleaner.evaluate.words import f1, word_spans, words_of
from cleaner.html import ExtractionError
from cleaner.removal import Removal


@dataclass(frozen=True, slots=True)
class Page:
    """A labelled page: its text, or its HTML, and the body that a human marked in it.

    ``title`` is the page's title: lines that repeat it are not counted. ``group`` is what figures
    may be told apart by, a language say, and ``site`` where the page is from, for rules of one site.
    """

    source: str
    gold: str
    title: str = ""
    id: str = ""
    group: str = ""
    site: str = ""


def evaluate(pages: Iterable[Page], cleaner: Cleaner, *, html: bool = False) -> Score:
    """Clean labelled pages and measure what became of them.

    With ``html`` the pages' sources are HTML: what is measured is the text extracted from them.

    Raises :class:`cleaner.evaluate.MissingExtraError`.

    >>> from cleaner import Cleaner
    >>> body = "The ferry between the two islands is back in service after a winter of repairs."
    >>> score = evaluate([Page(f"{body}\\nAdvertisement\\nA line nobody knows\\n", gold=body)], Cleaner())
    >>> score.chrome_removed, score.body_lost, score.intact_pages
    (0.2, 0.0, 1.0)
    >>> score.rules["ad-label"].removed.chrome
    1
    """
    return total(judge_pages(pages, cleaner, html=html))


def judge_pages(pages: Iterable[Page], cleaner: Cleaner, *, html: bool = False) -> Iterator[PageScore]:
    """The score of each page, lazily: for who wants to see lines, or to group pages."""
    for page in pages:
        yield judge_result(page, _cleaned(page, cleaner, html=html))


def judge_result(page: Page, result: Result) -> PageScore:
    """What became of a page that was cleaned: each line that has words, and F1 before and after.

    Which words are left is told by aligning the cleaned text with its source, so that every
    cleaner is measured alike; by which rule a word went is told by the removals. Where words that
    went stand elsewhere in the text too, the two may differ by a few words: the removals are right.
    """
    lines = label_lines(result.source, page.gold, page.title)
    before = [word for line in lines for word in line.words]
    after, gold = words_of(result.text), words_of(page.gold)
    left = aligned(before, after)
    scores, at = [], 0
    for line in lines:
        gone = len(line.words) - sum(left[at : at + len(line.words)])
        at += len(line.words)
        scores.append(LineScore(line.text, line.label, len(line.words), gone, _by_rule(line, result.removals)))
    hits = tuple(removal.rule_id for removal in result.removals)
    return PageScore(page.id, page.group, tuple(scores), hits, result.flags, f1(before, gold), f1(after, gold))


def _cleaned(page: Page, cleaner: Cleaner, *, html: bool) -> Result:
    site = page.site or None
    if not html:
        return cleaner.clean(page.source, site=site)
    try:
        return cleaner.clean_html(page.source, site=site)
    except ExtractionError:
        return Result("", (), ("no-article",), cleaner.rules_digest, "")


def _by_rule(line: LabelledLine, removals: Sequence[Removal]) -> tuple[tuple[str, int], ...]:
    """How many words of a line each rule removed, or cut into."""
    end = line.start + len(line.text)
    inside = [removal for removal in removals if removal.start < end and removal.end > line.start]
    if not inside:
        return ()
    spans = [(line.start + start, line.start + end) for start, end in word_spans(line.text)]
    found = Counter(_taken_by(start, end, inside) for start, end in spans)
    return tuple((rule_id, number) for rule_id, number in found.items() if rule_id)


def _taken_by(start: int, end: int, removals: Sequence[Removal]) -> str:
    return next((removal.rule_id for removal in removals if removal.start < end and removal.end > start), "")
