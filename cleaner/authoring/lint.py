"""Lint: what is wrong with rules that load and pass their own examples.

Each check looks for one mistake, and says where, what, and what to do instead. A rule may fail a check on
purpose: ``allow = { common-keyword = "..." }`` in its table, with the reason.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from cleaner.authoring.keywords import too_common
from cleaner.authoring.overlap import Takers, shadows, twins
from cleaner.authoring.runaway import SLOW, slowest, weaknesses
from cleaner.authoring.shown import NOT_SHOWN, unshown
from cleaner.authoring.variants import NearMiss, Sort, near_misses, patterns, taken
from cleaner.kinds import KINDS
from cleaner.kinds.section import LONGEST_HEADING
from cleaner.pattern import Pattern
from cleaner.rule import Rule
from cleaner.ruleset.error import did_you_mean

# What patterns that know no bound are attacked with, in characters: a long paragraph.
LONG_LINE = 1_000
LEAST_REASON_WORDS = 2
_STAND_INS = frozenset(("todo", "fixme", "xxx", "tbd", "n/a"))
# Words that give no reason, however many of them there are.
_EMPTY_WORDS = (
    "a an and bad be boilerplate chrome delete garbage is it junk line no noise not of remove removes rule should spam "
    "stuff take takes test text that the this to unwanted useless"
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One mistake in a rule: the check that found it, where, what, and what to do instead."""

    check: str
    rule_id: str
    source: str
    line: int
    problem: str
    instead: str

    def __str__(self) -> str:
        place = f"{self.source}:{self.line}" if self.line else self.source
        return f"{place}: rule {self.rule_id!r}: {self.check}: {self.problem}; {self.instead}"


@dataclass(frozen=True)
class _Company:
    """The rules that a rule stands among."""

    whole: Sequence[Rule[Any]]

    @cached_property
    def by_id(self) -> Mapping[str, Rule[Any]]:
        return {rule.id: rule for rule in self.whole}

    @cached_property
    def takers(self) -> Takers:
        return Takers(self.whole)


# A mistake: what is wrong, and what to do instead.
Mistakes = Iterator[tuple[str, str]]


def lint(rules: Iterable[Rule[Any]], whole: Iterable[Rule[Any]] = ()) -> Iterator[Finding]:
    """What lint finds in ``rules``, which stand among the rules of ``whole``.

    >>> from cleaner.ruleset import load
    >>> list(lint(load("safe").rules[:5]))
    []
    """
    rules = tuple(rules)
    company = _Company(tuple({rule.id: rule for rule in (*whole, *rules)}.values()))
    for rule in rules:
        yield from _of_rule(rule, company)


def _of_rule(rule: Rule[Any], company: _Company) -> Iterator[Finding]:
    allowed = dict(rule.allow)
    for name, check in CHECKS.items():
        found = list(check(rule, company))
        if name in allowed and not found:
            found = [(f"{name} is allowed, and nothing is found", f"delete {name} from `allow`")]
        elif name in allowed:
            continue
        yield from (_finding(rule, name, *mistake) for mistake in found)
    for name in sorted(allowed.keys() - CHECKS.keys()):
        problem = f"{name!r} in `allow` is no check{did_you_mean(name, CHECKS)}"
        yield _finding(rule, "allow", problem, f"name one of {', '.join(CHECKS)}")


def _finding(rule: Rule[Any], check: str, problem: str, instead: str) -> Finding:
    return Finding(check, rule.id, rule.source, rule.line, problem, instead)


def _common_keywords(rule: Rule[Any], _company: _Company) -> Mistakes:
    for keyword in rule.keywords:
        reason = too_common(keyword, rule.lang)
        if reason:
            yield f"keyword {keyword!r}: {reason}", "take the longest literal that every match must hold"


def _run_away(rule: Rule[Any], _company: _Company) -> Mistakes:
    for key, pattern in patterns(rule):
        found = next(weaknesses(pattern.source), None)
        if found:
            yield (
                f"{key} can run away: {found.problem}",
                "give each repeat an end ({0,40}) and a sign of its own between rounds, or make it possessive (++)",
            )
            continue
        longest = _longest(rule)
        seconds, text = slowest(pattern, _samples(rule), longest=longest, searched=_is_searched(rule, key))
        if seconds > SLOW:
            yield (
                f"{key} took {seconds:.1f} s over one line of {longest} characters: {_shown(text)}",
                "make repeats possessive (++), or let what stands between them be no part of them",
            )


def _longest(rule: Rule[Any]) -> int:
    """The most characters of a line that a pattern of the rule is tried on."""
    if rule.kind == "section":
        return LONGEST_HEADING
    return getattr(rule.fields, "longest", LONG_LINE)


def _samples(rule: Rule[Any]) -> list[str]:
    return [line for line in rule.remove if "\n" not in line]


