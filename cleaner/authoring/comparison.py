"""What one set of rules removes and another does not, in somebody's own texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, Protocol

from cleaner.authoring.corpus import LONGEST_SAMPLE, RuleCounts, count_removal
from cleaner.cleaner import Cleaner, Result
from cleaner.markup import Article
from cleaner.removal import Removal


class Found(Protocol):
    """A text with what its page knew of it, its site, and where it is from."""

    @property
    def article(self) -> Article: ...
    @property
    def site(self) -> str | None: ...
    @property
    def place(self) -> str: ...


@dataclass(slots=True)
class Side:
    """What one of the two removes and the other does not: by rule, and how many texts it held back."""

    characters: int = 0
    texts: int = 0
    held_back: int = 0
    by_rule: dict[str, RuleCounts] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """The same for machines; rules that remove most come first."""
        rules = sorted(self.by_rule.items(), key=lambda item: (-item[1].removals, item[0]))
        return {
            "characters": self.characters,
            "texts": self.texts,
            "held_back": self.held_back,
            "rules": [
                {
                    "rule": rule_id,
                    "removals": counts.removals,
                    "texts": counts.texts,
                    "samples": [{"place": place, "text": text} for place, text in counts.samples],
                }
                for rule_id, counts in rules
            ],
        }


@dataclass(slots=True)
class Comparison:
    """What two sets of rules make of the same texts: how many there are, how many come out alike, what differs."""

    texts: int = 0
    alike: int = 0
    only_old: Side = field(default_factory=Side)
    only_new: Side = field(default_factory=Side)


def compare(
    old: Cleaner, new: Cleaner, texts: Iterable[Found], *, samples: int = 3, lang: str | None = None
) -> Comparison:
    """Clean ``texts`` by both, and count what only one of them removes, by its rule, with ``samples`` of each.

    White space does not count. Memory is bounded by the number of rules, however many texts there are.

    >>> from cleaner.batch import CorpusArticle
    >>> text = CorpusArticle("a.txt", 0, Article("Similar News\\nAdvertisement\\nIt rained all day.\\n"), None)
    >>> found = compare(Cleaner("safe"), Cleaner("safe", disable=["ads"]), [text])
    >>> found.only_old.by_rule["ad-label"].samples, found.only_new.by_rule
    ([('a.txt', 'Advertisement')], {})
    """
    comparison = Comparison()
    random = Random(0)  # noqa: S311 - drawn, not kept secret
    for found in texts:
        comparison.texts += 1
        one, other = (made.clean_article(found.article, site=found.site, lang=lang) for made in (old, new))
        differs = [
            _take(side, found.place, mine, theirs, samples, random)
            for side, mine, theirs in ((comparison.only_old, one, other), (comparison.only_new, other, one))
        ]
        comparison.alike += not any(differs)
    return comparison


def _take(side: Side, place: str, mine: Result, theirs: Result, samples: int, random: Random) -> bool:
    """Count what only ``mine`` removes of a text; whether there is any."""
    side.held_back += any(flag.partition(":")[0] in ("timeout", "restless", "max-removed") for flag in mine.flags)
    rules = set()
    for rule_id, start, end in _beyond(mine.removals, theirs.removals):
        gone = " ".join(mine.source[start:end].split())
        if gone:
            side.characters += len(gone)
            rules.add(rule_id)
            count_removal(
                side.by_rule.setdefault(rule_id, RuleCounts()), (place, gone[:LONGEST_SAMPLE]), samples, random
            )
    for rule_id in rules:
        side.by_rule[rule_id].texts += 1
    side.texts += bool(rules)
    return bool(rules)


def _beyond(mine: Sequence[Removal], theirs: Sequence[Removal]) -> Iterator[tuple[str, int, int]]:
    """The pieces of ``mine`` that ``theirs`` do not take: rule, start, end. Both are sorted and never overlap."""
    first = 0
    for removal in mine:
        at = removal.start
        while first < len(theirs) and theirs[first].end <= at:
            first += 1
        number = first
        while number < len(theirs) and theirs[number].start < removal.end:
            if theirs[number].start > at:
                yield removal.rule_id, at, theirs[number].start
            at = max(at, theirs[number].end)
            number += 1
        if at < removal.end:
            yield removal.rule_id, at, removal.end
