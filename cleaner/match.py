"""Keywords to candidate lines: one Aho-Corasick pass over the folded text.

A rule is worth trying on a line only where one of its keywords stands in the line. The pass
finds at least those pairs of line and rule; the kinds check the rest on the line itself, so
that the result is what trying every rule on every line would give.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

import ahocorasick_rs

from cleaner.look import Hit
from cleaner.markdown import has_dress_inside, undress
from cleaner.rule import Rule
from cleaner.text import fold, split_lines

# Beyond the characters that a rule allows: list and quote marks, spaces, arrows at the ends.
_DRESS_BYTES = 64
# The most bytes that one character can fold to.
_BYTES_PER_CHARACTER = 6
_PLAIN_START = frozenset(b"abcdefghijklmnopqrstuvwxyz0123456789")


class KeywordIndex:
    """The keywords of some rules, and where they stand in a text."""

    def __init__(self, rules: Iterable[Rule[Any]]) -> None:
        self._rules = tuple(rules)

    @cached_property
    def _owners(self) -> dict[bytes, list[int]]:
        """Folded keywords, each with the numbers of its rules."""
        owners: dict[bytes, list[int]] = defaultdict(list)
        for number, rule in enumerate(self._rules):
            for keyword in {fold(keyword) for keyword in rule.keywords}:
                owners[keyword].append(number)
        return dict(owners)

    @cached_property
    def _automaton(self) -> Any:
        # With thousands of keywords the contiguous NFA is as fast as the DFA, and is built in a fifth of the time
        # and memory.
        contiguous = ahocorasick_rs.Implementation.ContiguousNFA
        return ahocorasick_rs.BytesAhoCorasick(list(self._owners), implementation=contiguous)

    @cached_property
    def _numbers(self) -> list[list[int]]:
        return list(self._owners.values())

    @cached_property
    def _longest(self) -> list[int]:
        """For each rule the most characters that its line may have; 0 for no bound."""
        return [getattr(rule.fields, "longest", 0) for rule in self._rules]

    def hits(self, text: str) -> dict[str, list[Hit]]:
        """Lines that hold a keyword, by kind of rule, in order of lines and then of rules."""
        if not self._owners:
            return {}
        found = self._scan(fold(text))
        if has_dress_inside(text):
            found |= self._scan(fold(_undressed(text)))
        hits: dict[str, list[Hit]] = defaultdict(list)
        for line, number in sorted(found):
            rule = self._rules[number]
            hits[rule.kind].append(Hit(line, rule))
        return dict(hits)

    def scan_only(self, folded: bytes) -> int:
        """How many keywords stand in folded text, without asking whose they are: the least that a look costs."""
        return len(self._automaton.find_matches_as_indexes(folded, overlapping=True))

    def _scan(self, folded: bytes) -> set[tuple[int, int]]:
        found: set[tuple[int, int]] = set()
        numbers, longest, rfind, find, count = self._numbers, self._longest, folded.rfind, folded.find, folded.count
        line, counted, stop, room = 0, 0, -1, 0
        # Keywords that stand in the line more than once name their rules once.
        seen: set[int] = set()
        for keyword, start, _ in self._automaton.find_matches_as_indexes(folded, overlapping=True):
            if start > stop:
                line += count(b"\n", counted, start)
                counted = start
                begin = rfind(b"\n", 0, start) + 1
                stop = find(b"\n", start)
                stop = len(folded) if stop < 0 else stop
                room = _least_characters(folded[begin:stop])
                seen = set()
            elif keyword in seen:
                continue
            seen.add(keyword)
            for number in numbers[keyword]:
                if not 0 < longest[number] < room:
                    found.add((line, number))
        return found


def _least_characters(line: bytes) -> int:
    """A number of characters that the view of the line surely has; 0 where dress hides it."""
    if not line or line[0] not in _PLAIN_START or b"[" in line or b"*" in line or b"_" in line:
        return 0
    return (len(line) - _DRESS_BYTES) // (1 if line.isascii() else _BYTES_PER_CHARACTER)


def _undressed(text: str) -> str:
    """The views of the lines in which dress could part a keyword; the others are empty."""
    lines = split_lines(text)
    return "\n".join(
        undress(line) if has_dress_inside(line) else "" for line in map(lines.__getitem__, range(len(lines)))
    )


def every_hit(rules: Sequence[Rule[Any]], text: str) -> dict[str, list[Hit]]:
    """Every rule on every line: what :meth:`KeywordIndex.hits` must not differ from in the end."""
    hits: dict[str, list[Hit]] = defaultdict(list)
    for line in range(len(split_lines(text))):
        for rule in rules:
            if rule.keywords:
                hits[rule.kind].append(Hit(line, rule))
    return dict(hits)
