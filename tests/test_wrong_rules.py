"""Wrong rules cannot get in: each plausible mistake is caught by load, lint or test; good rules pass all three.

What load refuses stands in ``fixtures/bad_rules`` and ``test_rules.py``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

import pytest

from cleaner.authoring import lint, try_examples
from cleaner.authoring.properties import try_properties
from cleaner.rule import Rule
from cleaner.ruleset import RuleError, load
from tests.conftest import ROOT

FIXTURES = ROOT / "tests" / "fixtures"
# What the examples say of themselves when they do not come out; what lint and generated texts say.
KEEP, REMOVE = "keep '", "remove '"
WRONG = {
    "open-end": ("lint", "wide-pattern: pattern takes a sentence of an article that only begins as the chrome does"),
    "open-start": ("lint", "wide-pattern: pattern takes a sentence of an article that only ends as the chrome does"),
    "open-both": ("examples", KEEP),
    "bounded-but-wide": ("lint", "wide-pattern: pattern takes a sentence of an article that holds nothing of the"),
    "words-around-the-keyword": ("lint", "wide-pattern: pattern takes a sentence of an article that holds nothing"),
    "nested-repeats": ("lint", "run-away: pattern can run away: a repeat inside a repeat takes 'a'"),
    "nested-lists": ("lint", "run-away: pattern can run away: a repeat inside a repeat takes 'a'"),
    "repeats-that-overlap": ("lint", "run-away: pattern can run away: a repeat inside a repeat takes '7'"),
    "three-wildcards": ("lint", "run-away: pattern can run away: 3 open repeats in a row"),
    "bounded-rounds": ("lint", "run-away: pattern took "),
    "keyword-of-one-word": ("lint", "common-keyword: keyword 'story': a word of ordinary text"),
    "keyword-of-small-words": ("lint", "common-keyword: keyword 'to the': two of the most frequent words"),
    "keyword-that-is-a-scrap": ("lint", "common-keyword: keyword 'he': one of the most frequent words"),
    "keyword-common-in-german": ("lint", "common-keyword: keyword 'von': one of the most frequent words"),
    "keyword-common-in-chinese": ("lint", "common-keyword: keyword '一个': a word of ordinary text"),
    "reason-to-come": ("lint", "weak-reason: why = 'TODO: explain' is no reason"),
    "reason-that-says-nothing": ("lint", "weak-reason: why = 'Remove this boilerplate text.' is no reason"),
    "bare-word-inline": ("lint", "bare-token: 'sponsored content' is cut out of any sentence that holds it"),
    "keep-is-taken": ("examples", KEEP),
    "remove-is-not-taken": ("examples", REMOVE),
    "remove-is-too-long": ("examples", REMOVE),
    "case-is-asked-for": ("examples", REMOVE),
    "bare-word-after-keyword": ("examples", KEEP),
    "token-takes-brackets": ("texts", "takes text of an article: 'The the the the the the the the (the ref the)"),
    "section-heading-of-body": ("texts", "takes text of an article: "),
    "missing-part-not-shown": ("examples", "pattern: '(?:to your )?' may be missing, and no example is without it"),
    "rounds-without-end": ("examples", "pattern: '(?: and [a-z]+)*' has no end: give it one, such as {0,40}"),
    "allowed-for-nothing": ("lint", "run-away: run-away is allowed, and nothing is found"),
}
# Few: with fewer, the section that takes body is not found; the good rules are many.
TRIES = 150
TRIES_OF_GOOD = 20


@cache
def rules_of(name: str) -> dict[str, Rule[Any]]:
    return {rule.id: rule for rule in load(FIXTURES / name).rules}


def said(rule: Rule[Any], by: str, tries: int = TRIES) -> list[str]:
    """What a tool says of a rule by itself."""
    if by == "lint":
        return list(map(str, lint([rule])))
    if by == "examples":
        return list(map(str, try_examples([rule], [rule])))
    return list(map(str, try_properties([rule], tries=tries)))


def test_at_least_forty_wrong_rules_are_caught() -> None:
    """The whole table: each mistake, what catches it, and what it says; each of another rule or file."""
    assert set(WRONG) == set(rules_of("wrong_rules.toml"))
    by_load = {path.stem for path in (FIXTURES / "bad_rules").glob("*.toml") if b"[[rule]]" in path.read_bytes()}
    table = {name: ("load", message) for name, message in _refused(by_load)} | WRONG
    assert len(table) == len(by_load) + len(WRONG)
    assert len(table) >= 40
    assert len({message for _, message in table.values()}) >= 40, "each is another mistake"
    assert {by for by, _ in table.values()} == {"load", "lint", "examples", "texts"}


def _refused(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """What loading says of each file, which names the file and the rule, or where in the file it is."""
    for name in sorted(names):
        with pytest.raises(RuleError) as raised:
            load(FIXTURES / "bad_rules" / f"{name}.toml")
        assert f"{name}.toml" in str(raised.value)
        assert (
            raised.value.rule
            or raised.value.key
            or "not valid TOML" in str(raised.value)
            or "UTF-8" in str(raised.value)
        )
        yield name, raised.value.problem


@pytest.mark.parametrize("rule_id", list(WRONG))
def test_a_wrong_rule_is_caught(rule_id: str) -> None:
    by, message = WRONG[rule_id]
    found = [one for one in said(rules_of("wrong_rules.toml")[rule_id], by) if message in one]
    assert found, f"{by} did not say {message!r}"
    assert all(f"rule {rule_id!r}" in one and "wrong_rules.toml" in one for one in found)


@pytest.mark.parametrize("number", range(1, 21))
def test_a_good_rule_passes(number: int) -> None:
    rule = rules_of("good_rules.toml")[f"good-{number}"]
    assert said(rule, "examples") == []
    assert said(rule, "lint") == []
    assert said(rule, "texts", TRIES_OF_GOOD) == []
