"""What the page shows of one text: its removals in place, and as much around them as a reader needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from cleaner.audit import digest
from cleaner.cleaner import Result
from cleaner.evidence import count_words
from cleaner.review.risk import kept_between, removal_risk, signs_of, text_risk
from cleaner.rule import Rule

# Characters that are shown of a stretch that stays, of one that goes, and of the line around a token.
MOST_KEPT = 3_000
MOST_REMOVED = 4_000
MOST_LINE = 1_000
# What a removal takes in the page beside its text: keys, numbers, the rule.
_BYTES_OF_REMOVAL = 200
# Removals that are shown of one text.
MOST_REMOVALS = 300


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some characters of a text; of many, those at both ends, and how many are left out between them."""

    head: str
    left_out: int = 0
    tail: str = ""

    def as_json(self) -> str | list[str | int]:
        """The string, or its two ends with the number of characters between them."""
        return [self.head, self.left_out, self.tail] if self.left_out else self.head

    def __len__(self) -> int:
        return len(self.head) + len(self.tail)

    @property
    def size(self) -> int:
        """Bytes in UTF-8."""
        return sum(len(part.encode("utf-8", "surrogatepass")) for part in (self.head, self.tail))

    def narrowed(self, most: int) -> Stretch:
        """The same with at most so many characters shown.

        >>> Stretch("The f", 8, "back.").narrowed(6)
        Stretch(head='The', left_out=12, tail='ck.')
        """
        if len(self) <= most:
            return self
        shown, half = self.head + self.tail, most // 2
        return Stretch(shown[:half], self.left_out + len(shown) - 2 * half, shown[-half:])


def stretch(text: str, most: int) -> Stretch:
    """A text of which at most so many characters are shown.

    >>> stretch("The ferry is back.", 10)
    Stretch(head='The f', left_out=8, tail='back.')
    """
    return Stretch(text).narrowed(most)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRemoval:
    """One removal. ``line`` is the whole line around it, where only a part of the line goes."""

    rule_id: str
    start: int
    end: int
    removed: Stretch
    line: str | None
    signs: tuple[str, ...]

    @property
    def size(self) -> int:
        """Bytes that it takes in the page, about."""
        return _BYTES_OF_REMOVAL + self.removed.size + Stretch(self.line or "").size


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownText:
    """One text: ``kept`` are the stretches around the removals, one more than these.

    ``text`` and ``left`` are digests; ``share`` is that of the words that go; ``more`` are removals that are not
    shown because there are too many, nor is the text from the first of them on. ``risk`` is what can be told
    before the corpus is known.
    """

    place: str
    site: str
    text: str
    left: str
    words: int
    share: float
    risk: int
    flags: tuple[str, ...]
    kept: tuple[Stretch, ...]
    removals: tuple[ShownRemoval, ...]
    more: int

    @property
    def size(self) -> int:
        """Bytes that it takes in the page, about."""
        return sum(piece.size for piece in self.kept) + sum(removal.size for removal in self.removals)

    def narrowed(self, most: int, most_removals: int) -> ShownText:
        """The same with at most so many characters of each stretch that stays, and at most so many removals."""
        return replace(
            self,
            kept=tuple(piece.narrowed(most) for piece in self.kept[: most_removals + 1]),
            removals=self.removals[:most_removals],
            more=self.more + max(len(self.removals) - most_removals, 0),
        )


def shown_text(result: Result, rules: Mapping[str, Rule[Any]], *, place: str, site: str) -> ShownText:
    """What is shown of a cleaned text; ``rules`` are those in force, by their ids."""
    words = count_words(result.source)
    share = (words - count_words(result.text)) / words if words else 0.0
    signs = signs_of(result)
    risks = [removal_risk(found, rules[r.rule_id].level) for r, found in zip(result.removals, signs, strict=True)]
    removals = tuple(
        ShownRemoval(
            rule_id=r.rule_id,
            start=r.start,
            end=r.end,
            removed=stretch(result.source[r.start : r.end], MOST_REMOVED),
            line=_line_around(result.source, r.start, r.end),
            signs=found,
        )
        for r, found in zip(result.removals[:MOST_REMOVALS], signs, strict=False)
    )
    kept = kept_between(result)[: len(removals) + 1]
    return ShownText(
        place=place,
        site=site,
        text=digest(result.source),
        left=digest(result.text),
        words=words,
        share=max(share, 0.0),
        risk=text_risk(max(share, 0.0), risks),
        flags=result.flags,
        kept=tuple(stretch(piece, MOST_KEPT) for piece in kept),
        removals=removals,
        more=len(result.removals) - len(removals),
    )


def _line_around(text: str, start: int, end: int) -> str | None:
    """The line of which a token goes; None where whole lines go, or the line is too long to be an example."""
    gone = text[start:end]
    if "\n" in gone or "\r" in gone:
        return None
    first = max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1
    ends = [at for at in (text.find(mark, end, end + MOST_LINE) for mark in "\r\n") if at >= 0]
    last = min(ends, default=len(text))
    line = text[first:last]
    return line if len(line) <= MOST_LINE and line.strip() != gone.strip() else None
