"""Kind ``region``: the block of a whole page's text that is the article; all before and behind it goes.

No markup is needed. A first guess is the *core*: the best run of paragraphs, which menus, headings
of chrome and lines that other rules strike break up. Then every line is weighed: by the words it
shares with the core, by the paragraphs and the short lines around it, by what stands between it
and the core and what behind it, and by the line that repeats the page's title. The region is the
run of lines with the greatest sum of weights; the core is always in it. Where a large part of what
speaks the core's language would be left outside, that side is weighed once more, in its favour:
lists and tables part many an article. A list that the end announces belongs to it, and so do a few
lines up to the first that is known to be a page's.

Safety: a text without paragraphs is left alone, and so is a side on which only a few lines would
go, or of which hardly a line is known to be a page's (struck by another rule, a heading of chrome, a
word of menus), unless the page around the article has many of those: it may be the article's own.
Outside the region stay the title, leads between it and the core, captions far behind that know
nearly only words of the article, and protected zones. Judged behind the rules for lines in any
place, whose strikes are evidence, and before all that ask for head and tail.

The weights are those of a logistic regression over the lines of labelled pages, rounded; sums of
such weights over a run are compared as in maximum-sum segmentation. ``lean`` is added to each.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate
from operator import mul
from typing import Any, NamedTuple

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
IN_DOUBT = 3.0
# The line that repeats the title: the share of its words, and of the title's, that must be the same.
REPEATS = 0.75
REPEATED = 0.34
LONGEST_TITLE = 40
# So near behind the title the article begins with it.
TITLE_WITHIN = 8
# A lead between the title and the article, and a caption far behind it: words, and the share of them that it knows.
LEAD_WORDS = 7
LEAD_KNOWN = 0.4
CAPTION_WORDS = 15
CAPTION_KNOWN = 0.9
# Fewer stems than these tell nothing: rows of letters or numbers have none.
LEAST_STEMS = 3
# A lead stands so near before the article, and shares so much of its words with it.
LEAD_WITHIN = 5
LEAD_SHARED = 0.5
LONGEST_MENU_ROW = 300
LEAST_IN_ROW = 4
LONGEST_LIST = 25
LEAST_ANNOUNCING = 3
# Behind the region and before the first line of a page: so many lines stay, and so many if hardly one is a headline.
SHORTEST_REST = 4
LONGEST_REST = 12
MOST_OTHERS = 0.25
HEADLINE_WORDS = 7
OTHER_SHARED = 0.5
NEAR = 3
BESIDE = 4
AROUND = 8
SHORT = 4
# Dates stand in lines of so many words in lists of articles; of those around a line, so many count.
LONGEST_DATED = 12
MOST_DATED = 4
MOST_MENUS = 4
CLOSE = 3

_SEPARATORS = "|·•>»-–—/"
_SEPARATOR = re.compile(r"\s*(?:[|·•>»]|\s[-–—/]\s)\s*")
_DATED = re.compile(r"(?<!\d)(?:(?:19|20)\d\d|\d{1,2}[:.]\d\d|\d{1,2}/\d{1,2})(?!\d)")
_NUMBER = re.compile(r"\s*\d{1,3}[.)]\s")


@dataclass(frozen=True)
class RegionFields:
    """What a ``region`` rule says beyond what every rule does.

    ``lean`` is how much evidence a line needs to be left outside: the higher, the more stays.
    A side goes only if it has ``least_lines`` lines, and ``least_known`` among them that are known to
    be a page's; or if both sides together have ``sure_known`` of those (0: that is never enough).
    Without ``paragraphs`` the paragraphs outside stay. What stands among them may be the article's,
    too: of a side that is mostly of paragraphs only rows of ``least_known`` known lines go. ``menu`` are
    words that stand alone in a line in the menus of pages: no reason to take a line away, but evidence
    of what is around it.
    """

    lean: float
    least_lines: int = LEAST_LINES
    least_known: int = 1
    sure_known: int = 0
    paragraphs: bool = True
    menu: tuple[str, ...] = ()

    @cached_property
    def folded_menu(self) -> frozenset[str]:
        """The words of menus, as lines are compared with them."""
        return folded_menu(self.menu)


def check(fields: RegionFields) -> Iterator[str]:
    """Mistakes that no single field shows."""
    if not -10.0 <= fields.lean <= 10.0:
        yield f"lean = {fields.lean}: must be between -10 and 10"
    if fields.least_lines < LEAST_LINES:
        yield f"least_lines = {fields.least_lines}: must be at least {LEAST_LINES}"
    if fields.least_known < 1:
        yield f"least_known = {fields.least_known}: must be at least 1"
    if fields.sure_known and fields.sure_known <= fields.least_known:
        yield f"sure_known = {fields.sure_known}: must be more than least_known, or 0"


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
    signs = page_signs(look, _menu_of_all(tuple(rule.fields.folded_menu for rule in rules)))
    if signs.known(look) < min(rule.fields.least_known for rule in rules):
        return
    lines = page_lines(look, signs)
    core = find_core(lines)
    if sum(line.words for line in lines[core.start : core.stop] if line.prose) < LEAST_PROSE_WORDS:
        return
    ground = _Ground(lines, core)
    weights = list(map(weigh, ground.standings()))
    own = _own_far_off(ground)
    for rule in rules:
        first, last = _region(ground, weights, rule.fields.lean)
        for side in _sides_of_page(lines[:first], lines[last + 1 :], rule.fields) if first <= last else ():
            yield from _strikes(look, side, rule, own)


def _sides_of_page(
    before: Sequence[PageLine], behind: Sequence[PageLine], fields: RegionFields
) -> list[Sequence[PageLine]]:
    """Those of the two sides with so many lines, and such lines, as stand around an article in a page only."""
    sides = [(side, sum(line.is_known for line in side)) for side in (before, behind)]
    is_sure = 0 < fields.sure_known <= sum(known for _, known in sides)
    return [
        side for side, known in sides if len(side) >= fields.least_lines and (is_sure or known >= fields.least_known)
    ]


def _is_mostly_paragraphs(side: Sequence[PageLine]) -> bool:
    return 2 * sum(line.words for line in side if line.prose) > sum(line.words for line in side)


class PageLine(NamedTuple):
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
    is_dated: bool
    ends_sentence: bool

    @property
    def is_known(self) -> bool:
        """Whether the line is one that only a page has around its article."""
        return self.struck or self.heads_chrome or self.in_menu


def folded_menu(menu: Iterable[str]) -> frozenset[str]:
    """The words of menus, as :func:`page_signs` compares lines with them."""
    return frozenset(map(_menu_key, menu))


@lru_cache(maxsize=8)
def _menu_of_all(menus: tuple[frozenset[str], ...]) -> frozenset[str]:
    return frozenset().union(*menus)


@lru_cache(maxsize=8)
def _longest_word(menu: frozenset[str]) -> int:
    return max(map(len, menu), default=0)


def _menu_key(text: str) -> str:
    """A word of menus without case and accents: Greek capitals are written without them, and many sites' links."""
    return text.lower() if text.isascii() else _bare_of_accents(text)


