"""Where the cells of CSV stand in its bytes: what the module ``csv`` reads, but with places.

Rows are told apart before they are decoded, so that a row with bad bytes does not take others
along. That is right in every encoding in which no other character holds the bytes of a delimiter,
a quotation mark or a line's end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_QUOTE = ord('"')
# Up to the quotation mark that closes the cell; two of them stand for one.
_TO_CLOSE = re.compile(rb'(?:[^"]++|"")*+"')


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its bytes with the end of the line, and where its cells stand in them, quotation marks and all."""

    raw: bytes
    cells: tuple[tuple[int, int], ...]

    @property
    def is_blank(self) -> bool:
        """Whether the row is an empty line."""
        return self.cells == ((0, 0),)

    @property
    def body_end(self) -> int:
        """Where the end of the line begins."""
        return self.cells[-1][1]


class Rows:
    """Rows out of lines. A line that is fed may hold several rows, or a part of one.

    >>> rows = Rows(b",")
    >>> [row.cells for row in rows.feed(b'a,"b,\\n')], rows.is_open
    ([], True)
    >>> [row.cells for row in rows.feed(b'c",d\\n')]
    [((0, 1), (2, 8), (9, 10))]
    """

    def __init__(self, delimiter: bytes) -> None:
        self._delimiter = delimiter[0]
        self._bare = re.compile(rb"[^\r\n" + re.escape(delimiter) + rb"]*+")
        self._start()

    def _start(self) -> None:
        self._pieces: list[bytes] = []
        self.held = 0
        self._cells: list[tuple[int, int]] = []
        self._cell_at = 0
        self.is_open = False

    def feed(self, line: bytes) -> Iterator[Row]:
        """The rows that end in the line. A quotation mark may stay open at its end: ``is_open``."""
        at = begin = 0
        while at < len(line):
            if not self.is_open and line[at] == _QUOTE and self._cell_at == self.held + at - begin:
                self.is_open = True
                at += 1
            if self.is_open:
                closed = _TO_CLOSE.match(line, at)
                if closed is None:
                    break
                at = closed.end()
                self.is_open = False
            bare = self._bare.match(line, at)
            at = bare.end() if bare else at
            self._cells.append((self._cell_at, self.held + at - begin))
            if at < len(line) and line[at] == self._delimiter:
                at += 1
                self._cell_at = self.held + at - begin
                if at < len(line):
                    continue
                self._cells.append((self._cell_at, self._cell_at))
            at += 2 if line.startswith(b"\r\n", at) else at < len(line)
            yield self._row(line[begin:at])
            begin = at
        if begin < len(line):
            self._pieces.append(line[begin:])
            self.held += len(line) - begin

    def _row(self, last: bytes) -> Row:
        row = Row(b"".join((*self._pieces, last)), tuple(self._cells))
        self._start()
        return row

    def left(self) -> bytes:
        """What was fed and is no row: a quotation mark in it is never closed."""
        return b"".join(self._pieces)
