"""A pattern takes what its examples show: parts that may be missing, repeats without end."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cleaner.authoring import lint, try_examples
from cleaner.authoring.shown import unshown
from cleaner.ruleset import shipped_rules
from tests.making import rule
from tests.mutations.rules import mutants_of


def problems(pattern: str, *remove: str, allow: str = "") -> list[str]:
    made = replace(rule("line", keywords=("story",), pattern=pattern), remove=remove)
    return list(unshown(replace(made, allow=(("not-shown", allow),)) if allow else made))


@pytest.mark.parametrize(
    ("pattern", "remove"),
    [
        ("save this story", ["save this story"]),
        ("save (?:this )?story", ["save this story", "Save story"]),
        (r"save this story\W*", ["save this story"]),
        (r"\d+ stor(?:y|ies)", ["3 stories"]),
        (r"story by \w+", ["story by Mara"]),
        ("save (?!the )story", ["save story"]),
        ("(?:save|add (?:to|by)) story(?: now)?", ["add to story", "save story now"]),
        ("save (?:(?:this|the) )?story", ["save story"]),
        (r"story (?:\(\d\))?", ["story (1)"]),
        ("story [^.!?]{0,40}", ["story x"]),
    ],
)
def test_what_is_shown_is_no_problem(pattern: str, remove: list[str]) -> None:
    assert problems(pattern, *remove) == []


@pytest.mark.parametrize(
    ("pattern", "remove", "part"),
    [
        ("save (?:this )?story", ["save this story"], "(?:this )?"),
        ("(?:save|add(?: to)?) story", ["save story"], "(?: to)?"),
        ("save (?:(?:this|the)? )?story", ["save story", "save the story"], "(?:this|the)?"),
        ("save story(?: now){0,3}", ["save story now"], "(?: now){0,3}"),
        ("save.*story", ["save story"], ".*"),
        ("save story [^.]{2,}", ["save story now"], "[^.]{2,}"),
        (r"save story (?:\w+ )*", ["save story "], "(?:\\w+ )*"),
        (r"save story \d{2,}", ["save story 20"], "\\d{2,}"),
        ("save story(?: by (?-i:\\p{Lu})\\w{0,9})?", ["save story by Mara"], None),
    ],
)
def test_what_no_example_shows_is_named(pattern: str, remove: list[str], part: str | None) -> None:
    found = problems(pattern, *remove)
    assert len(found) == 1
    assert part is None or repr(part).strip("'") in found[0]
    assert problems(pattern, *remove, allow=f"It is so: {part}" if part else pattern) == []


def test_examples_and_lint_say_it() -> None:
    made = replace(rule("line", keywords=("story",), pattern="save (?:this )?story"), remove=("save this story",))
    assert [f.problem for f in try_examples([made], [made])] == list(unshown(made))
    needless = replace(made, remove=("save this story", "save story"), allow=(("not-shown", "(?:this )?"),))
    assert [finding.check for finding in lint([needless]) if finding.check == "not-shown"] == ["not-shown"]


def test_shipped_rules_show_what_they_take() -> None:
    assert [(one.id, problem) for one in shipped_rules() for problem in unshown(one)] == []


@pytest.mark.parametrize(
    ("source", "mutants"),
    [
        ("ab cd", {("word", "(?:ab )?cd"), ("literal", ".* cd"), ("word", "ab (?:cd)?"), ("literal", "ab .*")}),
        (r"\d{1,3}", {("bound", r"\d{1,}")}),
        (r"\W\b\d", {("boundary", r"\W\d")}),
        (r"(?!no)\d", {("boundary", r"\d")}),
        (r"(?:\d|\W)", {("group", r"(?:\d|\W)?")}),
        (r"(?:\d|\W)?", set()),
        (r"(?:\d|\W){2}", {("group", r"(?:(?:\d|\W){2})?")}),
    ],
)
def test_mutants_are_wider(source: str, mutants: set[tuple[str, str]]) -> None:
    assert set(mutants_of(source, whole=True)) == mutants
