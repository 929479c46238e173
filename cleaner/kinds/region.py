"""Kind ``region``: the block of a whole page's text that is the article; all before and behind it goes.

No markup is needed. A first guess is the *core*: the best run of paragraphs, which menus, headings
of chrome and lines that other rules strike break up. Then every line is weighed: by the words it
shares with the core, by the paragraphs and the short lines around it, by what stands between it
and the core, and by the line that repeats the page's title. The region is the run of lines with
the greatest sum of weights. Where a large part of what speaks the core's language would be left
outside, that side is weighed once more, in its favour: lists and tables part many an article.

Safety: a text without paragraphs is left alone, and so is a side on which only a few lines would
go, or of which hardly a line is known to be a page's (struck by another rule, a heading of chrome, a
word of menus): it may be the article's own. Protected zones stay. Judged behind the rules for
lines in any place, whose strikes are evidence, and before all that ask for head and tail.

The weights are those of a logistic regression over the lines of labelled pages, rounded; sums of
such weights over a run are compared as in maximum-sum segmentation. ``lean`` is added to each.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from cleaner import evidence
from cleaner.kinds import section
from cleaner.look import Hit, Look
from cleaner.removal import Strike
from cleaner.rule import Rule
from cleaner.text import fold

# What a paragraph counts for at most, and what breaks a run of paragraphs, in words.
MOST_WORDS = 150
HEADING_BREAKS = 60
STRUCK_BREAKS = 15
LINE_BREAKS = 5
LEAST_PROSE_WORDS = 50
# A side of a page has at least so many lines; what is less is left to other rules.
LEAST_LINES = 5
# The share of the title's words that the article's paragraphs hold, and two words at least.
SPOKEN_OF = 0.3
# A share of the article's own lines that no side may lose without a second weighing.
OWN_OUTSIDE = 0.3
OWN_SHARED = 0.4
OWN_WORDS = 8
IN_DOUBT = 4.0
# The line that repeats the title: the share of its words, and of the title's, that must be the same.
REPEATS = 0.75
REPEATED = 0.34
LONGEST_TITLE = 40
# So near behind the title the article begins with it.
TITLE_WITHIN = 8
# A lead stands so near before the article, and shares so much of its words with it.
LEAD_WITHIN = 5
LEAD_SHARED = 0.5
LONGEST_MENU_ROW = 300
LEAST_IN_ROW = 4
LONGEST_LIST = 25
NEAR = 3
AROUND = 8
SHORT = 4

_SEPARATOR = re.compile(r"\s*(?:[|·•>»]|\s[-–—/]\s)\s*")
_NUMBER = re.compile(r"\s*\d{1,3}[.)]\s")


@dataclass(frozen=True, slots=True)
class RegionFields:
    """What a ``region`` rule says beyond what every rule does.

    ``lean`` is how much evidence a line needs to be left outside: the higher, the more stays.
    A side goes only if it has ``least_lines`` lines, and ``least_known`` among them that are known to
    be a page's. Without ``paragraphs`` the paragraphs outside stay. ``menu`` are words that stand
    alone in a line in the menus of pages: no reason to take a line away, but evidence of what is
    around it.
    """

    lean: float
    least_lines: int = LEAST_LINES
    least_known: int = 1
    paragraphs: bool = True
    menu: tuple[str, ...] = ()


def check(fields: RegionFields) -> Iterator[str]:
    """Mistakes that no single field shows."""
    if not -10.0 <= fields.lean <= 10.0:
        yield f"lean = {fields.lean}: must be between -10 and 10"
    if fields.least_lines < LEAST_LINES:
        yield f"least_lines = {fields.least_lines}: must be at least {LEAST_LINES}"
    if fields.least_known < 1:
        yield f"least_known = {fields.least_known}: must be at least 1"


def gate(text: str) -> bool:
    """Whether the text has lines enough for a page."""
    return text.count("\n") + text.count("\r") >= LEAST_LINES


def judge(look: Look, hits: Iterable[Hit]) -> Iterator[Strike]:
    """Strike what stands before and behind the article.

    The words of menus of all rules count for each.
    """
    rules = [hit.rule for hit in hits]
    if len(look.lines) < min(rule.fields.least_lines for rule in rules):
        return
    signs = page_signs(look, folded_menu(tuple(word for rule in rules for word in rule.fields.menu)))
    if signs.known(look) < min(rule.fields.least_known for rule in rules):
        return
    lines = page_lines(look, signs)
    core = find_core(lines)
    if sum(line.words for line in lines[core.start : core.stop] if line.prose) < LEAST_PROSE_WORDS:
        return
    weights = [weigh(standing) for standing in standings(lines, core)]
    for rule in rules:
        first, last = _region(lines, weights, core, rule.fields.lean)
        sides = (lines[:first], lines[last + 1 :]) if first <= last else ()
        for side in sides:
            if _is_of_page(side, rule.fields):
                yield from _strikes(look, side, rule)


def _is_of_page(side: Sequence[PageLine], fields: RegionFields) -> bool:
    """Whether so many lines, and such lines, stand around an article in a page only."""
    return len(side) >= fields.least_lines and sum(line.is_known for line in side) >= fields.least_known


@dataclass(frozen=True, slots=True)
class PageLine:
    """A line of a page that has words, and what is known of it by itself."""

    number: int
    words: int
    stems: frozenset[str]
    prose: bool
    struck: bool
    heads_chrome: bool
    in_menu: bool
    announces: bool
    is_numbered: bool

    @property
    def is_known(self) -> bool:
        """Whether the line is one that only a page has around its article."""
        return self.struck or self.heads_chrome or self.in_menu


@lru_cache(maxsize=8)
def folded_menu(menu: tuple[str, ...]) -> frozenset[bytes]:
    """The words of menus, as :func:`page_lines` compares lines with them."""
    return frozenset(map(fold, menu))


@dataclass(frozen=True, slots=True)
class Signs:
    """The lines of a look that only pages have, besides those that other rules strike."""

    headings: frozenset[int]
    in_menu: frozenset[int]

    def known(self, look: Look) -> int:
        """How many lines are known to be a page's."""
        return sum(look.is_struck(n) or n in self.headings or n in self.in_menu for n in range(len(look.lines)))


