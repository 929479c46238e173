"""A small corpus in several formats, with records that fail; and what a run made of it."""

from __future__ import annotations

import csv
import gzip
import json
from pathlib import Path

from cleaner import Cleaner
from cleaner.batch import Options, Plan, Report, clean_corpus, plan
from cleaner.formats import Reading
from tests.making import PROSE, lines

# Small enough that the files of the corpus are divided.
SMALL = 2_000


def text(number: int) -> str:
    """A text of its own, with chrome in every second one."""
    chrome = ("Advertisement",) if number % 2 else ()
    return lines(
        f"Ferry number {number} is late again, and nobody on the quay can say for how long.", *chrome, PROSE[0]
    )


def make(folder: Path, *, records: int = 40) -> Path:
    """JSON lines, CSV, Parquet and gzip of ``records`` records each, and some small files."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = [json.dumps({"id": number, "text": text(number)}).encode() for number in range(records)]
    rows[7] = b'{"text": 1}'
    rows[records // 2] = b"broken"
    (folder / "rows.jsonl").write_bytes(b"\xef\xbb\xbf" + b"\n".join(rows))
    (folder / "rows.jsonl.gz").write_bytes(gzip.compress(b"\n".join(rows) + b"\n"))
    with (folder / "table.csv").open("w", newline="", encoding="utf-8-sig") as sink:
        writer = csv.writer(sink)
        writer.writerow(["note", "text"])
        writer.writerows([f'5" pipe\n{number}', text(number)] for number in range(records))
        sink.write("one cell only\r\n")
        writer.writerows([number, text(number)] for number in range(records))
    for number in range(5):
        (folder / f"{number}.txt").write_text(text(number))
    (folder / "bad.txt").write_bytes(b"caf\xe9 Advertisement\n")
    _parquet(folder / "cells.parquet", records)
    return folder


def _parquet(path: Path, records: int) -> None:
    import pyarrow
    import pyarrow.parquet

    table = pyarrow.table({"id": list(range(records)), "text": [text(number) for number in range(records)]})
    pyarrow.parquet.write_table(table, path, row_group_size=7)


def tree(folder: Path) -> dict[str, bytes]:
    """All files below a folder."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def options(out: Path, **others: object) -> Options:
    """With audit and failures beside the output, and small shards."""
    asked: dict[str, object] = {"audit": out / "audit.jsonl", "failures": out / "failures.jsonl", "shard_bytes": SMALL}
    return Options(reading=Reading(), **(asked | {"top": 3} | others))  # type: ignore[arg-type]


def planned(corpus: Path, out: Path) -> Plan:
    """From the corpus into a folder."""
    return plan([str(corpus)], output=f"{out / 'made'}/")


def cleaned(cleaner: Cleaner, corpus: Path, out: Path, **others: object) -> Report:
    """Clean a corpus into a folder."""
    return clean_corpus(cleaner, planned(corpus, out), options(out, **others))
