"""What one set of rules removes and another does not."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

import cleaner
from cleaner.authoring.comparison import _beyond
from cleaner.cli.app import app
from cleaner.removal import Removal
from tests.conftest import ROOT
from tests.making import PROSE, lines

MINE = """format = 1
[[rule]]
id = "quay-bell"
kind = "line"
category = "ads"
level = "safe"
why = "A line made up for a test."
pattern = 'ring the quay bell\\W*'
keywords = ["quay bell"]
remove = ["Ring the quay bell!"]
keep = ["The quay bell is old."]
"""


def run(*args: str | Path) -> Result:
    return CliRunner().invoke(app, ["compare", *map(str, args)], catch_exceptions=False)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.toml").write_text(MINE)
    (tmp_path / "in").mkdir()
    for number in range(4):
        chrome = ["Advertisement"] * (number > 0) + ["Ring the quay bell!"] * number
        (tmp_path / "in" / f"{number}.txt").write_text(lines(PROSE[0], *chrome, PROSE[1]))
    return tmp_path


def test_both_ways_counted_by_rule_with_samples(folder: Path) -> None:
    done = run("safe", "mine.toml", "in", "--samples", "2")
    assert done.exit_code == 0
    assert done.stdout.splitlines() == [
        "4 texts, 1 alike by both",
        "",
        "only safe removes, and mine.toml does not: 39 characters in 3 texts",
        "  ad-label: 3 removals in 3 texts",
        *[line for line in done.stdout.splitlines() if line.endswith(".txt: Advertisement")],
        "",
        "only mine.toml removes, and safe does not: 114 characters in 3 texts",
        "  quay-bell: 6 removals in 3 texts",
        *[line for line in done.stdout.splitlines() if line.endswith(".txt: Ring the quay bell!")],
    ]
    assert done.stdout.count(".txt: ") == 4


def test_several_rule_sets_and_json(folder: Path) -> None:
    told = json.loads(run("safe", "safe,mine.toml", "in", "--json").stdout)
    assert (told["texts"], told["alike"]) == (4, 1)
    assert told["only_old"]["rules"] == []
    assert [(row["rule"], row["removals"]) for row in told["only_new"]["rules"]] == [("quay-bell", 6)]
    assert run("safe", "standrd", "in").exit_code == 2


def test_the_rules_of_another_release(folder: Path) -> None:
    shutil.copytree(ROOT / "cleaner" / "rules", folder / "old")
    assert cleaner.Cleaner(str(folder / "old")).rules_digest == cleaner.Cleaner("standard").rules_digest
    (folder / "old" / "en" / "ads.toml").unlink()
    told = json.loads(run("old", "standard", "in", "--json").stdout)
    assert told["only_old"]["rules"] == []
    assert [row["rule"] for row in told["only_new"]["rules"]] == ["ad-label"]
    (folder / "empty").mkdir()
    assert "LANGUAGE/CATEGORY.toml" in run("empty", "standard", "in").stderr


def test_what_cannot_be_read_is_named_and_fails(folder: Path) -> None:
    (folder / "in" / "bad.txt").write_bytes(b"caf\xe9\n")
    done = run("safe", "standard", "in")
    assert done.exit_code == 3
    assert "bad.txt" in done.stderr
    assert "4 texts" in done.stdout


def test_fields_and_pages(folder: Path) -> None:
    page = f"<html><body><article><p>{PROSE[0]}</p><p>{PROSE[1]}</p><p>Ring the quay bell!</p></article></body></html>"
    (folder / "rows.jsonl").write_text(json.dumps({"page": page}) + "\n")
    told = json.loads(run("safe", "mine.toml", "rows.jsonl", "--html-field", "page", "--json").stdout)
    assert [row["rule"] for row in told["only_new"]["rules"]] == ["quay-bell"]


spans = st.lists(st.integers(0, 40), unique=True, max_size=12).map(
    lambda cuts: [Removal(a, b, "x") for a, b in zip(sorted(cuts)[::2], sorted(cuts)[1::2], strict=False)]
)


@given(spans, spans)
def test_what_is_beyond_is_the_difference_of_the_sets(mine: list[Removal], theirs: list[Removal]) -> None:
    expected = {n for r in mine for n in range(r.start, r.end)} - {n for r in theirs for n in range(r.start, r.end)}
    found = [n for _, start, end in _beyond(mine, theirs) for n in range(start, end)]
    assert found == sorted(expected)
