"""``cleaner learn`` on Spark: rules from lines that repeat across a site, for crawls that outgrow one machine.

    from cleaner.integrations.spark_learn import learned_rules

    Path("learned.toml").write_text("".join(learned_rules(frame, site="url")), encoding="utf-8", newline="\n")

The same texts give the same file, byte for byte, as :mod:`cleaner.learn` makes with DuckDB: documents are read by
the same code, counted by the same statements as DataFrame operations, and what was counted is judged by the same
code on the driver, a site at a time. Counts are not kept, so there is no updating.
"""

from __future__ import annotations

from collections.abc import Iterator

from cleaner.integrations.columns import missing
from cleaner.learn import learned_rules as rules_of_counts

try:
    from pyspark.sql import DataFrame
except ImportError as error:
    raise missing("pyspark", extra="spark", error=error) from error

from cleaner.integrations.spark_counts import SparkCounts


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
