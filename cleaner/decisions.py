"""What a reviewer decided of removals, rules and texts: a file of JSON, made by ``cleaner review``.

```json
{
  "decisions": 1,
  "rules_digest": "…",
  "rules": [{"rule": "ad-label", "verdict": "reject"}],
  "texts": [{"text": "<digest>", "place": "a.txt", "verdict": "reject"}],
  "removals": [{"text": "<digest>", "left": "<digest>", "place": "a.txt", "rule": "ad-label",
                "start": 90, "end": 104, "removed": "Advertisement\\n", "verdict": "reject"}]
}
```

A verdict is ``accept`` or ``reject``; only what is rejected changes anything, what is accepted is known to be
looked at. Digests are those of :func:`cleaner.audit.digest`. What is made of a rejection says
:mod:`cleaner.decided`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, get_args

from cleaner.ruleset.error import did_you_mean

DECISIONS_FORMAT = 1
Verdict = Literal["accept", "reject"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)


class DecisionsError(ValueError):
    """A file of decisions that cannot be used: file, place, what is wrong, what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleDecision:
    """A verdict on all that a rule does; a rejected rule is not in force."""

    rule_id: str
    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class TextDecision:
    """A verdict on a text, known by its digest; a rejected text is never touched."""

    text: str
    verdict: Verdict
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovalDecision:
    """A verdict on one removal.

    ``text`` and ``left`` are the digests of the text and of what all rules leave of it, ``start`` and ``end``
    are characters of the text. ``removed`` is what went, unless it was too long to be told; ``line`` is
    the whole line around a token.
    """

    text: str
    left: str
    rule_id: str
    start: int
    end: int
    verdict: Verdict
    place: str = ""
    removed: str | None = None
    line: str | None = None

    @property
    def near_miss(self) -> str | None:
        """The line that should have stayed: what ``keep`` of a line or inline rule wants. None if it is not one line.

        >>> rejected = {"text": "", "left": "", "rule_id": "x", "start": 3, "end": 8, "verdict": "reject"}
        >>> RemovalDecision(**rejected, removed="Menu\\n").near_miss
        'Menu'
        """
        line = (self.line if self.line is not None else self.removed or "").strip()
        return line if line and "\n" not in line and "\r" not in line else None


@dataclass(frozen=True)
class Decisions:
    """The decisions of a file. ``rules_digest`` names the rules that they were made on.

    >>> decisions = Decisions(rules=(RuleDecision(rule_id="ad-label", verdict="reject"),))
    >>> sorted(decisions.disabled)
    ['ad-label']
    """

    rules: tuple[RuleDecision, ...] = ()
    texts: tuple[TextDecision, ...] = ()
    removals: tuple[RemovalDecision, ...] = ()
    rules_digest: str = ""

    @property
    def disabled(self) -> frozenset[str]:
        """The ids of rejected rules."""
        return frozenset(rule.rule_id for rule in self.rules if rule.verdict == "reject")

    @property
    def untouched(self) -> frozenset[str]:
        """The digests of texts that no rule may touch."""
        return frozenset(text.text for text in self.texts if text.verdict == "reject")

    @property
    def rejected(self) -> tuple[RemovalDecision, ...]:
        """The removals that should not be."""
        return tuple(removal for removal in self.removals if removal.verdict == "reject")

    def as_dict(self) -> dict[str, Any]:
        """What their file holds, ready for JSON; :func:`read_decisions` reads it.

        >>> Decisions(rules=(RuleDecision(rule_id="ad-label", verdict="reject"),)).as_dict()["rules"]
        [{'rule': 'ad-label', 'verdict': 'reject'}]
        """
        return {
            "decisions": DECISIONS_FORMAT,
            "rules_digest": self.rules_digest,
            "rules": [{"rule": row.rule_id, "verdict": row.verdict} for row in self.rules],
            "texts": [{"text": row.text, "place": row.place, "verdict": row.verdict} for row in self.texts],
            "removals": [
                {
                    "text": row.text,
                    "left": row.left,
                    "place": row.place,
                    "rule": row.rule_id,
                    "start": row.start,
                    "end": row.end,
                    "removed": row.removed,
                    "line": row.line,
                    "verdict": row.verdict,
                }
                for row in self.removals
            ],
        }

    @cached_property
    def digest(self) -> str:
        """The SHA-256, in hexadecimal, of all that decides what is removed; empty where nothing is rejected.

        Places and what was accepted do not count, nor does the order.
        """
        removals = {(r.text, r.left, r.rule_id, r.start, r.end, r.removed or "") for r in self.rejected}
        deciding = [sorted(self.disabled), sorted(self.untouched), sorted(removals)]
        if not any(deciding):
            return ""
        return hashlib.sha256(json.dumps([DECISIONS_FORMAT, deciding]).encode()).hexdigest()


