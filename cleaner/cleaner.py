"""``Cleaner`` and ``Result``: rules compiled once, and what they make of a text."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

from cleaner.engine import Engine, Restless, Settled
from cleaner.evidence import count_words, has_words
from cleaner.kinds import KINDS
from cleaner.kinds.repeat import site_name
from cleaner.markup import Article
from cleaner.pattern import PatternTimeout
from cleaner.removal import GuardError, Removal, Removed, guard, with_text
from cleaner.rule import ANY_LANGUAGE
from cleaner.ruleset import RuleSet, load

MAX_REMOVED = 0.6
_CLEANERS_KEPT = 8


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one text.

    ``text`` is ``source`` without the spans in ``removals`` (half-open, in characters of
    ``source``, sorted, never overlapping); where nothing went it is the same object. ``flags``
    say what kept the cleaner from its work:

    - ``max-removed``: more than the allowed share would have gone; only ``safe`` removals did, and what
      rules of kinds ``region`` and ``markup`` found around the article, which is no share of it.
    - ``restless:ID``: the rule did not come to rest in this text; its removals were left out.
    - ``timeout:ID``: the rule took too long; the text is unchanged.
    - ``guard`` and ``error:NAME``: something broke; the text is unchanged.
    """

    text: str
    removals: tuple[Removal, ...]
    flags: tuple[str, ...]
    rules_digest: str
    source: str

    @property
    def removed(self) -> tuple[Removed, ...]:
        """The removals, each with the text that it deleted: what :func:`cleaner.restore` needs."""
        return with_text(self.source, self.removals)

    @property
    def changed(self) -> bool:
        """Whether anything went."""
        return bool(self.removals)