@lru_cache(maxsize=20_000)
def _bare_of_accents(text: str) -> str:
    bare = "".join(char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char))
    return fold(bare).decode("utf-8", "surrogatepass")


@dataclass(frozen=True, slots=True)
class Signs:
    """The lines of a look that only pages have, besides those that other rules strike."""

    headings: frozenset[int]
    in_menu: frozenset[int]

    def known(self, look: Look) -> int:
        """How many lines are known to be a page's."""
        return len(self.headings | self.in_menu | look.struck())


def page_signs(look: Look, menu: frozenset[str]) -> Signs:
    """Headings of chrome, and words and rows of menus: what tells cheaply whether there is a page at all."""
    known = look.notes.in_menu
    longest = _longest_word(menu)
    in_menu = []
    for number, view in enumerate(look.views):
        if not 0 < len(view) <= LONGEST_MENU_ROW:
            continue
        if view not in known:
            known[view] = _is_of_menu(view, menu, longest)
        if known[view]:
            in_menu.append(number)
    return Signs(section.headings(look), frozenset(in_menu))


def page_lines(look: Look, signs: Signs) -> list[PageLine]:
    """The lines of a look that have words."""
    return [
        PageLine(
            number=n,
            words=(words := look.words(n)),
            stems=look.stems(n),
            prose=look.is_prose(n),
            struck=look.is_struck(n),
            heads_chrome=n in signs.headings,
            in_menu=n in signs.in_menu,
            announces=view[-1] in ":：",
            is_numbered=_NUMBER.match(look.lines[n]) is not None,
            is_dated=words <= LONGEST_DATED and _DATED.search(view) is not None,
            ends_sentence=evidence.ends_sentence(view),
        )
        for n, view in enumerate(look.views)
        if view
    ]


