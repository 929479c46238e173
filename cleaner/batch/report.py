"""What a run came to: counts for the closing table, and everything that did not go well."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from cleaner.batch.often import Often
from cleaner.cleaner import Result

# So many troubles are kept for messages; all are counted, and told to whoever listens.
_KEPT = 100
# What a document that failed is flagged with; other flags say that something was kept back on purpose.
_TIMEOUT = "timeout:"
_FAILURES = (_TIMEOUT, "error:", "guard")
# What a document is flagged with that the user has named as one never to be touched.
UNTOUCHED = "untouched"


@dataclass(frozen=True, slots=True)
class Trouble:
    """An input, or a record of one, that failed or was flagged."""

    path: str
    record: int
    problem: str

    def __str__(self) -> str:
        return f"{self.path}:{self.record}: {self.problem}" if self.record else f"{self.path}: {self.problem}"

    def as_json(self) -> str:
        """The trouble as one line of JSON, in ASCII."""
        return json.dumps({"path": self.path, "record": self.record, "reason": self.problem})


class Troubles:
    """Troubles of a run: all are counted, the first are kept, and each is told to ``listen``."""

    def __init__(self, first: Iterable[Trouble] = (), *, number: int | None = None) -> None:
        self._first = list(first)
        self._number = len(self._first) if number is None else number
        self.listen: Callable[[Trouble], object] | None = None

    def append(self, trouble: Trouble) -> None:
        """Take in one more."""
        self._number += 1
        if len(self._first) < _KEPT:
            self._first.append(trouble)
        if self.listen is not None:
            self.listen(trouble)

    def merge(self, other: Troubles) -> None:
        """Take in those of another part of the run; nobody is told again."""
        self._first += other._first[: _KEPT - len(self._first)]
        self._number += other._number

    def __len__(self) -> int:
        return self._number

    def __iter__(self) -> Iterator[Trouble]:
        """The first of them."""
        return iter(self._first)

    @property
    def unnamed(self) -> int:
        """How many there are beyond the first."""
        return self._number - len(self._first)

    def __getstate__(self) -> tuple[list[Trouble], int]:
        return self._first, self._number

    def __setstate__(self, state: tuple[list[Trouble], int]) -> None:
        self._first, self._number = state
        self.listen = None

    def as_rows(self) -> list[list[Any]]:
        """The first of them for a file."""
        return [[trouble.path, trouble.record, trouble.problem] for trouble in self._first]


@dataclass(slots=True)
class Report:
    """Counts of a run, taken as it goes. ``often`` is there where strings are to be counted.

    ``timeouts`` says of each rule in how many documents it took too long: those stay as they came.
    """

    rules_digest: str = ""
    documents: int = 0
    changed: int = 0
    characters: int = 0
    characters_removed: int = 0
    left_out: int = 0
    excluded: int = 0
    untouched: int = 0
    by_category: Counter[str] = field(default_factory=Counter)
    by_rule: Counter[str] = field(default_factory=Counter)
    timeouts: Counter[str] = field(default_factory=Counter)
    flagged: Troubles = field(default_factory=Troubles)
    failed: Troubles = field(default_factory=Troubles)
    often: Often | None = None

    def count(self, result: Result, categories: Mapping[str, str], *, path: str, record: int) -> None:
        """Count one cleaned document; one that broke something on the way has failed."""
        self.documents += 1
        self.changed += result.changed
        self.characters += len(result.source)
        self.characters_removed += len(result.source) - len(result.text)
        for removal in result.removals:
            self.by_rule[removal.rule_id] += 1
            self.by_category[categories[removal.rule_id]] += 1
            if self.often is not None:
                self.often.add(result.source[removal.start : removal.end])
        for flag in result.flags:
            if flag == UNTOUCHED:
                self.untouched += 1
            elif flag.startswith(_FAILURES):
                if flag.startswith(_TIMEOUT):
                    self.timeouts[flag.removeprefix(_TIMEOUT)] += 1
                self.failed.append(Trouble(path, record, f"stays as it came: {flag}"))
            else:
                self.flagged.append(Trouble(path, record, flag))

    def merge(self, other: Report) -> None:
        """Add what another part of the run came to."""
        self.documents += other.documents
        self.changed += other.changed
        self.characters += other.characters
        self.characters_removed += other.characters_removed
        self.untouched += other.untouched
        self.by_category.update(other.by_category)
        self.by_rule.update(other.by_rule)
        self.timeouts.update(other.timeouts)
        self.flagged.merge(other.flagged)
        self.failed.merge(other.failed)
        if self.often is not None and other.often is not None:
            self.often.merge(other.often)

    def as_state(self) -> dict[str, Any]:
        """All of it, for a run that may go on later: see :meth:`of_state`."""
        state = {name: getattr(self, name) for name in _NUMBERS}
        return state | {
            "by_category": dict(self.by_category),
            "by_rule": dict(self.by_rule),
            "timeouts": dict(self.timeouts),
            "flagged": [self.flagged.as_rows(), len(self.flagged)],
            "failed": [self.failed.as_rows(), len(self.failed)],
            "often": None if self.often is None else self.often.as_dict(),
        }

    @classmethod
    def of_state(cls, state: Mapping[str, Any]) -> Report:
        """The report that was kept."""
        (flagged, flags), (failed, failures) = state["flagged"], state["failed"]
        return cls(
            **{name: state[name] for name in _NUMBERS},
            by_category=Counter(state["by_category"]),
            by_rule=Counter(state["by_rule"]),
            timeouts=Counter(state["timeouts"]),
            flagged=Troubles((Trouble(*row) for row in flagged), number=flags),
            failed=Troubles((Trouble(*row) for row in failed), number=failures),
            often=None if state["often"] is None else Often.of(state["often"]),
        )

    def as_dict(self, *, top: int = 0) -> dict[str, Any]:
        """The same for machines; of long lists of troubles the first, and how many there are."""
        told = {
            "rules_digest": self.rules_digest,
            "documents": self.documents,
            "changed": self.changed,
            "characters": self.characters,
            "characters_removed": self.characters_removed,
            "left_out": self.left_out,
            "excluded": self.excluded,
            "untouched": self.untouched,
            "by_category": dict(self.by_category.most_common()),
            "by_rule": dict(self.by_rule.most_common()),
            "timeouts": dict(self.timeouts.most_common()),
            "flagged_count": len(self.flagged),
            "flagged": [{"path": t.path, "record": t.record, "flag": t.problem} for t in self.flagged],
            "failed_count": len(self.failed),
            "failed": [{"path": t.path, "record": t.record, "problem": t.problem} for t in self.failed],
        }
        if self.often is not None:
            told["top"] = [{"text": text, "at_least": times} for text, times in self.often.most(top)]
        return told


_NUMBERS = (
    "rules_digest",
    "documents",
    "changed",
    "characters",
    "characters_removed",
    "left_out",
    "excluded",
    "untouched",
)
