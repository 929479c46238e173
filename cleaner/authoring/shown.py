"""What a pattern takes and no example shows: parts that may be missing, and parts that never end.

A rule takes what its examples show, and no more: a part that may be missing is missing in one of them, and a repeat
of letters has an end. So a pattern that somebody makes wider by accident no longer fits its examples.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import regex

from cleaner.authoring.variants import holds_keyword, patterns
from cleaner.markdown import undress
from cleaner.pattern import Pattern
from cleaner.rule import Rule

# The check of lint that a rule names in `allow` where it may take more than its examples show.
NOT_SHOWN = "not-shown"
_TOKEN = re.compile(
    r"""\\(?:[pPN]\{[^}]*\}|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|g<\w+>|.)   # escapes
    |\[\^?\]?(?:\\[pPN]\{[^}]*\}|\\.|\[:\^?\w+:\]|[^\]\\])*\]           # classes
    |\(\?(?:&|P>)\w+\)|\(\?P=\w+\)|\(\?[aiLmsuxbefprwV01-]+\)             # calls and flags
    |\(\?\(\w+\)|\(\?<?[=!]|\(\?P?<\w+>|\(\?>|\(\?\||\(\?[aiLmsux-]*:   # what opens a group
    |\{\d*,?\d*\}|.""",
    re.VERBOSE | re.DOTALL,
)
_ASSERTIONS = ("(?=", "(?!", "(?<=", "(?<!")
_CALLS = ("(?&", "(?P>", "(?P=")
_BOUNDS = re.compile(r"\{(\d*)(,?)(\d*)\}")
_LETTERS = tuple("aéящ中のع한अ")
_SEARCHED = "inline"
# A match of one example that takes longer shows nothing; lint looks for patterns that run away.
_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class _Repeat:
    """An item and its quantifier, as places in the source: ``[start, quantifier)`` and ``[quantifier, stop)``."""

    start: int
    quantifier: int
    stop: int
    least: int
    most: int | None


def unshown(rule: Rule[Any]) -> Iterator[str]:
    """What the patterns of a rule take that none of its examples shows, each as a sentence.

    Parts that stand in the reason of ``allow = { not-shown = "..." }`` are left out.

    >>> from cleaner.kinds import KINDS
    >>> made = KINDS["line"].fields(Pattern("save (?:this )?story.*"))
    >>> rule = Rule("a", "line", "legal", "safe", "Why.", made, keywords=("save",), remove=("Save this story",))
    >>> for problem in unshown(rule): print(problem)
    pattern: '.*' has no end: give it one, such as {0,40}
    pattern: '(?:this )?' may be missing, and no example is without it: add one, or make it required
    """
    allowed = dict(rule.allow).get(NOT_SHOWN, "")
    for key, pattern in patterns(rule):
        repeats = [r for r in _repeats(pattern.source) if pattern.source[r.start : r.stop] not in allowed]
        for repeat in repeats:
            item = pattern.source[repeat.start : repeat.quantifier]
            part = pattern.source[repeat.start : repeat.stop]
            if repeat.most is None and (part[len(item)] == "{" or _takes_words(item)):
                yield f"{key}: {part!r} has no end: give it one, such as {{{repeat.least},40}}"
        wanted = [r for r in repeats if r.least == 0 and _is_word(pattern.source[r.start : r.quantifier])]
        for repeat in _never_missing(pattern, wanted, list(_lines(rule)), searched=rule.kind == _SEARCHED):
            part = pattern.source[repeat.start : repeat.stop]
            yield f"{key}: {part!r} may be missing, and no example is without it: add one, or make it required"


def tokens(source: str) -> list[re.Match[str]]:
    """The tokens of a pattern: escapes, classes, what opens and closes groups, quantifiers, single characters."""
    return list(_TOKEN.finditer(source))


def groups(found: Sequence[re.Match[str]]) -> dict[int, int]:
    """For each token that closes a group the token that opens it."""
    opened: list[int] = []
    pairs = {}
    for number, token in enumerate(found):
        if token[0].startswith("(") and not token[0].startswith(_CALLS) and not _is_flag(token[0]):
            opened.append(number)
        elif token[0] == ")":
            pairs[number] = opened.pop()
    return pairs


def inside_assertions(found: Sequence[re.Match[str]]) -> list[range]:
    """The tokens of each assertion: what is asked there is not taken."""
    pairs = groups(found)
    return [range(start, stop + 1) for stop, start in pairs.items() if found[start][0] in _ASSERTIONS]


def _is_flag(token: str) -> bool:
    return token.startswith("(?") and token.endswith(")") and not token.startswith("(?(")


def _repeats(source: str) -> Iterator[_Repeat]:
    """The repeats and optional parts of a pattern, without those of assertions."""
    found = tokens(source)
    pairs, unseen = groups(found), inside_assertions(found)
    for number in range(1, len(found)):
        bounds = _bounds(found[number][0])
        before = found[number - 1][0]
        if bounds is None or before in ("(", "|") or any(number in some for some in unseen):
            continue
        if _bounds(before) is not None:
            continue  # the mark of a lazy or possessive quantifier
        behind = found[number + 1] if number + 1 < len(found) else None
        stop = behind.end() if behind is not None and behind[0] in "?+" else found[number].end()
        yield _Repeat(found[pairs.get(number - 1, number - 1)].start(), found[number].start(), stop, *bounds)


def _bounds(token: str) -> tuple[int, int | None] | None:
    simple: dict[str, tuple[int, int | None]] = {"?": (0, 1), "*": (0, None), "+": (1, None)}
    if token in simple:
        return simple[token]
    written = _BOUNDS.fullmatch(token)
    if written is None:
        return None
    least = int(written[1] or 0)
    return least, least if not written[2] else int(written[3]) if written[3] else None


def _takes_words(item: str) -> bool:
    """Whether what is repeated takes more than one word; a word, a number or signs end by themselves."""
    if item.startswith("("):
        return any(len(token[0]) == 1 and token[0].isalpha() for token in tokens(item[2:]))
    try:
        form = regex.compile(f"(?:{item}){{2}}", regex.IGNORECASE | regex.VERSION0)
    except regex.error:
        return False
    return any(form.fullmatch(f"{letter} ") for letter in _LETTERS)


def _is_word(item: str) -> bool:
    """Whether an item is a group that holds letters, its own or any, and not only digits and signs."""
    return item.startswith("(") and any(_is_letter(token[0]) for token in tokens(item[2:]))


def _is_letter(token: str) -> bool:
    return (len(token) == 1 and token.isalpha()) or token.startswith((r"\p{L", r"\w", r"[\p{L", r"[\w"))


def _lines(rule: Rule[Any]) -> Iterator[str]:
    if rule.remove:
        yield from (undress(line) if rule.kind == "line" else line for line in rule.remove)
        return
    for example in rule.examples:
        yield from (view for view in map(undress, example.text.split("\n")) if view and holds_keyword(rule, view))


def _never_missing(
    pattern: Pattern, wanted: Sequence[_Repeat], lines: Iterable[str], *, searched: bool
) -> Iterator[_Repeat]:
    """The parts that are there wherever a match of an example comes to their place."""
    if not wanted:
        return
    form = regex.compile(_marked(pattern.source, wanted), regex.IGNORECASE | regex.VERSION0)
    missing: set[int] = set()
    for line in lines:
        try:
            match = form.search(line, timeout=_SECONDS) if searched else form.fullmatch(line, timeout=_SECONDS)
        except TimeoutError:
            continue
        if match is not None:
            missing |= {number for number in range(len(wanted)) if match.captures(f"missing{number}")}
    yield from (repeat for number, repeat in enumerate(wanted) if number not in missing)


def _marked(source: str, wanted: Sequence[_Repeat]) -> str:
    """The pattern with an empty group of its own in the place of each part that is missing."""
    inserted: list[tuple[int, int, str, int]] = []
    for number, repeat in enumerate(wanted):
        mark = source[repeat.quantifier : repeat.stop]
        most = "" if repeat.most is None else str(repeat.most)
        again = "" if mark.startswith("?") else f"{{1,{most}}}" + mark[len(_quantifier(mark)) :]
        inserted.append((repeat.start, 1, "(?:", repeat.start))
        inserted.append((repeat.quantifier, 0, f"{again}|(?P<missing{number}>))", repeat.stop))
    pieces, at = [], 0
    for place, _, text, behind in sorted(inserted):
        pieces += [source[at:place], text]
        at = max(place, behind)
    return "".join((*pieces, source[at:]))


def _quantifier(mark: str) -> str:
    written = _BOUNDS.match(mark)
    return written[0] if written else mark[:1]
