"""Lines of extracted text laid against the blocks of the page that they were taken from.

Extraction drops blocks, joins some to one line and cuts others, but keeps letters and digits. So
both sides are compared by these alone. Time grows with length: every line looks only at blocks
that begin as it does, and at a bounded number of them.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Sequence

from cleaner.page import Block

# Blocks are found by the letters they begin with; so many of them are tried for a line.
_BEGINNING = 8
_TRIED = 20
# Whether text is known is told by pieces of this many letters.
_PIECE = 16
_NO_LETTER = re.compile(r"[\W_]+")


def letters(text: str) -> str:
    """The letters and digits of a text, in small letters.

    >>> letters("- The ferry: back!")
    'theferryback'
    """
    return _NO_LETTER.sub("", unicodedata.normalize("NFC", text).lower())


def align(lines: Sequence[str], blocks: Sequence[Block]) -> list[Sequence[int]]:
    """The numbers of the blocks that each line was made of; none where they are not found.

    >>> blocks = [Block(text, 0, 0) for text in ("The ferry is back.", "Noon", "12:30")]
    >>> align(["The ferry is back.", "| Noon | 12:30 |"], blocks)
    [[0], [1, 2]]
    """
    keys = [letters(block.text) for block in blocks]
    index: dict[str, list[int]] = {}
    for number, key in enumerate(keys):
        index.setdefault(key[:_BEGINNING], []).append(number)
    found: list[Sequence[int]] = []
    behind = -1
    for line in lines:
        key = letters(line)
        made_of = _made_of(key, keys, _nearest(index, key, behind)) if key else []
        behind = made_of[-1] if made_of else behind
        found.append(made_of)
    return found


def _nearest(index: dict[str, list[int]], key: str, behind: int) -> Iterable[int]:
    """Blocks that begin as the line does, or are the beginning of it: those behind the last line's first."""
    numbers = index.get(key[:_BEGINNING], [])
    short = sorted(n for end in range(1, min(len(key), _BEGINNING)) for n in index.get(key[:end], ())[:_TRIED])
    at = bisect_right(numbers, behind)
    at_short = bisect_right(short, behind)
    ahead, back = numbers[at : at + _TRIED], numbers[max(0, at - _TRIED) : at]
    return [*ahead, *short[at_short : at_short + _TRIED], *back]


def _made_of(key: str, keys: Sequence[str], numbers: Iterable[int]) -> list[int]:
    """The blocks whose letters the line's are: one as a whole, several in a row, or one that holds them."""
    tried = list(numbers)
    for number in tried:
        if keys[number] == key:
            return [number]
    for number in tried:
        if keys[number].startswith(key) and len(key) >= _BEGINNING:
            return [number]
        if key.startswith(keys[number]):
            run, length = _run(key, keys, number)
            if length * 2 >= len(key):
                return run
    return []


def _run(key: str, keys: Sequence[str], number: int) -> tuple[list[int], int]:
    """The blocks from ``number`` on that make up the line, and how many of its letters they cover."""
    run, length = [], 0
    while number < len(keys) and length < len(key) and key.startswith(keys[number], length):
        run.append(number)
        length += len(keys[number])
        number += 1
    return run, length


class Words:
    """Text that is known already, to ask whether other text is part of it."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._pieces: set[str] = set()
        self._short: set[str] = set()
        for line in lines:
            self.add(line)

    def add(self, line: str) -> None:
        """Take in a line."""
        key = letters(line)
        self._short.add(key)
        self._pieces.update(key[at : at + _PIECE] for at in range(len(key) - _PIECE + 1))

    def share(self, text: str) -> float:
        """How much of the text is known, from 0 to 1."""
        key = letters(text)
        if len(key) < _PIECE:
            return float(key in self._short)
        pieces = [key[at : at + _PIECE] for at in range(0, len(key) - _PIECE + 1, _PIECE)]
        return sum(piece in self._pieces for piece in pieces) / len(pieces)