class Cleaner:
    """Rules, compiled once. Picklable, and safe to share between threads.

    ``rules`` names shipped sets or rule files, one or several; ``disable`` takes ids and
    categories out. A text of which more than ``max_removed`` of the words that ``safe`` rules
    leave would go keeps everything but the ``safe`` removals, and is flagged.

    Raises :class:`cleaner.RuleError` for rules that cannot be used and ``ValueError`` for a
    ``max_removed`` outside 0 to 1.

    >>> c = Cleaner(rules="standard")
    >>> c.clean("The ferry is back. (turn0search21)\\n").text
    'The ferry is back.\\n'
    """

    def __init__(
        self,
        rules: str | Path | Iterable[str | Path] = "standard",
        *,
        disable: Iterable[str] = (),
        max_removed: float = MAX_REMOVED,
    ) -> None:
        if not 0.0 <= max_removed <= 1.0:
            raise ValueError(f"max_removed must be between 0 and 1, not {max_removed}")
        self._start(load(rules, disable=disable), max_removed)

    def _start(self, rule_set: RuleSet, max_removed: float) -> None:
        self.rule_set = rule_set
        # By rule; made once, for a run over many small files asks for it with each.
        self.categories = {rule.id: rule.category for rule in rule_set.rules}
        self._page_rules = frozenset(rule.id for rule in rule_set.rules if KINDS[rule.kind].finds_article)
        self.max_removed = max_removed
        self._engines: dict[tuple[str | None, bool], Engine] = {}
        self._lock = Lock()

    def __getstate__(self) -> tuple[RuleSet, float]:
        return self.rule_set, self.max_removed

    def __setstate__(self, state: tuple[RuleSet, float]) -> None:
        self._start(*state)

    @property
    def rules_digest(self) -> str:
        """The digest of the rules in force: SHA-256, in hexadecimal."""
        return self.rule_set.digest

    def clean(
        self,
        text: str,
        *,
        site: str | None = None,
        lang: str | None = None,
    ) -> Result:
        """Take the chrome out of ``text``.

        ``lang`` narrows the rules to those of that language and of any; ``site`` names where the
        text is from, for rules that hold for one site. Never raises because of what the text
        holds: where something breaks, the text comes back unchanged and flagged.

        Raises ``TypeError`` where ``text`` is no string.
        """
        if not isinstance(text, str):
            raise TypeError(f"text must be a string, not {type(text).__name__}")
        return self.clean_article(Article(text), site=site, lang=lang)

    def clean_article(
        self,
        article: Article,
        *,
        site: str | None = None,
        lang: str | None = None,
    ) -> Result:
        """Take the chrome out of a text of which more is known than its characters.

        What :func:`cleaner.html.extract_article` hands out, or whatever else tells of each line
        where it stood in its page. Otherwise as :meth:`clean`.
        """
        text = article.text
        try:
            settled, flags = self._settle(article, lang, site)
            if settled.removals:
                guard(text, settled.text, settled.removals)
        except PatternTimeout as error:
            return self._unchanged(text, f"timeout:{error.rule_id}")
        except Restless as error:
            return self._unchanged(text, *(f"restless:{rule_id}" for rule_id in error.rule_ids))
        except GuardError:
            return self._unchanged(text, "guard")
        except Exception as error:  # noqa: BLE001 - whatever a document breaks, the run goes on with it unchanged
            return self._unchanged(text, f"error:{type(error).__name__}")
        kept = settled.text if settled.removals else text
        return Result(kept, settled.removals, flags, self.rules_digest, text)

    def clean_many(self, texts: Iterable[str], *, site: str | None = None, lang: str | None = None) -> Iterator[Result]:
        """Clean texts one after the other: lazy, in order, one result for each."""
        for text in texts:
            yield self.clean(text, site=site, lang=lang)

    def clean_html(
        self, html: str | bytes, *, url: str | None = None, site: str | None = None, lang: str | None = None
    ) -> Result:
        """Extract the article from a page and clean it; ``result.source`` is the extracted text.

        Raises :class:`cleaner.html.ExtractionError` where no article is found in the page.
        """
        from cleaner.html import extract_article  # noqa: PLC0415 - most runs need no pages

        return self.clean_article(extract_article(html, url=url), site=site, lang=lang)

    def _settle(self, article: Article, lang: str | None, site: str | None) -> tuple[Settled, tuple[str, ...]]:
        text = article.text
        engine = self._engine(lang, site)
        by_markup = engine.by_markup(article)
        settled = engine.settle(text, by_markup)
        flags = tuple(f"restless:{rule_id}" for rule_id in settled.restless)
        if not settled.removals or self._is_surely_long_enough(settled, text):
            return settled, flags
        if not self._is_too_short(settled, self._article_words(settled, text)):
            return settled, flags
        safe = self._engine(lang, site, safe_only=True).settle(text, by_markup)
        safe_words = count_words(safe.text)
        if not self._is_too_short(settled, safe_words):
            return settled, flags
        if safe.removals and not self._is_too_short(engine.settle(safe.text), safe_words):
            # What the safe rules leave would not be held back by itself: a second run would
            # take more than the first. Only the input unchanged comes back as it is.
            return Settled(text), ("max-removed",)
        return safe, ("max-removed",)

    def _is_surely_long_enough(self, settled: Settled, text: str) -> bool:
        """Whether no more than the allowed share is gone, told by what went and a part of what stayed."""
        if not self.max_removed:
            return False
        gone = sum(count_words(text[r.start : r.end]) for r in settled.removals if r.rule_id not in self._page_rules)
        # At each end of a removal a word may have been cut in two, or have become one with another.
        gone += 2 * len(settled.removals)
        least = gone / self.max_removed - gone
        return least < len(settled.text) and has_words(settled.text, math.floor(least) + 1)

    def _is_too_short(self, settled: Settled, words: int) -> bool:
        """Whether more than the allowed share of so many words is gone from what settled."""
        return words - count_words(settled.text) > self.max_removed * words

    def _article_words(self, settled: Settled, text: str) -> int:
        """The words of the text, without those of a page around its article."""
        around = (count_words(text[r.start : r.end]) for r in settled.removals if r.rule_id in self._page_rules)
        return count_words(text) - sum(around)

    def _unchanged(self, text: str, *flags: str) -> Result:
        return Result(text, (), flags, self.rules_digest, text)

    def _engine(self, lang: str | None, site: str | None, *, safe_only: bool = False) -> Engine:
        engine = self._engine_of_any_site(lang, safe_only=safe_only)
        return engine.of_site(site_name(site)) if site else engine

    def _engine_of_any_site(self, lang: str | None, *, safe_only: bool) -> Engine:
        key = (lang, safe_only)
        with self._lock:
            if key not in self._engines:
                self._engines[key] = Engine(
                    rule
                    for rule in self.rule_set.rules
                    if (lang is None or rule.lang in (ANY_LANGUAGE, lang))
                    and (not safe_only or rule.level == "safe" or rule.id in self._page_rules)
                )
            return self._engines[key]


_cleaners: OrderedDict[tuple[Any, ...], Cleaner] = OrderedDict()
_cleaners_lock = Lock()


def clean(
    text: str,
    *,
    rules: str | Path | Iterable[str | Path] = "standard",
    disable: Iterable[str] = (),
    site: str | None = None,
    lang: str | None = None,
) -> Result:
    """Take the chrome out of one text; :class:`Cleaner` is for many.

    The cleaners of the last few calls are kept, so that rules are not read again for every
    text. A rule file that changes meanwhile is not read again: make a :class:`Cleaner` for that.

    >>> clean("Similar News", rules="standard").removals
    ()
    """
    names = (rules,) if isinstance(rules, (str, Path)) else tuple(rules)
    key = (names, tuple(disable))
    with _cleaners_lock:
        if key not in _cleaners:
            _cleaners[key] = Cleaner(names, disable=key[1])
        _cleaners.move_to_end(key)
        while len(_cleaners) > _CLEANERS_KEPT:
            _cleaners.popitem(last=False)
        cleaner = _cleaners[key]
    return cleaner.clean(text, site=site, lang=lang)
