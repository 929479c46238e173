"""Lint: each check finds its mistake and nothing beside it; the shipped rules pass."""

from __future__ import annotations

import re

import pytest

from cleaner.authoring import CHECKS, Finding, lint
from cleaner.authoring.keywords import ordinary_phrases, ordinary_words, too_common
from cleaner.authoring.runaway import SLOW, slowest, weaknesses
from cleaner.authoring.shown import NOT_SHOWN
from cleaner.pattern import Pattern
from cleaner.ruleset import read_rule_file, shipped_rules

GOOD = {
    "id": "reading-list-prompt",
    "kind": "line",
    "category": "prompts",
    "level": "safe",
    "why": "A prompt for readers with an account.",
    "pattern": r"save (?:this )?story to your reading list\W*",
    "keywords": ["to your reading list"],
    "remove": ["Save this story to your reading list"],
    "keep": ["Save the story to your reading list on the train, she says."],
}


def found(*changes: dict[str, object]) -> list[Finding]:
    """What lint finds in rules like the good one, with these changes."""
    tables = [{**GOOD, **change} for change in changes]
    text = "format = 1\n" + "".join(f"[[rule]]\n{_toml(table)}" for table in tables)
    return list(lint(read_rule_file(text, source="mine.toml").rules))


def _toml(table: dict[str, object]) -> str:
    return "".join(f"{key} = {_value(value)}\n" for key, value in table.items())


def _value(value: object) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_value(one)}" for key, one in value.items()) + " }"
    if isinstance(value, bool):
        return str(value).lower()
    return f"'{value}'" if isinstance(value, str) else str(value)


@pytest.fixture(scope="module")
def of_shipped() -> list[Finding]:
    return list(lint(shipped_rules(), shipped_rules()))


def test_shipped_rules_pass(of_shipped: list[Finding]) -> None:
    assert [str(finding) for finding in of_shipped] == []


def test_few_checks_are_allowed_in_shipped_rules() -> None:
    allowed = [check for rule in shipped_rules() for check, _ in rule.allow]
    assert len([check for check in allowed if check != NOT_SHOWN]) <= len(shipped_rules()) / 25
    assert len(allowed) <= len(shipped_rules()) / 8, "parts that are never missing alone"
    assert set(allowed) <= set(CHECKS)


def test_a_good_rule_passes() -> None:
    assert found({}) == []


@pytest.mark.parametrize(
    ("change", "check", "message"),
    [
        pytest.param({"keywords": ["story"]}, "common-keyword", "keyword 'story': a word of ordinary text", id="word"),
        pytest.param({"keywords": ["to you"], "lang": "nb"}, None, "", id="a language without a table"),
        pytest.param(
            {"pattern": r"(?:\w+\s?)+ to your reading list", "where": "tail"},
            "run-away",
            "pattern can run away",
            id="nested repeats",
        ),
        pytest.param(
            {"pattern": r"(?>\w+\s?)+?to your reading list", "remove": ["Xto your reading list"]},
            None,
            "",
            id="atomic rounds",
        ),
        pytest.param(
            {"pattern": r"save this story to your reading list.*"},
            None,
            "",
            id="an open end behind a long literal",
        ),
        pytest.param(
            {
                "pattern": r"save this.*",
                "keywords": ["save this"],
                "remove": ["Save this recipe"],
                "keep": ["She will save this."],
            },
            "wide-pattern",
            "only begins as the chrome does: 'Save this recipe, she says",
            id="open end",
        ),
        pytest.param(
            {"pattern": r".*to your reading list\W*"}, "wide-pattern", "only ends as the chrome does", id="open start"
        ),
        pytest.param(
            {"pattern": r"(?:\w+ ){0,9}to your(?: \w+){0,24}\W*", "keywords": ["to your "]},
            "wide-pattern",
            "nothing of the chrome but its keyword",
            id="the keyword alone",
        ),
        pytest.param({"why": "TODO"}, "weak-reason", "why = 'TODO' is no reason", id="no reason"),
        pytest.param({"why": "Remove this junk."}, "weak-reason", "is no reason", id="a reason that says nothing"),
        pytest.param(
            {"allow": {"common-keywords": "It is so."}}, "allow", "did you mean 'common-keyword'?", id="no such check"
        ),
        pytest.param(
            {"allow": {"common-keyword": "It is so."}}, "common-keyword", "allowed, and nothing is found", id="unneeded"
        ),
        pytest.param({"keywords": ["story"], "allow": {"common-keyword": "It is so."}}, None, "", id="allowed"),
    ],
)
def test_each_mistake_is_found(change: dict[str, object], check: str | None, message: str) -> None:
    if "keywords" in change and "keep" not in change:
        change = {**change, "keep": ["Bring the story to your reading list on the train, she says."]}
    checks: dict[str, str] = {}
    for finding in found(change):
        checks[finding.check] = f"{checks.get(finding.check, '')}{finding}\n"
    if check is None:
        assert checks == {}
    else:
        assert message in checks.pop(check)
        assert checks == {}


