"""Labelled pages from JSON lines, plain or gzipped."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

from cleaner.evaluate.judge import Page


class LabelledError(ValueError):
    """A file of labelled pages that cannot be used: file, line, what is wrong, what to do."""


@dataclass(frozen=True, slots=True)
class Fields:
    """Where a page's parts stand in its line; dots lead inwards.

    Without ``group`` there are no groups, without ``site`` no rule of one site holds. ``option``
    names the option that chooses ``source``, for messages.
    """

    source: str = "text"
    gold: str = "gold"
    title: str = "title"
    id: str = "id"
    group: str = ""
    site: str = ""
    option: str = "--field"


def read_labelled(path: Path, fields: Fields) -> Iterator[Page]:
    """The pages of a file, one a line; a name that ends in ``.gz`` is unpacked. Empty lines are no pages.

    A page needs a source and a gold body; one without an id goes by the number of its line.

    Raises :class:`LabelledError`.
    """
    number, found = 0, False
    try:
        with _opened(path) as lines:
            for number, raw in enumerate(lines, start=1):
                if raw.strip():
                    found = True
                    yield _page(raw, fields, number)
    except LabelledError as error:
        raise LabelledError(f"{path}:{number}: {error}") from None
    except (OSError, EOFError, zlib.error) as error:
        problem = (error.strerror if isinstance(error, OSError) else None) or error
        raise LabelledError(f"{path}: cannot be read: {problem}") from None
    if not found:
        raise LabelledError(f"{path}: holds no pages; one JSON object a line is asked for")


def _opened(path: Path) -> IO[bytes]:
    return cast("IO[bytes]", gzip.open(path)) if path.suffix == ".gz" else path.open("rb")


def _page(raw: bytes, fields: Fields, number: int) -> Page:
    row = _object(raw)
    return Page(
        source=_required(row, fields.source, f"the page's text or HTML with {fields.option}"),
        gold=_required(row, fields.gold, "the article's body with --gold"),
        title=_optional(row, fields.title),
        id=_optional(row, fields.id) or str(number),
        group=_optional(row, fields.group) if fields.group else "",
        site=_optional(row, fields.site) if fields.site else "",
    )


def _object(raw: bytes) -> dict[str, Any]:
    try:
        row = json.loads(raw.decode("utf-8-sig").rstrip())
    except UnicodeDecodeError as error:
        raise LabelledError(f"not UTF-8: bad byte 0x{raw[error.start]:02x} at offset {error.start}") from None
    except json.JSONDecodeError as error:
        raise LabelledError(f"not valid JSON: {error.msg} at column {error.colno}") from None
    except RecursionError:
        raise LabelledError("not readable: nested too deeply") from None
    if not isinstance(row, dict):
        raise LabelledError("the line is no JSON object")
    return row


def _at(row: dict[str, Any], path: str) -> Any:
    """The value at a dotted path; raises ``KeyError`` where there is none."""
    value: Any = row
    for key in path.split("."):
        if not isinstance(value, dict):
            raise KeyError(path)
        value = value[key]
    return value


def _required(row: dict[str, Any], path: str, what: str) -> str:
    try:
        value = _at(row, path)
    except KeyError:
        raise LabelledError(f"no field {path!r}; name the field of {what}") from None
    if not isinstance(value, str):
        raise LabelledError(f"field {path!r} is not a string; name the field of {what}")
    return value


def _optional(row: dict[str, Any], path: str) -> str:
    try:
        value = _at(row, path)
    except KeyError:
        return ""
    return "" if value is None else str(value)
