"""What rules remove in somebody's own texts, counted, with samples: to see before believing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from random import Random
from typing import Any, Protocol

from cleaner.engine import Engine, Restless
from cleaner.kinds.repeat import site_name
from cleaner.pattern import PatternTimeout
from cleaner.rule import Rule

LONGEST_SAMPLE = 160


class Text(Protocol):
    """A text, where it is from, and its site: what :func:`cleaner.batch.read_texts` yields."""

    @property
    def text(self) -> str: ...
    @property
    def site(self) -> str | None: ...
    @property
    def place(self) -> str: ...


@dataclass(slots=True)
class RuleCounts:
    """What one rule removes: how often, in how many texts, and samples with their places."""

    removals: int = 0
    texts: int = 0
    samples: list[tuple[str, str]] = field(default_factory=list)


@dataclass(slots=True)
class CorpusCounts:
    """What came of a corpus: texts, how many would change, counts by rule id; ``held_back`` took too long."""

    texts: int = 0
    changed: int = 0
    held_back: int = 0
    by_rule: dict[str, RuleCounts] = field(default_factory=dict)


def count_removals(rules: Iterable[Rule[Any]], texts: Iterable[Text], samples: int = 5) -> CorpusCounts:
    """Count what ``rules``, by themselves, remove in ``texts``; ``samples`` of each rule, drawn evenly.

    Drawn with a fixed seed: the same texts in the same order give the same samples.
    """
    engine, counts = Engine(rules), CorpusCounts()
    random = Random(0)  # noqa: S311 - drawn, not kept secret
    for found in texts:
        counts.texts += 1
        try:
            settled = (engine.of_site(site_name(found.site)) if found.site else engine).settle(found.text)
        except (PatternTimeout, Restless):
            counts.held_back += 1
            continue
        counts.changed += bool(settled.removals)
        for rule_id in {removal.rule_id for removal in settled.removals}:
            counts.by_rule.setdefault(rule_id, RuleCounts()).texts += 1
        for removal in settled.removals:
            gone = " ".join(found.text[removal.start : removal.end].split())[:LONGEST_SAMPLE]
            count_removal(counts.by_rule[removal.rule_id], (found.place, gone), samples, random)
    return counts


def count_removal(counts: RuleCounts, sample: tuple[str, str], samples: int, random: Random) -> None:
    """Count one removal, and keep it as a sample with the same chance as every other (a reservoir)."""
    counts.removals += 1
    if len(counts.samples) < samples:
        counts.samples.append(sample)
    elif (at := random.randrange(counts.removals)) < samples:
        counts.samples[at] = sample
