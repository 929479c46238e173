"""The figures: of a line, of a page, of a rule, of all pages. Plain values that can be added up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from operator import add

from cleaner.evaluate.label import Label

# Of a body line this share may go before the line counts as lost.
LOST = 0.3
# Of a chrome line this share must go, or the line counts as kept.
KEPT = 0.5


@dataclass(frozen=True, slots=True)
class Words:
    """Numbers of words, by the label of their lines.

    >>> Words(chrome=2) + Words(chrome=1, body=4)
    Words(chrome=3, body=4, unsure=0)
    """

    chrome: int = 0
    body: int = 0
    unsure: int = 0

    def __add__(self, other: Words) -> Words:
        return Words(self.chrome + other.chrome, self.body + other.body, self.unsure + other.unsure)

    @classmethod
    def under(cls, label: Label, number: int) -> Words:
        """So many words of lines with that label."""
        return cls(**{label: number})


@dataclass(frozen=True, slots=True)
class LineScore:
    """A line that has words: how many it has, how many went, and how many of them by which rule."""

    text: str
    label: Label
    words: int
    gone: int
    by_rule: tuple[tuple[str, int], ...] = ()

    @property
    def is_lost(self) -> bool:
        """Whether this is a line of the body of which too much went."""
        return self.label == "body" and self.gone / self.words > LOST

    @property
    def is_kept_chrome(self) -> bool:
        """Whether this is chrome that is still there, or most of it."""
        return self.label == "chrome" and self.gone / self.words < KEPT


@dataclass(frozen=True, slots=True)
class PageScore:
    """What became of one page: its lines, the ids of the rules once for each removal, the flags, F1."""

    id: str
    group: str
    lines: tuple[LineScore, ...]
    hits: tuple[str, ...]
    flags: tuple[str, ...]
    f1_before: float
    f1_after: float

    @property
    def is_intact(self) -> bool:
        """Whether no line of the body is lost."""
        return not any(line.is_lost for line in self.lines)


@dataclass(frozen=True, slots=True)
class RuleScore:
    """What a rule, or all of a category, removed: the number of removals, and the words in them."""

    hits: int = 0
    removed: Words = Words()

    def __add__(self, other: RuleScore) -> RuleScore:
        return RuleScore(self.hits + other.hits, self.removed + other.removed)

    @property
    def precision(self) -> float | None:
        """The share of chrome in the words removed, unsure ones apart; None where there are none.

        >>> RuleScore(2, Words(chrome=3, body=1, unsure=5)).precision
        0.75
        """
        counted = self.removed.chrome + self.removed.body
        return self.removed.chrome / counted if counted else None


@dataclass(frozen=True, slots=True)
class Score:
    """The figures of some pages. Scores are added up with ``+``; ``Score()`` is that of no page.

    ``words`` are all words of the pages, ``removed`` those that went, ``rules`` what each rule
    removed, ``flags`` how often each flag was raised. Shares are from 0 to 1, and 0 where there
    is nothing to take a share of.
    """

    pages: int = 0
    intact: int = 0
    words: Words = Words()
    removed: Words = Words()
    f1_before_sum: float = 0.0
    f1_after_sum: float = 0.0
    rules: Mapping[str, RuleScore] = field(default_factory=dict)
    flags: Mapping[str, int] = field(default_factory=dict)

    def __add__(self, other: Score) -> Score:
        return Score(
            self.pages + other.pages,
            self.intact + other.intact,
            self.words + other.words,
            self.removed + other.removed,
            self.f1_before_sum + other.f1_before_sum,
            self.f1_after_sum + other.f1_after_sum,
            _merged(self.rules, other.rules),
            Counter(self.flags) + Counter(other.flags),
        )

    @classmethod
    def of(cls, page: PageScore) -> Score:
        """The score of a single page."""
        return cls(
            1,
            int(page.is_intact),
            reduce(add, (Words.under(line.label, line.words) for line in page.lines), Words()),
            reduce(add, (Words.under(line.label, line.gone) for line in page.lines), Words()),
            page.f1_before,
            page.f1_after,
            _rules_of(page),
            Counter(page.flags),
        )

    @property
    def chrome_removed(self) -> float:
        """The share of the chrome's words that went."""
        return _share(self.removed.chrome, self.words.chrome)

    @property
    def body_lost(self) -> float:
        """The share of the body's words that went."""
        return _share(self.removed.body, self.words.body)

    @property
    def intact_pages(self) -> float:
        """The share of pages that lost no line of the body."""
        return _share(self.intact, self.pages)

    @property
    def chrome_share(self) -> float:
        """The share of chrome in all words, unsure ones apart."""
        return _share(self.words.chrome, self.words.chrome + self.words.body)

    @property
    def f1_before(self) -> float:
        """How well the texts agreed with the bodies before they were cleaned: the mean over pages."""
        return _share(self.f1_before_sum, self.pages)

    @property
    def f1_after(self) -> float:
        """How well the cleaned texts agree with the bodies: the mean over pages."""
        return _share(self.f1_after_sum, self.pages)


def by_category(rules: Mapping[str, RuleScore], categories: Mapping[str, str]) -> dict[str, RuleScore]:
    """What the rules of each category removed together; ``categories`` gives the category of a rule's id.

    >>> by_category({"one": RuleScore(1), "two": RuleScore(2)}, {"one": "ads", "two": "ads"})
    {'ads': RuleScore(hits=3, removed=Words(chrome=0, body=0, unsure=0))}
    """
    found: dict[str, RuleScore] = {}
    for rule_id, score in rules.items():
        found = _merged(found, {categories[rule_id]: score})
    return found


def _rules_of(page: PageScore) -> dict[str, RuleScore]:
    found = {rule_id: RuleScore(hits) for rule_id, hits in Counter(page.hits).items()}
    for line in page.lines:
        for rule_id, number in line.by_rule:
            found[rule_id] += RuleScore(0, Words.under(line.label, number))
    return found


def _merged(one: Mapping[str, RuleScore], other: Mapping[str, RuleScore]) -> dict[str, RuleScore]:
    merged = dict(one)
    for name, score in other.items():
        merged[name] = merged.get(name, RuleScore()) + score
    return merged


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def total(pages: Iterable[PageScore]) -> Score:
    """The score of all pages together."""
    return sum(map(Score.of, pages), Score())
