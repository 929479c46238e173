"""``cleaner learn``: from a corpus to reviewed rules, and nothing half written on the way."""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
import time
import tomllib
from collections.abc import Sequence
from pathlib import Path

import pytest

from cleaner.cli.app import app
from tests.making import lines
from tests.test_command import run
from tests.test_learn import keys, story

pytest.importorskip("duckdb", reason="needs the extra learn")
pytest.importorskip("pyarrow", reason="needs the extra learn")

HEAD = ["Home", "Island News", "Sport", "Weather", "Log in"]
TAIL = ["Sign up for the island letter", "Most read today", "Jobs", "Adverts", "About the paper"]
STORIES = [story(random.Random(seed)) for seed in range(12)]


@pytest.fixture
def crawl(tmp_path: Path) -> Path:
    """A folder for each of two sites, six stories each."""
    for number, told in enumerate(STORIES):
        site = tmp_path / "crawl" / ("www.example.org" if number % 2 else "example.com")
        site.mkdir(parents=True, exist_ok=True)
        (site / f"{number}.txt").write_text(page(told))
    return tmp_path / "crawl"


def page(told: Sequence[str]) -> str:
    return lines(*HEAD, *told, *TAIL)


def as_json_lines(path: Path, urls: Sequence[str | None]) -> Path:
    records = [{"meta": {"url": url}, "text": page(told)} for told, url in zip(STORIES, urls, strict=True)]
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path


def test_learn_review_clean(crawl: Path, tmp_path: Path) -> None:
    rules = tmp_path / "learned.toml"
    done = run("learn", crawl, "-o", rules)
    assert done.exit_code == 0
    assert "12 texts of 2 sites counted" in done.stdout
    assert "20 lines of 2 sites learned, 20 on safe evidence" in done.stdout
    assert {rule["site"] for rule in tomllib.loads(rules.read_text())["rule"]} == {"example.com", "example.org"}
    assert "none broken" in run("rules", "test", rules).stdout
    assert run("clean", crawl, "-o", tmp_path / "out", "--rules", rules).exit_code == 0
    for number, told in enumerate(STORIES):
        site = "www.example.org" if number % 2 else "example.com"
        assert (tmp_path / "out" / site / f"{number}.txt").read_text() == lines(*told)


def test_a_field_names_the_site_or_holds_its_url(tmp_path: Path) -> None:
    urls = [f"https://www.example.org/{n}.html" if n % 2 else f"http://example.com:80/{n}" for n in range(12)]
    corpus = as_json_lines(tmp_path / "corpus.jsonl", urls)
    rules = tmp_path / "learned.toml"
    assert run("learn", corpus, "-o", rules, "--site-field", "meta.url").exit_code == 0
    out = tmp_path / "out.jsonl"
    assert run("clean", corpus, "-o", out, "--rules", rules, "--site-field", "meta.url").exit_code == 0
    assert [json.loads(line)["text"] for line in out.read_text().splitlines()] == [lines(*told) for told in STORIES]
    assert run("clean", corpus, "-o", out, "--rules", rules).exit_code == 0
    assert json.loads(out.read_text().splitlines()[0])["text"] == page(STORIES[0]), "without a site no rule holds"


def test_processes_and_order_change_nothing(crawl: Path, tmp_path: Path) -> None:
    files = sorted(crawl.rglob("*.txt"), key=lambda file: file.name[::-1])
    one, two = tmp_path / "one.toml", tmp_path / "two.toml"
    assert run("learn", crawl, "-o", one).exit_code == 0
    assert run("learn", *files, "-o", two, "--jobs", "2", "--memory", "200").exit_code == 0
    assert one.read_bytes() == two.read_bytes()


def test_an_update_needs_the_new_texts_alone(crawl: Path, tmp_path: Path) -> None:
    whole, grown = tmp_path / "whole.toml", tmp_path / "grown.toml"
    assert run("learn", crawl, "-o", whole).exit_code == 0
    assert run("learn", crawl / "example.com", "-o", grown).exit_code == 0
    assert grown.read_bytes() != whole.read_bytes()
    done = run("learn", crawl / "www.example.org", "--update", grown)
    assert done.exit_code == 0, done.output
    assert re.sub(r"seen [^\"]*", "", grown.read_text()) == re.sub(r"seen [^\"]*", "", whole.read_text())
    assert run("learn", crawl, "--update", grown).exit_code == 0
    assert "12 texts" in grown.read_text(), "a text that comes again counts once"


def test_what_a_person_deleted_stays_deleted(crawl: Path, tmp_path: Path) -> None:
    rules = tmp_path / "learned.toml"
    run("learn", crawl / "example.com", "-o", rules)
    deleted = re.sub(r'\n +"Sign up for the island letter",  #.*', "", rules.read_text())
    assert deleted != rules.read_text()
    rules.write_text(deleted)
    done = run("learn", crawl / "www.example.org", "--update", rules)
    assert done.exit_code == 0, done.output
    assert "1 line that you had deleted" in done.stdout
    by_site = {rule["site"]: rule for rule in tomllib.loads(rules.read_text())["rule"]}
    assert "Sign up for the island letter" not in str(by_site["example.com"].get("lines", ()))
    assert "Sign up for the island letter" not in str(by_site["example.com"].get("runs", ()))
    assert "Sign up for the island letter" in str(by_site["example.org"])


