"""Kind ``line``: a whole line goes when the pattern matches all of it.

Safety: the pattern must match the whole view of the line; lines longer than ``longest`` are
passed over; a piece of a hard-wrapped sentence stays. A rule that ``ends`` the article takes
what stands behind its line along, where none of it is body. ``where = "head"`` or ``"tail"`` holds a
rule to the lines before the first or after the last paragraph of prose, ``"inside"`` to those between them:
the buttons of an article, which tell nothing of the page around it. ``stranger`` holds it to
people whom the article never names: a bio is of its author, a profile's last words are not, and
who took a picture is hardly ever in the story, who is on it is. At the tail a bio under a heading
of its own ("The speaker"), and more than two, are the article's, too. ``button`` holds it to what a
page prints beside its notice or in a row of buttons: an article about them lists them, or has them as subheads.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from cleaner import evidence
from cleaner.look import Hit, Look
from cleaner.markdown import is_list_item
from cleaner.pattern import Pattern
from cleaner.removal import Strike
from cleaner.rule import Rule

_WORD = re.compile(r"[^\W_]+")
LONGEST = 200
LONGEST_ALLOWED = 3_000
# More bios than this are of people whom the article presents.
MOST_AUTHORS = 2
# In words.
LONGEST_HEADING = 12


@dataclass(frozen=True, slots=True)
class LineFields:
    """What a ``line`` rule says beyond what every rule does."""

    pattern: Pattern
    where: Literal["anywhere", "head", "tail", "inside"] = "anywhere"
    longest: int = LONGEST
    ends: bool = False
    stranger: bool = False
    button: bool = False

    @property
    def whole(self) -> Pattern:
        """What the whole line must match."""
        return self.pattern


def check(fields: LineFields) -> Iterator[str]:
    """Mistakes that no single field shows."""
    if not 1 <= fields.longest <= LONGEST_ALLOWED:
        yield f"longest = {fields.longest}: must be between 1 and {LONGEST_ALLOWED} characters"
    if fields.stranger and (fields.where == "inside" or "(?P<name>" not in fields.pattern.source):
        yield "stranger needs a group called name in the pattern, and no where = 'inside'"


def judge(look: Look, hits: Iterable[Hit]) -> Iterator[Strike]:
    """Strike the lines that rules for any place match."""
    wanted = [hit for hit in hits if hit.rule.fields.where == "anywhere"]
    known = _of_the_known(look, wanted)
    found: dict[int, Rule[LineFields]] = {}
    for hit in wanted:
        if hit.line not in found and (hit.line, hit.rule.id) not in known and _matches(look, hit):
            found[hit.line] = hit.rule
    for number in _without_own_buttons(look, found):
        yield Strike(number, number, found[number].id)


def _of_the_known(look: Look, wanted: Sequence[Hit]) -> set[tuple[int, str]]:
    """Line and rule of the hits whose rule wants a stranger and whose line is of someone the article names."""
    placed = [hit for hit in wanted if hit.rule.fields.stranger and _matches(look, hit)]
    if not placed:
        return set()
    strangers = {(hit.line, hit.rule.id) for hit in _of_strangers(look, placed)}
    return {(hit.line, hit.rule.id) for hit in placed} - strangers


def judge_placed(look: Look, hits: Iterable[Hit]) -> Iterator[Strike]:
    """Strike the lines at the head, at the tail and inside that rules for that place match.

    Lines that such a rule matches are passed over in looking for the first and the last
    paragraph, for a bio or a disclaimer is often a paragraph itself. A text that has no other
    paragraph has no head and no tail.
    """
    wanted = [hit for hit in hits if hit.rule.fields.where != "anywhere"]
    placed = [hit for hit in _within_reach(look, wanted) if _matches(look, hit)]
    if any(hit.rule.fields.stranger for hit in placed):
        # Who is a stranger depends on what all rules match, be it in their place or not.
        placed = _of_authors(look, _of_strangers(look, [hit for hit in wanted if _matches(look, hit)]))
    yield from _inside(look, [hit for hit in placed if hit.rule.fields.where == "inside"])
    forwards = range(len(look.lines))
    for where, numbers in (("head", forwards), ("tail", forwards[::-1])):
        matched = {hit.line: hit.rule for hit in reversed(placed) if hit.rule.fields.where == where}
        matched = {number: matched[number] for number in _without_own_buttons(look, matched)}
        if matched:
            yield from _at_edge(look, matched, numbers)


def _without_own_buttons(look: Look, found: Mapping[int, Rule[LineFields]]) -> list[int]:
    """The lines without those that stand on buttons the article speaks of.

    It announces them with a colon, lists them, or has one among its paragraphs as a subhead. A page
    prints several, or one beside its notice.
    """
    buttons = {number for number, rule in found.items() if rule.fields.button}
    if not buttons:
        return list(found)
    going = {number for row in _rows(look, buttons) for number in _of_the_page(look, row, found)}
    return [number for number in found if number not in buttons or number in going]


def _rows(look: Look, buttons: Set[int]) -> Iterator[list[int]]:
    """Buttons that nothing parts, between the line over them and that under them; -1 where there is none."""
    left = [-1, *(n for n in range(len(look.lines)) if not look.is_blank(n)), -1]
    groups = [list(group) for _, group in groupby(left, key=buttons.__contains__)]
    for over, row, under in zip(groups, groups[1:], groups[2:], strict=False):
        if row[0] in buttons:
            yield [over[-1], *row, under[0]]


def _of_the_page(look: Look, row: Sequence[int], found: Mapping[int, Rule[LineFields]]) -> Sequence[int]:
    over, *buttons, under = row
    if over >= 0 and look.view(over).endswith((":", "\uff1a")):
        return []
    if any(n in found or (n >= 0 and look.is_struck(n)) for n in (over, under)):
        return buttons
    prose = look.prose()
    among = prose and prose[0] < buttons[0] < prose[-1]
    return [n for n in buttons if not is_list_item(look.lines[n])] if len(buttons) > 1 or not among else []


def _within_reach(look: Look, wanted: Sequence[Hit]) -> list[Hit]:
    """The hits whose rule could strike there: nothing but lines with such a hit parts them from the edge."""
    if not wanted:
        return []
    lines: dict[str, set[int]] = {"head": set(), "tail": set()}
    for hit in wanted:
        lines.setdefault(hit.rule.fields.where, set()).add(hit.line)
    count = len(look.lines)
    prose = look.prose()
    reach = {
        "head": range(next((n for n in prose if n not in lines["head"]), count)),
        "tail": range(next((n for n in reversed(prose) if n not in lines["tail"]), -1) + 1, count),
        "inside": range(prose[0] + 1, prose[-1]) if prose else range(0),
    }
    return [hit for hit in wanted if hit.line in reach[hit.rule.fields.where]]


def _of_strangers(look: Look, placed: Sequence[Hit]) -> list[Hit]:
    """The hits without those whose rule wants a stranger and whose line is of someone the article names.

    By the last word of the name: articles call people by that one.
    """
    lines = {hit.line for hit in placed}
    prose = (look.view(n) for n in look.prose() if n not in lines)
    named = {word for view in prose for word in _WORD.findall(view)}
    return [hit for hit in placed if not hit.rule.fields.stranger or named.isdisjoint(_last_name(look, hit))]


def _of_authors(look: Look, placed: Sequence[Hit]) -> list[Hit]:
    """The hits without bios that are the article's own: of speakers under their heading, of all members of a jury."""
    bios = {hit.line for hit in placed if hit.rule.fields.stranger}
    own = (
        bios
        if len(set(map(look.view, bios))) > MOST_AUTHORS
        else {line for line in bios if _is_headed(look, line, bios)}
    )
    return [hit for hit in placed if not hit.rule.fields.stranger or hit.line not in own]


