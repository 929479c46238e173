"""Decisions of a reviewer: what their file may hold, and what is promised of texts cleaned by them."""

from __future__ import annotations

import json
import pickle
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner import Cleaner
from cleaner.audit import digest
from cleaner.decided import DecidedCleaner
from cleaner.decisions import (
    Decisions,
    DecisionsError,
    RemovalDecision,
    RuleDecision,
    TextDecision,
    load_decisions,
    read_decisions,
)
from cleaner.rule import Rule
from tests import strategies
from tests.making import PROSE, lines, rule
from tests.test_promise import assert_only_deleted, cleaner_of, many

DIRTY = lines(PROSE[0], "Advertisement", PROSE[1], f"{PROSE[2]} (turn0search21)", "Similar News", "Ferry Sails At Last")
A_DIGEST = digest("any text")


def rejecting(cleaner: Cleaner, text: str, *gone: str, **options: str) -> Decisions:
    """A review of one text, in which the removals that hold these strings were rejected."""
    result = cleaner.clean(text, **options)
    rows = [
        RemovalDecision(
            text=digest(text),
            left=digest(result.text),
            rule_id=r.rule_id,
            start=r.start,
            end=r.end,
            removed=r.text,
            verdict="reject",
        )
        for r in result.removed
        if any(string in r.text for string in gone)
    ]
    assert len(rows) >= len(gone), "all of them are removed by rules"
    return Decisions(removals=tuple(rows))


def test_no_decisions_change_nothing(standard: Cleaner) -> None:
    decided = DecidedCleaner(standard, Decisions())
    assert decided.clean(DIRTY) == standard.clean(DIRTY)
    assert decided.rules_digest == standard.rules_digest


def test_what_was_accepted_changes_nothing(standard: Cleaner) -> None:
    accepted = Decisions(
        rules=(RuleDecision(rule_id="ad-label", verdict="accept"),),
        texts=(TextDecision(text=digest(DIRTY), verdict="accept"),),
        removals=(
            RemovalDecision(text=digest(DIRTY), left=A_DIGEST, rule_id="ad-label", start=0, end=99, verdict="accept"),
        ),
    )
    assert DecidedCleaner(standard, accepted).clean(DIRTY) == standard.clean(DIRTY)


def test_a_rejected_rule_is_not_in_force(standard: Cleaner) -> None:
    decided = DecidedCleaner(standard, Decisions(rules=(RuleDecision(rule_id="ad-label", verdict="reject"),)))
    result = decided.clean(DIRTY)
    assert "Advertisement" in result.text
    assert "turn0search21" not in result.text
    assert decided.rules_digest != standard.rules_digest


def test_a_rejected_text_is_the_same_object_and_flagged(standard: Cleaner) -> None:
    decided = DecidedCleaner(standard, Decisions(texts=(TextDecision(text=digest(DIRTY), verdict="reject"),)))
    result = decided.clean(DIRTY)
    assert result.text is DIRTY
    assert result.flags == ("decision",)
    assert decided.clean(DIRTY + "More.\n").changed


def test_a_rejected_removal_stays_in_its_text_alone(standard: Cleaner) -> None:
    decided = DecidedCleaner(standard, rejecting(standard, DIRTY, "Advertisement"))
    result = decided.clean(DIRTY)
    assert_only_deleted(DIRTY, result)
    assert "\nAdvertisement\n" in result.text
    assert "turn0search21" not in result.text
    assert result.flags == ("decision:ad-label",)
    other = lines(PROSE[3], "Advertisement", PROSE[4])
    assert decided.clean(other) == standard_with_digest(standard.clean(other), decided)


def standard_with_digest(result: Any, decided: Cleaner) -> Any:
    return type(result)(result.text, result.removals, result.flags, decided.rules_digest, result.source)


def test_a_rejected_removal_still_stays_when_its_text_comes_back_cleaned(standard: Cleaner) -> None:
    decided = DecidedCleaner(standard, rejecting(standard, DIRTY, "Advertisement", "turn0search21"))
    once = decided.clean(DIRTY).text
    assert "Advertisement" in once
    assert decided.clean(once).text is once


def test_rules_disabled_beside_it_do_not_hide_a_cleaned_text(standard: Cleaner) -> None:
    rejected = rejecting(standard, DIRTY, "Advertisement")
    tokens = {r.rule_id for r in standard.clean(DIRTY).removed if "turn0" in r.text}
    disabled = tuple(RuleDecision(rule_id=rule_id, verdict="reject") for rule_id in tokens)
    decided = DecidedCleaner(standard, Decisions(rules=disabled, removals=rejected.removals))
    once = decided.clean(DIRTY)
    assert once.changed
    assert "Advertisement" in once.text
    assert "turn0search21" in once.text
    assert decided.clean(once.text).text == once.text


