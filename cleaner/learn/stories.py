"""How many stories some documents tell: documents that share their prose tell one.

A site prints an article at several addresses, again after an update, or inside another one. Lines
that come back only with it are its own. So a line counts by the stories around it, not by the
documents that print it.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping

# Documents that share more of their prose tell the same story.
SAME_STORY = 0.3
# A document has a story of its own if this share of its prose, and so many words, are not what all of them print.
OWN_PROSE = 0.33
OWN_WORDS = 20

Prose = Mapping[int, int]
"""The paragraphs of a document: key to number of words."""


def count_stories(documents: Mapping[int, Prose]) -> int:
    """How many different stories the documents tell; those that share prose with a third tell one.

    What all of them print is left out, for it is of the site or makes them one. A document with little prose
    besides is none that could tell.

    >>> count_stories({1: {10: 40, 99: 9}, 2: {20: 40, 99: 9}, 3: {10: 40, 30: 12, 99: 9}})
    2
    >>> count_stories({1: {10: 40}, 2: {10: 40}})
    0
    """
    common = frozenset.intersection(*(frozenset(prose) for prose in documents.values())) if documents else frozenset()
    told: list[list[Prose]] = []
    for prose in documents.values():
        own = {key: words for key, words in prose.items() if key not in common}
        if sum(own.values()) < max(OWN_WORDS, OWN_PROSE * sum(prose.values())):
            continue
        same = [story for story in told if any(_is_same_story(own, other) for other in story)]
        told = [story for story in told if story not in same]
        told.append([own, *itertools.chain.from_iterable(same)])
    return len(told)


def _is_same_story(one: Prose, other: Prose) -> bool:
    shared = sum(words for key, words in one.items() if key in other)
    return shared > SAME_STORY * min(sum(one.values()), sum(other.values()))
