"""Properties of a rule, tried on generated texts: articles and near misses around its own words.

In all of them the body must survive. A rule that eats a paragraph is shown the smallest text in which
it does. Needs hypothesis.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import HealthCheck, Phase, find, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample

from cleaner.authoring.variants import near_misses
from cleaner.engine import Engine, Restless
from cleaner.evidence import is_prose
from cleaner.kinds import KINDS
from cleaner.pattern import PatternTimeout
from cleaner.rule import Rule
from cleaner.testing import PLAIN_WORDS, WORDS, Page, articles, paragraphs

TRIES = 1_000
# What the sentences are made of that a keyword is set into: no word of chrome among them.
_PLAIN = WORDS[:PLAIN_WORDS]
_ENDS = (".", "?", "!")


@dataclass(frozen=True, slots=True)
class Eaten:
    """The smallest text found in which a rule takes body: the text, the paragraph that is lost, what is left."""

    rule_id: str
    source: str
    line: int
    text: str
    lost: str
    left: str

    def __str__(self) -> str:
        place = f"{self.source}:{self.line}" if self.line else self.source
        return f"{place}: rule {self.rule_id!r} takes text of an article: {self.lost!r}"


def try_properties(rules: Iterable[Rule[Any]], *, tries: int = TRIES) -> Iterator[Eaten]:
    """Try each rule on ``tries`` generated articles and near misses; the smallest text that it eats from.

    Rules of kinds that judge by structure are tried on articles whose paragraphs hold their keywords; rules of
    one site and of whole pages are not tried: what they take depends on texts that are not generated.
    """
    for rule in rules:
        kind = KINDS[rule.kind]
        if not kind.of_site and not kind.finds_article:
            yield from _eaten(rule, tries)


def _eaten(rule: Rule[Any], tries: int) -> Iterator[Eaten]:
    engine = Engine((rule,))
    for strategy in (_near_miss_pages(rule), _keyword_pages(rule), articles()):
        page = _smallest(engine, strategy, tries) if strategy is not None else None
        if page is not None:
            left = _left(engine, page.text)
            lost = next((paragraph for paragraph in page.paragraphs if paragraph not in left), page.paragraphs[0])
            yield Eaten(rule.id, rule.source, rule.line, page.text, lost, left)
            return


def _smallest(engine: Engine, strategy: st.SearchStrategy[Page], tries: int) -> Page | None:
    """The smallest page of which the rule takes body, as far as hypothesis gets at shrinking it."""
    quiet = settings(
        max_examples=tries,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink),
    )
    try:
        return find(strategy, lambda page: _eats(engine, page), settings=quiet)
    except NoSuchExample:
        return None


def _eats(engine: Engine, page: Page) -> bool:
    left = _left(engine, page.text)
    at = 0
    for paragraph in page.paragraphs:
        at = left.find(paragraph, at)
        if at < 0:
            return True
        at += len(paragraph)
    return False


def _left(engine: Engine, text: str) -> str:
    """What the rule leaves; the text itself where it takes too long or does not come to rest, for then it stays."""
    try:
        return engine.settle(text).text
    except (PatternTimeout, Restless):
        return text


def _near_miss_pages(rule: Rule[Any]) -> st.SearchStrategy[Page] | None:
    """Pages with one of the near misses that the rule's own examples make; none for other kinds than ``line``.

    Those that the rule may fail by its own word are left out, as lint does.
    """
    if rule.kind != "line" or "wide-pattern" in dict(rule.allow):
        return None
    # A sentence that goes on behind a few words of chrome is lint's to judge: labels and pitches do.
    misses = sorted({miss.text for miss in near_misses(rule) if miss.sort != "open-end"})
    return _set_between(st.sampled_from(misses)) if misses else None


def _keyword_pages(rule: Rule[Any]) -> st.SearchStrategy[Page] | None:
    """Pages with sentences of ordinary words around a keyword."""
    keywords = sorted({keyword.strip() for keyword in rule.keywords})
    if not keywords:
        return None
    sentence = st.builds(
        _around,
        st.lists(st.sampled_from(_PLAIN), min_size=0, max_size=8),
        st.sampled_from(keywords),
        st.lists(st.sampled_from(_PLAIN), min_size=0, max_size=12),
        st.sampled_from(_ENDS),
    )
    kinds = [sentence, *(_framed(rule, keywords) if rule.kind == "inline" else ())]
    return _set_between(st.one_of(kinds).filter(is_prose))


def _framed(rule: Rule[Any], keywords: Sequence[str]) -> Iterator[st.SearchStrategy[str]]:
    """Sentences with a keyword and other words between the brackets that the rule's tokens stand in."""
    frames = sorted({(token[0], token[-1]) for token in rule.remove if not token[0].isalnum()})
    words = st.lists(st.sampled_from(_PLAIN), min_size=1, max_size=3).map(" ".join)
    for first, last in frames:
        inner = st.builds(_frame(first, last), words, st.sampled_from(keywords), words)
        plain = st.lists(st.sampled_from(_PLAIN), min_size=8, max_size=12)
        yield st.builds(_around, plain, inner, plain, st.sampled_from(_ENDS))


def _frame(first: str, last: str) -> Callable[[str, str, str], str]:
    return lambda before, keyword, behind: f"{first}{before} {keyword} {behind}{last}"


def _around(before: Sequence[str], keyword: str, behind: Sequence[str], end: str) -> str:
    text = " ".join([*before, keyword, *behind])
    return text[:1].upper() + text[1:] + end


def _set_between(sentences: st.SearchStrategy[str]) -> st.SearchStrategy[Page]:
    def made(before: list[str], sentence: str, behind: list[str]) -> Page:
        body = (*before, sentence, *behind)
        return Page("\n\n".join(body) + "\n", body)

    others = st.lists(paragraphs(_PLAIN), min_size=1, max_size=3)
    return st.builds(made, others, sentences, others)