def page_signs(look: Look, menu: frozenset[bytes]) -> Signs:
    """Headings of chrome, and words and rows of menus: what tells cheaply whether there is a page at all."""
    in_menu = (n for n in range(len(look.lines)) if _is_of_menu(look.view(n), menu))
    return Signs(section.headings(look), frozenset(in_menu))


def page_lines(look: Look, signs: Signs) -> list[PageLine]:
    """The lines of a look that have words."""
    return [
        PageLine(
            number=n,
            words=evidence.count_words(view := look.view(n)),
            stems=frozenset(map(evidence.stem, evidence.content_words(view))),
            prose=look.is_prose(n),
            struck=look.is_struck(n),
            heads_chrome=n in signs.headings,
            announces=view.endswith((":", "：")),
            is_numbered=_NUMBER.match(look.lines[n]) is not None,
            in_menu=n in signs.in_menu,
        )
        for n in range(len(look.lines))
        if look.view(n)
    ]


def _is_of_menu(view: str, menu: frozenset[bytes]) -> bool:
    """Whether a line is a word of menus, or a row of which half or more are."""
    if len(view) > LONGEST_MENU_ROW:
        return False
    if fold(view.rstrip(" :.!|>")) in menu:
        return True
    if evidence.ends_sentence(view):
        return False
    for parts in (_SEPARATOR.split(view), view.split(" ")):
        if len(parts) >= LEAST_IN_ROW and sum(fold(part) in menu for part in parts) * 2 >= len(parts):
            return True
    return False


def find_core(lines: Sequence[PageLine]) -> range:
    """The best run of paragraphs: the positions in ``lines``, half-open.

    The page's first line is its title, as a rule: a run that speaks of it counts twice.
    """
    title = {stem for stem in lines[0].stems if stem.isalpha()} if lines else set()
    found, best = range(0), 0.0
    for first, last, total in runs([_paragraph_worth(line) for line in lines]):
        run = range(first, last + 1)
        speaks_of_it = len(title & _vocabulary(lines, run)) >= max(2, SPOKEN_OF * len(title))
        worth = total * (2 if speaks_of_it else 1)
        if worth > best:
            found, best = run, worth
    return found


def _paragraph_worth(line: PageLine) -> float:
    if line.heads_chrome:
        return -HEADING_BREAKS
    if line.struck or line.in_menu:
        return -STRUCK_BREAKS
    return min(line.words, MOST_WORDS) if line.prose else -LINE_BREAKS