def load_decisions(path: str | Path) -> Decisions:
    """Read a file of decisions. Raises :class:`DecisionsError`."""
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except OSError as error:
        raise DecisionsError(f"{path}: cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError as error:
        raise DecisionsError(f"{path}: not UTF-8: bad byte at offset {error.start}") from None
    return read_decisions(text, source=str(path))


def read_decisions(text: str, *, source: str) -> Decisions:
    """Read decisions from the text of their file. Raises :class:`DecisionsError` that names ``source`` and the place.

    >>> read_decisions('{"decisions": 1}', source="decisions.json")
    Decisions(rules=(), texts=(), removals=(), rules_digest='')
    """
    try:
        found = json.loads(text)
    except json.JSONDecodeError as error:
        problem = f"no JSON: {error.msg}; export the decisions again from the review"
        raise DecisionsError(f"{source}:{error.lineno}: {problem}") from None
    except RecursionError:
        raise DecisionsError(f"{source}: no decisions: nested too deep") from None
    return _decisions(_Row(source, "", found))


def _decisions(file: _Row) -> Decisions:
    version = file.number("decisions") if "decisions" in file.values else 0
    if version < 1:
        raise file.wrong("no decisions: the key 'decisions' with the number of their format is missing")
    if version > DECISIONS_FORMAT:
        raise file.wrong(f"format {version} is newer than this version reads ({DECISIONS_FORMAT}): update cleaner")
    file.allow("decisions", "rules_digest", "rules", "texts", "removals")
    return Decisions(
        tuple(RuleDecision(rule_id=row.text("rule"), verdict=row.verdict()) for row in file.rows("rules", _OF_RULES)),
        tuple(
            TextDecision(text=row.digest("text"), place=row.text("place", ""), verdict=row.verdict())
            for row in file.rows("texts", _OF_TEXTS)
        ),
        tuple(map(_removal, file.rows("removals", _OF_REMOVALS))),
        file.text("rules_digest", ""),
    )


_OF_RULES = ("rule", "verdict")
_OF_TEXTS = ("text", "place", "verdict")
_OF_REMOVALS = ("text", "left", "place", "rule", "start", "end", "removed", "line", "verdict")


def _removal(row: _Row) -> RemovalDecision:
    start, end = row.number("start"), row.number("end")
    if start >= end:
        raise row.wrong(f"'start' {start} is not before 'end' {end}")
    return RemovalDecision(
        text=row.digest("text"),
        left=row.digest("left"),
        place=row.text("place", ""),
        rule_id=row.text("rule"),
        start=start,
        end=end,
        removed=row.text_or_none("removed"),
        line=row.text_or_none("line"),
        verdict=row.verdict(),
    )


class _Row:
    """An object of the file, and where it stands; what it hands out is of the right type."""

    def __init__(self, source: str, place: str, values: object) -> None:
        self._source, self._place = source, place
        if not isinstance(values, dict):
            raise self.wrong("should be an object in braces")
        self.values: Mapping[str, Any] = values

    def wrong(self, problem: str) -> DecisionsError:
        """What is wrong, with its place."""
        return DecisionsError(": ".join(part for part in (self._source, self._place, problem) if part))

    def allow(self, *keys: str) -> None:
        """Refuse any other key."""
        for key in self.values:
            if key not in keys:
                raise self.wrong(f"unknown key {key!r}{did_you_mean(key, keys)}")

    def rows(self, key: str, keys: tuple[str, ...]) -> Iterator[_Row]:
        """The objects of a list that may be absent."""
        values = self.values.get(key, [])
        if not isinstance(values, list):
            raise self.wrong(f"{key!r} should be a list")
        for number, value in enumerate(values):
            row = _Row(self._source, f"{key}[{number}]", value)
            row.allow(*keys)
            yield row

    def text(self, key: str, default: str | None = None) -> str:
        """A string, which may be absent if there is a default."""
        value = self.values.get(key, default)
        if not isinstance(value, str):
            raise self.wrong(f"{key!r} should be a string" if key in self.values else f"{key!r} is missing")
        return value

    def text_or_none(self, key: str) -> str | None:
        """A string, if it is there."""
        return None if self.values.get(key) is None else self.text(key)

    def number(self, key: str) -> int:
        """A whole number, zero or more."""
        value = self.values.get(key)
        if type(value) is not int or value < 0:
            raise self.wrong(f"{key!r} should be a whole number, zero or more")
        return value

    def digest(self, key: str) -> str:
        """A SHA-256 in hexadecimal."""
        value = self.text(key).lower()
        if len(value) != 64 or set(value) - set("0123456789abcdef"):
            raise self.wrong(f"{key!r} should be a SHA-256 in hexadecimal, 64 digits")
        return value

    def verdict(self) -> Verdict:
        """Accepted or rejected."""
        value = self.text("verdict")
        for verdict in VERDICTS:
            if value == verdict:
                return verdict
        raise self.wrong(f"'verdict' should be accept or reject, not {value!r}")
