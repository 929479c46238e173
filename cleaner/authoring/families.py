"""Lines that are of one sort, and the pattern and keywords that take all of them.

What all lines of a family have in common stays as it is. Between stands what varies: a choice of words, a name,
a number, a headline; what is missing in some lines may be missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import cached_property, reduce
from itertools import pairwise

import regex

from cleaner.authoring.keywords import too_common
from cleaner.authoring.tokens import Token, escaped, looks_like_names, name_pattern, tokens_of
from cleaner.markdown import undress
from cleaner.rule import ANY_LANGUAGE

# A shared word of so few letters tells nothing by itself.
SMALL = 3
# Of its letters a line shares so much with its family.
LEAST_SHARED = 0.6
# With the first or the last word the same, so much will do.
LEAST_SHARED_AT_AN_END = 0.5
LEAST_PREFIX_WORDS = 2
LEAST_PREFIX_LETTERS = 8
# Up to so many words that vary are listed; more of them, or longer ones, are anything at all.
MOST_CHOICES = 8
LONGEST_CHOICE = 3
# A place for anything at all is twice as long as what was seen there, in steps of so many characters.
ROOM = 20
LONGEST_KEYWORD = 48
_ANYTHING = re.compile(r"(?:\.|\[\^\.!\?\])\{1,\d+\}$")
_SEPARATORS = frozenset("|/•·–—:：»›>→-")
_SIGNS_AT_THE_END = frozenset(".!?…:»›>→|,;*。！？：")
# A keyword begins and ends with more than these.
_AROUND = " .,:;!?…|/—–-()[]：！？。、"
# At the start of a line these say something; arrows and pictures do not.
_SPEAKING = frozenset("©®@#([{¿¡\"'")


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a pattern: a token that all lines have, or what stands between two of those."""

    pattern: str
    literal: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Family:
    """Lines of one sort, as they were given, with their tokens; ``exact`` is one that is taken as it stands."""

    lines: tuple[str, ...]
    tokens: tuple[tuple[Token, ...], ...]
    dressed: bool = False
    exact: bool = False

    @cached_property
    def anchors(self) -> tuple[str, ...]:
        """The keys of the tokens that all lines have, in order; not the small words between what varies."""
        shared = reduce(_common, (tuple(token.key for token in one) for one in self.tokens))
        while (number := _stray(self.tokens, shared)) is not None:
            shared = (*shared[:number], *shared[number + 1 :])
        return shared

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """The pattern, piece by piece."""
        return tuple(_pieces(self))

    @property
    def pattern(self) -> str:
        r"""What takes the lines of the family.

        >>> families(["Save this recipe!", "Save recipe"])[0].pattern
        'save(?: this)? recipe\\W*'
        """
        pattern = "".join(piece.pattern for piece in self.pieces)
        if self.exact:
            return escaped(undress(self.lines[0]))
        return (r"\W*" if self.dressed else "") + pattern + ("" if _ANYTHING.search(pattern) else r"\W*")

    def keywords(self, lang: str = ANY_LANGUAGE) -> tuple[str, ...]:
        """Literals of which every line that the pattern takes holds one; none where all are too common.

        >>> families(["Save this recipe to your cookbook!"])[0].keywords("en")
        ('save this recipe to your cookbook',)
        """
        if self.exact:
            whole = undress(self.lines[0])
            return () if len(whole) < 2 or too_common(whole, lang) else (_cut(whole),)
        runs = [run for run in _runs(self.pieces) if len(run) > 1 and not too_common(run, lang)]
        if runs:
            return (_cut(max(runs, key=_worth)),)
        for found in _choices(self.pieces):
            if not any(too_common(keyword, lang) or len(keyword) < 2 for keyword in found):
                return found
        return ()


def _worth(run: str) -> tuple[int, int]:
    """Letters of other scripts than ours say more each."""
    return (sum(1 if char.isascii() else 3 if ord(char) > 0x2E80 else 1 for char in run), len(run))


def _cut(run: str) -> str:
    if len(run) <= LONGEST_KEYWORD:
        return run
    return run[:LONGEST_KEYWORD].rsplit(" ", 1)[0] if " " in run[:LONGEST_KEYWORD] else run[:LONGEST_KEYWORD]


def families(lines: Iterable[str]) -> list[Family]:
    """Sort lines into families; each line is in one.

    >>> [family.lines for family in families(["Save this recipe", "Log in", "Save the recipe"])]
    [('Save this recipe', 'Save the recipe'), ('Log in',)]
    """
    found: list[Family] = []
    for line in dict.fromkeys(line.strip() for line in lines):
        whole = tokens_of(undress(line))
        tokens = _bare(whole)
        if not tokens:
            continue
        dressed = _is_dress(whole[0])
        alone = Family((line,), (tokens,), dressed)
        alone = alone if _takes_all(alone) else replace(alone, exact=True)
        for number, family in enumerate(found):
            joined = Family((*family.lines, line), (*family.tokens, tokens), family.dressed or dressed)
            if not (family.exact or alone.exact) and _is_family(joined) and _takes_all(joined):
                found[number] = joined
                break
        else:
            found.append(alone)
    return found


