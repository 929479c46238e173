"""Each framework as a function: texts with their sites in, and what became of them out, in plain data."""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from cleaner import Cleaner, Result

# A share that some samples exceed, so that there are flags to hand on.
MAX_REMOVED = 0.2
SITE = "https://www.island.example/news/1"
RULES = """
format = 1

[[rule]]
id = "repeats-of-island-example"
kind = "repeat"
category = "repeats"
level = "safe"
why = "Comes back on all pages of the site."
site = "island.example"
lines = ["News from the islands since before the bridge"]
remove = ["News from the islands since before the bridge"]
"""
ALL_NEEDED = "ALL_INTEGRATIONS"


def needed(module: str) -> Any:
    """The module; without it the test is skipped, or fails where all integrations are to be tested."""
    if os.environ.get(ALL_NEEDED):
        return importlib.import_module(module)
    return pytest.importorskip(module, reason=f"{module} is not installed")


@dataclass(frozen=True)
class Outcome:
    """What became of a text."""

    text: str | None
    removals: list[dict[str, Any]] | None
    flags: list[str] | None


def of_result(result: Result | None) -> Outcome:
    if result is None:
        return Outcome(None, None, None)
    removals = [{"start": r.start, "end": r.end, "rule_id": r.rule_id, "text": r.text} for r in result.removed]
    return Outcome(result.text, removals, list(result.flags))


def _of_rows(rows: Sequence[dict[str, Any]]) -> list[Outcome]:
    return [Outcome(row["text"], row["removals"], row["flags"]) for row in rows]


Texts = Sequence[str | None]
Run = Callable[[Cleaner, Texts, Sequence[str | None], Any, Any], list[Outcome]]
BESIDE: dict[str, str] = {"removals": "removals", "flags": "flags", "site": "site"}


def datasets(cleaner: Cleaner, texts: Texts, sites: Texts, rules: Any, fixture: Any) -> list[Outcome]:
    from datasets import Dataset

    from cleaner.integrations.datasets import CleanBatch

    clean = CleanBatch(cleaner, **BESIDE)
    dataset = Dataset.from_dict({"text": texts, "site": sites})
    return _of_rows(list(dataset.map(clean, batched=True, batch_size=4, features=clean.features(dataset.features))))


def datasets_arrow(cleaner: Cleaner, texts: Texts, sites: Texts, rules: Any, fixture: Any) -> list[Outcome]:
    from datasets import Dataset

    from cleaner.integrations.datasets import CleanBatch

    dataset = Dataset.from_dict({"text": texts, "site": sites}).with_format("arrow")
    cleaned = dataset.map(CleanBatch(cleaner, **BESIDE), batched=True, batch_size=4)
    return _of_rows(list(cleaned.with_format(None)))


def datatrove(cleaner: Cleaner, texts: Texts, sites: Texts, rules: Any, fixture: Any) -> list[Outcome]:
    from datatrove.data import Document

    from cleaner.integrations.datatrove import CleanText

    documents = [
        Document(text=text, id=str(at), metadata={"site": site})
        for at, (text, site) in enumerate(zip(texts, sites, strict=True))
    ]
    return [
        Outcome(done.text, done.metadata.get("removals"), done.metadata.get("flags"))
        for done in CleanText(cleaner, **BESIDE).run(iter(documents))
    ]


def polars(cleaner: Cleaner, texts: Texts, sites: Texts, rules: Any, fixture: Any) -> list[Outcome]:
    import polars as pl

    from cleaner.integrations import polars as _registered  # noqa: F401

    frame = pl.DataFrame({"text": texts, "site": sites})
    result = pl.col("text").cleaner.result(cleaner, site="site")  # type: ignore[attr-defined]
    rows = frame.select(result)["text"].to_list()
    assert frame.lazy().select(result).collect(engine="streaming")["text"].to_list() == rows
    return [Outcome(None, None, None) if row is None else _of_rows([row])[0] for row in rows]


def polars_text(cleaner: Cleaner, texts: Texts, sites: Texts, rules: Any, fixture: Any) -> list[Outcome]:
    """The other expression: texts alone."""
    import polars as pl

    from cleaner.integrations import polars as _registered  # noqa: F401

    frame = pl.DataFrame({"text": texts, "site": sites})
    cleaned = frame.select(pl.col("text").cleaner.clean(cleaner, site=pl.col("site")))  # type: ignore[attr-defined]
    beside = polars(cleaner, texts, sites, rules, fixture)
    return [Outcome(text, o.removals, o.flags) for text, o in zip(cleaned["text"].to_list(), beside, strict=True)]


