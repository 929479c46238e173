"""What a pattern cannot match without: how the line must begin, and strings of which it must hold one each.

A pattern is tried wherever a keyword stands, and keywords may be words of any article. Most patterns
ask for more words than that, or for a line that begins with certain words, and to look for those takes a
hundredth of the time of a match that fails. They are read from the parsed pattern; where anything in it
is not understood, nothing is needed, and the pattern is tried as before.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from cleaner.text import fold

try:
    # The parser of the standard library has no public name; without it nothing is ever needed.
    from re import _constants as codes  # type: ignore[attr-defined]
    from re import _parser as parser  # type: ignore[attr-defined]
except ImportError:  # pragma: no cover
    parser = codes = None

Need = frozenset[bytes]

LEAST_LENGTH = 3
MOST_STRINGS = 40
# How a pattern may begin: in so many ways, told in so many characters, of classes with so many characters.
MOST_BEGINNINGS = 80
LONGEST_BEGINNING = 8
MOST_IN_CLASS = 6
_PROPERTY = re.compile(r"\\[pP]\{[^{}]*\}")
# What ``regex`` reads otherwise than ``re``: fuzzy matches and POSIX classes.
_FOREIGN = re.compile(r"\{(?!\d*,?\d*\})|\[:|(?<!\\)(?:\\\\)*\\[LN]")
# Folding keeps these as they are, next to each other.
_KEPT = re.compile(r"[\w'-]+(?: [\w'-]+)*")


def needs(source: str) -> tuple[Need, ...]:
    """Sets of folded strings; a line that the pattern matches holds one of each set. The surest first.

    >>> needs(r"(?:please )?(?:support|fund) our (?:journalism|reporters)\\b.*") == (
    ...     frozenset({b"our"}),
    ...     frozenset({b"journalism", b"reporters"}),
    ...     frozenset({b"support", b"fund"}),
    ... )
    True
    """
    parsed = _parsed(source)
    if parsed is None:
        return ()
    found = {need for need in _of_sequence(parsed) if len(need) <= MOST_STRINGS}
    return tuple(sorted(found, key=lambda need: (len(need), -min(map(len, need)), sorted(need))))


def _parsed(source: str) -> Any:
    """The parsed pattern; None where it is not surely understood."""
    source = _PROPERTY.sub(r"\\w", source)
    if parser is None or _FOREIGN.search(source):
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return parser.parse(source)
    except (re.error, RecursionError, OverflowError, Warning):
        return None


def holds(folded: bytes, needed: Iterable[Need]) -> bool:
    """Whether the folded line holds what is needed.

    >>> holds(b"support our reporters", needs("support our (?:journalism|reporters)"))
    True
    """
    for need in needed:
        for string in need:
            if string in folded:
                break
        else:
            return False
    return True


def _of_sequence(parsed: Any) -> Iterator[Need]:
    run: list[str] = []
    for code, value in parsed:
        if code is codes.LITERAL:
            run.append(chr(value))
        elif code is not codes.AT:
            yield from _of_run(run)
            run = []
            yield from _of_part(code, value)
    yield from _of_run(run)


def _of_run(run: Iterable[str]) -> Iterator[Need]:
    for piece in _KEPT.findall("".join(run)):
        folded = fold(piece)
        if len(folded) >= LEAST_LENGTH:
            yield frozenset((folded,))


def _of_part(code: Any, value: Any) -> Iterator[Need]:
    if code is codes.SUBPATTERN:
        yield from _of_sequence(value[-1])
    elif code is codes.ATOMIC_GROUP:
        yield from _of_sequence(value)
    elif code is codes.ASSERT:
        # What stands ahead or behind stands in the line, too.
        yield from _of_sequence(value[1])
    elif code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
        least, _, repeated = value
        if least:
            yield from _of_sequence(repeated)
    elif code is codes.BRANCH:
        yield from _of_branches(value[1])


def _of_branches(branches: Iterable[Any]) -> Iterator[Need]:
    """One of the best needs of all branches; nothing where a branch needs nothing."""
    strings: set[bytes] = set()
    for branch in branches:
        best = max(_of_sequence(branch), key=lambda need: (min(map(len, need)), -len(need)), default=None)
        if best is None:
            return
        strings |= best
    yield frozenset(strings)


def beginnings(source: str) -> tuple[bytes, ...] | None:
    """How a line begins that the pattern matches, if it begins with a letter or an ASCII digit; None if anyhow.

    >>> sorted(beginnings(r"\\W*(?:please )?support our (?:paper|work)"))
    [b'please s', b'support ']
    """
    parsed = _parsed(source)
    if parsed is None:
        return None
    try:
        found = _begun(parsed, frozenset([_Begun("")]))
    except _TooManyError:
        return None
    folded = {fold(begun.text) for begun in found}
    return None if b"" in folded else tuple(folded)


def begins_with_a_word(folded: bytes) -> bool:
    """Whether the folded line begins with a letter or an ASCII digit.

    >>> begins_with_a_word(b"support us"), begins_with_a_word(b"-- support us")
    (True, False)
    """
    if folded[:1].isascii():
        return folded[:1].isalnum()
    return folded[:4].decode("utf-8", "ignore")[:1].isalpha()


class _Begun(NamedTuple):
    """How a match may begin, and whether what follows in the pattern follows at once."""

    text: str
    is_open: bool = True


class _TooManyError(Exception):
    """A pattern begins in more ways than are worth comparing."""


def _begun(parsed: Any, begun: frozenset[_Begun]) -> frozenset[_Begun]:
    """What the beginnings are behind this part of a pattern."""
    for code, value in parsed:
        going_on = frozenset(one for one in begun if one.is_open)
        if not going_on:
            break
        begun = _cut_to(LONGEST_BEGINNING, (begun - going_on) | _begun_by(code, value, going_on))
        if len(begun) > MOST_BEGINNINGS:
            begun = _cut_to(LEAST_LENGTH, begun)
        if len(begun) > MOST_BEGINNINGS:
            raise _TooManyError
    return begun


def _cut_to(length: int, begun: Iterable[_Begun]) -> frozenset[_Begun]:
    return frozenset(one if len(one.text) < length else _Begun(one.text[:length], is_open=False) for one in begun)


def _closed(begun: Iterable[_Begun]) -> frozenset[_Begun]:
    return frozenset(one._replace(is_open=False) for one in begun)


def _begun_by(code: Any, value: Any, begun: frozenset[_Begun]) -> frozenset[_Begun]:
    found = _closed(begun)
    if code is codes.LITERAL:
        found = _with_one_of([chr(value)], begun)
    elif code in (codes.AT, codes.ASSERT, codes.ASSERT_NOT):
        found = begun
    elif code in (codes.SUBPATTERN, codes.ATOMIC_GROUP):
        found = _begun(value[-1] if code is codes.SUBPATTERN else value, begun)
    elif code is codes.BRANCH:
        found = frozenset().union(*(_begun(branch, begun) for branch in value[1]))
    elif code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
        least, most, repeated = value
        once = _begun(repeated, begun)
        found = (once if most == 1 else _closed(once)) | (frozenset() if least else begun)
    elif code is codes.IN and _has_no_letter(value):
        # Where a line begins with a letter, none of these stands there.
        found = _closed(one for one in begun if one.text)
    elif code is codes.IN and len(value) <= MOST_IN_CLASS and all(item is codes.LITERAL for item, _ in value):
        found = _with_one_of([chr(char) for _, char in value], begun)
    return found


def _with_one_of(chars: Sequence[str], begun: Iterable[_Begun]) -> frozenset[_Begun]:
    """The beginnings, each with each of the characters behind it; none begins with anything but a letter."""
    letters = [char for char in chars if _is_letter(char)]
    return frozenset(_Begun(one.text + char) for one in begun for char in (chars if one.text else letters))


def _is_letter(char: str) -> bool:
    """Whether a line that begins with the character, in whatever case, begins with a letter or a digit."""
    return any(map(str.isalnum, char.casefold()))


def _has_no_letter(items: Sequence[Any]) -> bool:
    """Whether a class of characters has neither letters nor digits, as far as it is surely so."""
    if items[0][0] is codes.NEGATE:
        return (codes.CATEGORY, codes.CATEGORY_WORD) in items
    return all(
        (code is codes.LITERAL and not _is_letter(chr(value)))
        or (code is codes.CATEGORY and value in (codes.CATEGORY_NOT_WORD, codes.CATEGORY_SPACE))
        for code, value in items
    )
