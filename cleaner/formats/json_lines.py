"""JSON lines: only the string of the field is spliced; all other bytes stay as they were."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import islice
from typing import Any

from cleaner.formats.page import HoldsPage
from cleaner.formats.plain import decode, encode_back
from cleaner.formats.record import Reading, Record, RecordError
from cleaner.formats.spliced import Places, Spliced
from cleaner.removal import Removal, apply

# So many names of fields are shown to whoever named one that is not there, and so much of each.
_NAMES, _LONGEST_NAME = 10, 40
_SPACE = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder()
# One character of a JSON string that is not written as itself: a surrogate pair, or another escape.
_ESCAPED = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.")


def json_record(raw: bytes, number: int, reading: Reading) -> Record:
    """The record of one line: its text, or that of the page which it holds."""
    return JsonLine(raw, number, reading) if reading.html_field is None else JsonPage(raw, number, reading)


class JsonLine(Spliced):
    """One line of a JSON lines file."""

    def __init__(self, raw: bytes, number: int, reading: Reading) -> None:
        self._raw = raw
        self.number = number
        self._reading = reading

    @property
    def raw(self) -> bytes:
        return self._raw

    @property
    def site(self) -> str | None:
        return self._told(self._reading.site_field, "site")

    @property
    def url(self) -> str | None:
        return self._told(self._reading.url_field, "url")

    @property
    def text(self) -> str | None:
        return None if self._is_blank or self._span is None else self._decoded

    @cached_property
    def _written(self) -> str:
        return decode(self._raw, self._reading.encoding)

    @cached_property
    def _is_blank(self) -> bool:
        return not self._written.strip(" \t\r\n\ufeff")

    @cached_property
    def _at(self) -> int:
        """Where the value of the line begins."""
        return _skip(self._written, 1 if self._written.startswith("\ufeff") else 0)

    @cached_property
    def _value(self) -> Any:
        """What the line holds. Raises :class:`RecordError` where it is not one JSON value."""
        try:
            value, end = _DECODER.raw_decode(self._written, self._at)
        except json.JSONDecodeError as error:
            raise RecordError(f"not valid JSON: {error.msg} at column {error.colno}") from None
        except RecursionError:
            raise RecordError("not readable: nested too deeply") from None
        except ValueError as error:  # a number of more digits than Python reads
            raise RecordError(f"not readable: {error}") from None
        end = _skip(self._written, end)
        if end != len(self._written):
            raise RecordError(f"not valid JSON: Extra data at column {end + 1}")
        return value

    def _told(self, field: str | None, what: str) -> str | None:
        """The string of a field that may be null."""
        if field is None or self._is_blank:
            return None
        value = value_at(self._value, field, f"the {what} with --{what}-field")
        if value is None or isinstance(value, str):
            return value
        raise RecordError(f"field {field!r} is not a string; name the field of the {what} with --{what}-field")

    @cached_property
    def _span(self) -> tuple[int, int] | None:
        """Where the string of the field stands in the line, without its quotation marks."""
        field = self._reading.field
        if not isinstance(value_at(self._value, field, "the text with --field"), str):
            raise RecordError(f"field {field!r} is not a string; name the field of the text with --field")
        start, end = _place(self._written, self._at, field.split("."))
        return start + 1, end - 1

    @cached_property
    def _decoded(self) -> str:
        text: str = _DECODER.raw_decode(self._written, self._written_span[0] - 1)[0]
        return text

    @property
    def _written_span(self) -> tuple[int, int]:
        assert self._span is not None, "a line without a record has no text"  # noqa: S101 - for the type checker
        return self._span

    @cached_property
    def _written_at(self) -> Places:
        return Places(self._written, *self._written_span, _ESCAPED)

    def _bytes_of(self, written: str) -> bytes:
        return encode_back(written, self._written, self._raw, self._reading.encoding)


class JsonPage(HoldsPage, JsonLine):
    """A line that holds a page; the cleaned text of its article goes into the field, made if absent."""

    def _page_in_field(self) -> str | None:
        if self._is_blank:
            return None
        field = str(self._reading.html_field)
        page = value_at(self._value, field, "the page with --html-field")
        if not isinstance(page, str):
            raise RecordError(f"field {field!r} is not a string; name the field of the page with --html-field")
        return page

    def raw_of(self, start: int, end: int) -> str:
        return self._as_json((self.text or "")[start:end])[1:-1]

    def without(self, removals: Sequence[Removal]) -> bytes:
        return self._bytes_of(self._with_field(apply(self.text or "", removals)))

    def _as_json(self, text: str) -> str:
        """The text as a JSON string, in ASCII where the line is, or where the encoding has no other way."""
        written = json.dumps(text, ensure_ascii=self._written.isascii())
        try:
            written.encode(self._reading.encoding)
        except UnicodeEncodeError:
            return json.dumps(text)
        return written

    def _with_field(self, text: str) -> str:
        """The line with the text in its field."""
        line, path = self._written, self._reading.field.split(".")
        at, depth, value = self._at, 0, self._value
        while depth < len(path) and isinstance(value, dict) and path[depth] in value:
            at, value, depth = _place(line, at, path[depth : depth + 1])[0], value[path[depth]], depth + 1
        if depth == len(path):
            if not (value is None or isinstance(value, str)):
                raise RecordError(f"field {self._reading.field!r} is not a string, so that no text goes into it")
            return line[:at] + self._as_json(text) + line[_DECODER.raw_decode(line, at)[1] :]
        if not isinstance(value, dict):
            raise RecordError(f"field {'.'.join(path[:depth])!r} is no JSON object, so that no field goes into it")
        made = self._as_json(text)
        for key in reversed(path[depth + 1 :]):
            made = f"{{{json.dumps(key)}: {made}}}"
        end = len(line[: _DECODER.raw_decode(line, at)[1] - 1].rstrip(" \t\r\n"))
        return f"{line[:end]}{', ' if value else ''}{json.dumps(path[depth])}: {made}{line[end:]}"


def value_at(value: Any, field: str, what: str) -> Any:
    """What stands at a dotted path in a JSON object. Raises :class:`RecordError` where nothing does."""
    path = field.split(".")
    for depth, key in enumerate(path):
        if not isinstance(value, dict):
            where = f"field {'.'.join(path[:depth])!r}" if depth else "the line"
            raise RecordError(f"{where} is no JSON object")
        if key not in value:
            there = ".".join(path[: depth + 1])
            raise RecordError(f"no field {there!r}; name the field of {what}{_fields_there(value)}")
        value = value[key]
    return value


def _fields_there(value: dict[str, Any]) -> str:
    """The first names in an object, for whoever named another."""
    names = [name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}..." for name in islice(value, _NAMES)]
    return f" (there are {', '.join(names)}{', ...' if len(value) > _NAMES else ''})" if names else ""


def _skip(line: str, at: int) -> int:
    match = _SPACE.match(line, at)
    return match.end() if match else at


def _place(line: str, at: int, path: Sequence[str]) -> tuple[int, int]:
    """Where the value at ``path`` is written, in the object at ``at``. It is known to be there."""
    for key in path:
        # As in Python's own reader, the last of several equal keys counts.
        at = [start for name, start in _members(line, at) if name == key][-1]
    return at, _DECODER.raw_decode(line, at)[1]


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