def _is_of_menu(view: str, menu: frozenset[str], longest: int) -> bool:
    """Whether a line is a word of menus, the longest of which has so many characters, or a row of them by half."""
    bare = view.rstrip(" :.!|>：")
    # Without its accents a word is shorter than it is written, but no word is of accents by three quarters.
    if len(bare) <= (longest if bare.isascii() else 4 * longest) and _menu_key(bare) in menu:
        return True
    if view[-1] == "." or evidence.ends_sentence(view):
        return False
    if sum(map(view.count, _SEPARATORS)) >= LEAST_IN_ROW - 1 and _is_row_of_menu(_SEPARATOR.split(view), menu):
        return True
    return view.count(" ") >= LEAST_IN_ROW - 1 and _is_row_of_menu(view.split(" "), menu)


def _is_row_of_menu(parts: Sequence[str], menu: frozenset[str]) -> bool:
    return len(parts) >= LEAST_IN_ROW and sum([_menu_key(part) in menu for part in parts]) * 2 >= len(parts)


def find_core(lines: Sequence[PageLine]) -> range:
    """The best run of paragraphs: the positions in ``lines``, half-open.

    The page's first line is its title, as a rule: a run that speaks of it counts twice.
    """
    title = {stem for stem in lines[0].stems if stem.isalpha()} if lines else set()
    found, best = range(0), 0.0
    for first, last, total in runs([_paragraph_worth(line) for line in lines]):
        run = range(first, last + 1)
        spoken_of = set().union(*(title & lines[at].stems for at in run if lines[at].prose))
        speaks_of_it = len(spoken_of) >= max(2, SPOKEN_OF * len(title))
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


class Standing(NamedTuple):
    """How a line stands to the core of its page.

    ``shared``: the share of its content words that the core's paragraphs know. ``length``:
    log(1 + words). ``prose_around``: words of paragraphs among the eight lines to each side.
    ``short_near``: short lines among the three to each side. ``dated_near``: outside the core,
    short lines with a date or a time among the four to each side and itself, 4 at most.
    ``ends_sentence``: outside the core, the line ends as a sentence does. ``struck``: another rule
    takes it. ``in_menu``: a word of menus; ``between_menus``: outside the core, how many such lines
    are among the eight before it and among the eight behind it, the smaller number, 4 at most.

    ``behind``, ``before``: on which side of the core. Behind it, all as log(1 + n):
    ``struck_between``: lines struck or of menus from the core to the line, itself included;
    ``known_beyond``: a page's lines behind it; ``far``: lines between that are no paragraphs.
    ``close``: exp(-n / 3) of those. ``heading_between``: a heading of chrome stands between, or is
    the line. Before it: ``known_between``: log(1 + n) of a page's lines between.

    ``before_title``, ``after_title``: before the line that repeats the title, or between it and
    the core. ``announced``: in a list that a line with a colon announces, or behind a numbered
    line; ``numbered``: itself numbered, outside the core. ``beside_prose``: the line before or
    behind it is a paragraph.
    """

    shared: float
    length: float
    prose_around: int
    short_near: int
    dated_near: int
    ends_sentence: bool
    struck: bool
    in_menu: bool
    between_menus: int
    behind: bool
    before: bool
    struck_between: float
    known_beyond: float
    far: float
    close: float
    heading_between: bool
    known_between: float
    before_title: bool
    after_title: bool
    announced: bool
    numbered: bool
    beside_prose: bool


