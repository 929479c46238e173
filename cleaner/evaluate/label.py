"""What each line of a page is, told by the body that a human marked: body, chrome, or unsure.

The words of the text are aligned with those of the body. A line is body where nearly all of it
stands in the body, chrome where next to nothing does, and unsure in between; a line that repeats
the page's title is unsure, for annotators differ on it, and so is a line of the body that counts
as chrome here (:mod:`cleaner.evaluate.contested`). Unsure lines are never counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from cleaner.evaluate.align import aligned
from cleaner.evaluate.contested import is_contested
from cleaner.evaluate.words import words_of

Label = Literal["body", "chrome", "unsure"]

# From this many words on, what a line holds in a row says more than single words that are aligned.
_LONG = 5


@dataclass(frozen=True, slots=True)
class LabelledLine:
    """A line with words: where it starts in the text, in characters, its words, and what it is."""

    start: int
    text: str
    words: tuple[str, ...]
    label: Label


def label_lines(text: str, gold: str, title: str = "") -> list[LabelledLine]:
    """The lines of a text that have words, each labelled by the body ``gold`` of its page.

    Raises :class:`cleaner.evaluate.MissingExtraError`.

    >>> body = "The ferry is back after a long winter."
    >>> [line.label for line in label_lines(f"Share this page\\n{body}", body)]
    ['chrome', 'body']
    """
    body = _Body(gold)
    lines = _lines(text)
    known = aligned([word for _, _, words in lines for word in words], body.words)
    title_words = frozenset(words_of(title))
    labelled, at = [], 0
    for start, line, words in lines:
        share = sum(known[at : at + len(words)]) / len(words)
        at += len(words)
        label = _label(line, words, share, body.holds(words), title_words)
        labelled.append(LabelledLine(start, line, words, label))
    return labelled


def _lines(text: str) -> list[tuple[int, str, tuple[str, ...]]]:
    """Offset, line and words of the lines that have words."""
    found, at = [], 0
    for line in text.split("\n"):
        words = tuple(words_of(line))
        if words:
            found.append((at, line, words))
        at += len(line) + 1
    return found


class _Body:
    """The words of a marked body, ready to be asked what stands in it in a row."""

    def __init__(self, gold: str) -> None:
        self.words = words_of(gold)
        self._joined = f" {' '.join(self.words)} "
        self._threes = set(zip(self.words, self.words[1:], self.words[2:], strict=False))

    def holds(self, words: Sequence[str]) -> float:
        """The share of the line's three words in a row that the body holds too; 0 for short lines."""
        if len(words) < _LONG:
            return 0.0
        if f" {' '.join(words)} " in self._joined:
            return 1.0
        threes = list(zip(words, words[1:], words[2:], strict=False))
        return sum(three in self._threes for three in threes) / len(threes)


def _label(line: str, words: Sequence[str], share: float, held: float, title: frozenset[str]) -> Label:
    """The label of a line of which ``share`` is aligned with the body and ``held`` stands in it in a row."""
    if _repeats(words, title):
        return "unsure"
    if held >= 0.8 or (share >= 0.7 and (len(words) < _LONG or held >= 0.4)):
        return "unsure" if is_contested(line) else "body"
    if share <= 0.4 and held <= 0.2 and (len(words) >= 3 or share == 0):
        return "chrome"
    return "unsure"


def _repeats(words: Sequence[str], title: frozenset[str]) -> bool:
    if len(title) < 3 or len(words) < 3:
        return False
    return sum(word in title for word in words) / len(words) >= 0.8
