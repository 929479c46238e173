"""What each integration costs on top of cleaning itself.

``python tests/benchmarks/integrations.py [--bench DIR] [--every N] [--rounds N] [NAME...]``, where the names are
those of the in-process frameworks below, and ``spark``. Needs the extra ``integrations``; a framework that is not
installed is left out, and says so.

In process: the time of the framework with the cleaning step, less that of the same framework mapping an identity
function over the same column, divided by that of ``Cleaner.clean_many`` over the same texts; the median over rounds in
which they take turns. 1.00 is no cost at all. Times are those of the processor. Ray's figure is for its batches, in
process: what its cluster costs besides is the cluster's.

Spark: JSON lines to JSON lines on ``local[2]``, in a session that is warm, beside ``cleaner clean --jobs 2`` on the
same file, start of Python included; times of the clock, so leave the machine alone meanwhile.

Texts are the field ``extracted`` of labelled pages, as in ``throughput.py``; without them, the samples, many times.
Nothing here asserts.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from throughput import BENCH, Run, documents, rounds, say

from cleaner import Cleaner

ROOT = Path(__file__).parents[2]
SAMPLES_TIMES = 100
Pair = tuple[Run, Run]
"""The framework with a function that changes nothing, and with the cleaning step."""


def with_datasets(cleaner: Cleaner, texts: Sequence[str]) -> Pair:
    """A dataset in memory, cleaned in batches of lists."""
    return _with_datasets(cleaner, texts, "python", lambda batch: {"text": batch["text"]})


def with_datasets_arrow(cleaner: Cleaner, texts: Sequence[str]) -> Pair:
    """A dataset in memory, cleaned in tables of Arrow's."""
    return _with_datasets(cleaner, texts, "arrow", lambda batch: batch)


def _with_datasets(cleaner: Cleaner, texts: Sequence[str], form: str, identity: Callable[[Any], Any]) -> Pair:
    import datasets

    from cleaner.integrations.datasets import CleanBatch

    datasets.disable_progress_bars()
    dataset = datasets.Dataset.from_dict({"text": texts})
    dataset = dataset.with_format("arrow") if form == "arrow" else dataset
    options = {"batched": True, "load_from_cache_file": False, "keep_in_memory": True}
    clean = CleanBatch(cleaner)
    return lambda: dataset.map(identity, **options), lambda: dataset.map(clean, **options)


def with_datatrove(cleaner: Cleaner, texts: Sequence[str]) -> Pair:
    """Documents through a pipeline step."""
    from datatrove.data import Document
    from datatrove.pipeline.formatters.base import BaseFormatter

    from cleaner.integrations.datatrove import CleanText

    class Identity(BaseFormatter):
        def format(self, text: str) -> str:
            return text

    def through(step: Any) -> Run:
        return lambda: sum(1 for _ in step.run(Document(text=text, id="") for text in texts))

    return through(Identity()), through(CleanText(cleaner))


def with_polars(cleaner: Cleaner, texts: Sequence[str]) -> Pair:
    """A column of strings."""
    import polars as pl

    from cleaner.integrations import polars as _registered  # noqa: F401

    frame = pl.DataFrame({"text": texts})
    identity = pl.col("text").map_batches(lambda series: series, return_dtype=pl.String, is_elementwise=True)
    clean = pl.col("text").cleaner.clean(cleaner)  # type: ignore[attr-defined]
    return lambda: frame.select(identity), lambda: frame.select(clean)


def with_ray(cleaner: Cleaner, texts: Sequence[str]) -> Pair:
    """Batches as ``map_batches(batch_format="pyarrow")`` hands them out."""
    import pyarrow as pa

    from cleaner.integrations.ray import CleanBatch

    batches = [batch.combine_chunks() for batch in _tables(pa.table({"text": texts}))]
    step = CleanBatch(cleaner)
    return lambda: [batch.slice(0) for batch in batches], lambda: [step(batch) for batch in batches]


def _tables(table: Any, rows: int = 1024) -> list[Any]:
    return [table.slice(start, rows) for start in range(0, table.num_rows, rows)]


def with_langchain(cleaner: Cleaner, texts: Sequence[str]) -> Pair:
    """Documents through a transformer."""
    from langchain_core.documents import Document

    from cleaner.integrations.langchain import CleanDocuments

    given = [Document(page_content=text) for text in texts]
    step = CleanDocuments(cleaner)
    return lambda: list(given), lambda: step.transform_documents(given)


def with_llama_index(cleaner: Cleaner, texts: Sequence[str]) -> Pair:
    """Documents through a transformation."""
    from llama_index.core.schema import Document

    from cleaner.integrations.llama_index import CleanNodes

    given = [Document(text=text) for text in texts]
    step = CleanNodes(cleaner=cleaner)
    return lambda: list(given), lambda: step(given)


