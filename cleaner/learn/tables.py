"""Rows as tables of Arrow's, column by column: what goes from the readers to the counting, in whatever process."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cleaner.learn.rows import Document, DocumentRow, LineRow, read


@dataclass(frozen=True, slots=True)
class Tables:
    """A batch of documents, and the lines of those of them that differ; columns are named as in the rows."""

    documents: Any
    lines: Any


def tables_of(documents: Iterable[Document]) -> Tables:
    """Read a batch. A text that comes twice in it has its lines once."""
    named: list[DocumentRow] = []
    lines: list[LineRow] = []
    known: set[int] = set()
    for document in documents:
        row, of_document = read(document)
        named.append(row)
        if row.document not in known:
            lines += of_document
        known.add(row.document)
    return Tables(_table(DocumentRow._fields, named), _table(LineRow._fields, lines))


def _table(names: tuple[str, ...], rows: list[Any]) -> Any:
    return columns(dict(zip(names, zip(*rows, strict=True) if rows else [()] * len(names), strict=True)))


def columns(values: Mapping[str, Any]) -> Any:
    """A table of columns."""
    import pyarrow  # noqa: PLC0415 - an extra

    return pyarrow.table({name: pyarrow.array(column) for name, column in values.items()})
