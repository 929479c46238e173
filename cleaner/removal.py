"""Removals: the spans that go, the white space that goes with them, and the proof of both.

Kinds say what goes as *strikes* (whole lines) and *cuts* (tokens inside a line). This module
turns them into :class:`Removal` spans, applies spans to a text, and takes them back.
All spans are half-open, in characters.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from cleaner.markdown import Zones, dress_width
from cleaner.text import BOM, SPACES, Lines


@dataclass(frozen=True, slots=True, order=True)
class Removal:
    """One deleted span ``[start, end)`` of the input, and the rule that is the reason."""

    start: int
    end: int
    rule_id: str


@dataclass(frozen=True, slots=True, order=True)
class Removed:
    """A removal with the text that it deleted: what :func:`restore` needs."""

    start: int
    end: int
    rule_id: str
    text: str


@dataclass(frozen=True, slots=True)
class Strike:
    """Lines ``first`` to ``last`` (inclusive) go, blank lines between them too."""

    first: int
    last: int
    rule_id: str


@dataclass(frozen=True, slots=True)
class Cut:
    """Characters ``[start, stop)`` of line ``line`` go; offsets are those of the text.

    A mark around words that stay (``takes_spaces`` false) goes without the spaces beside it.
    """

    line: int
    start: int
    stop: int
    rule_id: str
    takes_spaces: bool = True


class GuardError(Exception):
    """Removals that are no proof: out of order, overlapping, or not the input's own text."""


def apply(text: str, removals: Sequence[Removal]) -> str:
    """The text without the removed spans; the same object where there are none.

    >>> apply("keep this", [Removal(4, 9, "some-rule")])
    'keep'
    """
    if not removals:
        return text
    pieces, at = [], 0
    for removal in removals:
        pieces.append(text[at : removal.start])
        at = removal.end
    pieces.append(text[at:])
    return "".join(pieces)


def with_text(text: str, removals: Iterable[Removal]) -> tuple[Removed, ...]:
    """The removals together with what they delete from ``text``."""
    return tuple(Removed(r.start, r.end, r.rule_id, text[r.start : r.end]) for r in removals)


def restore(text: str, removed: Iterable[Removed]) -> str:
    """Put removed spans back: ``restore(result.text, result.removed)`` is the input.

    Raises ``ValueError`` where the spans are out of order, overlap, do not have the length of
    their text, or lie outside the text that they are put back into.

    >>> restore("keep", [Removed(4, 9, "some-rule", " this")])
    'keep this'
    """
    pieces: list[str] = []
    taken = at = 0
    for r in removed:
        kept = r.start - at
        if kept < 0 or r.end - r.start != len(r.text) or taken + kept > len(text):
            raise ValueError(f"removal {r.start}..{r.end} ({r.rule_id}) does not fit the text it is put back into")
        pieces += (text[taken : taken + kept], r.text)
        taken += kept
        at = r.end
    pieces.append(text[taken:])
    return "".join(pieces)


def guard(text: str, cleaned: str, removals: Sequence[Removal]) -> None:
    """Replay the removals: raise :class:`GuardError` unless they alone explain ``cleaned``, both ways."""
    at = 0
    for r in removals:
        if not at <= r.start < r.end <= len(text):
            raise GuardError(f"removal {r.start}..{r.end} ({r.rule_id}) is empty, out of order or outside the text")
        at = r.end
    if apply(text, removals) != cleaned:
        raise GuardError("the cleaned text is not the input without its removals")
    if restore(cleaned, with_text(text, removals)) != text:
        raise GuardError("the removals do not restore the input")


def lift(later: Iterable[Removal], earlier: Sequence[Removal]) -> list[Removal]:
    """Removals from a text that ``earlier`` had already shortened, told in offsets of the text before.

    The result holds both, sorted; a later span that runs across an earlier one is split around it.

    >>> lift([Removal(3, 5, "b")], [Removal(4, 6, "a")])
    [Removal(start=3, end=4, rule_id='b'), Removal(start=4, end=6, rule_id='a'), Removal(start=6, end=7, rule_id='b')]
    """
    if not earlier:
        return list(later)
    gone, shortened_at = 0, []
    for r in earlier:
        shortened_at.append(r.start - gone)
        gone += r.end - r.start
    gone_before = [0]
    for r in earlier:
        gone_before.append(gone_before[-1] + r.end - r.start)
    lifted = list(earlier)
    for r in later:
        at = r.start
        index = bisect_right(shortened_at, at)
        while at < r.end:
            stop = min(r.end, shortened_at[index]) if index < len(earlier) else r.end
            if stop > at:
                lifted.append(Removal(at + gone_before[index], stop + gone_before[index], r.rule_id))
            at = stop
            index += 1
    lifted.sort()
    return lifted