def _vocabulary(lines: Sequence[PageLine], run: range) -> frozenset[str]:
    return frozenset().union(*(lines[at].stems for at in run if lines[at].prose))


def runs(worths: Sequence[float]) -> Iterator[tuple[int, int, float]]:
    """The runs of positive sum that no part before or behind would make greater: first, last, sum.

    >>> list(runs([-1, 3, -2, 4, -9, 5]))
    [(1, 3, 5.0), (5, 5, 5.0)]
    """
    start, last, total, best = 0, -1, 0.0, 0.0
    for position, worth in enumerate([*worths, -math.inf]):
        if total <= 0:
            start, total, best = position, 0.0, 0.0
        total += worth
        if total > best:
            last, best = position, total
        if total <= 0 < best:
            yield start, last, best


def best_run(worths: Sequence[float]) -> tuple[int, int]:
    """The run with the greatest sum, as its first and last position; (0, -1) where no sum is positive.

    >>> best_run([-1, 3, -2, 4, -9, 5])
    (1, 3)
    """
    first, last, _ = max(runs(worths), key=lambda run: run[2], default=(0, -1, 0.0))
    return first, last


@dataclass(frozen=True, slots=True)
class Standing:
    """How a line stands to the core of its page.

    ``shared``: the share of its content words that the core's paragraphs know. ``length``:
    log(1 + words). ``prose_around``: words of paragraphs among the eight lines to each side.
    ``short_near``: short lines among the three to each side. ``struck``: another rule takes it.
    ``behind``, ``before``: on which side of the core. ``struck_between`` (log(1 + n)) and
    ``headings_between``: what stands between the core and the line, itself included, behind the
    core. ``before_title``, ``after_title``: before the line that repeats the title, or between it and
    the core. ``announced``: in a list that a line with a colon announces, or behind a
    numbered line. ``beside_prose``: the line before or behind it is a paragraph. ``in_menu``: a
    word of menus; ``between_menus``: how many such lines are among the eight before it and among
    the eight behind it, the smaller number, 4 at most.
    """

    shared: float
    length: float
    prose_around: int
    short_near: int
    struck: bool
    in_menu: bool
    between_menus: int
    behind: bool
    before: bool
    struck_between: float
    headings_between: int
    before_title: bool
    after_title: bool
    announced: bool
    beside_prose: bool


def weigh(standing: Standing) -> float:
    """The evidence that a line is the article's: positive for, negative against."""
    s = standing
    return (
        -0.45
        + 1.1 * s.shared
        + 0.5 * s.length
        + 0.0015 * s.prose_around
        - 0.13 * s.short_near
        - 3.8 * s.struck
        - 2.5 * s.in_menu
        - 1.5 * s.between_menus
        - 2.1 * s.behind
        - 2.8 * s.before
        - 0.84 * s.struck_between
        - 0.53 * s.headings_between
        - 2.25 * (s.headings_between > 0)
        - 0.82 * s.before_title
        + 1.8 * s.after_title
        + 1.6 * s.announced
        + 0.39 * s.beside_prose
    )


def standings(lines: Sequence[PageLine], core: range) -> list[Standing]:
    """How each line stands to the core."""
    known = _vocabulary(lines, core)
    title = title_line(lines, core)
    prose = _sums(lines, lambda line: min(line.words, 60) if line.prose and not line.struck else 0)
    short = _sums(lines, lambda line: int(line.words <= SHORT and not line.prose))
    struck = _sums(lines, lambda line: int(line.struck or line.in_menu))
    menu = _sums(lines, lambda line: int(line.in_menu))
    headings = _sums(lines, lambda line: int(line.heads_chrome))
    paragraphs = _sums(lines, lambda line: int(line.prose and not line.is_known))
    announced = _announced(lines)
    found = []
    for at, line in enumerate(lines):
        behind, before = at >= core.stop, at < core.start
        found.append(
            Standing(
                shared=len(line.stems & known) / len(line.stems) if line.stems else 0.5,
                length=math.log1p(min(line.words, MOST_WORDS)),
                prose_around=_within(prose, at - AROUND, at + AROUND),
                short_near=_within(short, at - NEAR, at + NEAR),
                struck=line.struck,
                in_menu=line.in_menu,
                between_menus=min(_within(menu, at - AROUND, at - 1), _within(menu, at + 1, at + AROUND), 4),
                behind=behind,
                before=before,
                struck_between=math.log1p(struck[at + 1] - struck[core.stop]) if behind else 0.0,
                headings_between=min(headings[at + 1] - headings[core.stop], 3) if behind else 0,
                before_title=title >= 0 and at < title,
                after_title=0 <= title < at < core.start,
                announced=announced[at] and (before or behind),
                beside_prose=_within(paragraphs, at - 1, at - 1) + _within(paragraphs, at + 1, at + 1) > 0,
            )
        )
    return found


