"""Widen shipped rules, each in one place, and expect their examples or the properties to notice.

``python tests/mutations/rules.py [--seed N] [--rules N]`` draws rules and operators with a fixed seed, prints the
mutants that nothing caught, and exits 1 where more than one in ten was not.

Operators: a word may be missing; a boundary (``\\b``, or an assertion) is dropped; a literal word becomes ``.*``; the
upper bound of a repeat is opened; a group that is required becomes optional. What stands inside an assertion is not
widened, for there it would narrow. A mutant is drawn anew where it is no pattern, and where it provably matches
nothing more: a ``\\b`` that was dropped between a literal letter and a literal that is none, or between a literal
letter and the end of a pattern that must match whole lines.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random
from typing import Any

import regex

from cleaner.authoring import try_examples
from cleaner.authoring.properties import try_properties
from cleaner.authoring.shown import groups, inside_assertions, tokens
from cleaner.authoring.variants import patterns
from cleaner.pattern import Pattern
from cleaner.rule import Rule
from cleaner.ruleset import shipped_rules

SEED = 6
RULES = 50
# One in ten may get through.
LEAST_CAUGHT = 0.9
TRIES = 100
OPERATORS = ("word", "boundary", "literal", "bound", "group")
_QUANTIFIER = regex.compile(r"[?*+]|\{\d*,?\d*\}")
_BOUND = regex.compile(r"\{(\d*),\d+\}")
_LOOKS = ("(?=", "(?!", "(?<=", "(?<!")


@dataclass(frozen=True)
class Mutant:
    """A rule that was widened: the rule as it is then, where and how it was."""

    rule: Rule[Any]
    key: str
    operator: str
    source: str
    before: str


def mutants_of(source: str, *, whole: bool) -> Iterator[tuple[str, str]]:
    """All mutants of a pattern, with their operators; ``whole`` says that it must match whole lines."""
    found = tokens(source)
    unseen = inside_assertions(found)
    pairs = groups(found)
    number = 0
    while number < len(found):
        token = found[number]
        if any(number in some for some in unseen):
            if any(number == some.stop - 1 and found[some.start][0] in _LOOKS for some in unseen):
                start = found[pairs[number]].start()
                yield "boundary", source[:start] + source[token.end() :]
            number += 1
            continue
        stop = _end_of_word(found, number)
        if stop > number + 1:
            yield from _of_word(source, found[number].start(), found[stop - 1].end())
            number = stop
            continue
        if token[0] == r"\b" and not _is_needless(found, number, whole=whole):
            yield "boundary", source[: token.start()] + source[token.end() :]
        if bound := _BOUND.fullmatch(token[0]):
            yield "bound", f"{source[: token.start()]}{{{bound[1] or 0},}}{source[token.end() :]}"
        if token[0] == ")" and number in pairs:
            yield from _of_group(source, found, pairs[number], number)
        number += 1


def _end_of_word(found: list[Any], start: int) -> int:
    """Where a literal word that begins at a token ends; a letter with a quantifier of its own is none of it."""
    stop = start
    while stop < len(found) and len(found[stop][0]) == 1 and found[stop][0].isalpha():
        stop += 1
    if stop < len(found) and _QUANTIFIER.fullmatch(found[stop][0]):
        stop -= 1
    return stop


def _of_word(source: str, start: int, stop: int) -> Iterator[tuple[str, str]]:
    space = source[stop : stop + 1] == " " and not _QUANTIFIER.match(source, stop + 1)
    behind = stop + space
    yield "word", f"{source[:start]}(?:{source[start:behind]})?{source[behind:]}"
    yield "literal", f"{source[:start]}.*{source[stop:]}"


def _of_group(source: str, found: list[Any], opened: int, closed: int) -> Iterator[tuple[str, str]]:
    start, stop = found[opened].start(), found[closed].end()
    mark = found[closed + 1][0] if closed + 1 < len(found) else ""
    if found[opened][0].startswith(("(?(", "(?|")) or mark in ("?", "*") or mark.startswith(("{0", "{,")):
        return
    if mark == "+" or _QUANTIFIER.fullmatch(mark):
        end = found[closed + 1].end()
        yield "group", f"{source[:start]}(?:{source[start:end]})?{source[end:]}"
    else:
        yield "group", f"{source[:start]}{source[start:stop]}?{source[stop:]}"


def _is_needless(found: list[Any], number: int, *, whole: bool) -> bool:
    """Whether a boundary provably holds wherever the rest matches."""
    before = found[number - 1][0] if number else ""
    behind = found[number + 1][0] if number + 1 < len(found) else ""
    letter, other = (before, behind) if before.isalpha() else (behind, before)
    if not letter.isalpha():
        return False
    return (whole and other == "") or (len(other) == 1 and other in " ,;:!-/'\"")


def draw(random: Random, number: int) -> Iterator[Mutant]:
    """So many mutants, each of another rule."""
    rules = [rule for rule in shipped_rules() if any(patterns(rule))]
    drawn = 0
    for rule in random.sample(rules, len(rules)):
        if drawn == number:
            return
        key, pattern = random.choice(list(patterns(rule)))
        by_operator: dict[str, list[str]] = {}
        for operator, source in mutants_of(pattern.source, whole=rule.kind in ("line", "section")):
            if _compiles(source):
                by_operator.setdefault(operator, []).append(source)
        if by_operator:
            drawn += 1
            operator = random.choice([name for name in OPERATORS if name in by_operator])
            source = random.choice(by_operator[operator])
            yield Mutant(_with(rule, key, source), key, operator, source, pattern.source)


def _compiles(source: str) -> bool:
    try:
        regex.compile(source, regex.IGNORECASE | regex.VERSION0)
    except regex.error:
        return False
    return True


def _with(rule: Rule[Any], key: str, source: str) -> Rule[Any]:
    return replace(rule, fields=replace(rule.fields, **{key: Pattern(source)}))


def caught_by(rule: Rule[Any]) -> str:
    """What notices that something is wrong with a rule; nothing where all are content."""
    if next(try_examples([rule], [rule]), None) is not None:
        return "examples"
    if next(try_properties([rule], tries=TRIES), None) is not None:
        return "properties"
    return ""


def main() -> int:
    """Draw, try and tell; the exit code."""
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("--seed", type=int, default=SEED)
    asked.add_argument("--rules", type=int, default=RULES)
    options = asked.parse_args()
    counts: Counter[str] = Counter()
    for mutant in draw(Random(options.seed), options.rules):
        by = caught_by(mutant.rule)
        counts[by] += 1
        if not by:
            sys.stdout.write(f"not caught: {mutant.operator} in {mutant.rule.id}, {mutant.key}\n")
            sys.stdout.write(f"    was: {mutant.before}\n    now: {mutant.source}\n")
            sys.stdout.flush()
    caught = counts["examples"] + counts["properties"]
    sys.stdout.write(
        f"seed {options.seed}: {caught} of {counts.total()} widened rules caught, {counts['examples']} by their "
        f"examples and {counts['properties']} by properties\n"
    )
    return 0 if caught >= LEAST_CAUGHT * counts.total() else 1


if __name__ == "__main__":
    sys.exit(main())