BIAS = -0.29
# Written by `python -m tests.quality.fit`, then rounded.
WEIGHTS: Mapping[str, float] = {
    "shared": 1.1,
    "length": 0.43,
    "prose_around": 0.0019,
    "short_near": -0.15,
    "dated_near": -0.1,
    "ends_sentence": 0.64,
    "struck": -3.8,
    "in_menu": -2.8,
    "between_menus": -0.86,
    "behind": -6.1,
    "before": -1.9,
    "struck_between": -1.75,
    "known_beyond": 0.52,
    "far": 1.1,
    "close": 1.7,
    "heading_between": -3.1,
    "known_between": -0.59,
    "before_title": -0.85,
    "after_title": 1.25,
    "announced": 1.3,
    "numbered": 1.8,
    "beside_prose": 0.3,
}


# In the order of the fields, so that a line is weighed in one go.
_WEIGHTS = tuple(WEIGHTS[name] for name in Standing._fields)


def weigh(standing: Sequence[float]) -> float:
    """The evidence that a line is the article's: positive for, negative against."""
    total: float = sum(map(mul, _WEIGHTS, standing))
    return BIAS + total


def standings(lines: Sequence[PageLine], core: range) -> list[Standing]:
    """How each line stands to the core."""
    return list(map(Standing._make, _Ground(lines, core).standings()))


class _Ground:
    """What stands where in a page: sums made once, from which the standing of all lines is read."""

    def __init__(self, lines: Sequence[PageLine], core: range) -> None:
        self.lines = lines
        self.core = core
        self.vocabulary = _vocabulary(lines, core)
        self.title = title_line(lines, core)
        self._words = _sums([min(line.words, 60) if line.prose and not line.struck else 0 for line in lines])
        self._short = _sums([line.words <= SHORT and not line.prose for line in lines])
        self._dated = _sums([line.is_dated for line in lines])
        self._struck = _sums([line.struck or line.in_menu for line in lines])
        self._menu = _sums([line.in_menu for line in lines])
        self._headings = _sums([line.heads_chrome for line in lines])
        self._known = _sums([line.is_known for line in lines])
        self._paragraphs = _sums([line.prose and not line.is_known for line in lines])
        self._others = _sums([not line.prose for line in lines])

    def standings(self) -> Iterator[tuple[Any, ...]]:
        """How each line stands to the core: what :class:`Standing` has, in its order, as plain tuples."""
        columns = {**self._by_itself(), **self._by_what_is_around(), **self._by_side(), **self._by_title()}
        return zip(*(columns[name] for name in Standing._fields), strict=True)

    def _by_itself(self) -> dict[str, list[Any]]:
        known, lines = self.vocabulary, self.lines
        return {
            "shared": [len(s & known) / len(s) if s else 0.5 for s in [line.stems for line in lines]],
            "length": [math.log1p(min(line.words, MOST_WORDS)) for line in lines],
            "ends_sentence": self._outside([line.ends_sentence for line in lines]),
            "struck": [line.struck for line in lines],
            "in_menu": [line.in_menu for line in lines],
            "announced": self._outside(_announced(lines)),
            "numbered": self._outside([line.is_numbered for line in lines]),
        }

    def _by_what_is_around(self) -> dict[str, list[Any]]:
        before, behind = _around(self._menu, AROUND, -1), _around(self._menu, -1, AROUND)
        beside = zip(_around(self._paragraphs, 1, -1), _around(self._paragraphs, -1, 1), strict=True)
        return {
            "prose_around": _around(self._words, AROUND, AROUND),
            "short_near": _around(self._short, NEAR, NEAR),
            "dated_near": self._outside([min(count, MOST_DATED) for count in _around(self._dated, BESIDE, BESIDE)]),
            "between_menus": self._outside([min(*both, MOST_MENUS) for both in zip(before, behind, strict=True)]),
            "beside_prose": [one + other > 0 for one, other in beside],
        }

    def _by_side(self) -> dict[str, list[Any]]:
        core, count = self.core, len(self.lines)
        head, rest = [0] * core.start, [0] * (count - core.start)
        front, behind = [0] * core.stop, range(core.stop, count)
        struck, known, headings = self._struck, self._known, self._headings
        far = [self._others[at] - self._others[core.stop] for at in behind]
        return {
            "behind": front + [1] * len(behind),
            "before": [1] * core.start + rest,
            "struck_between": front + [math.log1p(struck[at + 1] - struck[core.stop]) for at in behind],
            "known_beyond": front + [math.log1p(known[-1] - known[at + 1]) for at in behind],
            "far": front + [math.log1p(lines) for lines in far],
            "close": front + [math.exp(-lines / CLOSE) for lines in far],
            "heading_between": front + [headings[at + 1] > headings[core.stop] for at in behind],
            "known_between": [math.log1p(known[core.start] - known[at + 1]) for at in range(len(head))] + rest,
        }

    def _by_title(self) -> dict[str, list[Any]]:
        count, start, title = len(self.lines), self.core.start, self.title
        return {
            "before_title": [at < title for at in range(count)],
            "after_title": [0 <= title < at < start for at in range(count)],
        }

    def _outside(self, column: list[Any]) -> list[Any]:
        """A column that tells nothing of the lines of the core."""
        column[self.core.start : self.core.stop] = [0] * len(self.core)
        return column


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