def spans(lines: Lines, zones: Zones, strikes: Sequence[Strike], cuts: Sequence[Cut]) -> list[Removal]:
    """Turn strikes and cuts into removals, with the white space that goes along.

    Where whole lines go, of the separators before and after them the longer stays between two
    kept lines (in line ends; the earlier on a tie), none stays before the first kept line, and
    the last kept line keeps its own line end and no blank line. A cut takes the spaces before
    it, or those after it at the start of a line; a line of which nothing is left is struck.
    """
    struck = {number: strike for strike in strikes for number in range(strike.first, strike.last + 1)}
    removals: list[Removal] = []
    by_line: dict[int, list[Cut]] = {}
    for cut in cuts:
        if cut.line not in struck:
            by_line.setdefault(cut.line, []).append(cut)
    for number, line_cuts in by_line.items():
        line_cuts.sort(key=lambda cut: cut.start)
        cut_spans = list(_cut_spans(lines, number, line_cuts))
        if _leaves_nothing(lines, number, cut_spans):
            struck[number] = Strike(number, number, line_cuts[0].rule_id)
        else:
            removals += cut_spans
    removals += _line_spans(lines, zones, struck)
    removals.sort()
    return removals


def _cut_spans(lines: Lines, number: int, cuts: Sequence[Cut]) -> Iterator[Removal]:
    text = lines.text
    first = lines.starts[number]
    stop = lines.stops[number]
    done = first + dress_width(text[first:stop])
    ends = {cut.start: cut.stop for cut in cuts}
    at_start = True
    for cut in cuts:
        start, end = cut.start, cut.stop
        at_start = at_start and start <= done
        if not cut.takes_spaces:
            pass
        elif at_start:
            while end < stop and text[end] in SPACES:
                end += 1
        elif not _is_glued(lines, number, end, ends):
            while start > max(first, done) and text[start - 1] in SPACES:
                start -= 1
        start = max(start, done) if at_start and start > first else start
        if start < end:
            yield Removal(start, end, cut.rule_id)
        done = max(done, end)


def _is_glued(lines: Lines, number: int, end: int, ends: dict[int, int]) -> bool:
    """Whether a word follows at once, so that the space before the token must part it from the one before."""
    while end in ends:
        end = ends[end]
    return end < lines.stops[number] and lines.text[end].isalnum()


def _leaves_nothing(lines: Lines, number: int, cuts: Sequence[Removal]) -> bool:
    if not cuts:
        return False
    line = lines[number]
    offset = lines.starts[number]
    left = apply(line, [Removal(c.start - offset, c.end - offset, c.rule_id) for c in cuts])
    return not left[dress_width(left) :].strip()


def _line_spans(lines: Lines, zones: Zones, struck: dict[int, Strike]) -> Iterator[Removal]:
    """Removals for struck lines: groups that only blank lines part, each mended as one."""
    if not struck:
        return
    blank = _Blanks(lines, zones)
    numbers = sorted(struck)
    group = [numbers[0]]
    for number in numbers[1:]:
        if all(map(blank, range(group[-1] + 1, number))):
            group.append(number)
        else:
            yield from _group_spans(lines, struck, group, blank)
            group = [number]
    yield from _group_spans(lines, struck, group, blank)


class _Blanks:
    def __init__(self, lines: Lines, zones: Zones) -> None:
        self._lines, self._zones = lines, zones

    def __call__(self, number: int) -> bool:
        return number not in self._zones.lines and not self._lines[number].strip()


def _group_spans(lines: Lines, struck: dict[int, Strike], group: Sequence[int], blank: _Blanks) -> Iterator[Removal]:
    first, last = group[0], group[-1]
    before = first - 1
    while before >= 0 and blank(before):
        before -= 1
    after = last + 1
    while after < len(lines) and blank(after):
        after += 1
    start, end = lines.starts[first], lines.ends[last]
    if before < 0:
        start = _text_start(lines)
        end = lines.starts[after] if after < len(lines) else len(lines.text)
    elif after == len(lines):
        start, end = lines.ends[before], len(lines.text)
    elif first - before >= after - last:
        end = lines.starts[after]
    else:
        start, end = lines.stops[before], lines.stops[last]
    yield from _parted(lines, struck, group, start, end)


def _text_start(lines: Lines) -> int:
    return len(BOM) if lines.text.startswith(BOM) else 0


def _parted(lines: Lines, struck: dict[int, Strike], group: Sequence[int], start: int, end: int) -> Iterator[Removal]:
    """Divide the span of a group between its strikes, each from its first line to the next one's."""
    heads = [n for i, n in enumerate(group) if i == 0 or struck[n] is not struck[group[i - 1]]]
    bounds = [start, *(lines.starts[n] for n in heads[1:]), end]
    for head, begin, stop in zip(heads, bounds, bounds[1:], strict=False):
        if begin < stop:
            yield Removal(begin, stop, struck[head].rule_id)
