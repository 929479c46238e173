"""Files to records, one at a time."""

from __future__ import annotations

import codecs
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from itertools import count
from typing import BinaryIO

from cleaner.formats.choose import FormatName, Kind
from cleaner.formats.packing import packed, unpacked
from cleaner.formats.plain import PlainText, refuse_wide
from cleaner.formats.record import UTF_8, Broken, Part, Passed, Put, Reading, Record, RecordError, Source, too_long
from cleaner.formats.stretch import Stretch

_BLOCK = 1 << 20


def source_of(
    stream: BinaryIO, kind: Kind, reading: Reading, *, written: Kind | None = None, part: Part | None = None
) -> Source:
    """The records of a stream of that kind; ``written`` is the kind of the output, if not what the input asks for.

    With a ``part`` only its records are read, numbered as they are in the whole file.
    """
    reading = plain_reading(reading)
    # Modules of a format are imported when a file of it comes: most runs have one.
    if kind.format == "parquet":
        from cleaner.formats.parquet import ParquetSource  # noqa: PLC0415

        return ParquetSource(stream, reading, part)
    return _Pieces(stream, kind, reading, written or kind.written, part)


def plain_reading(reading: Reading) -> Reading:
    """The reading with the encoding named as the readers know it."""
    return replace(reading, encoding=_plain_name(reading.encoding))


class _Pieces(Source):
    """A file whose records are pieces of its bytes, one after the other."""

    def __init__(self, stream: BinaryIO, kind: Kind, reading: Reading, written: Kind, part: Part | None) -> None:
        self._stream = stream
        self._kind = kind
        self._reading = reading
        self._written = written
        self._part = part

    def __iter__(self) -> Iterator[Record]:
        name = self._kind.format
        if self._part is not None:
            return _records_of(self._stream, name, self._reading, self._part)
        return _READERS[name](unpacked(self._stream, self._kind.packing, name), self._reading)

    @contextmanager
    def splicing(self, sink: BinaryIO) -> Iterator[Put]:
        with packed(sink, self._written.packing) as into:
            yield lambda _, piece: into.write(piece)


def _plain_texts(stream: BinaryIO, reading: Reading) -> Iterator[Record]:
    raw = stream.read(reading.most_bytes + 1)
    if len(raw) > reading.most_bytes:
        yield from _passed_on(stream, raw, reading, 0, to_end=True)
    else:
        yield PlainText(raw, reading.encoding)


def _pages(stream: BinaryIO, reading: Reading) -> Iterator[Record]:
    raw = stream.read(reading.most_bytes + 1)
    if len(raw) > reading.most_bytes:
        raise RecordError(f"longer than {reading.most_bytes >> 20} MiB, which is no page")
    from cleaner.formats.page import Page  # noqa: PLC0415

    yield Page(raw, None if reading.encoding == UTF_8 else reading.encoding)


def _records_of(stream: BinaryIO, name: FormatName, reading: Reading, part: Part) -> Iterator[Record]:
    if name != "jsonl":
        from cleaner.formats.table import DELIMITERS, read_table_part  # noqa: PLC0415

        return read_table_part(stream, reading, DELIMITERS[name], part)
    piece = io.BufferedReader(Stretch(stream, part), _BLOCK)
    return _json_lines(piece if part.begin else unpacked(piece, None, name), reading, part.number)


def _json_lines(stream: BinaryIO, reading: Reading, first: int = 1) -> Iterator[Record]:
    from cleaner.formats.json_lines import json_record  # noqa: PLC0415

    for number in count(first):
        raw = stream.readline(reading.most_bytes + 1)
        if not raw:
            break
        if number == 1:
            refuse_wide(raw, reading.encoding, "JSON")
        if len(raw) > reading.most_bytes:
            yield from _passed_on(stream, raw, reading, number, to_end=False)
        else:
            yield json_record(raw, number, reading)


def _table(name: FormatName, stream: BinaryIO, reading: Reading) -> Iterator[Record]:
    from cleaner.formats.table import DELIMITERS, read_table  # noqa: PLC0415

    return read_table(stream, reading, delimiters=DELIMITERS[name])


def _warc(stream: BinaryIO, reading: Reading) -> Iterator[Record]:
    from cleaner.formats.warc import read_warc  # noqa: PLC0415

    return read_warc(stream, reading)


def _passed_on(stream: BinaryIO, raw: bytes, reading: Reading, number: int, *, to_end: bool) -> Iterator[Record]:
    """A line, or a whole file, that is too long to be held: it goes by in pieces."""
    yield Broken(raw, too_long(reading.most_bytes), number=number)
    while (to_end or not raw.endswith(b"\n")) and (raw := stream.read(_BLOCK) if to_end else stream.readline(_BLOCK)):
        yield Passed(raw)


def _plain_name(encoding: str) -> str:
    """The encoding without a mark at its start, which stays as a character of the text."""
    return UTF_8 if codecs.lookup(encoding).name in (UTF_8, "utf-8-sig") else encoding


_READERS: dict[FormatName, Callable[[BinaryIO, Reading], Iterator[Record]]] = {
    "txt": _plain_texts,
    "md": _plain_texts,
    "html": _pages,
    "jsonl": _json_lines,
    "csv": partial(_table, "csv"),
    "warc": _warc,
    "tsv": partial(_table, "tsv"),
}
