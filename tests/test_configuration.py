"""The user's configuration: found upwards, never among what is cleaned; options win; some texts are never touched."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import cleaner
from cleaner.cli.app import app
from cleaner.configuration import KEYS, ConfigurationError, find_configuration, read_configuration
from tests.making import PROSE, lines

DIRTY = lines(PROSE[0], "Advertisement", "Similar News", PROSE[1])
NO_AD = lines(PROSE[0], "Similar News", PROSE[1])


def run(*args: str | Path) -> Result:
    return CliRunner().invoke(app, [str(arg) for arg in args], catch_exceptions=False)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with a corpus in it, below one with nothing."""
    home = tmp_path / "up" / "home"
    (home / "corpus" / "drafts").mkdir(parents=True)
    for name in ("one.txt", "two.txt", "drafts/three.txt"):
        (home / "corpus" / name).write_text(DIRTY)
    monkeypatch.chdir(home)
    return home


def in_force(*args: str | Path) -> dict[str, tuple[object, str]]:
    told = json.loads(run(*args, "--json").stdout)
    return {key: (row["value"], row["from"]) for key, row in told.items()}


def test_without_a_file_there_are_the_defaults(home: Path) -> None:
    told = in_force("config")
    assert set(told) == set(KEYS)
    assert {origin for _, origin in told.values()} == {"default"}
    assert told["rules"] == (["standard"], "default")
    assert told["max_removed"] == (0.6, "default")


def test_the_nearest_file_counts_and_options_win(home: Path) -> None:
    (home.parent / "pyproject.toml").write_text('[tool.cleaner]\nrules = ["safe"]\nfield = "body"\n')
    above = str(Path("..") / "pyproject.toml")
    assert in_force("config", "--field", "x")["rules"] == (["safe"], above)
    assert in_force("config", "--field", "x")["field"] == ("x", "option")
    (home / "pyproject.toml").write_text('[project]\nname = "another"\n')
    assert in_force("config")["rules"] == (["safe"], above), "a project that does not speak of cleaner is passed by"
    (home / ".cleaner.toml").write_text('rules = ["aggressive"]\n')
    assert in_force("config")["rules"] == (["aggressive"], ".cleaner.toml")
    assert in_force("config")["field"] == ("text", "default"), "files are not mixed"
    assert in_force("--no-config", "config")["rules"] == (["standard"], "default")
    assert in_force("--config", above, "config")["rules"] == (["safe"], above)


def test_rule_files_are_relative_to_the_configuration(home: Path) -> None:
    (home.parent / "mine.toml").write_text(
        'format = 1\n[[rule]]\nid = "x-y"\nkind = "line"\ncategory = "ads"\nlevel = "safe"\nwhy = "Made for a test."\n'
        "pattern = 'similar news'\nkeywords = ['similar news']\nremove = ['Similar News']\nkeep = ['Similar news is rare.']\n"
    )
    (home.parent / ".cleaner.toml").write_text('rules = ["mine.toml"]\ndisable = ["x-y"]\n')
    assert run("check", "corpus/one.txt").exit_code == 0, "the one rule is disabled"
    assert "ad-label" in run("check", "corpus/one.txt", "--rules", "safe").stdout, "x-y is nothing to other sets"
    done = run("check", "corpus/one.txt", "--disable", "legal")
    assert done.stdout.startswith("corpus/one.txt: x-y")


def test_what_lies_in_the_corpus_is_not_obeyed(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "corpus" / ".cleaner.toml").write_text('disable = ["ads", "related"]\n')
    monkeypatch.chdir(home / "corpus")
    done = run("check", ".")
    assert done.exit_code == 1
    assert "is not obeyed; if it is yours: cleaner --config" in done.stderr
    assert run("check", "../corpus", "one.txt").exit_code == 1
    assert run("--config", ".cleaner.toml", "check", ".").exit_code == 0
    (home / ".cleaner.toml").write_text('rules = ["safe"]\n')
    assert find_configuration(Path.cwd(), corpus=[Path()]).strings("rules") == ("safe",)


def test_the_library_reads_no_configuration(home: Path) -> None:
    (home / ".cleaner.toml").write_text('disable = ["ads"]\n')
    assert "Advertisement" not in cleaner.clean(DIRTY).text


def test_excluded_files_are_left_out_of_folders(home: Path) -> None:
    (home / ".cleaner.toml").write_text('exclude = ["drafts/"]\n')
    done = run("clean", "corpus", "-o", "out")
    assert "2 documents, 2 changed" in done.stdout
    assert "1 file excluded as configured" in done.stdout
    assert not (home / "out" / "drafts").exists()
    assert "1 document, 1 changed" in run("clean", "corpus/drafts/three.txt", "-o", "out/").stdout, "it was named"
    assert "0 documents" in run("check", "corpus/drafts/three.txt").stderr, "a hook names every file"