def _takes_all(family: Family) -> bool:
    """Whether the pattern takes the lines that it was made of: odd white space and signs defeat it."""
    form = regex.compile(family.pattern, regex.IGNORECASE | regex.VERSION0)
    try:
        return all(form.fullmatch(undress(line), timeout=1) for line in family.lines)
    except TimeoutError:
        return False


def _bare(tokens: Sequence[Token]) -> tuple[Token, ...]:
    """The tokens without the signs at the end, and the pictures and arrows at the start."""
    kept = list(tokens)
    while kept and kept[-1].sort == "sign" and kept[-1].text in _SIGNS_AT_THE_END:
        kept.pop()
    while kept and _is_dress(kept[0]):
        kept.pop(0)
    return (replace(kept[0], spaced=False), *kept[1:]) if kept else ()


def _is_dress(token: Token) -> bool:
    """Whether a token at the start of a line is a picture, an arrow or a dot, which rules need not ask for."""
    return token.sort == "sign" and token.text not in _SPEAKING and regex.match(r"\W", token.text) is not None


def _stray(tokens: Sequence[Sequence[Token]], shared: Sequence[str]) -> int | None:
    """The first shared word that is small and stands between two gaps: it tells the family nothing."""
    gaps = [any(gap) for gap in _laid(tokens, shared)[0]]
    for number, key in enumerate(shared):
        small = key[0].isalpha() and (len(key) <= SMALL or bool(too_common(key, "en"))) and ord(key[0]) < 0x2E80
        if small and gaps[number] and gaps[number + 1]:
            return number
    return None


