"""Rules that say the same: duplicates, and rules all of whose examples another one takes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from cleaner.authoring.variants import taken
from cleaner.markdown import undress
from cleaner.match import KeywordIndex
from cleaner.rule import LEVELS, Rule


def twins(rule: Rule[Any], whole: Iterable[Rule[Any]]) -> Iterator[Rule[Any]]:
    """Other rules of the same kind that look at texts in the same way."""
    for other in whole:
        same = other.kind == rule.kind and other.fields == rule.fields and set(other.keywords) == set(rule.keywords)
        if same and other.id != rule.id:
            yield other


class Takers:
    """The rules of kind ``line`` of a rule set, and which of them take a line."""

    def __init__(self, whole: Iterable[Rule[Any]]) -> None:
        self._index = KeywordIndex(rule for rule in whole if rule.kind == "line" and rule.status != "deprecated")

    def of(self, lines: Iterable[str]) -> Mapping[str, frozenset[str]]:
        """For each rule that takes one of the lines its id, and the lines that it takes."""
        lines = [line for line in lines if "\n" not in line]
        found: dict[str, set[str]] = defaultdict(set)
        for hit in self._index.hits("\n".join(map(undress, lines))).get("line", ()):
            if taken(hit.rule, lines[hit.line]):
                found[hit.rule.id].add(lines[hit.line])
        return {rule_id: frozenset(taken_lines) for rule_id, taken_lines in found.items()}


def shadows(rule: Rule[Any], whole: Mapping[str, Rule[Any]], takers: Takers) -> Iterator[Rule[Any]]:
    """Rules that take every example of this one, in the same places, and are in force wherever it is."""
    if rule.kind != "line" or not rule.remove:
        return
    for rule_id, lines in takers.of(rule.remove).items():
        other = whole[rule_id]
        if rule_id != rule.id and len(lines) == len(set(rule.remove)) and _stands_in_for(other, rule):
            yield other


def _stands_in_for(other: Rule[Any], rule: Rule[Any]) -> bool:
    in_place = other.fields.where in ("anywhere", rule.fields.where)
    return in_place and LEVELS.index(other.level) <= LEVELS.index(rule.level) and other.lang in ("any", rule.lang)
