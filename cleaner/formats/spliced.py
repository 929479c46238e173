"""Texts that are written inside something else: a JSON string in its line, a cell in its row."""

from __future__ import annotations

import re
from abc import abstractmethod
from bisect import bisect_right
from collections.abc import Sequence

from cleaner.formats.plain import insert
from cleaner.formats.record import Record
from cleaner.removal import Removal


class Places:
    """For each character of a text, and for its end, where it is written between two places of what it is written in.

    ``longer`` matches the characters that are written as several: only those are noted, for most are themselves.

    >>> places = Places('{"t": "a\\\\nb"}', 7, 11, re.compile(r"\\\\."))
    >>> [places[offset] for offset in range(4)]
    [7, 8, 10, 11]
    """

    def __init__(self, written: str, start: int, end: int, longer: re.Pattern[str]) -> None:
        self._start = start
        self._behind: list[int] = []
        self._more = [0]
        for match in longer.finditer(written, start, end):
            more = self._more[-1] + match.end() - match.start() - 1
            self._behind.append(match.end() - start - more)
            self._more.append(more)

    def __getitem__(self, offset: int) -> int:
        return self._start + offset + self._more[bisect_right(self._behind, offset)]


class Spliced(Record):
    """A record of which only the removed characters are cut, as they are written in it."""

    @property
    @abstractmethod
    def _written(self) -> str:
        """What the text is written in."""

    @property
    @abstractmethod
    def _written_at(self) -> Places:
        """For each character of the text, and for its end, where it is written."""

    @abstractmethod
    def _bytes_of(self, written: str) -> bytes:
        """The record's bytes when that is written in place of ``_written``."""

    def raw_of(self, start: int, end: int) -> str:
        return self._written[self._written_at[start] : self._written_at[end]]

    def without(self, removals: Sequence[Removal]) -> bytes:
        return self._bytes_of(self._cut(removals)) if removals else self.kept

    def _cut(self, removals: Sequence[Removal]) -> str:
        pieces, at = [], 0
        for removal in removals:
            pieces.append(self._written[at : self._written_at[removal.start]])
            at = self._written_at[removal.end]
        pieces.append(self._written[at:])
        return "".join(pieces)

    def with_inserted(self, pieces: Sequence[tuple[int, str]]) -> bytes:
        return self._bytes_of(insert(self._written, [(self._written_at[offset], piece) for offset, piece in pieces]))