def _sums(worths: Iterable[int]) -> list[int]:
    return [0, *accumulate(worths)]


def _around(sums: list[int], before: int, behind: int) -> list[int]:
    """For each position the sum from so many positions before it to so many behind it; below 0 is the other side.

    >>> _around([0, 1, 3, 6], 1, 0), _around([0, 1, 3, 6], -1, 1)
    ([1, 3, 5], [2, 3, 0])
    """
    count = len(sums) - 1
    starts = [0] * before + sums if before >= 0 else sums[-before:]
    stops = sums[behind + 1 :] + sums[-1:] * behind
    return [stop - start for start, stop in zip(starts[:count], stops[:count], strict=True)]


def _region(ground: _Ground, weights: Sequence[float], lean: float) -> tuple[int, int]:
    """The first and the last position of the region; the core is in it, and what goes with its ends."""
    lines, core = ground.lines, ground.core
    worths = [(w + lean) * math.sqrt(line.words + 1) for w, line in zip(weights, lines, strict=True)]
    first, last = best_run(worths)
    if first > last:
        return first, last
    for at in _in_doubt(ground, range(first, last + 1)):
        worths[at] += IN_DOUBT * math.sqrt(lines[at].words + 1)
    again = best_run(worths)
    first, last = min(first, again[0], core.start), max(last, again[1], core.stop - 1)
    return _with_lead(ground, first), _with_rest(ground, _with_list(lines, last))


def _with_list(lines: Sequence[PageLine], last: int) -> int:
    """The last position, moved behind a list that a line with a colon announces there, or right behind it."""
    for at in range(last, min(last + 2, len(lines))):
        line = lines[at]
        if line.announces and line.words >= LEAST_ANNOUNCING and not line.is_known:
            behind = range(at + 1, min(at + 1 + LONGEST_LIST, len(lines)))
            return next((number for number in behind if lines[number].is_known), behind.stop) - 1
    return last


