"""A line of chrome as tokens: what of it is literal, and what is a date, a number, an address or a name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

import regex

from cleaner.authoring.keywords import ordinary_words
from cleaner.ruleset import shipped_rules

Sort = Literal["word", "sign", "date", "time", "number", "address", "handle", "name"]

_FIRST_NAME = r"(?-i:\p{Lu}[\p{L}'.-]{0,24})"
_MORE_NAMES = r"(?: (?-i:\p{Lu}[\p{L}'.-]{0,24}|d[aeiu]|del|v[ao]n|der|bin|al|la))"
NAME = f"{_FIRST_NAME}{_MORE_NAMES}{{1,4}}"
NUMBER = r"\d[\d.,]{0,19}"
ADDRESS = r"\S{4,120}"
HANDLE = r"@\w{2,40}"
_YEAR = r"\d{4}"
_IS_YEAR = regex.compile(r"(?:19|20)\d\d")
_MONTH = r"[\p{L}\p{M}]{3,14}"

# Words behind which a name may stand, and letters that stand inside one.
_OPENS = (
    "by from with von mit par avec por con di da av af od door oleh bởi от автор автора autor auteur autore text "
    "texte texto testo tekst foto photo tarafından"
)
_OPENERS = frozenset(_OPENS.split())
_OPENING_SIGNS = frozenset(":：©/|&;·•")
_PARTICLES = frozenset(("de", "da", "di", "du", "del", "van", "von", "der", "bin", "al", "la"))
_DATE = (
    r"\d{4}[-./]\d{1,2}[-./]\d{1,2}\b|\d{1,2}[-./]\d{1,2}[-./]\d{2,4}\b"
    r"|\d{4} ?[年년] ?\d{1,2} ?[月월](?: ?\d{1,2} ?[日일])?"
    r"|\d{1,2}(?:st|nd|rd|th|er|º|\.)?(?: de| of)? (?:MONTH)\b\.?,?(?:(?: de| del)? \d{4}\b)?"
    r"|(?:MONTH)\b\.? \d{1,2}(?:st|nd|rd|th)?\b(?:,? \d{4}\b)?|(?:MONTH)\b\.? \d{4}\b"
)
_FORMS = (
    ("address", r"https?://\S+|www\.\S+|[\w.+-]+@[\w-]+\.[\w.]+"),
    ("date", _DATE),
    ("handle", r"@\w[\w.]*\w"),
    ("time", r"\d{1,2}:\d{2}(?::\d{2})?(?: ?[ap]\.?m\b\.?)?"),
    ("number", r"\d+(?:[.,]\d+)*(?:[km]\b)?"),
    ("word", r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}]|[\p{L}\p{M}](?:[\p{L}\p{M}\d]|['-](?=[\p{L}\d]))*"),
    ("sign", r"\S"),
)


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a line, and whether white space stands before it."""

    text: str
    sort: Sort
    spaced: bool

    @property
    def key(self) -> str:
        """What two tokens have in common that can stand for each other."""
        return self.text.casefold() if self.sort in ("word", "sign") else f"<{self.sort}>"

    @property
    def literal(self) -> str:
        """The token in small letters, where that changes nothing else (as it does a dotted capital I)."""
        lower = self.text.lower()
        return lower if len(lower) == len(self.text) else self.text

    @property
    def is_literal(self) -> bool:
        """Whether the pattern holds it as it stands."""
        return self.sort in ("word", "sign")

    @property
    def pattern(self) -> str:
        """What takes the token, and others like it."""
        if self.is_literal:
            return escaped(self.literal)
        if self.sort in ("date", "time"):
            return _shape(self.text)
        if self.sort == "number":
            return _YEAR if _IS_YEAR.fullmatch(self.text) else NUMBER + ("[km]?" if self.text[-1].isalpha() else "")
        return {"address": ADDRESS, "handle": HANDLE, "name": NAME}[self.sort]


def escaped(text: str) -> str:
    """A literal for a pattern, with its spaces."""
    return str(regex.escape(text, special_only=True, literal_spaces=True)).replace("\\-", "-")


def _shape(date: str) -> str:
    """A date as a pattern: digits of any value, in the same order, with the same signs.

    >>> _shape("3 March 2024")
    '\\\\d{1,2} [\\\\p{L}\\\\p{M}]{3,14} \\\\d{4}'
    """
    parts = regex.findall(r"\d+|[\p{L}\p{M}]+|[^\p{L}\p{M}\d]+", date)
    return "".join(map(_shape_of, parts))


