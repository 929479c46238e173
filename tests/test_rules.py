"""Rule files: every mistake has its message; sets, includes, digests; the shipped rules pass their own examples."""

from __future__ import annotations

import dataclasses
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest

import cleaner
from cleaner import Cleaner, RuleError
from cleaner.authoring import try_examples
from cleaner.pattern import Pattern
from cleaner.rule import CATEGORIES, LEARNED_CATEGORY, LEVELS, Rule
from cleaner.ruleset import SHIPPED_SETS, load, read_rule_file, shipped_rules
from tests.conftest import ROOT

BAD = ROOT / "tests" / "fixtures" / "bad_rules"

MINE = """
format = 1

[[rule]]
id = "reading-list-prompt"
kind = "line"
category = "prompts"
level = "safe"
why = "A prompt for readers with an account."
pattern = 'save (?:this )?story to your reading list\\W*'
keywords = ["to your reading list"]
remove = ["Save this story to your reading list", "Save story to your reading list"]
keep = ["Save the story to your reading list on the train, she says."]
"""


@pytest.mark.parametrize("path", sorted(BAD.glob("*.toml")), ids=lambda path: path.stem)
def test_a_bad_file_says_what_is_wrong(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(BAD)
    with pytest.raises(RuleError) as raised:
        load(path.name)
    message = path.with_suffix(".message.txt").read_text().rstrip("\n")
    assert message in str(raised.value)
    assert path.stem in str(raised.value), "every message names the file"
    assert "\n" not in str(raised.value)


def test_an_unknown_set_is_an_error() -> None:
    with pytest.raises(RuleError, match=r"unknown rule set 'standrd'.*did you mean 'standard'"):
        load("standrd")
    with pytest.raises(RuleError, match="no rule set given"):
        load([])
    with pytest.raises(RuleError, match=r"nowhere\.toml: cannot be read"):
        load("nowhere.toml")


def test_levels_hold_each_other() -> None:
    safe, standard, aggressive = ({rule.id for rule in load(name).rules} for name in LEVELS)
    assert safe < standard < aggressive
    assert not any(rule.status != "stable" for rule in load("aggressive").rules)


def test_every_category_has_a_rule() -> None:
    assert {rule.category for rule in shipped_rules()} == set(CATEGORIES) - {LEARNED_CATEGORY}


def test_a_file_next_to_a_shipped_set(tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    mine.write_text(MINE)
    text = "Save this story to your reading list\nAdvertisement\nA line that stays\n"
    assert cleaner.clean(text, rules=str(mine)).text == "Advertisement\nA line that stays\n"
    both = Cleaner(["standard", mine])
    assert both.clean(text).text == "A line that stays\n"


def test_a_file_that_includes_and_disables(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(MINE)
    (tmp_path / "all.toml").write_text(
        'format = 1\ninclude = ["standard", "mine.toml"]\ndisable = ["legal", "ad-label"]\n'
    )
    ids = {rule.id for rule in load(tmp_path / "all.toml").rules}
    assert "reading-list-prompt" in ids
    assert "ad-label" not in ids
    assert not ids & {rule.id for rule in shipped_rules() if rule.category == "legal"}


def test_disable_by_id_and_category() -> None:
    standard = load("standard")
    without = load("standard", disable=["legal", "byline"])
    gone = {rule.id for rule in standard.rules} - {rule.id for rule in without.rules}
    assert gone == {rule.id for rule in standard.rules if rule.category == "legal" or rule.id == "byline"}
    with pytest.raises(RuleError, match="'bylines' is no rule and no category; did you mean 'byline'"):
        load("standard", disable=["bylines"])


def test_one_id_in_two_files(tmp_path: Path) -> None:
    for name in ("one.toml", "two.toml"):
        (tmp_path / name).write_text(MINE if name == "one.toml" else MINE.replace("A prompt", "Another prompt"))
    with pytest.raises(RuleError, match=r"two\.toml: rule 'reading-list-prompt': the id is used in .*one\.toml too"):
        load([tmp_path / "one.toml", tmp_path / "two.toml"])


def test_the_digest_names_what_decides_and_nothing_else(tmp_path: Path) -> None:
    def digest(text: str) -> str:
        path = tmp_path / "rules.toml"
        path.write_text(text)
        return load(path).digest

    plain = digest(MINE)
    assert digest(MINE.replace("A prompt", "Another reason")) == plain
    assert digest(MINE.replace("on the train", "on the ferry")) == plain
    for other in (
        MINE.replace("(?:this )?", "(?:the )?"),
        MINE.replace('"safe"', '"standard"'),
        MINE + "longest = 99\n",
    ):
        assert digest(other) != plain
    assert len({load(name).digest for name in SHIPPED_SETS}) == 4
    assert Cleaner("safe").clean("a").rules_digest == load("safe").digest


def test_shipped_rules_pass_all_checks() -> None:
    assert len(shipped_rules(trusted=False)) == len(shipped_rules())


@pytest.fixture(scope="module")
def failures() -> dict[str, list[str]]:
    """What the examples of all shipped rules came to, by rule."""
    found: dict[str, list[str]] = {}
    for failure in try_examples(shipped_rules(), load("standard").rules):
        found.setdefault(failure.rule_id, []).append(str(failure))
    return found


@pytest.mark.parametrize("rule_id", [rule.id for rule in shipped_rules()])
def test_examples_of_shipped_rule(failures: dict[str, list[str]], rule_id: str) -> None:
    assert failures.get(rule_id, []) == []


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        pytest.param(
            "'save (?:this )?story", "'.*save (?:this |the )?story.*", "keep", id="a pattern that is too wide"
        ),
        pytest.param("(?:this )?", "", "remove", id="a pattern that is too narrow"),
    ],
)
def test_the_example_runner_finds_a_wrong_pattern(old: str, new: str, problem: str) -> None:
    text = MINE.replace(old, new).replace("list\\W*'", "list.*'" if problem == "keep" else "list\\W*'")
    rules = read_rule_file(text, source="mine.toml").rules
    found = [str(failure) for failure in try_examples(rules, rules) if failure.text]
    assert len(found) == 2, "alone and within the rule set"
    assert all(line.startswith(f"mine.toml: rule 'reading-list-prompt': {problem} '") for line in found)


def test_rules_are_found_in_a_zip(tmp_path: Path) -> None:
    import subprocess
    import sys

    archive = tmp_path / "cleaner.zip"
    with zipfile.ZipFile(archive, "w") as made:
        for path in sorted((ROOT / "cleaner").rglob("*")):
            if path.suffix in (".py", ".toml"):
                made.write(path, path.relative_to(ROOT))
    code = "import cleaner, sys; assert '.zip' in cleaner.__file__; print(cleaner.Cleaner('standard').rules_digest)"
    run = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(archive)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.strip() == Cleaner("standard").rules_digest


def test_no_rule_names_what_it_was_measured_on() -> None:
    """People, sites and headlines of the seed articles, where those are at hand, stand in no rule."""
    seeds = ROOT.parent / "shared" / "seeds"
    if not seeds.is_dir():
        pytest.skip("the seed articles are not beside the project")
    gone: set[str] = set()
    for expected in seeds.glob("*.expected.txt"):
        before = (seeds / expected.name.replace(".expected", "")).read_text().splitlines()
        gone |= set(before) - set(expected.read_text().splitlines())
    names = {word for line in gone for word in line.split() if word[:1].isupper() and len(word) > 6}
    patterns = " ".join(value for rule in shipped_rules() for value in (*rule.keywords, *_patterns(rule)))
    ordinary = {
        "Similar",
        "Disclaimer:",
        "Messaging",
        "Reality",
        "Restoration",
        "Photography",
        "Exposed",
        "Meeting",
        "Launched",
        "Rollout",
        "bookmarks!",
    }
    assert not {name for name in names - ordinary if name in patterns}


def _patterns(rule: Rule[Any]) -> list[str]:
    values = (getattr(rule.fields, field.name) for field in dataclasses.fields(rule.fields))
    return [value.source for value in values if isinstance(value, Pattern)]


def test_copies_of_a_file_in_one_set_are_one(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(MINE)
    shutil.copy(tmp_path / "mine.toml", tmp_path / "same.toml")
    (tmp_path / "all.toml").write_text('format = 1\ninclude = ["mine.toml", "mine.toml"]\n')
    assert len(load(tmp_path / "all.toml").rules) == 1
