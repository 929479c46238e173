"""What DuckDB counts for :mod:`cleaner.learn.counting`, as operations of Spark's DataFrames, table by table.

Columns are named as there. All that is chosen among equals is the smallest, so that partitions do not matter.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as f
from pyspark.storagelevel import StorageLevel

from cleaner.integrations.spark_rows import DOCUMENTS, TOLD, reading, telling
from cleaner.learn import Evidence, Size
from cleaner.learn.counting import SAMPLE


class SparkCounts:
    """What :class:`cleaner.learn.Counts` counts, counted by Spark; what is used again stays with the executors."""

    def __init__(self, frame: DataFrame, *, text: str, site: str, seen: str | None) -> None:
        given = frame.select(
            f.col(text).cast("string").alias("text"),
            f.col(site).cast("string").alias("site"),
            (f.col(seen).cast("string") if seen else f.lit("")).alias("seen"),
        )
        of_text = given.mapInArrow(reading, DOCUMENTS).groupBy("document")
        # A text that comes again has the same lines: any of them will do.
        self._documents = of_text.agg(
            f.min("site").alias("site"),
            f.min("seen").alias("first"),
            f.max("seen").alias("last"),
            f.first("lines").alias("lines"),
        ).persist(StorageLevel.MEMORY_AND_DISK)
        self._seen = self._documents.drop("lines")
        self._lines = self._documents.select("document", f.inline("lines"))
        self._kept = [self._documents]

    def close(self) -> None:
        """Let go of what the executors hold."""
        for frame in self._kept:
            frame.unpersist()

    def size(self) -> Size:
        """How many different documents of how many sites were counted."""
        sums = (f.coalesce(f.sum("size"), f.lit(0)), f.count("*"), f.count_if(f.col("size") == 1))
        return Size(*self._sites().agg(*sums).collect()[0])

    def repeats(self) -> Iterator[list[Evidence]]:
        """What comes back on the documents of a site, in order of sites, those of one site together."""
        repeated = self._repeated()
        occurrence = self._lines.join(repeated.select("key"), "key").where("text <> ''")
        self._kept.append(occurrence.persist(StorageLevel.MEMORY_AND_DISK))
        evidence = repeated.withColumnsRenamed({"size": "site_documents"})
        for part in (
            occurrence.join(self._seen, "document").transform(_place),
            _most(occurrence, "text").select("key", "text", "texts"),
            _most(occurrence, "before").drop("befores"),
            _most(occurrence, "after").drop("afters"),
            self._told(occurrence),
        ):
            evidence = evidence.join(part, "key")
        rows = evidence.orderBy("site", "key").toLocalIterator(prefetchPartitions=True)
        for _, of_site in itertools.groupby(rows, key=lambda row: row.site):
            yield [Evidence(**row.asDict()) for row in of_site]

    def _sites(self) -> DataFrame:
        return self._seen.groupBy("site").agg(f.count("*").alias("size"))

    def _repeated(self) -> DataFrame:
        """Keys that come back; a larger site needs more documents, for chance repeats more there."""
        of_key = self._lines.groupBy("key").agg(f.min("document").alias("document"), f.count("*").alias("documents"))
        of_site = self._seen.join(self._sites(), "site").select("document", "site", "size")
        several = of_key.where("documents > 1").join(of_site, "document").drop("document")
        return several.where("documents >= ceil(sqrt(size) / 2)")

    def _told(self, occurrence: DataFrame) -> DataFrame:
        """How many stories the first documents of a key tell; keys of the same documents are judged together."""
        rank = f.row_number().over(Window.partitionBy("key").orderBy("document"))
        first = occurrence.select("key", "document", rank.alias("rank")).where(f.col("rank") <= SAMPLE)
        of_key = first.groupBy("key").agg(f.array_sort(f.collect_list("document")).alias("documents"))
        samples = of_key.groupBy("documents").agg(f.min("key").alias("sample"), f.collect_list("key").alias("keys"))
        prose = self._lines.where("is_prose").select("document", "key", "words")
        sampled = samples.select("sample", f.explode("documents").alias("document")).join(prose, "document")
        of_sample = sampled.groupBy("sample").agg(
            f.array_sort(f.collect_list(f.struct("document", "key", "words"))).alias("prose")
        )
        told = samples.join(of_sample.mapInArrow(telling, TOLD), "sample", "left")
        return told.select(
            f.explode("keys").alias("key"),
            f.coalesce("stories", f.lit(0)).alias("stories"),
            f.size("documents").alias("sampled"),
        )


def _place(occurrence: DataFrame) -> DataFrame:
    places = [f.count_if(f.col("place") == place).alias(place) for place in ("head", "inside", "tail")]
    return occurrence.groupBy("key").agg(
        f.min("form").alias("form"),
        *places,
        f.max("words").alias("words"),
        f.bool_or("is_prose").alias("is_prose"),
        f.min("first").alias("first"),
        f.max("last").alias("last"),
        f.count_distinct("rest").alias("rests"),
        f.min("rest").alias("rest"),
    )


def _most(occurrence: DataFrame, name: str) -> DataFrame:
    """The most frequent value for each key, how often it comes, and how many there are; the smallest of equals."""
    times = occurrence.groupBy("key", name).agg(f.count("*").alias("times"))
    return times.groupBy("key").agg(
        f.min_by(name, f.struct(-f.col("times"), f.col(name))).alias(name),
        f.max("times").alias(f"{name}_times"),
        f.count("*").alias(f"{name}s"),
    )
