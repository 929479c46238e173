"""The words that figures are counted in, where they stand, and how two texts share them.

These are not the words that rules are judged by (:mod:`cleaner.evidence`): figures must not move
when the cleaner's own idea of a word does.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

# A kana, a Chinese character or a Hangul syllable is a word; so is a run of other letters and digits.
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W_]+")


def words_of(text: str) -> list[str]:
    """The words of a text, in lower case.

    >>> words_of("The Ferry's 2nd trip: 渡轮")
    ['the', 'ferry', 's', '2nd', 'trip', '渡', '轮']
    """
    return _WORD.findall(text.lower())


def word_spans(text: str) -> list[tuple[int, int]]:
    """Where each of :func:`words_of` stands in the text, half-open, in characters of the text.

    >>> word_spans("İt is")
    [(0, 1), (1, 2), (3, 5)]
    """
    lowered = text.lower()
    spans = [match.span() for match in _WORD.finditer(lowered)]
    if len(lowered) == len(text):
        return spans
    # A dotted capital I becomes two characters; each leads back to the one that it was.
    places = [index for index, char in enumerate(text) for _ in char.lower()]
    return [(places[start], places[end - 1] + 1) for start, end in spans]


def f1(found: Sequence[str], wanted: Sequence[str]) -> float:
    """How well two bags of words agree: 1 where they are equal, 0 where they share none.

    >>> f1(["a", "b"], ["b", "c"])
    0.5
    """
    if not found or not wanted:
        return 0.0 if found or wanted else 1.0
    shared = (Counter(found) & Counter(wanted)).total()
    return 2 * shared / (len(found) + len(wanted))