def test_another_rule_may_not_take_what_was_rejected() -> None:
    one = rule("line", name="one", pattern="menu", keywords=("menu",))
    other = rule("line", name="other", pattern="menu|foot", keywords=("menu", "foot"))
    text = lines(PROSE[0], "Menu", PROSE[1])
    cleaner = cleaner_of((one, other))
    result = DecidedCleaner(cleaner, rejecting(cleaner, text, "Menu")).clean(text)
    assert result.text is text
    assert result.flags == ("decision:one", "decision:other")


def test_a_rejected_rule_does_not_leave_its_lines_to_another() -> None:
    one = rule("line", name="one", pattern="menu", keywords=("menu",))
    other = rule("line", name="other", pattern="menu|foot", keywords=("menu", "foot"))
    text = lines(PROSE[0], "Menu", PROSE[1])
    cleaner = cleaner_of((one, other))
    rejected = rejecting(cleaner, text, "Menu").removals
    decisions = Decisions(rules=(RuleDecision(rule_id="one", verdict="reject"),), removals=rejected)
    assert DecidedCleaner(cleaner, decisions).clean(text).text is text


def test_where_a_second_run_would_take_more_the_text_stays() -> None:
    """Rules that came after the review leave something else of the text, so that it would not be known again."""
    menu = rule("line", name="menu", pattern="menu", keywords=("menu",))
    foot = rule("line", name="foot", pattern="foot", keywords=("foot",))
    text = lines("Foot", PROSE[0], "Menu", PROSE[1])
    decisions = rejecting(cleaner_of((menu,)), text, "Menu")
    decided = DecidedCleaner(cleaner_of((menu, foot)), decisions)
    result = decided.clean(text)
    assert result.text is text
    assert result.flags == ("restless:decision",)


def test_a_decided_cleaner_is_picklable(standard: Cleaner) -> None:
    decisions = Decisions(
        rules=(RuleDecision(rule_id="ad-label", verdict="reject"),),
        removals=rejecting(standard, DIRTY, "turn0search21").removals,
    )
    decided = DecidedCleaner(standard, decisions)
    again = pickle.loads(pickle.dumps(decided))  # noqa: S301 - pickled in the same line
    assert again.rules_digest == decided.rules_digest
    assert again.clean(DIRTY) == decided.clean(DIRTY)


def test_rules_of_a_site_and_of_a_language_are_left_out_too() -> None:
    menu = rule("repeat", name="menu", site="a.example", lines=("Menu",))
    foot = replace(rule("line", name="foot", pattern="foot", keywords=("foot",)), lang="de")
    text = lines("Menu", PROSE[0], PROSE[1], "Foot")
    cleaner = cleaner_of((menu, foot))
    options = {"site": "a.example", "lang": "de"}
    assert cleaner.clean(text, **options).text == lines(PROSE[0], PROSE[1])
    for stays in ("Menu", "Foot"):
        decided = DecidedCleaner(cleaner, rejecting(cleaner, text, stays, **options))
        once = decided.clean(text, **options).text
        assert (stays in once, len(once.splitlines())) == (True, 3)
        assert decided.clean(once, **options).text is once


@many
@given(
    rules=strategies.rule_lists(),
    text=strategies.small_texts,
    draw=st.randoms(),
    max_removed=st.sampled_from([0.0, 0.3, 0.6, 1.0]),
)
def test_promises_hold_whatever_is_rejected(
    rules: tuple[Rule[Any], ...], text: str, draw: Any, max_removed: float
) -> None:
    cleaner = cleaner_of(rules, max_removed)
    result = cleaner.clean(text)
    rows = tuple(
        RemovalDecision(
            text=digest(text),
            left=digest(result.text),
            rule_id=r.rule_id,
            start=r.start,
            end=r.end,
            removed=draw.choice([r.text, None]),
            verdict="reject",
        )
        for r in result.removed
        if draw.random() < 0.5
    )
    disabled = tuple(RuleDecision(rule_id=r.id, verdict="reject") for r in rules if draw.random() < 0.2)
    decided = DecidedCleaner(cleaner, Decisions(rules=disabled, removals=rows))
    once = decided.clean(text)
    assert_only_deleted(text, once)
    for row in rows:
        gone = range(row.start, row.end)
        core = [at for at in gone if not text[row.start : at + 1].isspace() and not text[at : row.end].isspace()]
        assert not any(r.start <= at < r.end for r in once.removals for at in core), "what was rejected stays"
    assert decided.clean(once.text).text == once.text


