"""Kind ``teaser``: headlines of other articles, known by their shape and by what they do not share.

Two cases. ``place = "tail"``: a run behind the last paragraph, of headlines alone or of headlines
each with a teaser cut short. ``place = "inside"``: a lone headline between two paragraphs that
heads nothing, for another headline follows at once.

Safety: shape and vocabulary alone never suffice. A run that a line with a colon or a heading of
the article announces is the article's own list; so are runs that enumerate, count, price or date
what they list. A text without enough prose to compare with is left alone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from cleaner import evidence
from cleaner.look import Hit, Look
from cleaner.markdown import heading_rank, is_list_item
from cleaner.removal import Strike

# What the text must have of prose before its vocabulary says anything.
LEAST_PROSE_WORDS = 80
LEAST_PARAGRAPHS = 3
# A line that shares more of its words than this with the article is the article's own.
OWN = 0.5
# A headline alone inside an article must say enough to be unlike it.
LEAST_CONTENT_WORDS = 6
_LIST_OF_FACTS = re.compile(r"[\d$€£%]|^\W*\w[^:]{0,40}:\s|\s[-\u2013\u2014|/]\s")


@dataclass(frozen=True, slots=True)
class TeaserFields:
    """What a ``teaser`` rule says beyond what every rule does.

    ``most_shared`` is the largest share of a headline's content words that the article may know;
    ``least_items`` how many headlines make a run.
    """

    place: Literal["tail", "inside"]
    most_shared: float
    least_items: int = 3


def check(fields: TeaserFields) -> Iterator[str]:
    """Mistakes that no single field shows."""
    if not 0.0 <= fields.most_shared < 1.0:
        yield f"most_shared = {fields.most_shared}: must be at least 0 and less than 1"
    if fields.least_items < 2:
        yield f"least_items = {fields.least_items}: a run has two headlines or more"


def gate(text: str) -> bool:
    """Whether the text could hold a teaser: cheap, and true wherever :func:`judge` finds one.

    Both cases need two lines in a row, blank ones aside, that do not end in a full stop.
    """
    run = 0
    for line in map(str.rstrip, text.replace("\r", "\n").split("\n")):
        if not line:
            continue
        run = 0 if line[-1] == "." and line[-3:] != "..." else run + 1
        if run == 2:
            return True
    return False


def judge(look: Look, hits: Iterable[Hit]) -> Iterator[Strike]:
    """Strike runs of teasers at the tail and lone headlines inside."""
    rules = [hit.rule for hit in hits]
    prose = look.prose()
    if len(prose) < LEAST_PARAGRAPHS or not look.has_prose_words(LEAST_PROSE_WORDS):
        return
    for rule in rules:
        find = _tail_run if rule.fields.place == "tail" else _lone_headlines
        for first, last in find(look, rule.fields, prose):
            yield Strike(first, last, rule.id)


def _tail_run(look: Look, fields: TeaserFields, prose: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The run of teasers that reaches the end of the text, if there is one."""
    tail = [n for n in range(prose[-1] + 1, len(look.lines)) if not look.is_struck(n) and not look.is_blank(n)]
    run = _teaser_run(look, tail)
    if not run:
        return
    # Made only where there is something to compare with it.
    known = look.vocabulary()
    if _is_announced(look, tail, run[0], known):
        return
    views = [look.view(n) for n in run]
    if evidence.shared(" ".join(views), known) > fields.most_shared or _is_one_list(views):
        return
    if _are_cut_alike(views) or _are_headlines_alone(views, fields):
        yield run[0], run[-1]


def _teaser_run(look: Look, tail: Sequence[int]) -> list[int]:
    """The longest end of the tail of which every line is a headline or a teaser cut short."""
    run: list[int] = []
    for number in reversed(tail):
        if not look.is_open(number) or look.is_table_row(number) or not _is_teaser_line(look.view(number)):
            break
        run.append(number)
    return run[::-1]


