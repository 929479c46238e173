"""Formats are told by the name of a file, or named: ``jsonl``, ``csv.zst``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import PurePath
from typing import Literal, get_args

FormatName = Literal["txt", "md", "html", "jsonl", "csv", "tsv", "parquet", "warc"]
Packing = Literal["gz", "zst"]
FORMATS: tuple[FormatName, ...] = get_args(FormatName)

_SUFFIXES: dict[str, FormatName] = {
    ".txt": "txt",
    ".text": "txt",
    ".md": "md",
    ".markdown": "md",
    ".html": "html",
    ".htm": "html",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".warc": "warc",
    ".wet": "warc",
}
_PACKED: dict[str, Packing] = {".gz": "gz", ".zst": "zst", ".zstd": "zst"}
# Their text is taken out of something else, so that what is written is of another format.
_WRITTEN: dict[FormatName, FormatName] = {"html": "txt", "warc": "jsonl"}
# Its columns are packed inside; around the whole file no reader could find its rows.
_UNPACKED: tuple[FormatName, ...] = ("parquet",)


@dataclass(frozen=True, slots=True)
class Kind:
    """What a file holds: its format, and what it is packed with.

    >>> str(Kind("jsonl", "gz")), str(Kind("html", "zst").written)
    ('jsonl.gz', 'txt.zst')
    """

    format: FormatName
    packing: Packing | None = None

    def __str__(self) -> str:
        return f"{self.format}.{self.packing}" if self.packing else self.format

    @property
    def written(self) -> Kind:
        """The kind of the output: pages become text, archives of pages JSON lines, packed as they came."""
        return _kind(_WRITTEN.get(self.format, self.format), self.packing)

    @property
    def is_extracted(self) -> bool:
        """Whether the text is taken out of something else, which the output does not hold."""
        return self.format in _WRITTEN


# One for all files of a kind: a run may have a million.
_kind = cache(Kind)


def kind_of(path: PurePath) -> Kind | None:
    """The kind that a file's name tells, or None.

    >>> print(kind_of(PurePath("articles/one.TXT")), kind_of(PurePath("a.b.jsonl.gz")), kind_of(PurePath("table.ods")))
    txt jsonl.gz None
    """
    packing = packing_of(path)
    name = path.with_suffix("") if packing else path
    known = _SUFFIXES.get(name.suffix.lower())
    return None if known is None or (packing and known in _UNPACKED) else _kind(known, packing)


def packing_of(path: PurePath) -> Packing | None:
    """What the file is packed with, as its name tells."""
    return _PACKED.get(path.suffix.lower())


def is_table(path: PurePath) -> bool:
    """Whether an audit of that name is Parquet.

    >>> is_table(PurePath("audit.parquet")), is_table(PurePath("audit.jsonl"))
    (True, False)
    """
    kind = kind_of(path)
    return kind is not None and kind.format == "parquet"


def kind_named(name: str) -> Kind:
    """The kind that a user named. Raises :class:`ValueError` that lists those there are.

    >>> kind_named("csv.zst")
    Kind(format='csv', packing='zst')
    """
    for known in FORMATS:
        for packing in (None, *get_args(Packing)):
            kind = Kind(known, packing)
            if str(kind) == name and not (packing and known in _UNPACKED):
                return kind
    raise ValueError(f"no format {name!r}; there are {', '.join(FORMATS)}, and .gz or .zst behind all but parquet")


def written_name(path: PurePath, kind: Kind) -> PurePath:
    """The name of the output of an input: its own, or that of the format which is written.

    >>> str(written_name(PurePath("a/page.html.gz"), Kind("html", "gz")))
    'a/page.txt.gz'
    """
    if not kind.is_extracted:
        return path
    bare = path.with_suffix("") if packing_of(path) else path
    return bare.with_suffix(f".{kind.written}")
