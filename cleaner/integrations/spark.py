"""Spark DataFrames: cleaning a column of strings, wherever its partitions are.

    from cleaner import Cleaner
    from cleaner.integrations.spark import clean_column

    cleaned = clean_column(frame, Cleaner("standard"), removals="removals")

The package must be installed where the executors run; the rules travel with the job. What is learned from a
corpus on Spark is in :mod:`cleaner.integrations.spark_learn`.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator
from typing import Any

from cleaner import Cleaner, __version__
from cleaner.integrations.columns import Columns, checked, missing

try:
    import pyarrow  # noqa: F401 - what Spark and Python exchange
    from pyspark.sql import DataFrame
    from pyspark.sql.types import ArrayType, LongType, StringType, StructField, StructType
except ImportError as error:
    raise missing("pyspark", extra="spark", error=error) from error

from cleaner.integrations.arrow import cleaned_table

REMOVALS = ArrayType(
    StructType(
        [
            StructField("start", LongType()),
            StructField("end", LongType()),
            StructField("rule_id", StringType()),
            StructField("text", StringType()),
        ]
    )
)
FLAGS = ArrayType(StringType())


def clean_column(
    frame: DataFrame,
    cleaner: Cleaner,
    *,
    text: str = "text",
    removals: str | None = None,
    flags: str | None = None,
    site: str | None = None,
    lang: str | None = None,
) -> DataFrame:
    """The frame with its texts cleaned; a null stays null, all other columns stay as they are.

    ``removals`` and ``flags`` name columns to be made: what went, as an array of ``start``, ``end`` (in characters of
    the text as it was), ``rule_id`` and ``text``, and what kept the cleaner from its work. ``site`` names the column
    with the site or URL of each text, for rules of one site; ``lang`` narrows the rules.

    Lazy, as all of Spark; batches are as large as ``spark.sql.execution.arrow.maxRecordsPerBatch`` says. Raises
    ``ValueError`` where ``text`` or ``site`` is no column of strings.
    """
    for name in filter(None, (text, site)):
        _must_be_strings(frame, name)
    columns = Columns(text=text, removals=removals, flags=flags, site=site, lang=lang)
    return frame.mapInArrow(_cleaning(_Shipped(checked(cleaner)), columns), _schema(frame, columns))


def _must_be_strings(frame: DataFrame, name: str) -> None:
    found = {field.name: field.dataType for field in frame.schema.fields}
    if not isinstance(found.get(name), StringType):
        is_there = f"is of {found[name].simpleString()}" if name in found else f"is not among {', '.join(found)}"
        raise ValueError(f"{name!r} {is_there}; a column of strings is needed")


def _schema(frame: DataFrame, columns: Columns) -> StructType:
    made = {name: kind for name, kind in ((columns.removals, REMOVALS), (columns.flags, FLAGS)) if name}
    kept = [StructField(f.name, made.pop(f.name, f.dataType), f.nullable, f.metadata) for f in frame.schema.fields]
    return StructType([*kept, *(StructField(name, kind) for name, kind in made.items())])


def _cleaning(shipped: _Shipped, columns: Columns) -> Callable[[Iterator[Any]], Iterator[Any]]:
    def batches(of_partition: Iterator[Any]) -> Iterator[Any]:
        for batch in of_partition:
            yield cleaned_table(shipped.cleaner, batch, columns)

    return batches


class _Shipped:
    """A cleaner on its way to the workers, each of which unpacks and compiles it once, however many tasks it gets."""

    def __init__(self, cleaner: Cleaner) -> None:
        self.cleaner = cleaner

    def __reduce__(self) -> tuple[Any, ...]:
        key = (__version__, self.cleaner.rules_digest, self.cleaner.max_removed)
        return _unpacked, (key, pickle.dumps(self.cleaner))


_at_hand: dict[tuple[Any, ...], _Shipped] = {}


def _unpacked(key: tuple[Any, ...], packed: bytes) -> _Shipped:
    if key not in _at_hand:
        _at_hand.clear()
        _at_hand[key] = _Shipped(pickle.loads(packed))  # noqa: S301 - from the driver, as all of the job
    return _at_hand[key]
