"""Kind ``bio``: the paragraphs on the author at the very end of a text, known by whom they speak of.

A bio of several paragraphs opens with a name and goes on with that name or a pronoun, to the
end of the text. Words alone do not tell it from an article that ends on somebody's life.

Safety: only a person of whom the text says that it is the author's, in a byline, in the lines right
over the bio or in its first words: articles end on newcomers, winners and soloists as well, with the
same words. Only behind the article's last paragraph; only a person whom no paragraph of the article
names; only with several signs of a career, of different sorts, and more of them for a bio of one
paragraph; never with a word of news in it; never under a line that heads it without the name;
never where another paragraph opens in the same way, for then people are what the article lists.
Every paragraph to the end must speak of that person, else nothing goes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from cleaner import evidence
from cleaner.look import Hit, Look
from cleaner.markdown import is_list_item
from cleaner.pattern import Pattern
from cleaner.removal import Strike
from cleaner.rule import Rule

# What stands before the bio must be an article.
LEAST_PARAGRAPHS = 2
# Where a further paragraph has to name the person, in characters.
NAMED_WITHIN = 80
# Sorts of signs that a bio of one paragraph needs beyond those that others need.
MORE_IN_ONE = 2
# Lines that may stand behind the bio's first: its other paragraphs, links, a handle.
MOST_BEHIND = 10
# Paragraphs that may stand over an explicit byline: a disclosure, a summary.
MOST_OVER_BYLINE = 2
# The person's name and post, in lines of their own over the bio.
MOST_LABELS = 2
LONGEST_LABEL_WORDS = 12
LONGEST = 3_000

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class BioFields:
    """What a ``bio`` rule says beyond what every rule does.

    ``opens`` matches the whole first paragraph and catches the name in its group ``name``;
    ``goes_on`` matches a whole further one that does not begin with the name. ``signs`` are looked
    for in all of them: each named group is a sort of sign, and ``least_signs`` sorts must be there,
    two more in a bio of one paragraph. A paragraph that ``goes_on`` matches needs a sign of its own.
    ``never`` may be found in none. ``byline`` is found in a line before the article that names its
    author; where its group ``explicit`` takes part, it may stand behind two paragraphs: "Written by Ann Reed"
    there may be of a poem or a song, with the day of an update behind it hardly. ``post`` is found in what
    stands right over the bio, or before the name in its first words.
    """

    opens: Pattern
    goes_on: Pattern
    signs: Pattern
    never: Pattern
    byline: Pattern
    post: Pattern
    least_signs: int

    @property
    def whole(self) -> Pattern:
        """What the whole first paragraph must match."""
        return self.opens

    @property
    def longest(self) -> int:
        """The most characters of a paragraph."""
        return LONGEST


def check(fields: BioFields) -> Iterator[str]:
    """Mistakes that no single field shows."""
    if "(?P<name>" not in fields.opens.source:
        yield "opens needs a group called name"
    if "(?P<explicit>" not in fields.byline.source:
        yield "byline needs a group called explicit"
    if not 1 <= fields.least_signs <= fields.signs.source.count("(?P<"):
        yield f"least_signs = {fields.least_signs}: signs has {fields.signs.source.count('(?P<')} named groups"


def judge(look: Look, hits: Iterable[Hit]) -> Iterator[Strike]:
    """Strike the bio that reaches the end of the text."""
    hits = list(hits)
    last = _last_lines(look)
    bios = [bio for hit in hits if hit.line in last and (bio := _opened(look, hit))]
    prose = look.prose() if bios else []
    for bio in sorted(bios, key=lambda bio: bio.first, reverse=True):
        lines = bio.lines(prose)
        if lines and not _is_one_of_many(look, bio, hits):
            yield from (Strike(n, n, bio.rule.id) for n in lines)
            return


def _last_lines(look: Look) -> frozenset[int]:
    """The last lines that are left: where a bio may open."""
    left = (n for n in range(len(look.lines) - 1, -1, -1) if not look.is_blank(n) and not look.is_struck(n))
    return frozenset(islice(left, 1 + MOST_BEHIND))


def _opened(look: Look, hit: Hit) -> _Bio | None:
    """The bio that a line opens, if it does."""
    view = look.view(hit.line)
    if len(view) > LONGEST or not look.is_open(hit.line) or not look.holds_keyword(hit.rule, hit.line):
        return None
    opening = hit.rule.fields.opens.match(view, clock=look.clock, rule_id=hit.rule.id)
    names = [word for word in _WORD.findall(opening["name"] or "") if len(word) > 1] if opening else []
    begins = view[: opening.start("name")] if opening else ""
    return _Bio(look, hit.rule, hit.line, tuple(names), begins) if names else None


def _is_one_of_many(look: Look, bio: _Bio, hits: Iterable[Hit]) -> bool:
    """Whether another paragraph is a bio, too: then people are what the article lists."""
    before = (hit for hit in hits if hit.line < bio.first and look.is_prose(hit.line))
    others = (_opened(look, hit) for hit in before)
    return any(other is not None and other.is_of_a_career([other.first]) for other in others)


@dataclass(frozen=True, slots=True)
class _Bio:
    """A paragraph that opens as a bio does, the words of the name it opens with, and what it says before the name."""

    look: Look
    rule: Rule[BioFields]
    first: int
    names: tuple[str, ...]
    begins: str

    def lines(self, prose: Sequence[int]) -> list[int]:
        """All lines of the bio; none where the article speaks of the person, or goes on behind."""
        article = [n for n in prose if n < self.first]
        block = [self.first, *(n for n in prose if n > self.first)]
        if len(article) < LEAST_PARAGRAPHS or any(self.names[-1] in self._words(n) for n in article):
            return []
        labels = self._labels()
        if labels is None or not self._is_of_the_author(labels) or not all(map(self._goes_on, block[1:])):
            return []
        lines = sorted({*labels, *block, *filter(self._goes_on, range(self.first + 1, len(self.look.lines)))})
        return lines if self.is_of_a_career(lines, more=len(block) == 1) else []

    def _is_of_the_author(self, labels: Sequence[int]) -> bool:
        """Whether a byline, the lines over the bio or its first words say that the person wrote the article.

        Bylines count that go already: most do.
        """
        fields, look = self.rule.fields, self.look
        over = " ".join([*map(look.view, labels), self.begins])
        if self._finds(fields.post, over):
            return True
        prose = [n for n in range(self.first) if look.is_prose(n)]
        first, last = prose[0], [*prose, self.first][MOST_OVER_BYLINE]
        lines = (n for n in range(last) if n not in prose and self.names[-1] in self._words(n))
        return any(self._is_byline(look.view(n), explicit=n > first) for n in lines)

    def _is_byline(self, line: str, *, explicit: bool) -> bool:
        """Whether the line is a byline, and not only one of something that the text quotes."""
        found = self.rule.fields.byline.finds(line, clock=self.look.clock, rule_id=self.rule.id)
        return any(not explicit or match["explicit"] for match in found)

    def _finds(self, pattern: Pattern, text: str) -> bool:
        return next(pattern.finds(text, clock=self.look.clock, rule_id=self.rule.id), None) is not None

    def _words(self, number: int, within: int | None = None) -> list[str]:
        return _WORD.findall(self.look.view(number)[:within])

    def _has_name(self, number: int, within: int | None = None) -> bool:
        return not set(self.names).isdisjoint(self._words(number, within))

    def _goes_on(self, number: int) -> bool:
        """Whether a further line speaks of the person."""
        view = self.look.view(number)
        if not self.look.is_open(number) or len(view) > LONGEST:
            return False
        pattern: Pattern = self.rule.fields.goes_on
        return self._has_name(number, NAMED_WITHIN) or (
            pattern.matches(view, clock=self.look.clock, rule_id=self.rule.id)
            and (not self.look.is_prose(number) or bool(self._signs(view)))
        )

    def is_of_a_career(self, lines: Iterable[int], *, more: bool = False) -> bool:
        """Whether the lines hold enough sorts of signs, or more, and no word of news."""
        fields = self.rule.fields
        text = " ".join(map(self.look.view, lines))[: 3 * LONGEST]
        if self._finds(fields.never, text):
            return False
        return len(self._signs(text)) >= fields.least_signs + (MORE_IN_ONE if more else 0)

    def _signs(self, text: str) -> set[str]:
        """The sorts of signs that the text holds."""
        signs: Pattern = self.rule.fields.signs
        found = signs.finds(text, clock=self.look.clock, rule_id=self.rule.id)
        return {sign.lastgroup for sign in found if sign.lastgroup}

    def _labels(self) -> list[int] | None:
        """The lines over the bio with the person's name and post; None where a line without the name heads it."""
        look = self.look
        above = [n for n in range(max(0, self.first - 8), self.first) if not look.is_blank(n) and not look.is_struck(n)]
        labels: list[int] = []
        for number in reversed(above[-MOST_LABELS:]):
            if not self._is_label(number):
                break
            labels.insert(0, number)
            if self._has_name(number):
                return labels
        return None if labels and not is_list_item(look.lines[labels[-1]]) else []

    def _is_label(self, number: int) -> bool:
        look = self.look
        return (
            look.is_open(number)
            and not look.is_prose(number)
            and not look.is_table_row(number)
            and evidence.count_words(look.view(number)) <= LONGEST_LABEL_WORDS
        )
