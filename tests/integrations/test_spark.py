"""Spark: partitions, tasks that are killed, what travels with the job, and frames that do not fit."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cleaner import Cleaner
from tests.integrations.frameworks import needed
from tests.making import PROSE, lines

needed("pyspark")

import pyarrow

from cleaner.integrations.columns import Columns
from cleaner.integrations.spark import _cleaning, _Shipped, clean_column


def texts(number: int) -> list[str]:
    return [lines(f"Ferry number {n} is late.", PROSE[n % 6], f"(turn0search{n})") for n in range(number)]


def dies_once(mark: str) -> Any:
    """A step that kills its process at the first batch, but only the first time."""

    def step(batches: Iterator[Any]) -> Iterator[Any]:
        for batch in batches:
            yield batch
            try:
                os.close(os.open(mark, os.O_CREAT | os.O_EXCL))
            except FileExistsError:
                continue
            os.kill(os.getpid(), signal.SIGKILL)

    return step


@pytest.mark.parametrize("partitions", [1, 5])
def test_partitions_change_nothing(spark: Any, partitions: int) -> None:
    frame = spark.createDataFrame(list(enumerate(texts(40))), "id int, text string").repartition(partitions)
    cleaned = clean_column(frame, Cleaner()).orderBy("id").collect()
    assert [row.text for row in cleaned] == [Cleaner().clean(text).text for text in texts(40)]


def test_a_killed_task_is_done_again(spark: Any, tmp_path: Path) -> None:
    frame = spark.createDataFrame(list(enumerate(texts(40))), "id int, text string").repartition(4)
    cleaned = clean_column(frame, Cleaner(), removals="removals")
    rows = cleaned.mapInArrow(dies_once(str(tmp_path / "killed")), cleaned.schema).collect()
    assert (tmp_path / "killed").exists()
    assert sorted(row.text for row in rows) == sorted(Cleaner().clean(text).text for text in texts(40))


def test_a_worker_compiles_the_rules_once(spark: Any) -> None:
    """The tasks of one stage, and those of the next job, find the same cleaner in their process."""
    frame = spark.createDataFrame(list(enumerate(texts(40))), "id int, text string").repartition(8)
    cleaners_of: dict[int, set[int]] = {}
    for _ in range(2):
        told = frame.mapInArrow(_telling(_Shipped(Cleaner())), "pid long, cleaner long").collect()
        assert len(told) >= 8
        for pid, cleaner in told:
            cleaners_of.setdefault(pid, set()).add(cleaner)
    assert [len(cleaners) for cleaners in cleaners_of.values()] == [1] * len(cleaners_of)
    assert len(cleaners_of) < 8


def _telling(shipped: _Shipped) -> Any:
    """A step that cleans, and says in which process and by which object."""
    cleaning = _cleaning(shipped, Columns())

    def step(batches: Iterator[Any]) -> Iterator[Any]:
        for _ in cleaning(batches):
            yield pyarrow.record_batch({"pid": [os.getpid()], "cleaner": [id(shipped.cleaner)]})

    return step


def test_other_columns_stay_and_one_that_is_there_is_replaced(spark: Any) -> None:
    frame = spark.sql(
        "SELECT 'So it is. (turn0search1)' AS text, 7 AS removals, array(named_struct('a', 1.5D)) AS nested, "
        "DATE'2026-05-01' AS day, TIMESTAMP'2026-05-01 10:00:00' AS time, 1.20BD AS price, CAST(NULL AS BINARY) AS raw"
    )
    cleaned = clean_column(frame, Cleaner(), removals="removals")
    assert cleaned.columns == frame.columns
    [before], [after] = frame.collect(), cleaned.collect()
    assert after.text == "So it is."
    assert after.removals[0].rule_id == "bracketed-search-handle"
    assert before[2:] == after[2:]


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"text": "body"}, "'body' is not among id, text; a column of strings is needed"),
        ({"text": "id"}, "'id' is of int; a column of strings is needed"),
        ({"site": "url"}, "'url' is not among id, text; a column of strings is needed"),
    ],
)
def test_a_column_that_does_not_fit_is_named_at_once(spark: Any, columns: dict[str, str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        clean_column(spark.createDataFrame([(1, "a")], "id int, text string"), Cleaner(), **columns)


def test_an_empty_frame_and_an_empty_partition(spark: Any) -> None:
    frame = spark.createDataFrame([], "text string")
    assert clean_column(frame, Cleaner(), removals="removals").collect() == []
    one = spark.createDataFrame([("So it is. (turn0search1)",)], "text string").repartition(3)
    assert [row.text for row in clean_column(one, Cleaner()).collect()] == ["So it is."]
