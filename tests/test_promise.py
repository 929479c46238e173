"""The promise, as properties: what holds for every text and every rule set that loads."""

from __future__ import annotations

import pickle
from functools import cache
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import cleaner
from cleaner import Cleaner, Result
from cleaner.engine import Engine
from cleaner.look import Notes
from cleaner.match import every_hit
from cleaner.removal import GuardError, Removal, apply, guard
from cleaner.rule import Rule
from cleaner.ruleset import RuleSet
from cleaner.testing import articles, check_body, check_promise
from tests import strategies
from tests.making import PROSE, lines

# Rules and texts over a few literals are small; what they must show is rare.
many = settings(max_examples=800)


def cleaner_of(rules: tuple[Rule[Any], ...], max_removed: float = 1.0) -> Cleaner:
    """A cleaner for rules that stand in no file."""
    made = Cleaner.__new__(Cleaner)
    made.__setstate__((RuleSet(rules, "digest"), max_removed))
    return made


@cache
def pickled_standard() -> Cleaner:
    """The shipped cleaner, as another process would get it."""
    made: Cleaner = pickle.loads(pickle.dumps(Cleaner("standard")))  # noqa: S301 - pickled two words earlier
    return made


def assert_only_deleted(text: str, result: Result) -> None:
    """Promises 1 to 3, from the definition and not from the library's own guard."""
    kept, at = [], 0
    for removal in result.removals:
        assert at <= removal.start < removal.end <= len(text), "sorted, never overlapping, never empty"
        kept.append(text[at : removal.start])
        at = removal.end
    kept.append(text[at:])
    assert "".join(kept) == result.text
    assert cleaner.restore(result.text, result.removed) == text
    if not result.removals:
        assert result.text is text


@given(text=strategies.texts)
@example(text="")
@example(text="\ufeff")
@example(text="\ufeffSimilar News\n")
@example(text="\r\r\n\n\x00")
@example(text="\ud800 (turn0search1)\udfff")
def test_only_deletion_with_a_reason_and_reversible(standard: Cleaner, text: str) -> None:
    result = standard.clean(text)
    assert_only_deleted(text, result)
    known = {rule.id for rule in standard.rule_set.rules}
    assert {removal.rule_id for removal in result.removals} <= known
    assert not any(flag.startswith(("error", "guard")) for flag in result.flags)


@many
@given(rules=strategies.rule_lists(), text=strategies.small_texts)
def test_only_deletion_whatever_the_rules(rules: tuple[Rule[Any], ...], text: str) -> None:
    result = cleaner_of(rules).clean(text)
    assert_only_deleted(text, result)
    assert not any(flag.startswith(("error", "guard")) for flag in result.flags)


@given(text=strategies.texts)
def test_idempotent(shipped: Cleaner, text: str) -> None:
    once = shipped.clean(text).text
    assert shipped.clean(once).text == once


@given(page=strategies.pages())
def test_idempotent_on_pages(shipped: Cleaner, page: strategies.Page) -> None:
    once = shipped.clean(page.text).text
    assert shipped.clean(once).text == once


@many
@given(rules=strategies.rule_lists(), text=strategies.small_texts, max_removed=st.sampled_from([0.0, 0.3, 0.6, 1.0]))
def test_idempotent_whatever_the_rules(rules: tuple[Rule[Any], ...], text: str, max_removed: float) -> None:
    c = cleaner_of(rules, max_removed)
    once = c.clean(text).text
    assert c.clean(once).text == once


@given(page=strategies.pages())
def test_the_body_survives(shipped: Cleaner, page: strategies.Page) -> None:
    check_body(page, shipped.clean(page.text).text)


@pytest.mark.parametrize(
    "paragraph",
    [
        pytest.param("The boats of the harbour lie at anchor until the wind turns.", id="Latin"),
        pytest.param("घाट के पास रहने वाले लोग हर सुबह नाव से शहर जाते हैं।", id="Hindi"),
    ],
)
def test_whatever_token_stands_behind_a_paragraph_it_stays(shipped: Cleaner, paragraph: str) -> None:
    tokens = [token for rule in shipped.rule_set.rules if rule.kind == "inline" for token in rule.remove]
    texts = {token: lines(*PROSE, "Similar News", f"{paragraph} {token}") for token in tokens}
    assert [token for token, text in texts.items() if paragraph not in shipped.clean(text).text] == []


@given(page=articles())
def test_an_article_without_chrome_is_left_alone(shipped: Cleaner, page: strategies.Page) -> None:
    result = shipped.clean(page.text)
    assert result.text is page.text
    check_promise(shipped, page)


@many
@given(rules=strategies.rule_lists(), text=strategies.small_texts, more=strategies.small_texts)
def test_what_a_look_remembers_changes_nothing(rules: tuple[Rule[Any], ...], text: str, more: str) -> None:
    engine, notes = Engine(rules), Notes()
    left = apply(text, engine.look(text, notes=notes))
    # A later look sees lines that stand elsewhere by then, and some that were not there.
    for later in (left, more + left, left + more):
        assert engine.look(later, notes=notes) == engine.look(later)


@many
@given(rules=strategies.rule_lists(), text=strategies.small_texts)
def test_keywords_find_what_trying_every_rule_finds(rules: tuple[Rule[Any], ...], text: str) -> None:
    by_keyword = Engine(rules).look(text)
    by_trying = Engine(rules, hits=lambda t: every_hit(rules, t)).look(text)
    assert by_keyword == by_trying


@given(text=st.one_of(strategies.texts, strategies.pages().map(lambda page: page.text)), draw=st.randoms())
def test_shipped_keywords_find_what_trying_every_rule_finds(standard: Cleaner, text: str, draw: Any) -> None:
    # Some rules at a time: trying all on every line would take most of the time of the suite.
    rules = tuple(draw.sample(standard.rule_set.rules, 150))
    by_keyword = Engine(rules).look(text)
    by_trying = Engine(rules, hits=lambda t: every_hit(rules, t)).look(text)
    assert by_keyword == by_trying


@given(texts=st.lists(strategies.texts, max_size=5), seed=st.randoms())
def test_the_same_in_any_order_and_after_pickling(standard: Cleaner, texts: list[str], seed: Any) -> None:
    expected = {text: standard.clean(text) for text in texts}
    seed.shuffle(texts)
    for text, result in zip(texts, pickled_standard().clean_many(texts), strict=True):
        assert result == expected[text]


@pytest.mark.parametrize(
    ("removals", "cleaned"),
    [
        pytest.param([Removal(1, 3, "a"), Removal(2, 4, "b")], "a", id="overlapping"),
        pytest.param([Removal(3, 4, "a"), Removal(0, 1, "b")], "abcbcd", id="out of order"),
        pytest.param([Removal(1, 1, "a")], "abcd", id="empty span"),
        pytest.param([Removal(1, 9, "a")], "a", id="outside the text"),
        pytest.param([Removal(1, 2, "a")], "abd", id="another text than the spans leave"),
    ],
)
def test_the_guard_refuses(removals: list[Removal], cleaned: str) -> None:
    with pytest.raises(GuardError):
        guard("abcd", cleaned, removals)
