"""What is particular to each of the smaller integrations."""

from __future__ import annotations

import asyncio
import importlib
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from cleaner import Cleaner
from cleaner.integrations.columns import Columns
from tests.integrations.frameworks import needed, scrapy_pipeline
from tests.making import PROSE, lines

CHROME = "The ferry is back. (turn0search21)"
LEFT = "The ferry is back."


def test_datatrove_counts_by_category_and_goes_from_file_to_file(tmp_path: Path) -> None:
    needed("datatrove")
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.readers import JsonlReader
    from datatrove.pipeline.writers import JsonlWriter

    from cleaner.integrations.datatrove import CleanText

    (tmp_path / "in").mkdir()
    for part in range(2):
        rows = [{"text": f"{CHROME} {n}" if n % 3 == 0 else lines("Advertisement", *PROSE), "id": n} for n in range(9)]
        (tmp_path / "in" / f"{part}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    cleaner = Cleaner()
    executor = LocalPipelineExecutor(
        pipeline=[
            JsonlReader(str(tmp_path / "in")),
            CleanText(cleaner, removals="removals"),
            JsonlWriter(str(tmp_path / "out"), compression=None),
        ],
        tasks=2,
        logging_dir=str(tmp_path / "logs"),
    )
    stats = executor.run().stats[1]
    assert stats["total"].total == 18
    assert stats["changed"].total == 18
    assert stats["removed/ads"].total == 12
    assert stats["removed/residue"].total == 6
    made = [json.loads(line) for file in (tmp_path / "out").iterdir() for line in file.read_text().splitlines()]
    assert len(made) == 18
    assert {row["metadata"]["removals"][0]["rule_id"] for row in made} == {"bracketed-search-handle", "ad-label"}


def test_polars_keeps_the_name_and_works_in_groups() -> None:
    pl = needed("polars")
    from cleaner.integrations import polars as _registered  # noqa: F401

    frame = pl.DataFrame({"site": ["b", "a", "b"], "text": [CHROME, "", None]})
    text = pl.col("text").cleaner.clean(Cleaner())
    assert frame.select(text).columns == ["text"]
    assert frame.with_columns(text.alias("cleaned")).columns == ["site", "text", "cleaned"]
    assert frame.lazy().select(text).collect_schema() == {"text": pl.String}
    grouped = frame.group_by("site", maintain_order=True).agg(text)
    assert grouped["text"].to_list() == [[LEFT, None], [""]]
    several = frame.select(pl.col("text", "site").cleaner.clean(Cleaner()))
    assert several.to_dict(as_series=False) == {"text": [LEFT, "", None], "site": ["b", "a", "b"]}
    with pytest.raises(ValueError, match="one column at a time"):
        frame.select(pl.col("text", "site").cleaner.clean(Cleaner(), site="site"))
    assert frame.clear().select(pl.col("text").cleaner.result(Cleaner())).height == 0


@pytest.mark.parametrize("wrong", [None, "standard", sys.modules["cleaner"]], ids=["none", "name", "package"])
@pytest.mark.parametrize(
    ("module", "name"),
    [("datasets", "CleanBatch"), ("datatrove", "CleanText"), ("langchain", "CleanDocuments"), ("ray", "CleanBatch")],
)
def test_nothing_else_is_taken_for_a_cleaner(module: str, name: str, wrong: Any) -> None:
    needed({"langchain": "langchain_core"}.get(module, module))
    integration = importlib.import_module(f"cleaner.integrations.{module}")
    with pytest.raises(TypeError, match="a Cleaner is needed, not"):
        getattr(integration, name)(wrong)


def test_polars_takes_nothing_else_for_a_cleaner() -> None:
    pl = needed("polars")
    from cleaner.integrations import polars as _registered  # noqa: F401

    with pytest.raises(TypeError, match="a Cleaner is needed, not <module 'cleaner'"):
        pl.col("text").cleaner.clean(sys.modules["cleaner"])


def test_two_columns_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="one column: 'text', 'flags', 'flags'"):
        Columns(removals="flags", flags="flags")


def test_ray_compiles_once_in_each_worker(ray_cluster: Any) -> None:
    from cleaner.integrations.ray import CleanBatch

    class Telling(CleanBatch):
        """Says which object cleaned."""

        def __call__(self, batch: Any) -> Any:
            told = super().__call__(batch)
            return told.append_column("by", [[f"{os.getpid()} {id(self.cleaner)}"] * len(told)])

    rows = ray_cluster.data.from_items([{"text": CHROME}] * 60, override_num_blocks=6).map_batches(
        Telling,
        fn_constructor_kwargs={"cleaner": Cleaner()},
        batch_size=5,
        batch_format="pyarrow",
        concurrency=2,
    )
    taken = rows.take_all()
    assert {row["text"] for row in taken} == {LEFT}
    assert 1 <= len({row["by"] for row in taken}) <= 2


def test_ray_says_which_batches_it_takes() -> None:
    needed("ray")
    from cleaner.integrations.ray import CleanBatch

    with pytest.raises(TypeError, match="map_batches\\(batch_format='pyarrow'\\)"):
        CleanBatch(Cleaner())({"text": [CHROME]})


