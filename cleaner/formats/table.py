"""CSV: only the cell of the column is spliced; all other bytes stay as they were."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import BinaryIO

from cleaner.formats.packing import unpacked
from cleaner.formats.page import HoldsPage
from cleaner.formats.plain import decode, encode_back, refuse_wide
from cleaner.formats.record import UTF_8, Broken, Part, Passed, Reading, Record, RecordError, too_long
from cleaner.formats.rows import Row, Rows
from cleaner.formats.spliced import Places, Spliced
from cleaner.formats.stretch import Stretch
from cleaner.removal import Removal, apply

# Which delimiters a file of that name may have; the first with which the header has the column.
DELIMITERS: Mapping[str, Sequence[bytes]] = {"csv": (b",", b";", b"\t", b"|"), "tsv": (b"\t",)}
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_BLOCK = 1 << 20
# A header of more bytes than these has no such column.
_LONGEST_HEADER = 1 << 20
_QUOTE, _TWO = '"', '""'
_DOUBLED = re.compile('""')


@dataclass(frozen=True, slots=True)
class Columns:
    """What the header tells: the delimiter, how many columns there are, and which are asked for.

    ``text`` is None where the column is to be made.
    """

    delimiter: bytes
    number: int
    text: int | None
    html: int | None
    site: int | None
    url: int | None


def read_table(stream: BinaryIO, reading: Reading, delimiters: Sequence[bytes]) -> Iterator[Record]:
    """The rows of a CSV file, numbered from 1, which is the header.

    The delimiter is the first of ``delimiters`` with which the header has the column.
    """
    begun = _begin(stream, reading, delimiters)
    if begun.mark:
        yield Passed(begun.mark)
    if begun.columns is not None:
        yield from _Reader(stream, reading, begun.columns).records(begun.read)


def read_table_part(stream: BinaryIO, reading: Reading, delimiters: Sequence[bytes], part: Part) -> Iterator[Record]:
    """The rows of a part that :func:`table_parts` found, under the header of the whole file."""
    if part.begin == 0:
        yield from read_table(unpacked(_buffered(stream, part), None, "csv"), reading, delimiters)
        return
    columns = _begin(_buffered(stream, Part(0, part.end, 1, 0)), reading, delimiters).columns
    assert columns is not None, "a file of several parts has a header"  # noqa: S101 - for the type checker
    rows = _buffered(stream, part)
    yield from _Reader(rows, reading, columns, part.number).records(rows.readline(reading.most_bytes + 1))


def table_parts(
    stream: BinaryIO, reading: Reading, delimiters: Sequence[bytes], size: int, *, after: Part | None = None
) -> Iterator[Part]:
    """Where a CSV file can be divided between rows; raises :class:`RecordError` where its header is none."""
    whole = Part(0, stream.seek(0, io.SEEK_END), 1, 0)
    begun = _begin(unpacked(_buffered(stream, whole), None, "csv"), reading, delimiters)
    at, number = (after.end, after.number + after.records) if after else (0, 1)
    if begun.columns is None:
        yield whole
        return
    rest = _buffered(stream, Part(at, whole.end, number, 0))
    while at < whole.end:
        taken, records = _piece(rest, begun.columns.delimiter, size, reading.most_bytes, whole.end - at)
        yield Part(at, at + taken, number, records)
        at, number = at + taken, number + records


def _piece(stream: BinaryIO, delimiter: bytes, size: int, most: int, left: int) -> tuple[int, int]:
    """How many bytes, in whole rows, come next, and how many rows; all that is left, where rows cannot be told."""
    rows, taken, records = Rows(delimiter), 0, 0
    while taken < size or rows.held:
        line = stream.readline(most + 1)
        if not line or len(line) + rows.held > most:
            return left, records
        taken += len(line)
        if rows.held or b'"' in line or b"\r" in line[:-2]:
            records += sum(1 for _ in rows.feed(line))
        else:
            records += 1
    return taken, records


def _buffered(stream: BinaryIO, part: Part) -> io.BufferedReader:
    return io.BufferedReader(Stretch(stream, part), _BLOCK)


@dataclass(frozen=True, slots=True)
class _Begun:
    """The start of a file: its byte-order mark, what was read behind it, and the columns, if there is a header."""

    mark: bytes
    read: bytes
    columns: Columns | None


def _begin(stream: BinaryIO, reading: Reading, delimiters: Sequence[bytes]) -> _Begun:
    mark, start = b"", stream.readline(reading.most_bytes + 1)
    refuse_wide(start, reading.encoding, "CSV")
    if reading.encoding == UTF_8 and start.startswith(_BYTE_ORDER_MARK):
        mark, start = _BYTE_ORDER_MARK, start[len(_BYTE_ORDER_MARK) :]
    if not start:
        return _Begun(mark, start, None)
    while (columns := _columns(start, delimiters, reading)) is None:
        more = _more(stream, len(start), reading.most_bytes + 1) if len(start) < _LONGEST_HEADER else b""
        if not more:
            raise RecordError(_no_column(start, reading))
        start += more
    return _Begun(mark, start, columns)


def _more(stream: BinaryIO, size: int, most: int) -> bytes:
    """At least as many bytes more, in whole lines: twice as much at a time, a header of many lines is soon found."""
    lines = []
    while size > 0 and (line := stream.readline(most)):
        lines.append(line)
        size -= len(line)
    return b"".join(lines)


def _columns(start: bytes, delimiters: Sequence[bytes], reading: Reading) -> Columns | None:
    """The columns, if the header is all there and has those that are asked for."""
    for delimiter in delimiters:
        header = next(Rows(delimiter).feed(start), None)
        if header is not None:
            names = [cell_text(decode(header.raw[a:b], reading.encoding)) or "" for a, b in header.cells]
            # As in Python's own reader, the last of several equal names counts.
            at = {name: place for place, name in enumerate(names)}
            if (reading.html_field or reading.field) in at:
                for field, option in ((reading.site_field, "--site-field"), (reading.url_field, "--url-field")):
                    if field is not None and field not in at:
                        raise RecordError(f"no column {field!r} in the header; name another with {option}")
                asked = (reading.field, reading.html_field, reading.site_field, reading.url_field)
                return Columns(delimiter, len(names), *(None if name is None else at.get(name) for name in asked))
    return None


def _no_column(start: bytes, reading: Reading) -> str:
    option = "--field" if reading.html_field is None else "--html-field"
    header = start.splitlines()[0][:80].decode(reading.encoding, "replace")
    return f"no column {reading.html_field or reading.field!r} in the header {header!r}; name one with {option}"


class _Reader:
    """Rows to records."""

    def __init__(self, stream: BinaryIO, reading: Reading, columns: Columns, first: int = 1) -> None:
        self._stream = stream
        self._reading = reading
        self._columns = columns
        self._number = first - 1

    def records(self, start: bytes) -> Iterator[Record]:
        """All records; ``start`` was read before."""
        rows = Rows(self._columns.delimiter)
        most = self._reading.most_bytes
        line = start
        while line and len(line) + rows.held <= most:
            for row in rows.feed(line):
                self._number += 1
                yield self._record(row)
            line = self._stream.readline(most + 1)
        if line:
            yield from self._rest(rows.left() + line, too_long(most))
        elif rows.held:
            yield from self._rest(rows.left(), "a quotation mark is never closed")

    def _rest(self, raw: bytes, problem: str) -> Iterator[Record]:
        """From here on no row can be told from the next: the rest of the file goes by as it came."""
        yield Broken(raw, f"{problem}; this row and all behind it stay as they came", number=self._number + 1)
        while block := self._stream.read(_BLOCK):
            yield Passed(block)

    def _record(self, row: Row) -> Record:
        if self._number == 1 or row.is_blank:
            made = cell_of(self._reading.field, self._columns.delimiter.decode()) if not row.is_blank else None
            return Passed(row.raw, self._widened(row, made), number=self._number)
        problem = self._problem(row)
        if problem:
            return Broken(row.raw, f"{problem}; the row stays as it came", self._widened(row, ""), number=self._number)
        return (Cell if self._columns.html is None else PageCell)(row, self._number, self._reading, self._columns)

    def _problem(self, row: Row) -> str | None:
        if len(row.cells) != self._columns.number:
            cells = f"{len(row.cells)} cell{'s' if len(row.cells) > 1 else ''}"
            return f"{cells} where the header has {self._columns.number}"
        for a, b in row.cells:
            if row.raw.startswith(b'"', a) and cell_text(row.raw[a:b].decode("latin-1")) is None:
                return "something stands behind a closing quotation mark in a cell"
        return None

    def _widened(self, row: Row, cell: str | None) -> bytes:
        """The row with one cell more, where the column of the text is made."""
        if self._columns.text is not None or cell is None:
            return row.raw
        made = self._columns.delimiter + cell.encode(self._reading.encoding)
        return row.raw[: row.body_end] + made + row.raw[row.body_end :]


def cell_text(written: str) -> str | None:
    """The text of a cell as it is written; None where something stands behind its closing quotation mark.

    >>> cell_text('"say ""hi"" twice"'), cell_text('5" pipe'), cell_text('"a" b')
    ('say "hi" twice', '5" pipe', None)
    """
    if not written.startswith('"'):
        return written
    inner = written[1:-1]
    if len(written) < 2 or not written.endswith('"') or '"' in inner.replace('""', ""):
        return None
    return inner.replace(_TWO, _QUOTE)


def cell_of(text: str, delimiter: str) -> str:
    """The text as a cell, in quotation marks where it needs them.

    >>> print(cell_of("plain", ","), cell_of("a,b", ","), cell_of('5" pipe', ","))
    plain "a,b" "5"" pipe"
    """
    needs = any(char in text for char in (delimiter, _QUOTE, "\r", "\n"))
    return f'"{text.replace(_QUOTE, _TWO)}"' if needs else text


class Cell(Spliced):
    """A row; its text is that of one cell."""

    def __init__(self, row: Row, number: int, reading: Reading, columns: Columns) -> None:
        self._row = row
        self.number = number
        self._reading = reading
        self._columns = columns

    @property
    def raw(self) -> bytes:
        return self._row.raw

    @property
    def text(self) -> str | None:
        return cell_text(self._written)

    @property
    def site(self) -> str | None:
        return self._cell(self._columns.site)

    @property
    def url(self) -> str | None:
        return self._cell(self._columns.url)

    def _cell(self, column: int | None) -> str | None:
        if column is None:
            return None
        start, end = self._row.cells[column]
        return cell_text(decode(self._row.raw[start:end], self._reading.encoding)) or None

    @property
    def _place(self) -> tuple[int, int]:
        """Where the cell of the text stands, or is to stand."""
        end = self._row.body_end
        return (end, end) if self._columns.text is None else self._row.cells[self._columns.text]

    @cached_property
    def _written(self) -> str:
        start, end = self._place
        try:
            return decode(self._row.raw[start:end], self._reading.encoding)
        except RecordError as error:
            raise RecordError(f"the cell is {error}") from None

    @cached_property
    def _written_at(self) -> Places:
        written = self._written
        inner = (1, len(written) - 1) if written.startswith('"') else (0, 0)
        return Places(written, *inner, _DOUBLED)

    def without(self, removals: Sequence[Removal]) -> bytes:
        if not removals:
            return self.kept
        cut = self._cut(removals)
        return self._bytes_of(cut if self._holds(cut, removals) else f'"{cut.replace(_QUOTE, _TWO)}"')

    def written_before(self, removals: Sequence[Removal]) -> str | None:
        return None if not removals or self._holds(self._cut(removals), removals) else self._written

    def _holds(self, cut: str, removals: Sequence[Removal]) -> bool:
        """Whether the cell is still read as its text: cut, it may begin with a quotation mark or leave a blank line."""
        return cell_text(cut) == apply(self.text or "", removals) and bool(cut or self._columns.number > 1)

    def with_written(self, written: str) -> bytes:
        return self._bytes_of(written)

    def _bytes_of(self, written: str) -> bytes:
        start, end = self._place
        raw = self._row.raw
        return raw[:start] + encode_back(written, self._written, raw[start:end], self._reading.encoding) + raw[end:]


class PageCell(HoldsPage, Cell):
    """A row that holds a page; the cleaned text of its article goes into the cell of the text."""

    def _page_in_field(self) -> str | None:
        return self._cell(self._columns.html)

    @property
    def kept(self) -> bytes:
        return self._made("") if self._columns.text is None else self.raw

    def raw_of(self, start: int, end: int) -> str:
        piece = (self.text or "")[start:end]
        return piece.replace(_QUOTE, _TWO)

    def without(self, removals: Sequence[Removal]) -> bytes:
        return self._made(f'"{apply(self.text or "", removals).replace(_QUOTE, _TWO)}"')

    def written_before(self, removals: Sequence[Removal]) -> str | None:  # noqa: ARG002
        return None

    def _made(self, cell: str) -> bytes:
        """The row with that as the cell of the text."""
        start, end = self._place
        try:
            made = cell.encode(self._reading.encoding)
        except UnicodeEncodeError:
            raise RecordError(f"the text of the page cannot be written in {self._reading.encoding}") from None
        before = self._columns.delimiter if self._columns.text is None else b""
        return self.raw[:start] + before + made + self.raw[end:]
