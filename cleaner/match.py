"""Keywords to candidate lines: two Aho-Corasick passes over the folded text, for short lines and for long ones.

A rule is worth trying on a line only where one of its keywords stands in the line, and where the line
is no longer than the rule allows. Most rules look at short lines and most of a text stands in long ones,
so that these are looked through for the keywords of few rules. What is found is at least those pairs of
line and rule; the kinds check the rest on the line itself, so that the result is what trying every rule
on every line would give.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import accumulate
from typing import Any

import ahocorasick_rs

from cleaner.look import Hit, Look
from cleaner.pattern import Pattern
from cleaner.rule import Rule
from cleaner.text import fold, fold_plain, split_lines

# Characters of a short line as rules see it: what most rules allow.
SHORT = 200
_NO_BOUND = 1 << 60


class KeywordIndex:
    """The keywords of some rules, and where they stand in a text."""

    def __init__(self, rules: Iterable[Rule[Any]]) -> None:
        self._rules = tuple(rules)

    @cached_property
    def _all(self) -> _Keywords:
        return _Keywords(self._rules)

    @cached_property
    def _of_long_lines(self) -> _Keywords:
        return _Keywords(self._rules, longer_than=SHORT)

    def hits(self, text: str) -> dict[str, list[Hit]]:
        """Lines that hold a keyword, by kind of rule, in order of lines and then of rules.

        Without those that a rule surely cannot match.
        """
        return self.hits_in(Look(text))

    def hits_in(self, look: Look) -> dict[str, list[Hit]]:
        """The same for a text that is looked at already."""
        views = look.views
        long = [number for number, view in enumerate(views) if len(view) > SHORT]
        short = [number for number, view in enumerate(views) if len(view) <= SHORT] if long else range(len(views))
        dressed = look.dressed_inside
        found: list[tuple[int, int]] = []
        for keywords, numbers in ((self._all, short), (self._of_long_lines, long)):
            found += keywords.found_in(look, numbers, dressed)
            if dressed:
                found += keywords.found_in_views(look, [number for number in numbers if number in dressed])
        hits: dict[str, list[Hit]] = {}
        for line, rank in sorted(found):
            rule = self._rules[rank]
            hits.setdefault(rule.kind, []).append(Hit(line, rule))
        return hits

    def scan_only(self, folded: bytes) -> int:
        """How many keywords stand in folded text, without asking whose they are: the least that a look costs."""
        return len(self._all.automaton.find_matches_as_indexes(folded, overlapping=True))


class _Keywords:
    """The keywords of those rules that allow lines ``longer_than`` so many characters.

    Rules that have a pattern for the ``whole`` of a line look at lines as rules see them, the others at
    lines as they are written. A rule is called by its rank among all rules.
    """

    def __init__(self, rules: Sequence[Rule[Any]], *, longer_than: int = 0) -> None:
        self._longest = [getattr(rule.fields, "longest", 0) or _NO_BOUND for rule in rules]
        self._wholes: list[Pattern | None] = [getattr(rule.fields, "whole", None) for rule in rules]
        wanted = [rank for rank, longest in enumerate(self._longest) if longest > longer_than]
        named = [(rank, keyword) for rank in wanted for keyword in rules[rank].keywords]
        # Folded in one go, for a keyword is all in one line: a third of the time, at each start of the command.
        folded = fold("\n".join(keyword for _, keyword in named)).split(b"\n") if named else []
        owners: dict[bytes, list[int]] = defaultdict(list)
        for (rank, _), keyword in zip(named, folded, strict=True):
            if rank not in owners[keyword][-1:]:
                owners[keyword].append(rank)
        self._owners = list(owners.values())
        # With thousands of keywords the contiguous NFA is as fast as the DFA, and is built in a fifth of the time
        # and memory.
        contiguous = ahocorasick_rs.Implementation.ContiguousNFA
        self.automaton: Any = ahocorasick_rs.BytesAhoCorasick(list(owners), implementation=contiguous)

    def found_in(self, look: Look, numbers: Sequence[int], dressed: Container[int]) -> Iterator[tuple[int, int]]:
        """Lines among these, by number, and the rules that may match them."""
        plains, views, wholes = look.plains, look.views, self._wholes
        for line, folded, ranks in self._events([plains[number] for number in numbers], numbers):
            is_dressed, length = line in dressed, len(views[line])
            # Most lines stand there as rules see them.
            seen = folded if plains[line] is views[line] or is_dressed else look.folded(line)
            for rank in ranks:
                whole = wholes[rank]
                if whole is None or (not is_dressed and length <= self._longest[rank] and whole.could_match(seen)):
                    yield line, rank

    def found_in_views(self, look: Look, numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
        """The same for lines in which dress parts what rules see together."""
        views, wholes = look.views, self._wholes
        for line, folded, ranks in self._events([views[number] for number in numbers], numbers):
            length = len(views[line])
            for rank in ranks:
                whole = wholes[rank]
                if whole is not None and length <= self._longest[rank] and whole.could_match(folded):
                    yield line, rank

    def _events(self, lines: Sequence[str], numbers: Sequence[int]) -> Iterator[tuple[int, bytes, set[int]]]:
        """Of the lines that hold keywords the number, the folded line, and whose keywords they are."""
        folded = fold_plain("\n".join(lines))
        events = self.automaton.find_matches_as_indexes(folded, overlapping=True) if self._owners and lines else ()
        if not events:
            return
        owners, pieces = self._owners, folded.split(b"\n")
        ends = list(accumulate(len(piece) + 1 for piece in pieces))
        at, ranks = -1, set[int]()
        for keyword, start, _ in events:
            if at < 0 or start >= ends[at]:
                if ranks:
                    yield numbers[at], pieces[at], ranks
                at = bisect_right(ends, start)
                ranks = set()
            ranks.update(owners[keyword])
        yield numbers[at], pieces[at], ranks


def every_hit(rules: Sequence[Rule[Any]], text: str) -> dict[str, list[Hit]]:
    """Every rule on every line: what :meth:`KeywordIndex.hits` must not differ from in the end."""
    hits: dict[str, list[Hit]] = defaultdict(list)
    for line in range(len(split_lines(text))):
        for rule in rules:
            if rule.keywords:
                hits[rule.kind].append(Hit(line, rule))
    return dict(hits)
