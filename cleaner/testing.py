"""For the tests of a pipeline: generated articles and pages, and the promise as ready-made checks.

Assert in your own tests that your bodies survive, under the shipped rules or yours. Needs hypothesis:
``pip install 'article-cleaner[authoring]'``.

    from hypothesis import given
    from cleaner import Cleaner
    from cleaner.testing import Page, check_promise, pages

    MINE = Cleaner(["standard", "my-rules.toml"])

    @given(pages(rules=MINE.rule_set.rules))
    def test_bodies_survive(page: Page) -> None:
        check_promise(MINE, page)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

try:
    from hypothesis import strategies as st
except ImportError as error:
    raise ImportError("cleaner.testing needs hypothesis: pip install 'article-cleaner[authoring]'") from error

from cleaner.cleaner import Cleaner, Result
from cleaner.markdown import undress
from cleaner.removal import apply, restore
from cleaner.rule import Rule
from cleaner.ruleset import shipped_rules

# Words of ordinary prose, and words that chrome is made of: bodies are written in both.
_WORDS = (
    "the a river bridge council market winter harbour teacher engine letter morning village doctor report garden "
    "music window evening market question answer summer train money paper history science football kitchen "
    "island he she they we people nobody everyone said told asked found built opened closed crossed measured "
    "painted sold slowly again never often quietly because although while after before under behind against "
    "between without newsletter bookmark share follow comment cookie subscribe advertisement sponsor related "
    "read more news login über straße élève niño français Łódź Ωmega москва река город мост"
)
WORDS = tuple(_WORDS.split())
# So many of them are of prose alone.
PLAIN_WORDS = 60
_ENDS = (".", ".", ".", "!", "?", '."', ".)", ".\u201d")


@dataclass(frozen=True)
class Page:
    """A generated text, and the paragraphs of its article: they must survive, in order."""

    text: str
    paragraphs: tuple[str, ...]


def _sentence(words: Sequence[str], end: str) -> str:
    text = " ".join(words)
    return text[0].upper() + text[1:] + end


def sentences(words: Sequence[str] = WORDS, *, ends: Sequence[str] = _ENDS) -> st.SearchStrategy[str]:
    """Sentences of nine words or more.

    >>> from hypothesis import find
    >>> find(sentences(["rain"]), lambda sentence: True)
    'Rain rain rain rain rain rain rain rain rain.'
    """
    return st.builds(_sentence, st.lists(st.sampled_from(words), min_size=9, max_size=22), st.sampled_from(ends))


def paragraphs(words: Sequence[str] = WORDS) -> st.SearchStrategy[str]:
    """Paragraphs of one to three sentences, on one line."""
    whole = sentences(words, ends=(".",))
    return st.builds(lambda first, last: " ".join([*first, last]), st.lists(whole, max_size=2), sentences(words))


def articles(words: Sequence[str] = WORDS) -> st.SearchStrategy[Page]:
    """Articles of one to seven paragraphs and nothing else: no careful rule takes anything of them.

    >>> from hypothesis import find
    >>> page = find(articles(), lambda page: len(page.paragraphs) == 2)
    >>> page.text == "\\n\\n".join(page.paragraphs) + "\\n"
    True
    """
    bodies = st.lists(paragraphs(words), min_size=1, max_size=7)
    return bodies.map(lambda body: Page("\n\n".join(body) + "\n", tuple(body)))


def headlines() -> st.SearchStrategy[str]:
    """Headlines of other articles."""
    words = st.lists(st.sampled_from(WORDS[:PLAIN_WORDS]), min_size=6, max_size=11)
    return words.map(lambda drawn: " ".join(drawn).title())


@cache
def _careful() -> tuple[Rule[Any], ...]:
    return tuple(rule for rule in shipped_rules() if rule.status == "stable" and rule.level != "aggressive")


def chrome_lines(rules: Iterable[Rule[Any]] | None = None) -> tuple[str, ...]:
    """Lines that the rules are there for: what their examples remove, and the headings of their sections.

    ``rules`` are those of the shipped set ``standard``, if none are given.

    >>> "Advertisement" in chrome_lines()
    True
    """
    rules = _careful() if rules is None else tuple(rules)
    lines = {line for rule in rules if rule.kind == "line" for line in rule.remove if "\n" not in line}
    return tuple(sorted(lines.union(*(_headings(rule) for rule in rules if rule.kind == "section"))))


def _headings(rule: Rule[Any]) -> set[str]:
    lines = {line for example in rule.examples for line in example.text.split("\n")}
    return {line for line in lines if rule.fields.heading.compiled.fullmatch(undress(line))}


def chrome_tokens(rules: Iterable[Rule[Any]] | None = None) -> tuple[str, ...]:
    """Tokens inside lines that the rules are there for, as :func:`chrome_lines`."""
    rules = _careful() if rules is None else rules
    return tuple(sorted({token for rule in rules if rule.kind == "inline" for token in rule.remove}))


def _rows() -> st.SearchStrategy[str]:
    cells = st.lists(st.sampled_from(WORDS[:PLAIN_WORDS]), min_size=1, max_size=5)
    return cells.map(lambda drawn: f"| {' | '.join(drawn)} |")


def chrome(rules: Iterable[Rule[Any]] | None = None) -> st.SearchStrategy[str]:
    """Lines of chrome: what the rules are there for, headlines, rows of layout tables, dated lists.

    >>> from hypothesis import find
    >>> find(chrome(), lambda line: line.startswith("| "))
    '| the |'
    """
    rules = None if rules is None else tuple(rules)
    known = [st.sampled_from(some) for some in (chrome_lines(rules), chrome_tokens(rules)) if some]
    dated = st.builds("- {} 2024-05-{:02d} 18:40".format, headlines(), st.integers(1, 28))
    return st.one_of(*known, headlines(), _rows(), dated)


def line_ends() -> st.SearchStrategy[str]:
    """Line ends of every sort, with and without blank lines."""
    return st.sampled_from(["\n", "\n\n", "\r\n", "\r", "\n \n", "\n\n\n"])


def pages(
    rules: Iterable[Rule[Any]] | None = None, body: st.SearchStrategy[str] | None = None
) -> st.SearchStrategy[Page]:
    """Paragraphs in order, chrome in any number anywhere between them, tokens behind some.

    ``rules`` say which chrome; ``body`` draws the paragraphs, for bodies as yours are: each must be
    prose, eight words or more that end as a sentence does.

    >>> from hypothesis import Phase, find, settings
    >>> any_will_do = settings(phases=[Phase.generate])
    >>> page = find(pages(), lambda page: len(page.paragraphs) == 2, settings=any_will_do)
    >>> all(paragraph in page.text for paragraph in page.paragraphs)
    True
    """
    rules = None if rules is None else tuple(rules)
    tokens = chrome_tokens(rules)
    behind = st.one_of(st.just(""), st.sampled_from(tokens).map(" {}".format)) if tokens else st.just("")
    return _pages(st.lists(body or paragraphs(), min_size=1, max_size=7), chrome(rules), behind, line_ends())


@st.composite
def _pages(
    draw: st.DrawFn,
    bodies: st.SearchStrategy[list[str]],
    around: st.SearchStrategy[str],
    behind: st.SearchStrategy[str],
    ends: st.SearchStrategy[str],
) -> Page:
    drawn = draw(bodies)
    pieces: list[str] = []
    for paragraph in [*drawn, None]:
        for _ in range(draw(st.integers(0, 3))):
            pieces += (draw(around), draw(ends))
        if paragraph is not None:
            pieces += (paragraph, draw(behind), draw(ends))
    if draw(st.booleans()):
        pieces.pop()
    return Page("".join(pieces), tuple(drawn))


def _expect(holds: bool, problem: str) -> None:
    """An assertion that python -O does not leave out."""
    if not holds:
        raise AssertionError(problem)


def check_only_deletion(text: str, result: Result) -> None:
    """Assert that the output is the input without the removals, sorted and apart, and can be restored.

    >>> from cleaner import clean
    >>> check_only_deletion("Advertisement\\nIt rained.\\n", clean("Advertisement\\nIt rained.\\n"))
    """
    at = 0
    for removal in result.removals:
        _expect(at <= removal.start < removal.end <= len(text), f"not sorted, or empty, or outside the text: {removal}")
        at = removal.end
    _expect(apply(text, result.removals) == result.text, "the output is not the input without the removals")
    _expect(restore(result.text, result.removed) == text, "the removals do not restore the input")
    _expect(bool(result.removals) or result.text is text, "nothing went, and yet the text is another object")


def check_body(page: Page, cleaned: str) -> None:
    """Assert that the paragraphs of a page stand in the cleaned text, unchanged and in order.

    >>> check_body(Page("Share\\nIt rained all day.\\n", ("It rained all day.",)), "It rained all day.\\n")
    >>> check_body(Page("Share\\nIt rained all day.\\n", ("It rained all day.",)), "Share\\n")
    Traceback (most recent call last):
    AssertionError: lost or out of order: 'It rained all day.'
    """
    at = 0
    for paragraph in page.paragraphs:
        found = cleaned.find(paragraph, at)
        _expect(found >= 0, f"lost or out of order: {paragraph!r}")
        at = found + len(paragraph)
        _expect(not cleaned[at : at + 1].strip(), f"something is glued to {paragraph!r}")


def check_idempotent(cleaner: Cleaner, text: str) -> None:
    """Assert that cleaning twice is cleaning once.

    >>> check_idempotent(Cleaner("safe"), "Advertisement\\nIt rained.\\n")
    """
    once = cleaner.clean(text).text
    _expect(cleaner.clean(once).text == once, f"cleaned again, more went: {once!r}")


def check_promise(cleaner: Cleaner, page: Page) -> None:
    """Assert all that is promised for a page: only deletion, the body survives, cleaning again changes nothing.

    >>> check_promise(Cleaner("standard"), Page("Share\\nIt rained all day.\\n", ("It rained all day.",)))
    """
    result = cleaner.clean(page.text)
    broken = [flag for flag in result.flags if flag.startswith(("guard", "error", "timeout"))]
    _expect(not broken, f"flagged: {', '.join(broken)}")
    check_only_deletion(page.text, result)
    check_body(page, result.text)
    check_idempotent(cleaner, page.text)
