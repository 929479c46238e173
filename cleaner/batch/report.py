"""What a run came to: counts for the closing table, and everything that did not go well."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cleaner.cleaner import Result


@dataclass(frozen=True, slots=True)
class Trouble:
    """An input, or a record of one, that failed or was flagged."""

    path: str
    record: int
    problem: str

    def __str__(self) -> str:
        return f"{self.path}:{self.record}: {self.problem}" if self.record else f"{self.path}: {self.problem}"


@dataclass(slots=True)
class Report:
    """Counts of a run, taken as it goes."""

    rules_digest: str = ""
    documents: int = 0
    changed: int = 0
    characters: int = 0
    characters_removed: int = 0
    left_out: int = 0
    by_category: Counter[str] = field(default_factory=Counter)
    by_rule: Counter[str] = field(default_factory=Counter)
    flagged: list[Trouble] = field(default_factory=list)
    failed: list[Trouble] = field(default_factory=list)

    def count(self, result: Result, categories: Mapping[str, str], *, path: str, record: int) -> None:
        """Count one cleaned document."""
        self.documents += 1
        self.changed += result.changed
        self.characters += len(result.source)
        self.characters_removed += len(result.source) - len(result.text)
        for removal in result.removals:
            self.by_rule[removal.rule_id] += 1
            self.by_category[categories[removal.rule_id]] += 1
        self.flagged += (Trouble(path, record, flag) for flag in result.flags)

    def as_dict(self) -> dict[str, Any]:
        """The same for machines."""
        return {
            "rules_digest": self.rules_digest,
            "documents": self.documents,
            "changed": self.changed,
            "characters": self.characters,
            "characters_removed": self.characters_removed,
            "left_out": self.left_out,
            "by_category": dict(self.by_category.most_common()),
            "by_rule": dict(self.by_rule.most_common()),
            "flagged": [{"path": t.path, "record": t.record, "flag": t.problem} for t in self.flagged],
            "failed": [{"path": t.path, "record": t.record, "problem": t.problem} for t in self.failed],
        }