def test_duplicates_and_shadowed_rules() -> None:
    twin = {"id": "reading-list-again"}
    wider = {"id": "reading-list-wider", "pattern": r"(?:save|add) (?:this )?story to your reading list\W*"}
    assert {(f.check, f.rule_id) for f in found({}, twin)} == {
        ("duplicate", "reading-list-prompt"),
        ("duplicate", "reading-list-again"),
    }
    more = {**wider, "remove": ["Save this story to your reading list", "Add story to your reading list"]}
    assert [(f.check, f.rule_id) for f in found({}, more)] == [("shadowed", "reading-list-prompt")]
    assert found({}, {**more, "where": "tail"}) == [], "in its place alone it takes less"
    assert found({}, {**more, "level": "standard"}) == [], "where only safe rules run it is not there"


def test_findings_name_the_place() -> None:
    finding = found({}, {"id": "no-reason", "pattern": "save story to your reading list", "why": "junk"})
    text = next(str(one) for one in finding if one.check == "weak-reason")
    assert re.match(r"mine\.toml:\d\d: rule 'no-reason': weak-reason: why = 'junk' is no reason; say who", text)


@pytest.mark.parametrize(
    "source",
    [
        r"(?:a+)+b",
        r"(?:a|aa)+b",
        r"(?:\w+ ?)*:",
        r"(?:[a-z]+|[\w]+)*!",
        r"(?:x?y?)*z",
        r"(?P<item>\w+,? ?)+(?:end)",
        r"(?(DEFINE)(?P<word>\w+ ?))(?:(?&word))+end",
        r".*save.*this.*story",
        r"\w*\d*[a-z0-9]*",
    ],
)
def test_patterns_that_run_away_are_found(source: str) -> None:
    assert list(weaknesses(source))


@pytest.mark.parametrize(
    "source",
    [
        r"(?:a+ )+b",
        r"(?:\w++ ?)*:",
        r"(?>\w+ ?)*:",
        r"save .{0,40} to .{0,40}",
        r"\W*save this\W*",
        r"(?:ab|cd)*",
        r"(?=.*story)save.*",
        r"(?:\d+[.,])+\d+",
        r"[[:alpha:]]+\p{Lu}\N{BULLET}?",
    ],
)
def test_sound_patterns_are_not(source: str) -> None:
    assert list(weaknesses(source)) == []


def test_the_attack_finds_what_analysis_leaves() -> None:
    bounded = Pattern(r"(?:\w+ ?){1,30}:")
    assert list(weaknesses(bounded.source)) == []
    assert slowest(bounded, [], longest=100)[0] > SLOW
    assert slowest(Pattern(r"(?:\w+ ){1,30}:"), [], longest=100)[0] < SLOW


def test_the_tables_know_every_language_of_the_shipped_rules() -> None:
    for lang in {rule.lang for rule in shipped_rules()}:
        assert ordinary_words(lang) or ordinary_phrases(lang), lang
    assert too_common("的", "zh")
    assert too_common("der die", "de")
    assert not too_common("der die", "en")