def _with_rest(ground: _Ground, last: int) -> int:
    """The last position, moved up to the first line known to be a page's, where little stands before it.

    A page begins with a word of its own behind its article, a heading or a menu: a short list, a
    poem or a few short sentences before that are the article's. Four lines are so whatever they
    are, a dozen where hardly one is the headline of another article.
    """
    lines, known = ground.lines, ground.vocabulary
    known_at = next((at for at in range(last + 1, len(lines)) if lines[at].is_known), last + 1)
    rest = lines[last + 1 : known_at]
    if len(rest) > LONGEST_REST:
        return last
    others = sum(_is_of_other(line, known) for line in rest)
    return known_at - 1 if len(rest) <= SHORTEST_REST or others <= MOST_OTHERS * len(rest) else last


def _is_of_other(line: PageLine, known: frozenset[str]) -> bool:
    """Whether a line may be the headline of another article."""
    if line.words < HEADLINE_WORDS or line.ends_sentence:
        return False
    return len(line.stems & known) < OTHER_SHARED * len(line.stems)


def _with_lead(ground: _Ground, first: int) -> int:
    """The first position, moved up to the title or to a lead that stands close before it."""
    lines, title = ground.lines, ground.title
    if title >= 0 and 0 <= first - title <= TITLE_WITHIN:
        return title
    close = range(max(0, first - LEAD_WITHIN), first)
    return next((at for at in close if _knows(lines[at], ground.vocabulary, OWN_WORDS, LEAD_SHARED)), first)


def _in_doubt(ground: _Ground, region: range) -> list[int]:
    """The positions outside the region, of each side that holds too much of what speaks as the core does."""
    lines, known = ground.lines, ground.vocabulary
    own = _sums([line.words if _knows(line, known, OWN_WORDS, OWN_SHARED) else 0 for line in lines])
    sides = (range(region.start), range(region.stop, len(lines)))
    return [at for side in sides if own[side.stop] - own[side.start] > OWN_OUTSIDE * own[-1] for at in side]


def _knows(line: PageLine, known: frozenset[str], least_words: int, least_shared: float) -> bool:
    """Whether so long a line, not known for a page's, speaks of what the core speaks of."""
    if line.words < least_words or len(line.stems) < LEAST_STEMS or line.is_known:
        return False
    return len(line.stems & known) >= least_shared * len(line.stems)


def _own_far_off(ground: _Ground) -> frozenset[int]:
    """The numbers of lines that are the article's wherever the region ends.

    Those are its title; a lead between it and the core, whatever stands between; and behind the
    core a caption or a paragraph nearly all of whose words the article knows.
    """
    lines, core, known, title = ground.lines, ground.core, ground.vocabulary, ground.title
    leads = (
        line for line in lines[title + 1 : core.start] if title >= 0 and _knows(line, known, LEAD_WORDS, LEAD_KNOWN)
    )
    captions = (line for line in lines[core.stop :] if _knows(line, known, CAPTION_WORDS, CAPTION_KNOWN))
    return frozenset(line.number for line in (*lines[max(title, 0) : title + 1], *leads, *captions))


def _strikes(look: Look, side: Sequence[PageLine], rule: Rule[RegionFields], own: frozenset[int]) -> Iterator[Strike]:
    """Strikes over rows of lines, parted by protected zones, lines struck already, and those that stay."""
    careful = not rule.fields.paragraphs and _is_mostly_paragraphs(side)
    for row in _rows_that_go(look, side, rule, own):
        going = _known_part(row, rule.fields.least_known) if careful else row
        if going:
            yield Strike(going[0].number, going[-1].number, rule.id)


def _rows_that_go(
    look: Look, side: Sequence[PageLine], rule: Rule[RegionFields], own: frozenset[int]
) -> Iterator[list[PageLine]]:
    row: list[PageLine] = []
    for line in side:
        stays = line.number in own or (line.prose and not rule.fields.paragraphs)
        if look.is_open(line.number) and not stays:
            row.append(line)
        elif row:
            yield row
            row = []
    if row:
        yield row


def _known_part(row: Sequence[PageLine], least: int) -> Sequence[PageLine]:
    """The row from its first to its last line known to be a page's; nothing where those are too few."""
    known = [at for at, line in enumerate(row) if line.is_known]
    return row[known[0] : known[-1] + 1] if len(known) >= least else ()
