"""Large files in parts, so that several workers share one: where each begins, and what is its first record.

Parts end where records end. They are found by going over the bytes once, without decoding them: line
ends of JSON lines, rows of CSV, row groups of Parquet. What is packed has no such places that could be
found without unpacking all before them, and a text or a page is one record: those are one part.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from cleaner.formats.choose import Kind
from cleaner.formats.record import Part, Reading

_BLOCK = 1 << 20


def parts_of(stream: BinaryIO, kind: Kind, reading: Reading, size: int, *, after: Part | None = None) -> Iterator[Part]:
    """The parts of an open file, each about ``size`` bytes; those behind ``after``, where it is given.

    The same file gives the same parts, wherever going over it began. Raises :class:`RecordError`.
    """
    if kind.format == "parquet":
        from cleaner.formats.parquet import ParquetSource  # noqa: PLC0415 - imported when used

        return ParquetSource(stream, reading).parts(size, after=after)
    if kind.format == "jsonl":
        return _lines(stream, size, after)
    from cleaner.formats.table import DELIMITERS, table_parts  # noqa: PLC0415 - imported when used

    return table_parts(stream, reading, DELIMITERS[kind.format], size, after=after)


def is_divisible(kind: Kind, written: Kind) -> bool:
    """Whether a file of that kind can be cleaned in parts that are put together again.

    >>> is_divisible(Kind("jsonl"), Kind("jsonl")), is_divisible(Kind("jsonl", "gz"), Kind("jsonl", "gz"))
    (True, False)
    """
    return kind == written and kind.packing is None and kind.format in ("jsonl", "csv", "tsv", "parquet")


def _lines(stream: BinaryIO, size: int, after: Part | None) -> Iterator[Part]:
    at, number = (after.end, after.number + after.records) if after else (0, 1)
    stream.seek(at)
    while found := _piece(stream, size):
        taken, records = found
        yield Part(at, at + taken, number, records)
        at, number = at + taken, number + records


def _piece(stream: BinaryIO, size: int) -> tuple[int, int] | None:
    """How many bytes, at least ``size`` and up to the end of a line, come next, and how many lines they are."""
    taken = lines = 0
    last = b""
    while taken < size and (block := stream.read(min(_BLOCK, size - taken))):
        taken, lines, last = taken + len(block), lines + block.count(b"\n"), block
    while last and not last.endswith(b"\n") and (last := stream.readline(_BLOCK)):
        taken, lines = taken + len(last), lines + last.count(b"\n")
    return (taken, lines) if taken else None
