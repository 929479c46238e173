"""JSON lines: only the string of the field is spliced; all other bytes stay as they were."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from functools import cached_property

from cleaner.formats.plain import decode, encode_back, insert
from cleaner.formats.record import Record, RecordError
from cleaner.removal import Removal

_SPACE = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder()
# One character of a JSON string as it is written: a surrogate pair, an escape, or itself.
_WRITTEN = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|[^\\]", re.DOTALL
)


class JsonLine(Record):
    """One line of a JSON lines file."""

    def __init__(self, raw: bytes, number: int, field: str, encoding: str) -> None:
        self._raw = raw
        self.number = number
        self._path = field.split(".")
        self._encoding = encoding

    @property
    def raw(self) -> bytes:
        return self._raw

    @cached_property
    def _line(self) -> str:
        return decode(self._raw, self._encoding)

    @cached_property
    def _span(self) -> tuple[int, int] | None:
        """Where the string of the field stands in the line, without its quotation marks."""
        line = self._line
        if not line.strip(" \t\r\n\ufeff"):
            return None
        at = _skip(line, 1 if line.startswith("\ufeff") else 0)
        try:
            return _locate(line, at, self._path)
        except json.JSONDecodeError as error:
            raise RecordError(f"not valid JSON: {error.msg} at column {error.colno}") from None
        except RecursionError:
            raise RecordError("not readable: nested too deeply") from None

    @property
    def text(self) -> str | None:
        return None if self._span is None else self._decoded

    @cached_property
    def _decoded(self) -> str:
        text: str = _DECODER.raw_decode(self._line, self._written_span[0] - 1)[0]
        return text

    @property
    def _written_span(self) -> tuple[int, int]:
        assert self._span is not None, "a line without a record has no text"  # noqa: S101 - for the type checker
        return self._span

    @cached_property
    def _written_at(self) -> Sequence[int]:
        """For each character of the text, and for its end, where it is written in the line."""
        start, end = self._written_span
        if end - start == len(self._decoded):
            return range(start, end + 1)
        return [*(match.start() for match in _WRITTEN.finditer(self._line, start, end)), end]

    def raw_of(self, start: int, end: int) -> str:
        return self._line[self._written_at[start] : self._written_at[end]]

    def without(self, removals: Sequence[Removal]) -> bytes:
        if not removals:
            return self._raw
        pieces, at = [], 0
        for removal in removals:
            pieces.append(self._line[at : self._written_at[removal.start]])
            at = self._written_at[removal.end]
        pieces.append(self._line[at:])
        return encode_back("".join(pieces), self._line, self._raw, self._encoding)

    def with_inserted(self, pieces: Sequence[tuple[int, str]]) -> bytes:
        written = [(self._written_at[offset], piece) for offset, piece in pieces]
        return encode_back(insert(self._line, written), self._line, self._raw, self._encoding)


def _skip(line: str, at: int) -> int:
    match = _SPACE.match(line, at)
    return match.end() if match else at


def _locate(line: str, at: int, path: Sequence[str]) -> tuple[int, int]:
    """The span of the string at ``path`` in the JSON object that is the line."""
    value_at, end = at, _DECODER.raw_decode(line, at)[1]
    if _skip(line, end) != len(line):
        raise json.JSONDecodeError("Extra data", line, _skip(line, end))
    for depth, key in enumerate(path):
        if line[value_at] != "{":
            where = f"field {'.'.join(path[:depth])!r}" if depth else "the line"
            raise RecordError(f"{where} is no JSON object")
        # As in Python's own reader, the last of several equal keys counts.
        places = [start for name, start in _members(line, value_at) if name == key]
        if not places:
            raise RecordError(f"no field {'.'.join(path[: depth + 1])!r}; name the field of the text with --field")
        value_at = places[-1]
    if line[value_at] != '"':
        raise RecordError(f"field {'.'.join(path)!r} is not a string")
    return value_at + 1, _DECODER.raw_decode(line, value_at)[1] - 1


def _members(line: str, at: int) -> Iterator[tuple[str, int]]:
    """The names of a JSON object, each with the place of its value. The object is known to be valid."""
    at = _skip(line, at + 1)
    while line[at] == '"':
        name, at = _DECODER.raw_decode(line, at)
        at = _skip(line, _skip(line, at) + 1)
        yield name, at
        at = _skip(line, _DECODER.raw_decode(line, at)[1])
        if line[at] == ",":
            at = _skip(line, at + 1)
