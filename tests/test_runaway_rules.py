"""A rule that can run away: refused where it is loaded; loaded anyway, it cannot hang a run."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cleaner.cli.app import app
from cleaner.pattern import SECONDS
from tests.making import PROSE, lines

RULES = """format = 1
[[rule]]
id = "tag-row"
kind = "line"
category = "metadata"
level = "safe"
why = "The tags of the article, in a row; made up for a test."
longest = 400
pattern = 'tagged with (?:\\w|\\w\\w)+:'
keywords = ["tagged with"]
remove = ["Tagged with ferry:"]
keep = ["Each sheep is tagged with a number."]
"""
HUNG = lines(PROSE[0], "Tagged with " + "a" * 300 + ": \u2603", "Advertisement", PROSE[1])
SOUND = lines(PROSE[0], "Advertisement", PROSE[1])


def run(*args: str | Path) -> Result:
    return CliRunner().invoke(app, [str(arg) for arg in args], catch_exceptions=False)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad.toml").write_text(RULES)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "rows.jsonl").write_text("".join(json.dumps({"text": t}) + "\n" for t in (HUNG, SOUND, HUNG)))
    (tmp_path / "in" / "sound.txt").write_text(SOUND)
    return tmp_path


@pytest.mark.parametrize(
    "command", [("clean", "in", "-o", "out"), ("check", "in"), ("explain", "in"), ("eval", "in/rows.jsonl")]
)
def test_it_is_refused_where_it_is_loaded(folder: Path, command: tuple[str, ...]) -> None:
    done = run(*command, "--rules", "bad.toml")
    assert done.exit_code == 2
    assert done.stderr.startswith(
        "cleaner: bad.toml:2: rule 'tag-row', pattern: can run away: a repeat inside a repeat"
    )
    assert "--no-lint" in done.stderr
    assert run("compare", "safe", "bad.toml", "in").exit_code == 2
    assert not (folder / "out").exists()


def test_loaded_anyway_it_cannot_hang_a_run(folder: Path) -> None:
    began = time.monotonic()
    done = run("clean", "in", "-o", "out", "--rules", "safe", "--rules", "bad.toml", "--no-lint", "--jobs", "2")
    assert time.monotonic() - began < 60 * SECONDS, "on a machine that is busy with other things"
    assert done.exit_code == 3
    rows = [json.loads(line)["text"] for line in (folder / "out" / "rows.jsonl").read_text().splitlines()]
    clean = lines(*PROSE[:2])
    assert rows == [HUNG, clean, HUNG], "what hung is as it came, the run went on"
    assert (folder / "out" / "sound.txt").read_text() == clean
    assert "rule tag-row took too long in 2 documents" in done.stderr
    assert "rows.jsonl:1: stays as it came: timeout:tag-row" in done.stderr
    assert "4 documents, 2 changed" in done.stdout


def test_the_report_for_machines_names_and_counts_it(folder: Path) -> None:
    told = json.loads(run("check", "in", "--rules", "bad.toml", "--no-lint", "--json").stdout)
    assert told["timeouts"] == {"tag-row": 2}
    assert told["failed_count"] == 2


def test_shipped_rules_are_not_looked_at(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cleaner.authoring.runaway.weaknesses", lambda _: 1 / 0)
    assert run("check", "in/sound.txt", "--rules", "standard").exit_code == 1