def _is_headed(look: Look, number: int, bios: Set[int]) -> bool:
    """Whether a heading stands right over the bio or those before it, and none that shares a word with it.

    A byline does, with the name.
    """
    over = (n for n in range(number - 1, -1, -1) if not (look.is_blank(n) or look.is_struck(n) or n in bios))
    above, before = next(over, -1), next(over, -1)
    if above < 0 or look.is_prose(above) or look.words(above) > LONGEST_HEADING or is_list_item(look.lines[above]):
        return False
    if before >= 0 and not look.is_prose(before):
        return False  # among other short lines it heads nothing of the article
    view, words = look.view(above), _WORD.findall(look.view(above))
    return bool(words) and not evidence.ends_sentence(view) and set(words).isdisjoint(_WORD.findall(look.view(number)))


def _last_name(look: Look, hit: Hit) -> list[str]:
    match = hit.rule.fields.pattern.match(look.view(hit.line), clock=look.clock, rule_id=hit.rule.id)
    return _WORD.findall(match["name"] or "")[-1:] if match else []


def _at_edge(look: Look, matched: dict[int, Rule[LineFields]], numbers: Sequence[int]) -> Iterator[Strike]:
    found = []
    for number in numbers:
        if number in matched:
            found.append(Strike(number, number, matched[number].id))
        elif look.is_prose(number):
            yield from found
            return


def _inside(look: Look, placed: Sequence[Hit]) -> Iterator[Strike]:
    prose = look.prose() if placed else []
    for hit in placed:
        if prose and prose[0] < hit.line < prose[-1]:
            yield Strike(hit.line, hit.line, hit.rule.id)


def _matches(look: Look, hit: Hit) -> bool:
    fields: LineFields = hit.rule.fields
    view = look.view(hit.line)
    return (
        len(view) <= fields.longest
        and look.is_open(hit.line)
        and look.matches(hit.rule, fields.pattern, hit.line)
        and look.holds_keyword(hit.rule, hit.line)
        and not look.is_mid_sentence(hit.line)
    )
