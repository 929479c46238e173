"""A cleaner that does as a reviewer decided.

A rejected rule is not in force. A rejected text comes back unchanged. A rejected removal stays: its rule, and
any other that would take the same characters, are left out *in that text*, as if the rule set did not hold them.
So what is removed is still what some rule set removes, and all that is promised of any rule set holds.

A text is known by its digest, and by what all rules leave of it: so the text is known again once it was cleaned,
with the rejected removal in it. Where a second run would take more than the first nevertheless, because the
rules were changed since the review, say, the text comes back unchanged, and flagged.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from threading import Lock
from typing import Any

from cleaner.audit import digest
from cleaner.cleaner import Cleaner, Result
from cleaner.decisions import Decisions, RemovalDecision
from cleaner.engine import Engine
from cleaner.markup import Article
from cleaner.removal import Removal
from cleaner.ruleset import RuleSet

_CLEANERS_KEPT = 256


class DecidedCleaner(Cleaner):
    """The rules of ``cleaner``, but for what ``decisions`` reject.

    Texts in which a decision acted are flagged: ``decision`` where the text may not be touched,
    ``decision:ID`` where the rule was left out, ``restless:decision`` where a second run would have taken
    more. The digest of the rules tells of the decisions, too.

    >>> from cleaner.decisions import TextDecision
    >>> text = "The ferry is back. (turn0search21)"
    >>> spared = Decisions(texts=(TextDecision(text=digest(text), verdict="reject"),))
    >>> DecidedCleaner(Cleaner(), spared).clean(text).flags
    ('decision',)
    """

    def __init__(self, cleaner: Cleaner, decisions: Decisions) -> None:
        self.decisions = decisions
        self._reviewed = cleaner
        self._start(_without(cleaner.rule_set, decisions.disabled, decisions.digest), cleaner.max_removed)
        self._untouched = decisions.untouched
        self._by_text: dict[str, list[RemovalDecision]] = {}
        self._by_left: dict[str, list[RemovalDecision]] = {}
        for rejected in decisions.rejected:
            self._by_text.setdefault(rejected.text, []).append(rejected)
            self._by_left.setdefault(rejected.left, []).append(rejected)
        self._fewer: OrderedDict[frozenset[str], _FewerRules] = OrderedDict()
        self._fewer_lock = Lock()

    def __reduce__(self) -> tuple[type[DecidedCleaner], tuple[Cleaner, Decisions]]:
        return type(self), (self._reviewed, self.decisions)

    def clean_article(self, article: Article, *, site: str | None = None, lang: str | None = None) -> Result:
        """As :meth:`cleaner.Cleaner.clean_article`, as was decided."""
        result, acted = self._decided(article, site, lang)
        if acted and result.changed and self._decided(Article(result.text), site, lang)[0].changed:
            return self._unchanged(article.text, "restless:decision")
        return result

    def _decided(self, article: Article, site: str | None, lang: str | None) -> tuple[Result, bool]:
        """What is left by decisions, and whether one on a removal acted."""
        if self._untouched and digest(article.text) in self._untouched:
            return self._unchanged(article.text, "decision"), False
        result = super().clean_article(article, site=site, lang=lang)
        stays = self._stays(result, article, site, lang) if result.changed and self._by_text else None
        if stays is None:
            return result, False
        left_out: frozenset[str] = frozenset()
        while more := {removal.rule_id for removal in result.removals if stays(removal)} - left_out:
            left_out |= more
            result = self._without_rules(left_out).clean_article(article, site=site, lang=lang)
        flags = (*result.flags, *(f"decision:{rule_id}" for rule_id in sorted(left_out)))
        decided = Result(result.text, result.removals, flags, self.rules_digest, result.source)
        return decided, bool(left_out)

    def _stays(
        self, result: Result, article: Article, site: str | None, lang: str | None
    ) -> Callable[[Removal], bool] | None:
        """What tells of a removal whether it was rejected; None where nothing of this text was."""
        text = result.source
        if rejected := self._by_text.get(digest(text)):
            cores = [_core(text, row.start, row.end) for row in rejected]
            return lambda removal: any(removal.start < end and start < removal.end for start, end in cores)
        if self.decisions.disabled:
            # What was reviewed is what all rules leave, those that were rejected among them.
            result = self._reviewed.clean_article(article, site=site, lang=lang)
        if rejected := self._by_left.get(digest(result.text)):
            return lambda removal: _is_among(removal, text, rejected)
        return None

    def _without_rules(self, ids: frozenset[str]) -> Cleaner:
        """A cleaner of the same rules but these; the last few are kept."""
        with self._fewer_lock:
            if ids not in self._fewer:
                self._fewer[ids] = _FewerRules(self, ids, self._engine_of_any_site)
            self._fewer.move_to_end(ids)
            while len(self._fewer) > _CLEANERS_KEPT:
                self._fewer.popitem(last=False)
            return self._fewer[ids]


class _FewerRules(Cleaner):
    """The rules of a cleaner but some, made of its engines: there may be one for each text with a decision."""

    def __init__(self, cleaner: Cleaner, left_out: frozenset[str], engines: Callable[..., Engine]) -> None:
        self._left_out = left_out
        self._engines_of_all = engines
        self._start(_without(cleaner.rule_set, left_out, ""), cleaner.max_removed)

    def _engine_of_any_site(self, lang: str | None, *, safe_only: bool) -> Engine:
        key = (lang, safe_only)
        with self._lock:
            if key not in self._engines:
                self._engines[key] = self._engines_of_all(lang, safe_only=safe_only).without(self._left_out)
            return self._engines[key]


def _without(rules: RuleSet, ids: Iterable[str], decisions_digest: str) -> RuleSet:
    ids = frozenset(ids)
    kept: tuple[Any, ...] = tuple(rule for rule in rules.rules if rule.id not in ids)
    if not decisions_digest:
        return RuleSet(kept, rules.digest)
    return RuleSet(kept, hashlib.sha256(f"{rules.digest} {decisions_digest}".encode()).hexdigest())


def _core(text: str, start: int, end: int) -> tuple[int, int]:
    """A span without the white space at its ends, which may go with what stands beside it."""
    piece = text[start:end]
    core = piece.strip()
    if not core:
        return start, min(end, len(text))
    lead = len(piece) - len(piece.lstrip())
    return start + lead, start + lead + len(core)


def _is_among(removal: Removal, text: str, rejected: Sequence[RemovalDecision]) -> bool:
    """Whether a removal holds what was rejected, or, where that was too long to be told, is by its rule."""
    gone = text[removal.start : removal.end]
    return any(
        removal.rule_id == row.rule_id if row.removed is None else bool(core := row.removed.strip()) and core in gone
        for row in rejected
    )