def _shape_of(part: str) -> str:
    if part.isdigit():
        return _YEAR if len(part) == 4 else r"\d{1,2}"
    if part.isalpha() and part.casefold() in _months():
        return _MONTH
    return r"(?:st|nd|rd|th)" if part in ("st", "nd", "rd", "th") else escaped(part.lower())


@cache
def _months() -> frozenset[str]:
    """Names of months in the languages of the shipped rules, longest first where that matters."""
    from babel import Locale  # noqa: PLC0415 - only for proposals

    found = set()
    for lang in languages():
        months = Locale.parse(lang.partition("-")[0]).months
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                found |= {name.rstrip(".").casefold() for name in months[context][width].values()}
    return frozenset(name for name in found if len(name) > 2 and not any(char.isdigit() for char in name))


@cache
def languages() -> tuple[str, ...]:
    """The languages that there are shipped rules in."""
    return tuple(sorted({rule.lang for rule in shipped_rules() if rule.lang != "any"}))


@cache
def _form() -> regex.Pattern[str]:
    months = "|".join(sorted(map(escaped, _months()), key=len, reverse=True))
    parts = (f"(?P<{sort}>{form.replace('MONTH', months)})" for sort, form in _FORMS)
    return regex.compile("|".join(parts), regex.IGNORECASE)


@cache
def chrome_words(lang: str | None = None) -> frozenset[str]:
    """Words of the keywords of shipped rules, of one language or of all: words of chrome, and no names."""
    known = (rule for rule in shipped_rules() if lang in (None, rule.lang))
    return frozenset(word for rule in known for keyword in rule.keywords for word in keyword.casefold().split())


@cache
def _no_names() -> frozenset[str]:
    return chrome_words() | frozenset(word for lang in languages() for word in ordinary_words(lang))


def tokens_of(line: str) -> tuple[Token, ...]:
    """The tokens of a line.

    >>> [(t.text, t.sort) for t in tokens_of("Photo: Mara Lindqvist, 3 March 2024")]
    [('Photo', 'word'), (':', 'sign'), ('Mara Lindqvist', 'name'), (',', 'sign'), ('3 March 2024', 'date')]
    """
    found = []
    for match in _form().finditer(line):
        sort = next(sort for sort, _ in _FORMS if match[sort] is not None)
        found.append(Token(match[0], sort, line[: match.start()][-1:].isspace()))  # type: ignore[arg-type]
    return tuple(_with_names(found))


def _with_names(tokens: Sequence[Token]) -> Iterator[Token]:
    """The tokens with runs of capitalised words behind ``by``, a colon and the like put together to names."""
    at = 0
    while at < len(tokens):
        stop = _end_of_name(tokens, at) if _may_open(tokens, at) else at
        if stop > at:
            words = tokens[at:stop]
            yield Token("".join(f" {t.text}" if t.spaced else t.text for t in words).strip(), "name", words[0].spaced)
            at = stop
        else:
            yield tokens[at]
            at += 1


def _may_open(tokens: Sequence[Token], at: int) -> bool:
    """Whether a name may begin here: behind a word or sign that names follow, or at the start of a sentence on one."""
    if at == 0:
        stop = _end_of_name(tokens, 0)
        return 0 < stop < len(tokens) and tokens[stop].sort == "word" and tokens[stop].text.islower()
    before = tokens[at - 1]
    return before.key in _OPENERS or before.key in _OPENING_SIGNS


def _end_of_name(tokens: Sequence[Token], start: int) -> int:
    """Where a name of two to five words ends that begins at ``start``; ``start`` where none does."""
    at = last = start
    words = 0
    while at < len(tokens) and at - start < 5 and tokens[at].sort == "word":
        if _is_name_word(tokens[at]):
            words, last = words + 1, at + 1
        elif tokens[at].text not in _PARTICLES or at == start:
            break
        at += 1
    return last if words > 1 else start


def _is_name_word(token: Token) -> bool:
    is_capitalised = token.text[:1].isupper() and not token.text.isupper()
    return is_capitalised and len(token.text) > 1 and token.key not in _no_names()


def name_pattern(values: Iterable[Sequence[Token]]) -> str:
    """What takes names of as few words as were seen, and of up to five."""
    lengths = {sum(len(token.text.split()) for token in value) for value in values}
    if lengths == {1}:
        return _FIRST_NAME
    return f"{_FIRST_NAME}{_MORE_NAMES}{{{0 if 1 in lengths else 1},4}}"


def looks_like_names(values: Iterable[Sequence[Token]]) -> bool:
    """Whether all the values are capitalised words that are neither ordinary ones nor those of chrome."""
    return all(
        value
        and len(value) <= 5
        and all(t.sort == "name" or (t.sort == "word" and (_is_name_word(t) or t.text in _PARTICLES)) for t in value)
        for value in values
    )
