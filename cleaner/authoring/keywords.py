"""Keywords that are too common: words and phrases that ordinary text is full of.

A keyword decides on which lines a pattern is tried at all. One that stands in every other paragraph makes
all rules slow, and leaves the pattern alone to tell chrome from body.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from cleaner.rule import ANY_LANGUAGE
from cleaner.text import fold

# Two of the words that are among so many most frequent make a phrase that is too common.
MOST_FREQUENT = 30
# What stands inside so many of the most frequent words of a language stands everywhere.
INSIDE_WORDS = 4
# Rules of any language are held against this one: most of them are in Latin letters.
_USUAL = "en"


@cache
def _table(name: str) -> Mapping[str, object]:
    text = files("cleaner.authoring").joinpath(f"ordinary_{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def ordinary_words(lang: str) -> tuple[str, ...]:
    """The most frequent words of a language, most frequent first; none where no table knows them."""
    words = _table("words").get(_usual(lang), "")
    return tuple(words.split()) if isinstance(words, str) else ()


@cache
def ordinary_phrases(lang: str) -> frozenset[str]:
    """Other words and phrases that ordinary text of the language is full of."""
    phrases = _table("phrases").get(_usual(lang), [])
    return frozenset(map(_folded, phrases)) if isinstance(phrases, list) else frozenset()


def _usual(lang: str) -> str:
    return _USUAL if lang == ANY_LANGUAGE else lang.partition("-")[0]


def _folded(text: str) -> str:
    return fold(text).decode("utf-8", "surrogatepass")


def too_common(keyword: str, lang: str) -> str:
    """Why a keyword is too common in the language; nothing if it is not.

    >>> too_common("the article", "en"), too_common(" to the ", "en"), too_common("th", "en")
    ('a phrase of ordinary text', 'two of the most frequent words', 'stands inside many ordinary words')
    >>> too_common("to your reading list", "en")
    ''
    """
    bare = _folded(keyword).strip()
    frequent = tuple(map(_folded, ordinary_words(lang)))
    words = bare.split()
    if bare in ordinary_phrases(lang):
        return "a phrase of ordinary text" if len(words) > 1 else "a word of ordinary text"
    if bare in frequent:
        return "one of the most frequent words"
    if len(words) == 2 and set(words) <= set(frequent[:MOST_FREQUENT]):
        return "two of the most frequent words"
    is_fragment = keyword == keyword.strip() and bare.isalpha() and len(bare) <= 3
    if is_fragment and sum(bare in word for word in frequent) >= INSIDE_WORDS:
        return "stands inside many ordinary words"
    return ""