def test_langchain_leaves_what_came_in_and_goes_on_in_a_thread() -> None:
    needed("langchain_core")
    from langchain_core.documents import Document

    from cleaner.integrations.langchain import CleanDocuments

    given = [Document(page_content=CHROME, metadata={"source": "a"}, id="1"), Document(page_content="Kept.")]
    cleaned = asyncio.run(CleanDocuments(Cleaner(), removals="removals").atransform_documents(given))
    assert [document.page_content for document in cleaned] == [LEFT, "Kept."]
    assert (cleaned[0].id, cleaned[0].metadata["source"]) == ("1", "a")
    assert given[0].page_content == CHROME
    assert given[0].metadata == {"source": "a"}
    assert CleanDocuments(Cleaner()).transform_documents(given)[1] is given[1]


def test_llama_index_is_not_answered_from_the_cache_of_other_rules() -> None:
    needed("llama_index.core")
    from llama_index.core.ingestion import IngestionCache, IngestionPipeline
    from llama_index.core.schema import Document, MetadataMode

    from cleaner.integrations.llama_index import CleanNodes

    given = Document(text=lines("Advertisement", *PROSE), metadata={"site": "a"})
    cache = IngestionCache()

    def run(cleaner: Cleaner, **parameters: Any) -> Any:
        pipeline = IngestionPipeline(transformations=[CleanNodes(cleaner=cleaner, **parameters)], cache=cache)
        return pipeline.run(documents=[given])[0]

    def kept() -> int:
        return len(cache.cache.get_all(collection=cache.collection))

    assert run(Cleaner()).get_content() == lines(*PROSE)
    assert run(Cleaner()).get_content() == lines(*PROSE)
    assert kept() == 1
    assert run(Cleaner(disable=["ads"])).get_content() == given.text
    assert kept() == 2
    told = run(Cleaner(), removals="removals")
    assert kept() == 3
    assert told.metadata["removals"]
    assert "removals" not in told.get_content(metadata_mode=MetadataMode.EMBED)
    assert "removals" not in told.get_content(metadata_mode=MetadataMode.LLM)
    assert given.text == lines("Advertisement", *PROSE)
    assert given.metadata == {"site": "a"}


def test_llama_index_hands_it_to_other_processes() -> None:
    needed("llama_index.core")
    import pickle

    from llama_index.core.schema import TextNode

    from cleaner.integrations.llama_index import CleanNodes

    there = pickle.loads(pickle.dumps(CleanNodes(cleaner=Cleaner("safe"), lang="en")))  # noqa: S301 - our own
    assert (there.cleaner.rules_digest, there.lang) == (Cleaner("safe").rules_digest, "en")
    assert there([TextNode(text=CHROME)])[0].text == LEFT


@dataclass
class Page:
    text: str | None
    removals: Any = None


SPIDER = """
import json, sys
import scrapy
from scrapy.crawler import CrawlerProcess

class Page(scrapy.Item):
    text = scrapy.Field()

class Pages(scrapy.Spider):
    name = "pages"
    custom_settings = {
        "ITEM_PIPELINES": {"cleaner.integrations.scrapy.CleanerPipeline": 300},
        "FEEDS": {sys.argv[1]: {"format": "jsonlines"}},
        "LOG_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
    }

    async def start(self):
        yield {"text": "The ferry is back. (turn0search21)"}
        yield Page(text="Kept.")
        yield {"title": "no text"}

process = CrawlerProcess()
crawler = process.create_crawler(Pages)
process.crawl(crawler)
process.start()
print(json.dumps({k: v for k, v in crawler.stats.get_stats().items() if k.startswith("cleaner/")}))
"""


def test_scrapy_cleans_what_a_spider_yields(tmp_path: Path) -> None:
    needed("scrapy")
    file = tmp_path / "items.jsonl"
    done = subprocess.run(
        [sys.executable, "-W", "error::scrapy.exceptions.ScrapyDeprecationWarning", "-c", SPIDER, str(file)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert sorted(file.read_text().splitlines()) == [
        '{"text": "Kept."}',
        '{"text": "The ferry is back."}',
        '{"title": "no text"}',
    ]
    assert json.loads(done.stdout) == {
        "cleaner/items": 3,
        "cleaner/changed": 1,
        "cleaner/no_text": 1,
        "cleaner/removed/residue": 1,
    }


def test_scrapy_takes_items_of_any_sort() -> None:
    needed("scrapy")
    pipeline = scrapy_pipeline({"CLEANER_REMOVALS_FIELD": "removals", "CLEANER_DISABLE": "ads,legal"})
    page = pipeline.process_item(Page(CHROME))
    assert page.text == LEFT
    assert page.removals[0]["rule_id"] == "bracketed-search-handle"
    assert pipeline.process_item(Page(None)).removals is None
    assert pipeline.cleaner.rules_digest == Cleaner(disable=["ads", "legal"]).rules_digest
