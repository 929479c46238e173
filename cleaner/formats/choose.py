"""Formats are told by the name of a file, or named."""

from __future__ import annotations

from pathlib import PurePath
from typing import Literal, get_args

FormatName = Literal["txt", "md", "jsonl", "html"]
FORMATS: tuple[FormatName, ...] = get_args(FormatName)

_SUFFIXES: dict[str, FormatName] = {
    ".txt": "txt",
    ".text": "txt",
    ".md": "md",
    ".markdown": "md",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".html": "html",
    ".htm": "html",
}


def format_of(path: PurePath) -> FormatName | None:
    """The format that a file's name tells, or None.

    >>> format_of(PurePath("articles/one.TXT")), format_of(PurePath("table.ods"))
    ('txt', None)
    """
    return _SUFFIXES.get(path.suffix.lower())
