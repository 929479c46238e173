"""What a reviewer rejected, as near misses for the rules that removed it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from cleaner.decisions import Decisions
from cleaner.kinds import KINDS
from cleaner.rule import Rule


@dataclass(frozen=True, slots=True)
class NearMisses:
    """The rejected lines of one rule, for its ``keep``; ``other`` counts rejections that are no line to keep."""

    rule: Rule[Any]
    keep: tuple[str, ...]
    other: int = 0


def near_misses(rules: Iterable[Rule[Any]], decisions: Decisions) -> Iterator[NearMisses]:
    """What was rejected of each rule, in the order of the rules; of rules without rejections nothing.

    A structural rule wants whole texts for examples, which no decision holds; a removal of several lines, or one
    too long to be told, is no line either.

    >>> list(near_misses([], Decisions()))
    []
    """
    rejected: dict[str, list[str | None]] = {}
    for removal in decisions.rejected:
        rejected.setdefault(removal.rule_id, []).append(removal.near_miss)
    for rule in rules:
        lines = rejected.get(rule.id)
        if lines:
            wanted = not KINDS[rule.kind].structural
            keep = tuple(dict.fromkeys(line for line in lines if line is not None and wanted))
            other = sum(1 for line in lines if line is None or not wanted)
            yield NearMisses(rule, tuple(line for line in keep if line not in rule.keep), other)


def with_near_misses(rules: Sequence[Rule[Any]], found: Iterable[NearMisses]) -> tuple[Rule[Any], ...]:
    """The rules, with what was rejected among their ``keep``."""
    keep = {near.rule.id: near.keep for near in found}
    return tuple(replace(rule, keep=(*rule.keep, *keep.get(rule.id, ()))) for rule in rules)


def as_toml(near: NearMisses) -> str:
    """The lines to paste into a rule, as TOML; for each string the one form that can hold anything.

    >>> from cleaner.ruleset import shipped_rules
    >>> print(as_toml(NearMisses(shipped_rules()[0], ("The menu of the inn",))).splitlines()[-2])
      "The menu of the inn",
    """
    source = "".join(map(_shown, near.rule.source))
    return "\n".join([f"# {near.rule.id}: {source}", "keep = [", *(f"  {_quoted(line)}," for line in near.keep), "]"])


def _quoted(line: str) -> str:
    """A basic string of TOML. What it cannot hold, a lone surrogate, is left out."""
    escapes = {'"': '\\"', "\\": "\\\\", "\t": "\\t"}
    return f'"{"".join(escapes.get(char) or _shown(char) for char in line)}"'


def _shown(char: str) -> str:
    if "\ud800" <= char <= "\udfff":
        return ""
    return char if char.isprintable() else f"\\u{ord(char):04X}" if ord(char) < 0x10000 else f"\\U{ord(char):08X}"