def spark(cleaner: Cleaner, texts: Texts, sites: Texts, rules: Any, fixture: Any) -> list[Outcome]:
    from cleaner.integrations.spark import clean_column

    rows = list(zip(range(len(texts)), texts, sites, strict=True))
    frame = fixture.createDataFrame(rows, "id int, text string, site string").repartition(3)
    cleaned = clean_column(frame, cleaner, **BESIDE).orderBy("id").collect()
    return _of_rows([row.asDict(recursive=True) for row in cleaned])


def ray(cleaner: Cleaner, texts: Texts, sites: Texts, rules: Any, fixture: Any) -> list[Outcome]:
    from cleaner.integrations.ray import CleanBatch

    rows = [{"id": at, "text": t, "site": s} for at, (t, s) in enumerate(zip(texts, sites, strict=True))]
    cleaned = fixture.data.from_items(rows, override_num_blocks=3).map_batches(
        CleanBatch,
        fn_constructor_kwargs={"cleaner": cleaner, **BESIDE},
        batch_size=4,
        batch_format="pyarrow",
        concurrency=2,
    )
    return _of_rows(sorted(cleaned.take_all(), key=lambda row: row["id"]))


def langchain(cleaner: Cleaner, texts: Texts, sites: Texts, rules: Any, fixture: Any) -> list[Outcome]:
    from langchain_core.documents import Document

    from cleaner.integrations.langchain import CleanDocuments

    documents = [Document(page_content=t, metadata={"site": s}) for t, s in zip(texts, sites, strict=True)]
    return [
        Outcome(done.page_content, done.metadata["removals"], done.metadata["flags"])
        for done in CleanDocuments(cleaner, **BESIDE).transform_documents(documents)
    ]


def llama_index(cleaner: Cleaner, texts: Texts, sites: Texts, rules: Any, fixture: Any) -> list[Outcome]:
    from llama_index.core.ingestion import IngestionPipeline
    from llama_index.core.schema import Document

    from cleaner.integrations.llama_index import CleanNodes

    documents = [Document(text=t, metadata={"site": s}) for t, s in zip(texts, sites, strict=True)]
    pipeline = IngestionPipeline(transformations=[CleanNodes(cleaner=cleaner, **BESIDE)])
    return [
        Outcome(done.get_content(), done.metadata["removals"], done.metadata["flags"])
        for done in pipeline.run(documents=documents)
    ]


def scrapy_pipeline(settings: dict[str, Any]) -> Any:
    """The item pipeline as a crawler of these settings makes it."""
    from scrapy import Spider
    from scrapy.crawler import Crawler
    from scrapy.statscollectors import MemoryStatsCollector

    from cleaner.integrations.scrapy import CleanerPipeline

    crawler = Crawler(Spider, settings)
    crawler.stats = MemoryStatsCollector(crawler)
    return CleanerPipeline.from_crawler(crawler)


def scrapy(cleaner: Cleaner, texts: Texts, sites: Texts, rules: Any, fixture: Any) -> list[Outcome]:
    settings = {
        "CLEANER_RULES": rules,
        "CLEANER_MAX_REMOVED": cleaner.max_removed,
        "CLEANER_REMOVALS_FIELD": "removals",
        "CLEANER_FLAGS_FIELD": "flags",
        "CLEANER_SITE_FIELD": "site",
    }
    pipeline = scrapy_pipeline(settings)
    items = [{"text": t, "site": s} for t, s in zip(texts, sites, strict=True)]
    return [
        Outcome(done["text"], done.get("removals"), done.get("flags")) for done in map(pipeline.process_item, items)
    ]


@dataclass(frozen=True)
class Framework:
    """How one framework cleans; ``module`` must be installed, ``fixture`` is started for it."""

    run: Run
    module: str
    fixture: str | None = None
    takes_none: bool = True


FRAMEWORKS = {
    "datasets": Framework(datasets, "datasets"),
    "datasets, arrow": Framework(datasets_arrow, "datasets"),
    "datatrove": Framework(datatrove, "datatrove"),
    "polars": Framework(polars, "polars"),
    "polars, texts": Framework(polars_text, "polars"),
    "spark": Framework(spark, "pyspark", "spark"),
    "ray": Framework(ray, "ray", "ray_cluster"),
    "langchain": Framework(langchain, "langchain_core", takes_none=False),
    "llama-index": Framework(llama_index, "llama_index.core", takes_none=False),
    "scrapy": Framework(scrapy, "scrapy"),
}
