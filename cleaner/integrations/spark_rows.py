"""What :mod:`~cleaner.integrations.spark_learn` runs in Spark's Python workers: from batches of Arrow's to batches."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from cleaner.learn import Document
from cleaner.learn.rows import DocumentRow, LineRow, read
from cleaner.learn.stories import count_stories

DOCUMENTS = (
    "document bigint, site string, seen string, lines array<struct<key: bigint, form: string, place: string, "
    "before: bigint, after: bigint, words: int, is_prose: boolean, text: string, rest: string>>"
)
TOLD = "sample bigint, stories bigint"

_TYPES = {
    "key": pa.int64(),
    "form": pa.string(),
    "place": pa.string(),
    "before": pa.int64(),
    "after": pa.int64(),
    "words": pa.int32(),
    "is_prose": pa.bool_(),
    "text": pa.string(),
    "rest": pa.string(),
}
# A line takes hundreds of bytes while it is a row of Python's.
_DOCUMENTS_AT_ONCE = 500


def reading(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Documents to what counting needs to know of them; those without a text or a site are left out."""
    for batch in batches:
        for start in range(0, batch.num_rows, _DOCUMENTS_AT_ONCE):
            yield _rows_of(batch.slice(start, _DOCUMENTS_AT_ONCE))


def _rows_of(batch: pa.RecordBatch) -> pa.RecordBatch:
    documents: list[DocumentRow] = []
    lines: list[LineRow] = []
    offsets = [0]
    for row in batch.to_pylist():
        if row["text"] is None or not (row["site"] or "").strip():
            continue
        document, of_document = read(Document(row["site"], row["text"], row["seen"] or ""))
        documents.append(document)
        lines += of_document
        offsets.append(len(lines))
    columns = [pa.array([getattr(line, name) for line in lines], type=kind) for name, kind in _TYPES.items()]
    nested = pa.ListArray.from_arrays(
        pa.array(offsets, type=pa.int32()), pa.StructArray.from_arrays(columns, names=list(_TYPES))
    )
    named = [
        pa.array([getattr(one, name) for one in documents], type=pa.int64() if name == "document" else pa.string())
        for name in DocumentRow._fields
    ]
    return pa.RecordBatch.from_arrays([*named, nested], names=[*DocumentRow._fields, "lines"])


def telling(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Samples with the paragraphs of their documents to how many stories these tell."""
    for batch in batches:
        stories = [_stories(prose) for prose in batch.column("prose").to_pylist()]
        yield pa.record_batch({"sample": batch.column("sample"), "stories": pa.array(stories, type=pa.int64())})


def _stories(prose: list[dict[str, Any]]) -> int:
    by_document = itertools.groupby(prose, key=lambda row: row["document"])
    return count_stories({document: {row["key"]: row["words"] for row in rows} for document, rows in by_document})