@given(page=strategies.pages(), draw=st.randoms())
def test_promises_hold_on_pages_whatever_is_rejected(standard: Cleaner, page: strategies.Page, draw: Any) -> None:
    removed = standard.clean(page.text).removed
    gone = [r.text for r in removed if r.text.strip() and draw.random() < 0.3]
    decided = DecidedCleaner(standard, rejecting(standard, page.text, *gone))
    once = decided.clean(page.text)
    assert_only_deleted(page.text, once)
    assert all(string.strip() in once.text for string in gone)
    assert decided.clean(once.text).text == once.text


def test_the_digest_tells_what_decides_and_nothing_else() -> None:
    row = {"text": A_DIGEST, "left": A_DIGEST, "rule_id": "x", "start": 1, "end": 2}
    one, two = (RemovalDecision(**row | {"start": at}, verdict="reject") for at in (0, 1))
    assert Decisions().digest == ""
    assert Decisions(removals=(one, two)).digest == Decisions(removals=(two, one), rules_digest="y").digest
    assert Decisions(removals=(one,)).digest != Decisions(removals=(two,)).digest
    assert Decisions(removals=(RemovalDecision(**row, verdict="accept"),)).digest == ""


def test_a_file_is_read_as_it_was_written(tmp_path: Path) -> None:
    decisions = Decisions(
        rules=(RuleDecision(rule_id="ad-label", verdict="reject"),),
        texts=(TextDecision(text=A_DIGEST, verdict="accept", place="a\udcff.txt"),),
        removals=(
            RemovalDecision(
                text=A_DIGEST, left=A_DIGEST, rule_id="x", start=1, end=4, removed="\ud800\x00\n", verdict="reject"
            ),
        ),
        rules_digest="r",
    )
    path = tmp_path / "decisions.json"
    path.write_text(json.dumps(decisions.as_dict()), encoding="utf-8-sig")
    assert load_decisions(path) == decisions


ROW = {"text": A_DIGEST, "left": A_DIGEST, "rule": "x", "start": 1, "end": 4, "verdict": "reject"}


@pytest.mark.parametrize(
    ("file", "problem"),
    [
        ("", "d.json:1: no JSON: "),
        ('{"decisions": 1,\n,}', "d.json:2: no JSON: "),
        ("[" * 100_000, "d.json: no decisions: nested too deep"),
        ([], "d.json: should be an object"),
        ({}, "d.json: no decisions: the key 'decisions'"),
        ({"decisions": True}, "d.json: 'decisions' should be a whole number"),
        ({"decisions": 2}, "d.json: format 2 is newer than this version reads (1)"),
        ({"decisions": 1, "rule": []}, "d.json: unknown key 'rule'; did you mean 'rules'?"),
        ({"decisions": 1, "rules": {}}, "d.json: 'rules' should be a list"),
        ({"decisions": 1, "rules": ["x"]}, "d.json: rules[0]: should be an object"),
        ({"decisions": 1, "rules": [{"verdict": "reject"}]}, "d.json: rules[0]: 'rule' is missing"),
        ({"decisions": 1, "rules": [{"rule": "x"}]}, "d.json: rules[0]: 'verdict' is missing"),
        ({"decisions": 1, "rules": [{"rule": "x", "verdict": "no"}]}, "rules[0]: 'verdict' should be accept or reject"),
        ({"decisions": 1, "texts": [{"text": "abc", "verdict": "reject"}]}, "texts[0]: 'text' should be a SHA-256"),
        ({"decisions": 1, "removals": [ROW, ROW | {"end": 1}]}, "removals[1]: 'start' 1 is not before 'end' 1"),
        ({"decisions": 1, "removals": [ROW | {"start": -1}]}, "removals[0]: 'start' should be a whole number"),
        ({"decisions": 1, "removals": [ROW | {"removed": 3}]}, "removals[0]: 'removed' should be a string"),
        ({"decisions": 1, "removals": [ROW | {"wy": "x"}]}, "removals[0]: unknown key 'wy'"),
    ],
)
def test_a_wrong_file_is_told_with_its_place(file: Any, problem: str) -> None:
    text = file if isinstance(file, str) else json.dumps(file)
    with pytest.raises(DecisionsError, match=re.escape(problem)):
        read_decisions(text, source="d.json")


def test_a_file_that_is_not_there_or_not_text(tmp_path: Path) -> None:
    with pytest.raises(DecisionsError, match=r"none\.json: cannot be read: No such file"):
        load_decisions(tmp_path / "none.json")
    (tmp_path / "bad.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DecisionsError, match=r"bad\.json: not UTF-8: bad byte at offset 0"):
        load_decisions(tmp_path / "bad.json")
