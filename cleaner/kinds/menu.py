"""Kind ``menu``: the menu of a site that came along with an article, wherever it stands.

A run of short lines of which many are words that menus hold: those of the rule, and those that
rules of kind ``region`` know.

Safety: only runs with several ``anchors``, words that stand alone in a line in menus and nowhere
else: an article may well list its topics, but not ``Log in``. Never sentences, tables, code, nor a
run that a line with a colon announces. A menu ends with its last known word.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from cleaner import evidence
from cleaner.kinds.region import runs
from cleaner.look import Hit, Look
from cleaner.removal import Strike
from cleaner.text import fold

LEAST_LINES = 8
LONGEST_WORDS = 5
# Characters of a line as it is written: a link may be longer than what it says.
LONGEST = 160
# A known word of menus outweighs as many other short lines, and the line that is no item ends the run.
KNOWN, OTHER, BREAK = 2.0, -1.0, -1000.0

_BESIDE = " :.!|>"


@dataclass(frozen=True, slots=True)
class MenuFields:
    """What a ``menu`` rule says beyond what every rule does.

    ``words`` stand in menus, ``anchors`` hardly anywhere else. A run needs ``least_known`` lines of
    either, and ``least_anchors`` different anchors among them.
    """

    anchors: tuple[str, ...]
    words: tuple[str, ...] = ()
    least_known: int = LEAST_LINES
    least_anchors: int = 3


def check(fields: MenuFields) -> Iterator[str]:
    """Mistakes that no single field shows."""
    if fields.least_known < LEAST_LINES:
        yield f"least_known = {fields.least_known}: must be at least {LEAST_LINES}"
    if not 1 <= fields.least_anchors <= len(fields.anchors):
        yield f"least_anchors = {fields.least_anchors}: there are {len(fields.anchors)} anchors"


def gate(text: str) -> bool:
    """Whether the text has short lines enough in a row, blank ones aside, for a menu."""
    run = 0
    for line in text.replace("\r", "\n").split("\n"):
        if not line.strip():
            continue
        run = run + 1 if len(line) <= LONGEST else 0
        if run == LEAST_LINES:
            return True
    return False


def judge(look: Look, hits: Iterable[Hit]) -> Iterator[Strike]:
    """Strike the menus."""
    rules = [hit.rule for hit in hits]
    regions = tuple(hit.rule.fields.menu for hit in look.hits.get("region", ()))
    for rule in rules:
        anchors, known = _words(rule.fields.anchors, (rule.fields.words, *regions))
        if _count_anchors(look, anchors) < rule.fields.least_anchors:
            continue
        for run in _menus(look, known):
            words = [_item(look.view(n)) for n in run]
            if (
                sum(word in known for word in words) >= rule.fields.least_known
                and len({word for word in words if word in anchors}) >= rule.fields.least_anchors
                and not _is_announced(look, run[0])
            ):
                yield Strike(run[0], run[-1], rule.id)


def _count_anchors(look: Look, anchors: frozenset[bytes]) -> int:
    """How many of the anchors stand alone in a line anywhere: what tells cheaply whether there is a menu."""
    longest = max(map(len, anchors), default=0)
    bare = (view.rstrip(_BESIDE) for view in look.views if len(view) <= LONGEST)
    # Folding makes no word shorter.
    return len({item for view in bare if len(view) <= longest and (item := _item(view)) in anchors})


@lru_cache(maxsize=8)
def _words(anchors: tuple[str, ...], menus: tuple[tuple[str, ...], ...]) -> tuple[frozenset[bytes], frozenset[bytes]]:
    """The anchors, and all known words, as the lines are compared with them."""
    folded = frozenset(map(fold, anchors))
    return folded, folded.union(fold(word) for menu in menus for word in menu)


@lru_cache(maxsize=20_000)
def _item(view: str) -> bytes:
    """A short line as words of menus are compared with it."""
    return fold(view.rstrip(_BESIDE))


def _menus(look: Look, known: frozenset[bytes]) -> Iterator[Sequence[int]]:
    """Runs of short lines in which known words outweigh the others."""
    numbers = [n for n in range(len(look.lines)) if len(look.lines[n]) > LONGEST or look.view(n)]
    left = [n for n in numbers if not look.is_struck(n)]
    worths = [_worth(look, n, known) for n in left]
    for first, last, _ in runs(worths):
        yield left[first : last + 1]


def _worth(look: Look, number: int, known: frozenset[bytes]) -> float:
    if len(look.lines[number]) > LONGEST or not look.is_open(number) or look.is_table_row(number):
        return BREAK
    view = look.view(number)
    if _item(view) in known:
        return KNOWN
    return BREAK if evidence.count_words(view) > LONGEST_WORDS or evidence.ends_sentence(view) else OTHER


def _is_announced(look: Look, first: int) -> bool:
    """Whether the line before the run introduces it."""
    before = next((n for n in range(first - 1, -1, -1) if not look.is_blank(n) and not look.is_struck(n)), -1)
    return before >= 0 and look.view(before).endswith((":", "："))
