"""Pages in a field, and fields that say where a text is from: the same in all formats of records."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cleaner import Cleaner
from cleaner.cleaner import Result
from cleaner.markup import Article
from tests.making import PROSE, lines
from tests.test_command import CLEAN, DIRTY, run
from tests.test_formats_packed import zstd
from tests.test_formats_warc import PAGE, page_of

Row = dict[str, Any]
TEXT = "\n".join([*PROSE, "Advertisement"])


def write_jsonl(path: Path, rows: list[Row]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))


def read_jsonl(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def write_csv(path: Path, rows: list[Row]) -> None:
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def read_csv(path: Path) -> list[Row]:
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode(), newline="")))


def write_parquet(path: Path, rows: list[Row]) -> None:
    pq.write_table(pa.Table.from_pylist(rows), path, row_group_size=2)


def read_parquet(path: Path) -> list[Row]:
    rows: list[Row] = pq.read_table(path).to_pylist()
    return rows


KINDS: dict[str, tuple[Callable[[Path, list[Row]], None], Callable[[Path], list[Row]]]] = {
    "jsonl": (write_jsonl, read_jsonl),
    "csv": (write_csv, read_csv),
    "parquet": (write_parquet, read_parquet),
}
every_format = pytest.mark.parametrize("name", KINDS)


@every_format
def test_the_article_of_a_page_goes_into_a_field_made_for_it(tmp_path: Path, name: str) -> None:
    write, read = KINDS[name]
    source, out, back = (tmp_path / f"{stem}.{name}" for stem in ("a", "b", "c"))
    clean_page = page_of(*PROSE)
    write(source, [{"id": "1", "html": PAGE}, {"id": "2", "html": "<p></p>"}, {"id": "3", "html": clean_page}])
    audit = tmp_path / "audit.jsonl"
    done = run("clean", source, "-o", out, "--html-field", "html", "--field", "body", "--audit", audit)
    assert (done.exit_code, len(done.stderr.splitlines())) == (3, 1)
    assert f"a.{name}:{3 if name == 'csv' else 2}: no article text found in the page" in done.stderr
    rows = read(out)
    assert [(row["id"], row["html"]) for row in rows] == [("1", PAGE), ("2", "<p></p>"), ("3", clean_page)]
    assert [row.get("body") for row in rows] == [lines(*PROSE), "" if name == "csv" else None, "\n".join(PROSE)]
    assert run("restore", out, "-o", back, "--field", "body", "--audit", audit).exit_code == 0
    assert next(row.get("body") for row in read(back)) == TEXT


@every_format
def test_the_article_of_a_page_replaces_what_is_in_the_field(tmp_path: Path, name: str) -> None:
    write, read = KINDS[name]
    path = tmp_path / f"a.{name}"
    write(path, [{"text": "an older text", "html": PAGE, "id": "1"}, {"text": "", "html": PAGE, "id": "2"}])
    assert run("clean", path, "--in-place", "--html-field", "html").exit_code == 0
    assert read(path) == [{"text": lines(*PROSE), "html": PAGE, "id": str(n)} for n in (1, 2)]


JSON_PAGE = json.dumps(PAGE)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param('{ "h":%p }\n', '{ "h":%p, "doc": {"text": %t} }\n', id="objects on the way are made"),
        pytest.param('{"doc": {} ,"h":%p}', '{"doc": {"text": %t} ,"h":%p}', id="into an empty object"),
        pytest.param('{"doc":{"a":1.50},"h":%p}\r\n', '{"doc":{"a":1.50, "text": %t},"h":%p}\r\n', id="a member more"),
        pytest.param('{"h":%p,"doc":{"text": null}}', '{"h":%p,"doc":{"text": %t}}', id="null is no text yet"),
        pytest.param('{"doc":{"text":"\\u0061"},"h":%p}', '{"doc":{"text":%t},"h":%p}', id="a text that was there"),
    ],
)
def test_all_other_bytes_of_a_line_stay(tmp_path: Path, before: str, after: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(before.replace("%p", JSON_PAGE).encode())
    assert run("clean", path, "--in-place", "--html-field", "h", "--field", "doc.text").exit_code == 0
    text = json.dumps(lines(*PROSE))
    assert path.read_bytes().decode() == after.replace("%p", JSON_PAGE).replace("%t", text)


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ({"h": 7}, "field 'h' is not a string; name the field of the page with --html-field"),
        ({"text": "x"}, "no field 'h'; name the field of the page with --html-field"),
        ({"h": PAGE, "text": 7}, "field 'text' is not a string, so that no text goes into it"),
        ([PAGE], "the line is no JSON object"),
    ],
)
def test_a_line_without_a_page_or_a_place_for_its_text_stays(tmp_path: Path, row: Any, problem: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps(row) + "\n")
    done = run("clean", path, "--in-place", "--html-field", "h")
    assert f"a.jsonl:1: {problem}" in done.stderr
    assert path.read_text() == json.dumps(row) + "\n"


@every_format
def test_the_site_is_handed_on(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str | None] = []
    real = Cleaner.clean_article

    def note(self: Cleaner, article: Article, *, site: str | None = None, lang: str | None = None) -> Result:
        seen.append(site)
        return real(self, article, site=site, lang=lang)

    monkeypatch.setattr(Cleaner, "clean_article", note)
    path = tmp_path / f"a.{name}"
    KINDS[name][0](path, [{"text": DIRTY, "from": "a.example"}, {"text": CLEAN, "from": None}])
    assert run("check", path, "--site-field", "from").exit_code == 1
    assert run("check", path).exit_code == 1
    assert seen == ["a.example", None, tmp_path.name, tmp_path.name], "without a field, the folder names the site"


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("jsonl", "a.jsonl:1: no field 'form'; name the field of the site with --site-field"),
        ("csv", "a.csv: no column 'form' in the header; name another with --site-field"),
        ("parquet", "a.parquet: no column 'form' among text, from; name one with --site-field"),
    ],
)
def test_a_site_field_that_is_not_there_is_told(tmp_path: Path, name: str, problem: str) -> None:
    path = tmp_path / f"a.{name}"
    KINDS[name][0](path, [{"text": DIRTY, "from": "a.example"}])
    before = path.read_bytes()
    done = run("clean", path, "--in-place", "--site-field", "form")
    assert done.exit_code == 3
    assert problem in done.stderr
    assert path.read_bytes() == before


NASTY = [
    DIRTY,
    DIRTY.replace("\n", "\r\n"),
    f'"{PROSE[0]}"\nAdvertisement\n"{PROSE[1]}", she said; so it was.\n',
    f"Advertisement\n\n{PROSE[0]}\té\U0001f600\u2028x\n",
    "Advertisement",
    "",
    CLEAN,
]


@pytest.mark.parametrize(
    ("name", "packing"),
    [("parquet", ""), *((name, packing) for name in ("jsonl", "csv") for packing in ("", ".gz", ".zst"))],
)
def test_what_was_cleaned_is_restored_in_every_format(tmp_path: Path, name: str, packing: str) -> None:
    write, read = KINDS[name]
    pack, unpack = {
        "": (bytes, bytes),
        ".gz": (gzip.compress, gzip.decompress),
        ".zst": (zstd.compress, zstd.decompress),
    }[packing]
    source, out, back = (tmp_path / folder / f"rows.{name}{packing}" for folder in ("in", "out", "back"))
    source.parent.mkdir()
    plain = tmp_path / "plain"
    rows = [{"id": str(number), "text": text, "more": text} for number, text in enumerate(NASTY * 3)]
    write(plain, rows)
    source.write_bytes(pack(plain.read_bytes()))
    audit = tmp_path / "audit.jsonl"
    assert run("clean", source.parent, "-o", out.parent, "--audit", audit).exit_code == 0
    assert run("restore", out.parent, "-o", back.parent, "--audit", audit).exit_code == 0
    if name != "parquet":
        assert unpack(back.read_bytes()) == plain.read_bytes()
    plain.write_bytes(unpack(out.read_bytes()))
    cleaned = read(plain)
    assert [row | {"text": ""} for row in cleaned] == [row | {"text": ""} for row in rows], "other fields stay"
    assert [row["text"] for row in cleaned] == [Cleaner().clean(row["text"]).text for row in rows]
    plain.write_bytes(unpack(back.read_bytes()))
    assert read(plain) == rows
    for line in map(json.loads, audit.read_text().splitlines()):
        assert line["path"] == str(source)
        assert line["output"] == source.name
        assert rows[line["record"] - (2 if name == "csv" else 1)]["text"] != ""
