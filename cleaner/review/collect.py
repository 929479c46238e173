"""A corpus, text by text, to what the page shows: counts of all of it, and the riskiest texts first."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any

from cleaner.cleaner import Cleaner, Result
from cleaner.evidence import count_words
from cleaner.kinds.repeat import site_name
from cleaner.review.risk import FEW_HITS, RARE, removal_risk, text_risk
from cleaner.review.sample import Sample
from cleaner.review.shown import ShownRemoval, ShownText, shown_text
from cleaner.rule import Rule

MOST_TEXTS = 5_000
# Bytes of texts in one page: browsers open some ten megabytes at once.
MOST_BYTES = 24_000_000
# Where the page would be too large with more: characters of a stretch that stays, and removals of a text.
_NARROWER = ((1_200, 100), (400, 30))


@dataclass(frozen=True, slots=True)
class RuleHits:
    """A rule that removed something, how often, and in how many texts."""

    rule: Rule[Any]
    hits: int
    texts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """What is known of a corpus once all of it was seen.

    Counts are of all texts. ``shown`` are those with removals, the riskiest first; ``with_removals`` says of
    how many.
    """

    rules_digest: str
    texts: int
    with_removals: int
    removals: int
    words: int
    words_removed: int
    flagged: int
    rules: tuple[RuleHits, ...]
    shown: tuple[ShownText, ...]

    @property
    def name(self) -> str:
        """A digest of rules and texts: what tells one review from another."""
        seen = [self.rules_digest, *(text.text for text in self.shown)]
        return hashlib.sha256("\n".join(seen).encode()).hexdigest()[:32]


class Review:
    """Takes in the results of ``cleaner`` one by one, and holds what the page will show.

    ``most`` is the number of texts that are shown; of more, a sample is (:mod:`cleaner.review.sample`).

    >>> cleaner = Cleaner()
    >>> review = Review(cleaner)
    >>> review.add(cleaner.clean("The ferry sailed at nine. (turn0search21)"), place="ferry.txt")
    >>> reviewed = review.finish()
    >>> reviewed.removals, [text.place for text in reviewed.shown]
    (1, ['ferry.txt'])
    """

    def __init__(self, cleaner: Cleaner, *, most: int = MOST_TEXTS, most_bytes: int = MOST_BYTES) -> None:
        self._rules = {rule.id: rule for rule in cleaner.rule_set.rules}
        self._rules_digest = cleaner.rules_digest
        self._most_bytes = most_bytes
        self._sample = Sample(most)
        self._hits: Counter[str] = Counter()
        self._texts_of: Counter[str] = Counter()
        self._counts: Counter[str] = Counter()

    def add(self, result: Result, *, place: str, site: str | None = None) -> None:
        """Take in what became of one text; ``place`` names its file and record, ``site`` where it is from."""
        self._counts["texts"] += 1
        self._counts["flagged"] += bool(result.flags)
        if not result.removals:
            self._counts["words"] += count_words(result.source)
            return
        text = shown_text(result, self._rules, place=place, site=site_name(site) if site else "")
        self._counts["words"] += text.words
        self._counts["words removed"] += round(text.share * text.words)
        of_text = Counter(removal.rule_id for removal in result.removals)
        self._hits.update(of_text)
        self._texts_of.update(of_text.keys())
        self._sample.add(text)

    def finish(self) -> Reviewed:
        """What all of it came to."""
        shown = sorted(map(self._weighed, self._sample), key=lambda text: (-text.risk, text.place, text.text))
        return Reviewed(
            rules_digest=self._rules_digest,
            texts=self._counts["texts"],
            with_removals=self._sample.seen,
            removals=self._hits.total(),
            words=self._counts["words"],
            words_removed=self._counts["words removed"],
            flagged=self._counts["flagged"],
            rules=tuple(RuleHits(self._rules[i], hits, self._texts_of[i]) for i, hits in self._ranked()),
            shown=tuple(self._that_fit(shown)),
        )

    def _ranked(self) -> list[tuple[str, int]]:
        return sorted(self._hits.items(), key=lambda item: (-item[1], item[0]))

    def _that_fit(self, shown: list[ShownText]) -> list[ShownText]:
        """As many as a page holds, the riskiest first; before one is left out, less is shown around removals."""
        sizes = [text.size for text in shown]
        for most, most_removals in _NARROWER:
            if sum(sizes) > self._most_bytes:
                shown = [text.narrowed(most, most_removals) for text in shown]
                sizes = [text.size for text in shown]
        fitting = bisect_right(list(accumulate(sizes)), self._most_bytes)
        return shown[: max(fitting, 1)]

    def _weighed(self, text: ShownText) -> ShownText:
        """The text with what only the whole corpus tells: which of its rules have few hits."""
        removals = tuple(map(self._told_rare, text.removals))
        risks = [removal_risk(removal.signs, self._rules[removal.rule_id].level) for removal in removals]
        return replace(text, removals=removals, risk=max(text.risk, text_risk(text.share, risks)))

    def _told_rare(self, removal: ShownRemoval) -> ShownRemoval:
        if self._hits[removal.rule_id] > FEW_HITS:
            return removal
        return replace(removal, signs=(*removal.signs, RARE))