def _is_teaser_line(view: str) -> bool:
    words = evidence.count_words(view)
    if evidence.is_cut_short(view) or view[-1] in "?!":
        return 4 <= words <= 60
    return 4 <= words <= 60 and not evidence.ends_sentence(view) and view[-1] not in ":;,"


def _is_announced(look: Look, tail: Sequence[int], first: int, known: frozenset[str]) -> bool:
    """Whether the line before the run introduces it: it ends in a colon, or heads a list of the article's own."""
    before = [n for n in tail if n < first]
    if look.view(last_line := before[-1] if before else look.last_prose()).endswith((":", "：")):
        return True
    heads = [look.view(first)] + ([look.view(last_line)] if before else [])
    return any(evidence.shared(head, known) > OWN for head in heads)


def _is_one_list(views: Sequence[str]) -> bool:
    """Whether the lines are items of one list: numbered, or with a word that comes back in more than half of them."""
    if sum(view[0].isdigit() for view in views) * 3 > len(views):
        return True
    stems = Counter(s for view in views for s in {evidence.stem(word) for word in evidence.content_words(view)})
    return bool(stems) and stems.most_common(1)[0][1] * 2 > len(views)


def _are_cut_alike(views: Sequence[str]) -> bool:
    """Whether headlines alternate with longer teasers that end in an ellipsis or were cut at one length."""
    if len(views) < 4 or len(views) % 2:
        return False
    heads, teasers = views[::2], views[1::2]
    if all(evidence.is_cut_short(teaser) for teaser in teasers):
        return True
    if not all(len(head) < len(teaser) for head, teaser in zip(heads, teasers, strict=True)):
        return False
    lengths = [len(teaser) for teaser in teasers]
    return min(lengths) >= 60 and max(lengths) - min(lengths) <= 12


def _are_headlines_alone(views: Sequence[str], fields: TeaserFields) -> bool:
    """Whether the run is headlines and nothing that tells a list of facts: dates, scores, prices, parts."""
    if len(views) < fields.least_items or not all(map(evidence.is_headline, views)):
        return False
    facts = sum(bool(_LIST_OF_FACTS.search(view)) for view in views)
    words = [evidence.count_words(view) for view in views]
    return min(words) >= 5 and sum(words) >= 7 * len(words) and facts * 3 <= len(views)


def _lone_headlines(look: Look, fields: TeaserFields, prose: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Headlines that head nothing: between paragraphs, with a subhead at once behind them."""
    wide = [(before, after) for before, after in pairwise(prose) if after - before > 2]
    pairs = [gap for gap in (_between(look, *ends) for ends in wide) if len(gap) == 2]
    if not pairs:
        return
    gaps = [_between(look, before, after) for before, after in pairwise(prose)]
    subheads = [evidence.count_words(look.view(gap[-1])) for gap in gaps if gap]
    for gap in pairs:
        if not all(_is_bare(look, number) for number in gap):
            continue
        headline, subhead = map(look.view, gap)
        if evidence.count_words(headline) > max(subheads) and _is_unrelated(headline, subhead, fields, look.vocabulary):
            yield gap[0], gap[0]


def _between(look: Look, before: int, after: int) -> list[int]:
    return [n for n in range(before + 1, after) if not look.is_struck(n) and not look.is_blank(n)]


def _is_bare(look: Look, number: int) -> bool:
    line = look.lines[number]
    return look.is_open(number) and not is_list_item(line) and not heading_rank(line)


def _is_unrelated(headline: str, subhead: str, fields: TeaserFields, vocabulary: Callable[[], frozenset[str]]) -> bool:
    return (
        evidence.is_headline(headline)
        and evidence.is_headline(subhead)
        and headline[0].isalnum()
        and len(evidence.content_words(headline)) >= LEAST_CONTENT_WORDS
        and not _LIST_OF_FACTS.search(headline)
        and evidence.shared(headline, known := vocabulary()) <= fields.most_shared
        and evidence.shared(subhead, known) > max(fields.most_shared, evidence.shared(headline, known))
    )