def _common(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    blocks = SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
    return tuple(key for block in blocks for key in one[block.a : block.a + block.size])


def _letters(keys: Iterable[str]) -> int:
    return sum(len(key) * (3 if ord(key[0]) > 0x2E80 else 1) for key in keys if key[0].isalpha())


def _is_family(family: Family) -> bool:
    """Whether the lines share most of their letters, or how they begin."""
    of_each = [tuple(token.key for token in one) for one in family.tokens]
    shared = _letters(family.anchors)
    prefix = list(_prefix(of_each))
    words = [key for key in prefix if key[0].isalpha()]
    labelled = bool(words) and len(prefix) > len(words) and prefix[-1] in _SEPARATORS
    begins = _letters(words) >= LEAST_PREFIX_LETTERS and len(words) >= LEAST_PREFIX_WORDS
    alike = any(len({row[at] for row in of_each}) == 1 for at in (0, -1))
    least = LEAST_SHARED_AT_AN_END if alike else LEAST_SHARED
    return begins or labelled or shared >= least * min(map(_letters, of_each)) > 0


def _prefix(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    for column in zip(*rows, strict=False):
        if len(set(column)) > 1:
            return
        yield column[0]


def _pieces(family: Family) -> Iterator[Piece]:
    gaps, anchors = _laid(family.tokens, family.anchors)
    after_separator = True  # nothing stands before the first piece
    for number, gap in enumerate(gaps):
        row = anchors[number] if number < len(anchors) else None
        fills = row is not None and all(token.spaced == bool(value) for token, value in zip(row, gap, strict=True))
        some = any(gap)
        if some:
            yield _between(gap, spaced=not after_separator, closing=fills and not all(gap), last=row is None)
            after_separator = False
        if row is not None:
            piece, after_separator = _anchor(row, joined=after_separator or (some and fills and not all(gap)))
            yield piece


def _laid(
    tokens: Sequence[Sequence[Token]], shared: Sequence[str]
) -> tuple[list[list[Sequence[Token]]], list[tuple[Token, ...]]]:
    """What stands between the anchors in each line, and the tokens that the anchors are in each line."""
    places = [_places(one, shared) for one in tokens]
    stops = [[-1, *at, len(one)] for at, one in zip(places, tokens, strict=True)]
    by_line = [[one[a + 1 : b] for a, b in pairwise(at)] for at, one in zip(stops, tokens, strict=True)]
    gaps = [list(column) for column in zip(*by_line, strict=True)]
    anchors = [tuple(one[at[number]] for at, one in zip(places, tokens, strict=True)) for number in range(len(shared))]
    return gaps, anchors


def _places(tokens: Sequence[Token], anchors: Sequence[str]) -> list[int]:
    """Where the anchors stand in a line: each as early as may be."""
    found: list[int] = []
    at = 0
    for key in anchors:
        at = next(n for n in range(at, len(tokens)) if tokens[n].key == key)
        found.append(at)
        at += 1
    return found


def _anchor(row: Sequence[Token], *, joined: bool) -> tuple[Piece, bool]:
    """The piece for a token that all lines have, and whether it takes the space behind it along."""
    first = row[0]
    spaced = {token.spaced for token in row}
    if first.sort == "sign" and first.text in _SEPARATORS and not joined and first.text != "-":
        return Piece(f" ?{first.pattern} ?"), True
    space = "" if joined else " ?" if len(spaced) > 1 else " " if spaced == {True} else ""
    shapes = list(dict.fromkeys(token.pattern for token in row))
    pattern = shapes[0] if len(shapes) == 1 else f"(?:{'|'.join(shapes)})"
    literal = f"{space}{first.literal}" if first.is_literal and space != " ?" else ""
    return Piece(space + pattern, literal), False


def _between(gap: Sequence[Sequence[Token]], *, spaced: bool, closing: bool, last: bool) -> Piece:
    """The piece for what varies; ``closing`` takes the space behind it along, where that may be missing, too."""
    values = [value for value in gap if value]
    may_miss = len(values) < len(gap)
    apart = {value[0].spaced for value in values} if spaced else {False}
    space = " " if apart == {True} else ""
    inner, choices = _inner(values, last=last, apart=len(apart) > 1)
    end = " " if closing else ""
    if may_miss:
        return Piece(f"(?:{space}{_grouped(inner)}{end})?")
    return Piece(f"{space}{_grouped(inner)}{end}", choices=tuple(f"{space}{choice}{end}" for choice in choices))


def _grouped(alternatives: Sequence[str]) -> str:
    if len(alternatives) == 2 and alternatives[1] in (f"{alternatives[0]}s", f"{alternatives[0]}n"):
        return f"{alternatives[1]}?"
    return alternatives[0] if len(alternatives) == 1 else f"(?:{'|'.join(alternatives)})"


def _inner(values: Sequence[Sequence[Token]], *, last: bool, apart: bool) -> tuple[list[str], list[str]]:
    """The alternatives for what varies, as patterns, and as literals if all of them are.

    Where only some stand ``apart`` from what is before them, each brings its own space.
    """
    texts = {_text(value).lower() for value in values}
    few = len(texts) <= MOST_CHOICES and all(len(value) <= LONGEST_CHOICE for value in values)
    if len(texts) > 1 and looks_like_names(values):
        return [f" ?{name_pattern(values)}" if apart else name_pattern(values)], []
    if few and not apart and _columns(values):
        return ["".join(_column(column, n) for n, column in enumerate(zip(*values, strict=True)))], []
    if few:
        literal = sorted(texts) if all(token.is_literal for value in values for token in value) else []
        return sorted({"".join(_spaced(value, apart=apart)) for value in values}), [] if apart else literal
    room = max(1, -(-2 * max(map(len, texts)) // ROOM)) * ROOM
    anything = "." if last or any(char in text for text in texts for char in ".!?") else "[^.!?]"
    return [rf"{anything}{{1,{room}}}"], []


def _columns(values: Sequence[Sequence[Token]]) -> bool:
    """Whether all values are as many words, two or more: then each varies by itself."""
    if len({len(value) for value in values}) > 1 or len(values[0]) < 2:
        return False
    columns = list(zip(*values, strict=True))
    alike = all(len({token.spaced for token in column}) == 1 for column in columns[1:])
    return alike and all(token.sort == "word" for column in columns for token in column)


def _column(column: Sequence[Token], number: int) -> str:
    space = " " if number and column[0].spaced else ""
    return space + _grouped(sorted({token.pattern for token in column}))


def _text(value: Sequence[Token]) -> str:
    return "".join(f" {token.text}" if token.spaced and number else token.text for number, token in enumerate(value))


def _spaced(value: Sequence[Token], *, apart: bool) -> Iterator[str]:
    for number, token in enumerate(value):
        yield f" {token.pattern}" if token.spaced and (number or apart) else token.pattern


def _runs(pieces: Iterable[Piece]) -> Iterator[str]:
    """Literals that every match holds: what stands between the pieces that vary."""
    run = ""
    for piece in pieces:
        if piece.literal:
            run += piece.literal
            continue
        yield run.strip(_AROUND)
        run = ""
    yield run.strip(_AROUND)


def _choices(pieces: Sequence[Piece]) -> Iterator[tuple[str, ...]]:
    """The literals of a choice, each with the literals beside it."""
    for number, piece in enumerate(pieces):
        if piece.choices:
            before = "".join(_literals_from(reversed(pieces[:number]), backwards=True))
            behind = "".join(_literals_from(pieces[number + 1 :], backwards=False))
            yield tuple(f"{before}{choice}{behind}".strip() for choice in piece.choices)


def _literals_from(pieces: Iterable[Piece], *, backwards: bool) -> list[str]:
    found: list[str] = []
    for piece in pieces:
        if not piece.literal:
            break
        found.append(piece.literal)
    return found[::-1] if backwards else found