@pytest.mark.parametrize(
    "told",
    [
        "/corpus/one.txt",
        "one.txt",
        f"sha256:{hashlib.sha256(DIRTY.encode()).hexdigest()}",
        hashlib.sha256(DIRTY.encode()).hexdigest().upper(),
    ],
)
def test_untouched_texts_come_out_as_they_are(home: Path, told: str) -> None:
    (home / "corpus" / "two.txt").write_text(DIRTY.replace("Advertisement", "Advertisement\n\nAdvertisement"))
    (home / "corpus" / "drafts" / "three.txt").unlink()
    (home / "never.txt").write_text(f"# By contract.\n\n{told}\n")
    (home / ".cleaner.toml").write_text('untouched_from = "never.txt"\nrules = ["safe"]\ndisable = ["related"]\n')
    done = run("clean", "corpus", "-o", "out", "--audit", "audit.jsonl", "--jobs", "2")
    assert "2 documents, 1 changed" in done.stdout
    assert "1 left untouched as configured" in done.stdout
    assert (home / "out" / "one.txt").read_text() == DIRTY
    assert (home / "out" / "two.txt").read_text() == NO_AD
    rows = [json.loads(line) for line in (home / "audit.jsonl").read_text().splitlines()]
    assert [row["flags"] for row in rows] == [["untouched"], []]
    assert json.loads(run("check", "corpus", "--json").stdout)["untouched"] == 1
    assert "kept back: untouched" in run("explain", "corpus/one.txt").stdout
    run("restore", "out", "--audit", "audit.jsonl", "-o", "back")
    assert (home / "back" / "one.txt").read_text() == DIRTY


def test_one_record_may_be_untouched(home: Path) -> None:
    (home / "rows.jsonl").write_text(f"{json.dumps({'text': DIRTY})}\n" * 3)
    (home / ".cleaner.toml").write_text('untouched = ["rows.jsonl:2"]\n')
    run("clean", "rows.jsonl", "-o", "out.jsonl")
    left = [json.loads(line)["text"] for line in (home / "out.jsonl").read_text().splitlines()]
    assert [text == DIRTY for text in left] == [False, True, False]


def test_a_run_with_other_untouched_texts_is_another_run(home: Path) -> None:
    from cleaner import Cleaner
    from cleaner.batch import Options, Untouched, plan
    from cleaner.batch.corpus import _deciding
    from cleaner.formats import Reading

    made, planned = Cleaner("safe"), plan(["corpus"], output="out/")
    one, other = (Options(reading=Reading(), untouched=Untouched.of(listed)) for listed in ([], ["a.txt"]))
    assert _deciding(made, planned, one) != _deciding(made, planned, other)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("rulez = ['safe']", "rulez: unknown key; did you mean 'rules'?"),
        ("rules = 'safe'", "rules: must be a list of strings"),
        ("rules = []", "rules: is empty"),
        ("rules = ['standrd']", "rules: 'standrd' is no shipped set (safe, standard, aggressive, page) and no file"),
        ("rules = ['nowhere.toml']", "rules: 'nowhere.toml' is no shipped set"),
        ("disable = [1]", "disable: must be a list of strings"),
        ("disable = ['legl']", "disable: 'legl' is no rule and no category; did you mean 'legal'?"),
        ("max_removed = 2", "max_removed: must be a number from 0 to 1"),
        ("max_removed = true", "max_removed: must be a number from 0 to 1"),
        ("jobs = 0", "jobs: must be a whole number from 1 on"),
        ("lang = ''", "lang: must be a string that is not empty"),
        ("untouched_from = 'no.txt'", "untouched_from: no.txt: cannot be read: No such file"),
        ("field = text", "not valid TOML"),
        ("exclude = ['a/', '!']", "exclude: '!' is no pattern as .gitignore has them"),
        ("untouched = ['!']", "untouched: '!' is no pattern as .gitignore has them"),
    ],
)
def test_a_wrong_configuration_says_what_is_wrong(home: Path, text: str, message: str) -> None:
    (home / ".cleaner.toml").write_text(text)
    done = run("check", "corpus/one.txt")
    assert done.exit_code == 2
    assert ".cleaner.toml: " in done.stderr
    assert message in done.stderr
    assert done.stderr.count("\n") == 1
    assert run("check", "--help").exit_code == 0
    assert run("--no-config", "check", "corpus/one.txt").exit_code == 1


def test_a_configuration_that_is_named_must_be_one(home: Path) -> None:
    (home / "pyproject.toml").write_text("[project]\n")
    with pytest.raises(ConfigurationError, match=r"pyproject\.toml: has no \[tool\.cleaner\]"):
        read_configuration(Path("pyproject.toml"))
    assert "nowhere: no such file" in run("--config", "nowhere", "check", "corpus").stderr
    assert "exclude each other" in run("--config", "pyproject.toml", "--no-config", "check", "corpus").stderr
    (home / "pyproject.toml").write_text("[tool]\ncleaner = 1\n")
    assert "tool.cleaner: must be a table" in run("check", "corpus").stderr


def test_labelled_pages_have_fields_of_their_own(home: Path) -> None:
    (home / ".cleaner.toml").write_text('field = "body"\nhtml_field = "page"\nrules = ["safe"]\n')
    row = {"text": DIRTY, "gold": "".join(lines(*PROSE[:2]))}
    (home / "pages.jsonl").write_text(json.dumps(row) + "\n")
    done = run("eval", "pages.jsonl")
    assert done.exit_code == 0
    assert "100.00%" in done.stdout
