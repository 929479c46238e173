"""Kind ``section``: a heading and what follows it, to the end or to the first line that is body again.

Safety: stops at prose, tables, protected zones and Markdown headings of the same or a higher
rank; unless ``where = "anywhere"``, goes only where it reaches the end of the text behind the
last paragraph. A text without a paragraph before the heading is left alone.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from cleaner.look import Hit, Look
from cleaner.markdown import heading_rank, is_link, is_list_item
from cleaner.pattern import Pattern
from cleaner.removal import Strike

LONGEST_HEADING = 120
# In the middle of an article a list of links is short; what is longer is a list of its own.
MOST_ITEMS_INSIDE = 12
MOST_PARAGRAPHS = 6


@dataclass(frozen=True, slots=True)
class SectionFields:
    """What a ``section`` rule says beyond what every rule does."""

    heading: Pattern
    where: Literal["anywhere", "tail"] = "tail"
    paragraph: Pattern | None = None

    @property
    def whole(self) -> Pattern:
        """What the whole heading must match."""
        return self.heading

    @property
    def longest(self) -> int:
        """The most characters of a heading."""
        return LONGEST_HEADING


def check(fields: SectionFields) -> Iterator[str]:
    """Mistakes that no single field shows."""
    if fields.paragraph is not None and fields.where == "anywhere":
        yield "paragraph goes with where = 'tail' only: inside an article it would take its paragraphs"


def judge(look: Look, hits: Iterable[Hit]) -> Iterator[Strike]:
    """Strike each section whose heading matches, with what belongs to it.

    From the last heading to the first, so that a section ends where the next one begins.
    """
    ground: _Ground | None = None
    for hit in sorted(hits, key=lambda hit: hit.line, reverse=True):
        if (ground is None or hit.line < ground.taken_from) and _is_heading(look, hit):
            ground = ground or _Ground(look)
            last = ground.take(hit)
            if last >= 0:
                yield Strike(hit.line, last, hit.rule.id)


def judge_behind(look: Look, hits: Iterable[Hit]) -> Iterator[Strike]:
    """Strike what stands behind an end marker: a line that went and whose rule says ``ends``.

    Behind a copyright line or the editor in charge no article goes on: every later line goes, to
    the end of the text, unless one of them is body.
    """
    markers = [hit for hit in hits if hit.rule.fields.ends and look.struck_by(hit.line) == hit.rule.id]
    ground = _Ground(look) if markers else None
    for marker in sorted(markers, key=lambda hit: hit.line):
        last = ground.behind(marker.line) if ground else -1
        if last > marker.line:
            yield Strike(marker.line + 1, last, marker.rule.id)
            return


def headings(look: Look) -> frozenset[int]:
    """The lines that a rule of this kind knows for a heading of chrome, wherever they stand."""
    found: set[int] = set()
    for hit in look.hits.get("section", ()):
        if hit.line not in found and _is_heading(look, hit):
            found.add(hit.line)
    return frozenset(found)


def _is_heading(look: Look, hit: Hit) -> bool:
    view = look.view(hit.line)
    return (
        len(view) <= LONGEST_HEADING
        and not look.zones.touches(hit.line)
        and look.matches(hit.rule, hit.rule.fields.heading, hit.line)
        and look.holds_keyword(hit.rule, hit.line)
        and not look.is_mid_sentence(hit.line)
    )


class _Ground:
    """Where body stands in a look: made once, asked for every heading from the last to the first."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self._count = len(look.lines)
        self._first_prose = next(iter(look.prose()), self._count)
        # Behind the last line that is left; where the section judged last begins.
        self._end = self._end_before(self._count)
        self.taken_from = self._count
        self._next_headings: dict[int, list[int]] = {}

    def _end_before(self, stop: int) -> int:
        return next((n + 1 for n in range(stop - 1, -1, -1) if self._is_left(n)), 0)

    @cached_property
    def _next_body(self) -> list[int]:
        look = self._look
        kept = {*look.zones.lines, *look.zones.spans, *look.data_rows} - look.struck()
        return self._next(kept.union(look.prose()))

    def _next(self, wanted: Container[int]) -> list[int]:
        """For each line, the first line from there on that is wanted."""
        found = [self._count] * (self._count + 1)
        for number in range(self._count - 1, -1, -1):
            found[number] = number if number in wanted else found[number + 1]
        return found

    def _is_left(self, number: int) -> bool:
        return not self._look.is_blank(number) and not self._look.is_struck(number)

    @cached_property
    def _ranks(self) -> dict[int, int]:
        """The ranks of all lines that are dressed as headings."""
        return {
            n: rank for n, line in enumerate(self._look.lines.strings) if "#" in line and (rank := heading_rank(line))
        }

    def _next_heading(self, number: int, rank: int) -> int:
        if rank not in self._next_headings:
            self._next_headings[rank] = self._next({n for n, other in self._ranks.items() if other <= rank})
        return self._next_headings[rank][number]

    def take(self, hit: Hit) -> int:
        """The last line of the section under a heading, counted as gone from now on; -1 where it may not go."""
        if hit.line <= self._first_prose:
            return -1
        rank = heading_rank(self._look.lines[hit.line]) or 6
        stop = min(self._body_after(hit), self._next_heading(hit.line + 1, rank), self.taken_from)
        if stop >= self._end:
            last = max(hit.line, min(stop, self._end) - 1)
            self._end = self._end_before(hit.line)
        elif hit.rule.fields.where == "tail":
            return -1
        else:
            last = self._last_inside(hit.line, stop)
        if last >= 0:
            self.taken_from = hit.line
        return last

    def behind(self, line: int) -> int:
        """The last line that is left, if nothing behind ``line`` is body, else -1."""
        if (
            line <= self._first_prose
            or self._next_body[line + 1] < self._end
            or self._next_heading(line + 1, 6) < self._end
        ):
            return -1
        return self._end - 1

    def _body_after(self, hit: Hit) -> int:
        """The first body line under the heading, but for paragraphs right under it that belong to the section."""
        paragraph: Pattern | None = hit.rule.fields.paragraph
        at = hit.line + 1
        for _ in range(MOST_PARAGRAPHS if paragraph else 0):
            while at < self._count and not self._is_left(at):
                at += 1
            if paragraph is None or at >= self._count or self._look.zones.touches(at) or not self._look.is_prose(at):
                break
            if not paragraph.matches(self._look.view(at), clock=self._look.clock, rule_id=hit.rule.id):
                break
            at += 1
        return self._next_body[min(at, self._count)]

    def _last_inside(self, heading: int, stop: int) -> int:
        """Inside an article: the last of the items that are surely items; -1 for a heading without any.

        The line before the next paragraph may be its subhead. It goes only where it is dressed
        as the other items are.
        """
        items = [n for n in range(heading + 1, min(stop, heading + 4 * MOST_ITEMS_INSIDE)) if self._is_left(n)]
        if not items:
            return -1
        if len(items) > MOST_ITEMS_INSIDE:
            return heading
        lines = self._look.lines
        if all(is_list_item(lines[n]) or is_link(lines[n]) for n in items):
            return items[-1]
        return items[-2] if len(items) > 1 else heading
