"""``cleaner learn`` on Spark: rules from lines that repeat across a site, for crawls that outgrow one machine.

    from cleaner.integrations.spark_learn import learned_rules

    with open("learned.toml", "w", encoding="utf-8") as file:
        file.writelines(learned_rules(frame, site="url"))

The same texts give the same file, byte for byte, as :mod:`cleaner.learn` makes with DuckDB: documents are read by
the same code, counted by the same statements as DataFrame operations, and what was counted is judged by the same
code on the driver, a site at a time. Counts are not kept, so there is no updating.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

from cleaner.integrations.columns import missing
from cleaner.learn import Evidence, Size
from cleaner.learn import learned_rules as rules_of_counts
from cleaner.learn.counting import SAMPLE

try:
    from pyspark.sql import DataFrame, Window
    from pyspark.sql import functions as f
    from pyspark.storagelevel import StorageLevel
except ImportError as error:
    raise missing("pyspark", extra="spark", error=error) from error

from cleaner.integrations.spark_rows import DOCUMENTS, TOLD, reading, telling


def learned_rules(
    frame: DataFrame, *, text: str = "text", site: str = "site", seen: str | None = None
) -> Iterator[str]:
    """The text of a rule file, in pieces: its header, then the rules of each site in order of their names.

    ``site`` names the column with the site or URL of each text; a text without one teaches nothing. ``seen`` names
    a column of strings that says when or where each text was seen, which goes into the rules' reasons.
    """
    counts = SparkCounts(frame, text=text, site=site, seen=seen)
    try:
        yield from rules_of_counts(counts)
    finally:
        counts.close()


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
        lone = f.count_if(f.col("size") == 1)
        [row] = self._sites().agg(f.coalesce(f.sum("size"), f.lit(0)), f.count("*"), lone).collect()
        return Size(*row)

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
        found = (Evidence(**row.asDict()) for row in rows)
        for _, of_site in itertools.groupby(found, key=lambda one: one.site):
            yield list(of_site)

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
    count: Callable[[str], Any] = lambda place: f.count_if(f.col("place") == place).alias(place)  # noqa: E731
    return occurrence.groupBy("key").agg(
        f.min("form").alias("form"),
        *map(count, ("head", "inside", "tail")),
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