def title_line(lines: Sequence[PageLine], core: range) -> int:
    """The last line up to the core's second that repeats the page's first.

    Where none does, the first line is the title if no line before the core is one of a page's;
    -1 for a page without a title.
    """
    title = lines[0].stems
    for at in range(min(core.start + 2, len(lines) - 1), 0, -1):
        same = len(lines[at].stems & title)
        if (
            len(lines[at].stems) >= 2
            and lines[at].words <= LONGEST_TITLE
            and same >= REPEATS * len(lines[at].stems)
            and same >= REPEATED * len(title)
        ):
            return at
    return -1 if any(line.is_known for line in lines[: core.start]) else 0


def _announced(lines: Sequence[PageLine]) -> list[bool]:
    """For each line whether it is in a list that a line with a colon announces, or that is numbered."""
    found, left = [], 0
    for line in lines:
        left = 0 if line.is_known else left
        found.append(left > 0)
        left = LONGEST_LIST if line.announces else max(left - 1, int(line.is_numbered))
    return found


def _sums(lines: Sequence[PageLine], worth: Callable[[PageLine], int]) -> list[int]:
    return [0, *accumulate(map(worth, lines))]


def _within(sums: Sequence[int], first: int, last: int) -> int:
    return sums[min(len(sums) - 1, last + 1)] - sums[max(0, first)]


def _region(lines: Sequence[PageLine], weights: Sequence[float], core: range, lean: float) -> tuple[int, int]:
    """The first and the last position of the region."""
    worths = [(w + lean) * math.sqrt(line.words + 1) for w, line in zip(weights, lines, strict=True)]
    first, last = best_run(worths)
    for at in _in_doubt(lines, core, range(first, last + 1)):
        worths[at] += IN_DOUBT * math.sqrt(lines[at].words + 1)
    again = best_run(worths)
    first, last = min(first, again[0]), max(last, again[1])
    return _with_lead(lines, core, first), last


def _with_lead(lines: Sequence[PageLine], core: range, first: int) -> int:
    """The first position, moved up to the title or to a lead that stands close before it."""
    title = title_line(lines, core)
    if title >= 0 and 0 <= first - title <= TITLE_WITHIN:
        return title
    known = _vocabulary(lines, core)
    close = range(max(0, first - LEAD_WITHIN), first)
    return next((at for at in close if _is_own(lines[at], known, LEAD_SHARED)), first)


def _in_doubt(lines: Sequence[PageLine], core: range, region: range) -> list[int]:
    """The positions outside the region, of each side that holds too much of what speaks as the core does."""
    known = _vocabulary(lines, core)
    own = _sums(lines, lambda line: line.words if _is_own(line, known, OWN_SHARED) else 0)
    sides = (range(region.start), range(region.stop, len(lines)))
    return [at for side in sides if own[side.stop] - own[side.start] > OWN_OUTSIDE * own[-1] for at in side]


def _is_own(line: PageLine, known: frozenset[str], least_shared: float) -> bool:
    """Whether the line speaks of what the core speaks of."""
    if line.words < OWN_WORDS or line.is_known:
        return False
    return len(line.stems & known) >= least_shared * len(line.stems)


def _strikes(look: Look, side: Sequence[PageLine], rule: Rule[RegionFields]) -> Iterator[Strike]:
    """Strikes over runs of lines, parted by protected zones, lines struck already, and paragraphs that stay."""
    run: list[int] = []
    for line in side:
        if look.is_open(line.number) and (rule.fields.paragraphs or not line.prose):
            run.append(line.number)
        elif run:
            yield Strike(run[0], run[-1], rule.id)
            run = []
    if run:
        yield Strike(run[0], run[-1], rule.id)