def test_apply_cleans_by_safe_evidence_alone(crawl: Path, tmp_path: Path) -> None:
    # Two of the six pages have this line: enough for a person to look at, not to use unseen.
    for number in (0, 2):
        (crawl / "example.com" / f"{number}.txt").write_text(lines(*HEAD, "Harbour cam", *STORIES[number], *TAIL))
    done = run("learn", crawl, "-o", tmp_path / "learned.toml", "--apply", tmp_path / "out", "--rules", "safe")
    assert done.exit_code == 0, done.output
    assert (tmp_path / "out" / "example.com" / "4.txt").read_text() == lines(*STORIES[4])
    assert (tmp_path / "out" / "example.com" / "0.txt").read_text() == lines("Harbour cam", *STORIES[0])
    assert "12 documents, 12 changed" in done.stdout


def test_without_counts_there_is_nothing_to_update(crawl: Path, tmp_path: Path) -> None:
    rules = tmp_path / "learned.toml"
    run("learn", crawl, "-o", rules)
    run("learn", crawl, "-o", rules, "--no-counts")
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["learned.toml"]
    done = run("learn", crawl, "--update", rules)
    assert (done.exit_code, "must be learned again" in done.stderr) == (2, True)


@pytest.mark.parametrize(
    ("args", "problem"),
    [
        pytest.param(("crawl",), "name a file with -o", id="nowhere to write"),
        pytest.param(("crawl", "-o", "learned.txt"), "ends in .toml", id="a name that no rule file has"),
        pytest.param(("crawl", "--update", "learned.toml"), "no such file", id="an update of nothing"),
        pytest.param(("-", "-o", "learned.toml"), "standard input tells no site", id="standard input"),
        pytest.param(("nowhere", "-o", "learned.toml"), "nowhere", id="no such corpus"),
        pytest.param(("crawl", "-o", "learned.toml", "--rules", "nix", "--apply", "o"), "unknown rule set", id="rules"),
    ],
)
def test_wrong_usage_is_said_before_anything_is_read(
    crawl: Path, monkeypatch: pytest.MonkeyPatch, args: tuple[str, ...], problem: str
) -> None:
    monkeypatch.chdir(crawl.parent)
    done = run("learn", *args)
    assert problem in done.stderr
    assert done.exit_code in (2, 3)
    assert not (crawl.parent / "learned.toml").exists()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param("format = 2\n", "newer than this version reads", id="a newer version"),
        pytest.param(
            'format = 1\n[[rule]]\nid = "x"\nkind = "line"\ncategory = "ads"\nlevel = "safe"\nwhy = "x"\npattern = "ad x"\n'
            'keywords = ["ad x"]\nremove = ["ad x"]\nkeep = ["an ad x and more"]\n',
            "keep rules of your own in another file",
            id="a rule by hand",
        ),
        pytest.param("no toml", "not valid TOML", id="no rule file"),
    ],
)
def test_a_file_that_cannot_be_updated_stays_as_it_was(crawl: Path, tmp_path: Path, text: str, problem: str) -> None:
    rules = tmp_path / "learned.toml"
    run("learn", crawl, "-o", rules)
    counts = (tmp_path / "learned.toml.counts").read_bytes()
    rules.write_text(text)
    done = run("learn", crawl, "--update", rules)
    assert done.exit_code == 2
    assert problem in done.stderr
    assert rules.read_text() == text
    assert (tmp_path / "learned.toml.counts").read_bytes() == counts


def test_counts_that_are_none_are_refused(crawl: Path, tmp_path: Path) -> None:
    rules = tmp_path / "learned.toml"
    run("learn", crawl, "-o", rules)
    (tmp_path / "learned.toml.counts").write_text("no database")
    done = run("learn", crawl, "--update", rules)
    assert (done.exit_code, "holds no counts" in done.stderr) == (2, True)


def test_texts_without_a_site_are_told_and_left_out(tmp_path: Path) -> None:
    urls = ["https://example.org/a" if n % 2 else None for n in range(12)]
    corpus = as_json_lines(tmp_path / "corpus.jsonl", urls)
    done = run("learn", corpus, "-o", tmp_path / "learned.toml", "--site-field", "meta.url")
    assert done.exit_code == 0
    assert "6 texts named no site and taught nothing" in done.stderr
    assert "6 texts of 1 site counted" in done.stdout


def test_a_site_with_one_text_and_an_input_that_cannot_be_read_are_told(crawl: Path, tmp_path: Path) -> None:
    (crawl / "lone.example").mkdir()
    (crawl / "lone.example" / "a.txt").write_text(page(STORIES[0]))
    (crawl / "lone.example" / "b.txt").write_bytes(b"\xff\xfe broken")
    done = run("learn", crawl, "-o", tmp_path / "learned.toml")
    assert done.exit_code == 3
    assert "b.txt" in done.stderr
    assert "1 site with a single text taught nothing" in done.stdout
    assert keys((tmp_path / "learned.toml").read_text())


@pytest.mark.parametrize("seconds", [0.3, 0.9, 1.5])
def test_killed_half_way_nothing_is_half_written(crawl: Path, tmp_path: Path, seconds: float) -> None:
    rules, whole = tmp_path / "learned.toml", tmp_path / "whole.toml"
    run("learn", crawl, "-o", whole)
    command = [sys.executable, "-m", "cleaner", "learn", str(crawl), "-o", str(rules)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        time.sleep(seconds)
        process.kill()
    assert not rules.exists() or rules.read_bytes() == whole.read_bytes()
    assert run("learn", crawl, "-o", rules).exit_code == 0
    assert rules.read_bytes() == whole.read_bytes()


def test_help_says_what_is_to_be_done() -> None:
    assert app is not None
    done = run("learn", "--help")
    assert "--site-field" in done.stdout
    assert "Read it, delete the lines that should stay" in " ".join(done.stdout.split())
