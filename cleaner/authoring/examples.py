"""Running the examples of rules: exact spans, exact remaining text.

Each is run twice, by the rule alone and by a whole rule set. Strings of ``remove`` and ``keep``
are set into a small carrier article, at the place that the rule is for; whole texts are taken
as they stand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from cleaner.authoring.shown import unshown
from cleaner.engine import Engine, Restless
from cleaner.kinds import KINDS
from cleaner.kinds.inline import InlineFields
from cleaner.kinds.repeat import RepeatFields
from cleaner.markup import Article, Markup
from cleaner.pattern import Pattern, PatternTimeout
from cleaner.removal import Removal
from cleaner.rule import Rule

_OPENING = (
    "The night bus to the quarry villages was half empty when it left the square at ten.\n"
    "Nobody on board had expected the bridge to be closed again so soon after the repairs.\n"
)
_CLOSING = (
    "The driver turned round at the mill and took the old road along the river instead.\n"
    "It was past midnight when the last of the passengers walked up the hill to her house.\n"
)
# What stands in for another token of the category, for rules that need company.
_COMPANY = "\u27e6company\u27e7"


@dataclass(frozen=True, slots=True)
class Failure:
    """An example that did not come out as the rule says it does."""

    rule_id: str
    source: str
    problem: str
    text: str
    expected: str
    got: str

    def __str__(self) -> str:
        return f"{self.source}: rule {self.rule_id!r}: {self.problem}"


@dataclass(frozen=True, slots=True)
class _Case:
    """A text, what must be left of it, and the spans that must go (None: whatever leaves that)."""

    what: str
    text: str
    left: str
    spans: tuple[tuple[int, int], ...] | None = None
    markup: tuple[Markup | None, ...] = ()


def try_examples(rules: Sequence[Rule[Any]], whole: Iterable[Rule[Any]]) -> Iterator[Failure]:
    """Run the examples of ``rules``, each alone and within the rule set ``whole``; and what they do not show.

    Rules of one site are run alone: what stays of a site's lines may go by any other rule.
    """
    whole = tuple(whole)
    in_force = {rule.id for rule in whole}
    together = Engine(whole)
    for rule in rules:
        yield from (Failure(rule.id, rule.source, problem, "", "", "") for problem in unshown(rule))
        if KINDS[rule.kind].of_site:
            engine = Engine((rule,)).of_site(rule.fields.site)
            for case in _repeat_cases(rule):
                yield from _try(rule, case, engine, "alone", exact=True)
            continue
        company = _company(rule, whole)
        alone = Engine((rule, *company))
        around = (
            together
            if rule.id in in_force and not company
            else Engine({r.id: r for r in (*whole, rule, *company)}.values())
        )
        for case in _cases(rule):
            yield from _try(rule, case, alone, "alone", exact=True)
            yield from _try(rule, case, around, "within the rule set", exact=False)


def _company(rule: Rule[Any], whole: Iterable[Rule[Any]]) -> tuple[Rule[Any], ...]:
    """What a rule needs beside it to go: a stand-in for another token, and the rules of that category."""
    category = getattr(rule.fields, "beside", "")
    if not category:
        return ()
    stand_in = replace(
        rule,
        id="company",
        category=category,
        fields=InlineFields(Pattern(_COMPANY)),
        keywords=(_COMPANY,),
    )
    return (stand_in, *(other for other in whole if other.category == category and other.id != rule.id))


def _try(rule: Rule[Any], case: _Case, engine: Engine, how: str, *, exact: bool) -> Iterator[Failure]:
    try:
        settled = engine.settle(case.text, engine.by_markup(Article(case.text, case.markup)))
    except (PatternTimeout, Restless) as error:
        yield Failure(rule.id, rule.source, f"{case.what}, {how}: {type(error).__name__}", case.text, case.left, "")
        return
    problem = ""
    if settled.text != case.left:
        problem = "what is left is not what should be"
    elif exact and case.spans is not None and _merged(settled.removals) != case.spans:
        problem = "other spans went than should have"
    if problem:
        yield Failure(rule.id, rule.source, f"{case.what}, {how}: {problem}", case.text, case.left, settled.text)


def _merged(removals: Iterable[Removal]) -> tuple[tuple[int, int], ...]:
    merged: list[tuple[int, int]] = []
    for removal in removals:
        if merged and merged[-1][1] == removal.start:
            merged[-1] = (merged[-1][0], removal.end)
        else:
            merged.append((removal.start, removal.end))
    return tuple(merged)


def _cases(rule: Rule[Any]) -> Iterator[_Case]:
    if rule.kind == "line":
        yield from _line_cases(rule)
    elif rule.kind == "inline":
        yield from _inline_cases(rule)
    for number, example in enumerate(rule.examples, start=1):
        yield _Case(f"example {number}", example.text, example.left, markup=example.markup)


def _line_cases(rule: Rule[Any]) -> Iterator[_Case]:
    where = rule.fields.where
    if rule.fields.button and where == "anywhere":
        where = "tail"  # among the paragraphs a lone button stays
    before = "" if where == "head" else _OPENING + _CLOSING if where == "tail" else _OPENING
    after = "" if where == "tail" else _OPENING + _CLOSING if where == "head" else _CLOSING
    for line in rule.remove:
        text = f"{before}{line}\n{after}"
        yield _Case(f"remove {line!r}", text, before + after, ((len(before), len(before) + len(line) + 1),))
    for line in rule.keep:
        text = f"{before}{line}\n{after}"
        yield _Case(f"keep {line!r}", text, text, ())


def _repeat_cases(rule: Rule[RepeatFields]) -> Iterator[_Case]:
    body = _OPENING + _CLOSING
    for line in rule.remove:
        going = "".join(f"{one}\n" for one in (*rule.fields.company_of(line), line))
        yield _Case(f"remove {line!r}", going + body, body, ((0, len(going)),))
    for line in rule.keep:
        text = f"{_OPENING}{line}\n{_CLOSING}"
        yield _Case(f"keep {line!r}", text, text, ())


def _inline_cases(rule: Rule[Any]) -> Iterator[_Case]:
    company = f" {_COMPANY}" if rule.fields.beside else ""
    sentence = "The bridge was closed again last night."
    if "(?P<drop>" not in rule.fields.pattern.source:
        for token in rule.remove:
            text = f"{_OPENING}{sentence} {token}{company}\n{_CLOSING}"
            start = len(_OPENING) + len(sentence)
            end = start + len(f" {token}{company}")
            yield _Case(f"remove {token!r}", text, f"{_OPENING}{sentence}\n{_CLOSING}", ((start, end),))
    for line in rule.keep:
        text = f"{_OPENING}{line}\n{_CLOSING}"
        yield _Case(f"keep {line!r}", text, text, ())