IN_PROCESS: dict[str, tuple[str, Callable[[Cleaner, Sequence[str]], Pair]]] = {
    "datasets": ("datasets", with_datasets),
    "datasets-arrow": ("datasets", with_datasets_arrow),
    "datatrove": ("datatrove", with_datatrove),
    "polars": ("polars", with_polars),
    "ray": ("ray", with_ray),
    "langchain": ("langchain_core", with_langchain),
    "llama-index": ("llama_index", with_llama_index),
}


def in_process(names: Sequence[str], cleaner: Cleaner, texts: Sequence[str], count: int) -> None:
    """Print what each framework's step takes, as a multiple of plain cleaning."""
    runs: dict[str, Run] = {"plain": lambda: sum(1 for _ in cleaner.clean_many(texts))}
    for name in names:
        module, pair = IN_PROCESS[name]
        if importlib.util.find_spec(module) is None:
            say(f"{name}: {module} is not installed, left out")
            continue
        runs[f"{name}, identity"], runs[name] = pair(cleaner, texts)
    times = rounds(runs, count)
    plain = times.pop("plain")
    say(f"{'plain clean_many':16} {statistics.median(plain):8.2f} s")
    for name in [name for name in times if not name.endswith(", identity")]:
        identity = times[f"{name}, identity"]
        ratios = [(a - b) / c for a, b, c in zip(times[name], identity, plain, strict=True)]
        say(
            f"{name:16} {statistics.median(times[name]):8.2f} s, identity {statistics.median(identity):6.2f} s: "
            f"{statistics.median(ratios):.2f} times plain ({min(ratios):.2f} to {max(ratios):.2f})"
        )


def on_spark(cleaner: Cleaner, texts: Sequence[str], count: int) -> None:
    """Print Spark with two cores beside the command with two workers, on one file."""
    from pyspark.sql import SparkSession

    from cleaner.integrations.spark import clean_column

    os.environ |= {"PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"}
    spark = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
    spark.sparkContext.setLogLevel("OFF")
    with tempfile.TemporaryDirectory() as folder:
        corpus, out = Path(folder, "corpus.jsonl"), Path(folder, "out")
        corpus.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts), encoding="utf-8")
        frame = spark.read.schema("text string").json(str(corpus)).repartition(8)
        command = [sys.executable, "-m", "cleaner", "clean", str(corpus), "-o", str(out / "cli.jsonl"), "--jobs", "2"]

        def written(of: Any) -> Run:
            return lambda: of.write.mode("overwrite").json(str(out / "spark"))

        runs: dict[str, Run] = {
            "identity": written(frame.mapInArrow(lambda batches: batches, frame.schema)),
            "spark": written(clean_column(frame, cleaner)),
            "command": lambda: subprocess.run(command, check=True, capture_output=True),
        }
        times: dict[str, list[float]] = {name: [] for name in runs}
        for number in range(count + 1):
            for name, run in runs.items():
                began = time.perf_counter()
                run()
                if number:
                    times[name].append(time.perf_counter() - began)
    spark.stop()
    whole = statistics.median(a / b for a, b in zip(times["spark"], times["command"], strict=True))
    beyond = statistics.median(
        (a - i) / b for a, i, b in zip(times["spark"], times["identity"], times["command"], strict=True)
    )
    seconds = {name: f"{statistics.median(taken):.1f} s" for name, taken in times.items()}
    say(f"spark local[2] {seconds['spark']}, identity {seconds['identity']}, command --jobs 2 {seconds['command']}:")
    say(f"  {whole:.2f} times the command, {beyond:.2f} without what Spark takes for an identity function")


def main() -> None:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(description="What integrations cost beyond cleaning.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(IN_PROCESS)}, spark; all without one")
    parser.add_argument("--bench", type=Path, default=BENCH)
    parser.add_argument("--every", type=int, default=2, help="take one in so many of the texts")
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    names = asked.names or [*IN_PROCESS, "spark"]
    texts = documents(asked.bench, "extracted", asked.every)
    if not texts:
        say(f"no texts in {asked.bench}: the samples, {SAMPLES_TIMES} times")
        texts = [path.read_bytes().decode() for path in sorted((ROOT / "samples").glob("*.txt"))] * SAMPLES_TIMES
    cleaner = Cleaner()
    size = sum(len(text.encode()) for text in texts) / 1e6
    say(f"{len(texts)} texts, {size:.1f} MB, {len(cleaner.rule_set.rules)} rules")
    if chosen := [name for name in names if name in IN_PROCESS]:
        in_process(chosen, cleaner, texts, asked.rounds)
    if "spark" in names and importlib.util.find_spec("pyspark") is None:
        say("spark: pyspark is not installed, left out")
    elif "spark" in names:
        on_spark(cleaner, texts, asked.rounds)


if __name__ == "__main__":
    main()