def _is_searched(rule: Rule[Any], key: str) -> bool:
    """Whether the pattern is looked for in a text, and not held against the whole of a line."""
    return rule.kind == "inline" or key in ("signs", "never")


def _shown(text: str, most: int = 80) -> str:
    text = text.partition("\n")[0]
    return repr(text if len(text) <= most else text[: most - 1] + "…")


_WIDE: dict[Sort, tuple[str, str]] = {
    "open-end": (
        "takes a sentence of an article that only begins as the chrome does",
        "bound the end: what may follow is a list of words, or the end of the line; put such a sentence into `keep`",
    ),
    "open-start": (
        "takes a sentence of an article that only ends as the chrome does",
        "anchor the beginning: what may stand before is a list of words; put such a sentence into `keep`",
    ),
    "keyword-alone": (
        "takes a sentence of an article that holds nothing of the chrome but its keyword",
        "ask for the words around the keyword, too; put such a sentence into `keep`",
    ),
}


def _wide(rule: Rule[Any], _company: _Company) -> Mistakes:
    """Placed rules are judged by where a line stands as well, and may be wider."""
    if rule.kind != "line" or rule.fields.where not in ("anywhere", "inside"):
        return
    found: dict[Sort, list[NearMiss]] = defaultdict(list)
    for miss in near_misses(rule):
        if taken(rule, miss.text):
            found[miss.sort].append(miss)
    for sort, misses in found.items():
        # The end of one example may be open for a reason; that of most of them is a mistake.
        if sort != "open-end" or 2 * len({miss.example for miss in misses}) > len(_tried(rule, sort)):
            problem, instead = _WIDE[sort]
            yield f"pattern {problem}: {min((miss.text for miss in misses), key=len)!r}", instead


def _tried(rule: Rule[Any], sort: Sort) -> set[str]:
    """The examples of which near misses of the sort were made."""
    return {miss.example for miss in near_misses(rule) if miss.sort == sort}


def _bare_token(rule: Rule[Any], _company: _Company) -> Mistakes:
    """A token of plain words goes in the middle of a sentence that speaks of it."""
    if rule.kind != "inline" or rule.fields.after_sentence or rule.fields.beside:
        return
    pattern: Pattern = rule.fields.pattern
    for token in rule.remove:
        if pattern.compiled.fullmatch(token) and all(char.isalnum() or char in " '-" for char in token):
            yield f"{token!r} is cut out of any sentence that holds it", "set after_sentence = true"
            return


def _duplicate(rule: Rule[Any], company: _Company) -> Mistakes:
    for other in twins(rule, company.whole):
        yield f"says the same as rule {other.id!r} ({other.source})", "delete one of them"


def _shadowed(rule: Rule[Any], company: _Company) -> Mistakes:
    same = {other.id for other in twins(rule, company.whole)}
    for other in shadows(rule, company.by_id, company.takers):
        if other.id not in same:
            yield (
                f"rule {other.id!r} ({other.source}) takes all of its `remove`",
                "delete it and move its examples there, or give an example that only this one takes",
            )


def _weak_reason(rule: Rule[Any], _company: _Company) -> Mistakes:
    words = {word.strip(".,:;!?") for word in rule.why.casefold().split()}
    # Languages that do not part words by spaces have one word to a sentence.
    if (
        words <= set(_EMPTY_WORDS.split())
        or words & _STAND_INS
        or (rule.why.isascii() and len(words) < LEAST_REASON_WORDS)
    ):
        yield f"why = {rule.why!r} is no reason", "say who prints it, and why it is no text of the article"


def _not_shown(rule: Rule[Any], _company: _Company) -> Mistakes:
    """Whoever runs the examples says it; here it is only seen whether it is allowed for nothing."""
    if NOT_SHOWN in dict(rule.allow):
        yield from ((problem, "show it in an example") for problem in unshown(replace(rule, allow=())))


def _low_bar(rule: Rule[Any], _company: _Company) -> Mistakes:
    """`safe` means that no article could hold the line, whoever wrote it."""
    shared = getattr(rule.fields, "most_shared", None)
    if KINDS[rule.kind].structural and shared is not None and shared > 0.5 and rule.kind != "markup":
        yield (
            f"most_shared = {shared}: lines that share more than half of their words with the article may go",
            "lower it: what shares so much is the article's own",
        )


CHECKS: Mapping[str, Callable[[Rule[Any], _Company], Mistakes]] = {
    "common-keyword": _common_keywords,
    "run-away": _run_away,
    "wide-pattern": _wide,
    "bare-token": _bare_token,
    "duplicate": _duplicate,
    "shadowed": _shadowed,
    "weak-reason": _weak_reason,
    "shares-too-much": _low_bar,
    NOT_SHOWN: _not_shown,
}
