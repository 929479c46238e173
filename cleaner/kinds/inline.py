"""Kind ``inline``: a token inside a line goes, with the spaces before it.

Safety: nothing inside code, comments or quotation marks. ``after_sentence`` holds bare words to
the place behind the end of a sentence; ``beside`` holds a form that people also write to texts
in which another rule of the named category cuts something too. Where the pattern has a group
named ``drop``, only what it captured goes and the rest of the match stays.
"""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import regex

from cleaner.evidence import ends_sentence
from cleaner.look import Hit, Look
from cleaner.markdown import dress_width
from cleaner.pattern import Pattern
from cleaner.removal import Cut
from cleaner.rule import CATEGORIES

_QUOTES = re.compile('["\u201c\u201d\u201e\u00ab\u00bb\u300c\u300d\u300e\u300f]')
_OPENS = {
    "\u201c": "\u201d",
    "\u201e": "\u201c\u201d",
    "\u00ab": "\u00bb",
    "\u00bb": "\u00ab",
    "\u300c": "\u300d",
    "\u300e": "\u300f",
}
# Words of an English sentence that speaks of a token rather than bears it.
_NAMES = re.compile(
    r"\b(?:such as|like|called|named|is written"
    r"|(?:the|an?|this|each|every) (?:token|string|mark|marker|tag|link|handle|code|form|line|placeholder|word)"
    r"|(?:token|string|mark|marker|tag|link|handle|placeholder)s) [\[({<]?$",
    re.IGNORECASE,
)
_LISTED = re.compile(r"[ ,;]*(?:and|or)? ?[\[({<]?", re.IGNORECASE)
_BLANK = re.compile(r"\s*")
_ENDS_LINE = re.compile(r"[ \t.;,]*$")
_SINGLE = {"'": "'", "\u2018": "\u2019", "\u201a": "\u2018", "`": "`"}


@dataclass(frozen=True, slots=True)
class InlineFields:
    """What an ``inline`` rule says beyond what every rule does."""

    pattern: Pattern
    after_sentence: bool = False
    beside: str = ""


def check(fields: InlineFields) -> Iterator[str]:
    """Mistakes that no single field shows."""
    if fields.beside and fields.beside not in CATEGORIES:
        yield f"beside = {fields.beside!r}: no such category; there are {', '.join(CATEGORIES)}"


def judge(look: Look, hits: Iterable[Hit]) -> Iterator[Cut]:
    """Cut the tokens; those that need company only once all others are known."""
    hits = list(hits)
    found = _Found()
    found.add(_tokens(look, (hit for hit in hits if not hit.rule.fields.beside)))
    company = frozenset(found.categories)
    found.add(_tokens(look, (hit for hit in hits if hit.rule.fields.beside in company)))
    yield from found.cuts


@dataclass(frozen=True, slots=True)
class _Token:
    """A match, with the cuts that it comes to; without any, it stays, and nothing inside it goes."""

    start: int
    stop: int
    category: str
    cuts: tuple[Cut, ...]


class _Found:
    """Cuts that do not overlap: of tokens that share characters the first and longest has them."""

    def __init__(self) -> None:
        self.cuts: list[Cut] = []
        self.categories: set[str] = set()
        self._taken: list[tuple[int, int]] = []

    def add(self, tokens: Iterable[_Token]) -> None:
        for token in sorted(tokens, key=lambda token: (token.start, -token.stop)):
            spans = [(cut.start, cut.stop) for cut in token.cuts] or [(token.start, token.stop)]
            if any(_meets(self._taken, *span) for span in spans):
                continue
            for span in spans:
                insort(self._taken, span)
            self.cuts += token.cuts
            if token.cuts:
                self.categories.add(token.category)


def _meets(spans: list[tuple[int, int]], start: int, stop: int) -> bool:
    """Whether one of the spans, sorted and apart from each other, has a character of ``[start, stop)``."""
    index = bisect_left(spans, (stop, stop))
    return index > 0 and spans[index - 1][1] > start


def _tokens(look: Look, hits: Iterable[Hit]) -> Iterator[_Token]:
    """What the rules match and may cut: nothing protected, nothing quoted, bare words in their place."""
    for hit in hits:
        if hit.line in look.zones.lines or not look.holds_raw_keyword(hit.rule, hit.line):
            continue
        rule, line, offset = hit.rule, look.lines[hit.line], look.lines.starts[hit.line]
        quoted = _quoted_spans(line)
        done = named = dress_width(line)
        for match in rule.fields.pattern.finds(line, clock=look.clock, rule_id=rule.id):
            start, stop = match.span()
            if start == stop or look.zones.covers(hit.line, offset + start, offset + stop):
                continue
            if _is_quoted(line, start, stop, quoted):
                continue
            if _is_named(line, start, named):
                named = stop
                yield _Token(offset + start, offset + stop, rule.category, ())
                continue
            if rule.fields.after_sentence and not _follows_sentence(line, start, stop, done):
                continue
            done = stop
            yield _Token(offset + start, offset + stop, rule.category, _cuts(match, hit, offset))


def _cuts(match: regex.Match[str], hit: Hit, offset: int) -> tuple[Cut, ...]:
    unwraps = "drop" in match.re.groupindex
    spans = match.spans("drop") if unwraps else [match.span()]
    return tuple(
        Cut(hit.line, offset + a, offset + b, hit.rule.id, takes_spaces=not unwraps) for a, b in spans if a < b
    )


def _is_named(line: str, start: int, named: int) -> bool:
    """Whether the words before the token speak of it, or it goes on a list of which that is true."""
    if _LISTED.fullmatch(line, named, start) and named > dress_width(line):
        return True
    return _NAMES.search(line, max(0, start - 40), start) is not None


def _follows_sentence(line: str, start: int, stop: int, done: int) -> bool:
    """Whether the token stands behind the end of a sentence, or in a row of tokens that does."""
    if _BLANK.fullmatch(line, done, start):
        return done > dress_width(line) or _ENDS_LINE.match(line, stop) is not None
    return line[start - 1].isspace() and ends_sentence(line[max(0, start - 80) : start].rstrip())


def _quoted_spans(line: str) -> list[tuple[int, int]]:
    """Spans of the line between quotation marks that open and close in it."""
    spans: list[tuple[int, int]] = []
    opened, closers = -1, ""
    for mark in _QUOTES.finditer(line):
        char = mark[0]
        if opened >= 0 and char in closers:
            spans.append((opened, mark.end()))
            opened = -1
        elif opened < 0 and (char == '"' or char in _OPENS):
            opened, closers = mark.start(), _OPENS.get(char, '"')
    return spans


def _is_quoted(line: str, start: int, stop: int, quoted: list[tuple[int, int]]) -> bool:
    index = bisect_left(quoted, (start, start)) - 1
    if index >= 0 and quoted[index][1] >= stop:
        return True
    return start > 0 and _SINGLE.get(line[start - 1], "\n") == line[stop : stop + 1]
