"""What a pattern cannot match without: strings of which the line must hold one each.

A pattern is tried wherever a keyword stands, and keywords may be words of any article. Most patterns
ask for more words than that, and to look for those takes a hundredth of the time of a match that
fails. They are read from the parsed pattern; where anything in it is not understood, nothing is
needed, and the pattern is tried as before.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Iterator
from typing import Any

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
    source = _PROPERTY.sub(r"\\w", source)
    if parser is None or _FOREIGN.search(source):
        return ()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            parsed = parser.parse(source)
    except (re.error, RecursionError, OverflowError, Warning):
        return ()
    found = {need for need in _of_sequence(parsed) if len(need) <= MOST_STRINGS}
    return tuple(sorted(found, key=lambda need: (len(need), -min(map(len, need)), sorted(need))))


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
