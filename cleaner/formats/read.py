"""Files to records, one at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from cleaner.formats.choose import FormatName
from cleaner.formats.json_lines import JsonLine
from cleaner.formats.page import Page
from cleaner.formats.plain import PlainText
from cleaner.formats.record import UTF_8, Reading, Record, RecordError


def read_records(stream: BinaryIO, name: FormatName, reading: Reading) -> Iterator[Record]:
    """The records of a stream, in order. JSON lines are read line by line, other formats whole."""
    if name == "jsonl":
        if reading.encoding.lower().startswith(("utf-16", "utf16", "utf-32", "utf32")):
            raise RecordError(f"JSON lines in {reading.encoding} cannot be read line by line; convert them to UTF-8")
        for number, raw in enumerate(stream, start=1):
            yield JsonLine(raw, number, reading.field, reading.encoding)
    elif name == "html":
        yield Page(stream.read(), None if reading.encoding == UTF_8 else reading.encoding)
    else:
        yield PlainText(stream.read(), reading.encoding)
