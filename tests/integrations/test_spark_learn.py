"""Learning on Spark: the very file that DuckDB makes, however the crawl is divided, skewed or disturbed."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from cleaner import Cleaner
from cleaner.learn import Counts, Document, count
from cleaner.learn import learned_rules as rules_of_counts
from tests.integrations.frameworks import needed
from tests.integrations.test_spark import dies_once
from tests.making import lines

needed("pyspark")
pytest.importorskip("duckdb", reason="needs the extra learn")

from cleaner.integrations.spark_learn import learned_rules
from tests.test_learn import sentence, story

MENU = ["Home", "Island news", "Sport", "Weather", "Log in", "Ferry times"]
# One site has most of the texts, some a single one.
SITES = {"big.example": 260, "small.example": 9, "https://www.three.example/a": 3, "lone.example": 1, "ünï.example": 6}


def crawl(seed: int) -> list[Document]:
    """Sites with menus, feet and forms that vary, stories that are printed again, texts that come twice."""
    rng = random.Random(seed)
    documents: list[Document] = []
    for site, number in SITES.items():
        stories = [story(rng, paragraphs=rng.randint(2, 5)) for _ in range(max(1, number // 2))]
        for at in range(number):
            body = stories[at] if at < len(stories) else rng.choice(stories)
            teasers = [rng.choice(stories)[0] for _ in range(rng.randint(0, 2))]
            foot = (
                [f"Posted by {rng.choice(['ann', 'bob', 'cleo'])} {at} days ago", f"Read more: {teasers[0]}"]
                if teasers
                else []
            )
            page = [
                *MENU[: rng.randint(4, 6)],
                *body,
                sentence(rng, 14),
                *foot,
                f"About {site}",
                "© Łódź \u2013 all rights",
            ]
            documents.append(Document(site, lines(*page), f"crawl.jsonl:{len(documents) + 1:04}"))
    documents += rng.sample(documents, 20)
    documents += [
        Document("big.example", ""),
        Document("small.example", "\r\n"),
        Document("big.example", "x" * 100_000),
    ]
    rng.shuffle(documents)
    return documents


def with_duckdb(documents: list[Document]) -> str:
    counts = Counts()
    count(documents, counts)
    text = "".join(rules_of_counts(counts))
    counts.close()
    return text


def frame_of(spark: Any, documents: list[Document], *, partitions: int = 3) -> Any:
    rows = [(one.site, one.text, one.seen) for one in documents]
    return spark.createDataFrame(rows, "site string, text string, seen string").repartition(partitions)


@pytest.mark.parametrize(("partitions", "killed"), [(1, False), (6, True)], ids=["one partition", "six, a task killed"])
def test_it_learns_the_file_that_duckdb_learns(spark: Any, tmp_path: Path, partitions: int, killed: bool) -> None:
    documents = crawl(partitions)
    expected = with_duckdb(documents)
    assert len(tomllib.loads(expected)["rule"]) >= 3
    assert "begins = [" in expected
    frame = frame_of(spark, documents, partitions=partitions)
    if killed:
        frame = frame.mapInArrow(dies_once(str(tmp_path / "killed")), frame.schema)
    held = spark.sparkContext._jsc.getPersistentRDDs
    before = held().size()
    assert "".join(learned_rules(frame, seen="seen")) == expected
    assert (tmp_path / "killed").exists() == killed
    assert held().size() == before, "nothing stays with the executors"


def test_it_learns_the_file_that_the_command_learns(spark: Any, tmp_path: Path) -> None:
    """From the same JSON lines; and the file can be used."""
    documents = crawl(4)
    corpus = tmp_path / "crawl.jsonl"
    rows = [{"url": one.site, "body": one.text, "seen": f"{corpus}:{at}"} for at, one in enumerate(documents, start=1)]
    rows += [{"url": None, "body": "Of no site."}, {"url": " ", "body": "Of no site."}]
    corpus.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    rules = tmp_path / "learned.toml"
    command = [sys.executable, "-m", "cleaner", "learn", str(corpus), "-o", str(rules)]
    subprocess.run([*command, "--site-field", "url", "--field", "body", "--no-counts"], capture_output=True, check=True)
    frame = spark.read.schema("url string, body string, seen string").json(str(corpus))
    found = "".join(learned_rules(frame, text="body", site="url", seen="seen"))
    assert found == rules.read_text(encoding="utf-8")
    assert Cleaner(["standard", rules]).clean(documents[0].text, site=documents[0].site).changed


def test_of_nothing_nothing_is_learned(spark: Any) -> None:
    frame = spark.createDataFrame([], "site string, text string")
    assert "".join(learned_rules(frame)) == with_duckdb([])
