"""Near misses made from a rule's own examples: what an author could write with the same words.

Its `remove` examples say what the chrome is. Around them lie texts that a pattern should not take: a sentence that
goes on behind the chrome, one that leads up to it, one in which nothing is left of it but the keyword.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from typing import Any, Literal

from cleaner.evidence import count_words, is_prose
from cleaner.markdown import undress
from cleaner.pattern import Clock, Pattern, PatternTimeout
from cleaner.rule import Rule
from cleaner.text import fold

Sort = Literal["open-end", "open-start", "keyword-alone"]

# A sentence of an article may well begin with so few words of chrome. With more of them the site speaks.
LONGEST_PHRASE = 5

_LABEL = re.compile(r"[:：>›»＞→|｜▶/／\]]")
_END = re.compile(r"[.!?…]+$")
_BEHIND = (
    ", she says, although nobody in the village by the river believed a word of it.",
    " was what the teacher wrote on the wall before the first of the children came in.",
)
_BEFORE = (
    "The teacher had written on the wall for all of the children to see that ",
    "Nobody in the village by the river could say why the old sailor wanted to ",
)
_FILLING = ("river", "bridge", "morning", "winter", "kitchen", "engine")


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A text that should stay, which sort it is of, and the example that it was made from."""

    text: str
    sort: Sort
    example: str


def near_misses(rule: Rule[Any]) -> Iterator[NearMiss]:
    """Lines of an article around the words of a rule of kind ``line``: sentences, and some that lack their end."""
    seen: set[str] = set()
    for miss in _made(rule):
        is_body = is_prose(miss.text) or miss.sort == "open-start"
        if miss.text not in seen and is_body and miss.text not in rule.remove:
            seen.add(miss.text)
            yield miss


def _made(rule: Rule[Any]) -> Iterator[NearMiss]:
    for line in rule.remove:
        bare = _END.sub("", line)
        for behind in _BEHIND if _is_phrase(bare) else ():
            yield NearMiss(bare + behind, "open-end", line)
        for before in _BEFORE:
            for end in (".", ""):
                yield NearMiss(before + bare[:1].lower() + bare[1:] + end, "open-start", line)
        yield from _filled(line, rule.keywords)


def _is_phrase(line: str) -> bool:
    """Whether an author may well begin a sentence with the line: neither a label nor a sentence of the site."""
    return count_words(line) <= LONGEST_PHRASE and not _LABEL.search(line)


def _filled(line: str, keywords: Iterable[str]) -> Iterator[NearMiss]:
    """The line with every word but those of its keyword replaced."""
    for keyword in keywords:
        at = _find(line, keyword)
        if at < 0 or _LABEL.search(line):
            continue
        before, held, behind = line[:at], line[at : at + len(keyword)], line[at + len(keyword) :]
        words = [f"the {word}" for word in _FILLING]
        text = f"{' '.join(words[:2]) if before.strip() else ''} {held} {' and '.join(words)}"
        if behind.strip():
            yield NearMiss(_sentence(text), "keyword-alone", line)


def _find(line: str, keyword: str) -> int:
    return line.casefold().find(keyword.casefold())


def _sentence(text: str) -> str:
    text = " ".join(text.split())
    return text[:1].upper() + _END.sub("", text[1:]) + "."


def taken(rule: Rule[Any], line: str) -> bool:
    """Whether a rule of kind ``line`` would take the line, wherever it stands."""
    view = undress(line)
    if len(view) > rule.fields.longest or not holds_keyword(rule, view):
        return False
    pattern: Pattern = rule.fields.pattern
    try:
        return pattern.matches(view, clock=Clock(len(view)), rule_id=rule.id)
    except PatternTimeout:
        return False


def holds_keyword(rule: Rule[Any], text: str) -> bool:
    """Whether one of the rule's keywords stands in the text."""
    folded = fold(text)
    return any(fold(keyword) in folded for keyword in rule.keywords)


def patterns(rule: Rule[Any]) -> Iterator[tuple[str, Pattern]]:
    """The patterns of a rule, with the keys that they stand under."""
    for f in fields(rule.fields):
        value = getattr(rule.fields, f.name)
        if isinstance(value, Pattern):
            yield f.name, value
