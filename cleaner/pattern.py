"""Patterns of rules: compiled at first use, run under a clock.

Patterns are written for the ``regex`` module and match without regard to case. A pattern that
runs longer than its document allows raises :class:`PatternTimeout`, so that no rule, shipped
or a user's, can hang a run.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from typing import Any

import regex

from cleaner.needs import Need, beginnings, begins_with_a_word, holds, needs

# Seconds that all matches of one rule may take in one look at a document, whatever its length.
# A match of a sound rule takes microseconds; the slack is for slow machines.
SECONDS = 1.0
SECONDS_PER_MILLION_CHARACTERS = 1.0

# Of this thread alone, however busy the machine is. Some systems count only for the whole process.
_cpu_seconds: Callable[[], float] = getattr(time, "thread_time", time.process_time)


class PatternTimeout(Exception):  # noqa: N818 - says what happened, as TimeoutError does
    """A rule took longer over one document than its clock allows."""

    def __init__(self, rule_id: str) -> None:
        super().__init__(rule_id)
        self.rule_id = rule_id


class Clock:
    """The time that each rule has left in one document of ``length`` characters.

    A rule is timed by the clock on the wall first: that of the processor takes ten times as long to
    read, and nearly no rule ever needs it. But on a machine that stands still the first runs on, so
    a rule that has used up its seconds by it gets as many by the processor's before it is stopped.

    >>> clock = Clock(0)
    >>> clock.timer("slow") is time.perf_counter
    True
    >>> clock.spend("slow", 60.0)  # the lid was closed
    >>> clock.timer("slow") is time.perf_counter
    False
    """

    __slots__ = ("_spent", "allowance")

    def __init__(self, length: int) -> None:
        self.allowance = SECONDS + SECONDS_PER_MILLION_CHARACTERS * length / 1_000_000
        self._spent: dict[str, float] = {}

    def timer(self, rule_id: str) -> Callable[[], float]:
        """What times the next match of the rule, in seconds; raises :class:`PatternTimeout` when it has none left."""
        spent = self._spent.get(rule_id, 0.0)
        if spent >= 2 * self.allowance:
            raise PatternTimeout(rule_id)
        return time.perf_counter if spent < self.allowance else _cpu_seconds

    def spend(self, rule_id: str, seconds: float) -> None:
        """Take what :meth:`timer` showed from what the rule has left."""
        spent = self._spent.get(rule_id, 0.0)
        most = self.allowance if spent < self.allowance else math.inf
        self._spent[rule_id] = min(spent + seconds, most)


class Pattern:
    """A pattern of a rule. Compiled when first used; pickled as its source."""

    __slots__ = ("_beginnings", "_compiled", "_needs", "source")

    def __init__(self, source: str) -> None:
        self.source = source
        self._needs: tuple[Need, ...] | None = None
        self._beginnings: tuple[bytes, ...] | None = None
        self._compiled: regex.Pattern[str] | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        return (Pattern, (self.source,))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Pattern) and other.source == self.source

    def __hash__(self) -> int:
        return hash(self.source)

    def __repr__(self) -> str:
        return f"Pattern({self.source!r})"

    @property
    def compiled(self) -> regex.Pattern[str]:
        """The compiled pattern; raises ``regex.error`` where the source is no pattern."""
        if self._compiled is None:
            self._compiled = regex.compile(self.source, regex.IGNORECASE | regex.VERSION0)
        return self._compiled

    def could_match(self, folded: bytes) -> bool:
        """Whether a line that folds to this begins as the pattern does, and holds what it cannot match without."""
        if self._needs is None:
            self._beginnings, self._needs = beginnings(self.source), needs(self.source)
        begin = self._beginnings
        if begin is not None and not folded.startswith(begin) and begins_with_a_word(folded):
            return False
        return holds(folded, self._needs)

    def matches(self, line: str, *, clock: Clock, rule_id: str) -> bool:
        """Whether the pattern matches the whole of ``line``."""
        return self.match(line, clock=clock, rule_id=rule_id) is not None

    def match(self, line: str, *, clock: Clock, rule_id: str) -> regex.Match[str] | None:
        """The match of the pattern with the whole of ``line``, for those who ask what its groups caught."""
        timer = clock.timer(rule_id)
        began = timer()
        try:
            # Counts the processor's time of the whole process, on Windows that on the wall: a bound for one match.
            return self.compiled.fullmatch(line, timeout=clock.allowance)
        except TimeoutError:
            raise PatternTimeout(rule_id) from None
        finally:
            clock.spend(rule_id, timer() - began)

    def finds(self, line: str, *, clock: Clock, rule_id: str) -> Iterator[regex.Match[str]]:
        """Matches of the pattern in ``line``, left to right. What the caller does between them is not clocked.

        Each is searched for by itself: the clock of ``finditer`` runs on between its matches.
        """
        at = 0
        while at <= len(line):
            timer = clock.timer(rule_id)
            began = timer()
            try:
                match = self.compiled.search(line, at, timeout=clock.allowance)
            except TimeoutError:
                raise PatternTimeout(rule_id) from None
            finally:
                clock.spend(rule_id, timer() - began)
            if match is None:
                return
            yield match
            at = max(match.end(), match.start() + 1)
