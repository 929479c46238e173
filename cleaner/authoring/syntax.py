"""The structure of a pattern: sequences, alternatives, repeats, and atoms of one character.

The ``regex`` module has no public parser. This one reads as much as lint needs: what may follow
what, and how often. Which characters an atom takes is asked of ``regex`` itself. Assertions and back
references count as nothing, so that a pattern seems to match rather more than it does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

import regex


@dataclass(frozen=True, slots=True)
class Atom:
    """One character, as the pattern writes it: a literal, a class, an escape or a dot."""

    source: str


@dataclass(frozen=True, slots=True)
class Sequence:
    """One item after the other; without items it matches nothing at all."""

    items: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several."""

    options: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """An item ``least`` to ``most`` times; ``most`` is None where there is no end to it.

    A ``possessive`` one gives nothing back, and so never tries a second way.
    """

    item: Node
    least: int
    most: int | None
    possessive: bool = False


Node = Atom | Sequence | Choice | Repeat

_ESCAPE = re.compile(r"\\(?:[pPN]\{[^}]*\}|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|g<\w+>|.)", re.DOTALL)
_CLASS = re.compile(r"\[\^?\]?(?:\\[pPN]\{[^}]*\}|\\.|\[:\^?\w+:\]|[^\]\\])*\]", re.DOTALL)
_BOUNDS = re.compile(r"\{(\d*)(?:(,)(\d*))?\}")
_CALL = re.compile(r"\(\?(?:&|P>)(\w+)\)")
_DEFINE = re.compile(r"\(\?\(DEFINE\)")
_CONDITION = re.compile(r"\(\?\(\w+\)")
_COMMENT = re.compile(r"\(\?#[^)]*\)|\(\?[aiLmsuxbefprwV01-]+\)|\(\?P=\w+\)")
_LOOK = re.compile(r"\(\?<?[=!]")
_OPEN = re.compile(r"\((?:\?(?:P?<(\w+)>|>|\||[aiLmsux-]*:))?")
_NO_CHARACTER = frozenset("bBAZGKmM")
# Calls of groups inside each other, and how often a generated text goes round a repeat without end.
_DEEPEST = 6
_ROUNDS = 3


def parse(source: str) -> Node:
    """The structure of a pattern that ``regex`` compiles.

    >>> parse("ab?")
    Sequence(items=(Atom(source='a'), Repeat(item=Atom(source='b'), least=0, most=1, possessive=False)))
    >>> parse("(?:x|[0-9]+)")
    Choice(options=(Atom(source='x'), Repeat(item=Atom(source='[0-9]'), least=1, most=None, possessive=False)))
    """
    reader = _Reader(source)
    reader.choice()  # once to learn the groups that are called before they are defined
    reader.at = 0
    return reader.choice()


@dataclass(slots=True)
class _Reader:
    source: str
    at: int = 0
    groups: dict[str, Node] = field(default_factory=dict)

    def choice(self) -> Node:
        """Alternatives up to the end of the group, which stays unread."""
        options = [self._sequence()]
        while self._take("|"):
            options.append(self._sequence())
        return options[0] if len(options) == 1 else Choice(tuple(options))

    def _sequence(self) -> Node:
        items: list[Node] = []
        while self.at < len(self.source) and self.source[self.at] not in "|)":
            item = self._repeated(self._item())
            if item != Sequence():
                items.append(item)
        return items[0] if len(items) == 1 else Sequence(tuple(items))

    def _take(self, text: str) -> bool:
        found = self.source.startswith(text, self.at)
        self.at += len(text) if found else 0
        return found

    def _match(self, form: re.Pattern[str]) -> re.Match[str] | None:
        match = form.match(self.source, self.at)
        self.at = match.end() if match else self.at
        return match

    def _item(self) -> Node:
        char = self.source[self.at]
        if char == "(":
            return self._group()
        if char == "\\" and (escape := self._match(_ESCAPE)):
            bare = escape[0][1]
            return Sequence() if bare in _NO_CHARACTER or bare in "123456789g" else Atom(escape[0])
        if char == "[" and (cls := self._match(_CLASS)):
            return Atom(cls[0])
        self.at += 1
        return Sequence() if char in "^$" else Atom(char)

    def _group(self) -> Node:
        if call := self._match(_CALL):
            return self.groups.get(call[1], Sequence())
        if self._match(_COMMENT):
            return Sequence()
        unseen = self._match(_LOOK) or self._match(_DEFINE)
        opened = None if unseen or self._match(_CONDITION) else self._match(_OPEN)
        inner = self.choice()
        self._take(")")
        if opened and opened[1]:
            self.groups[opened[1]] = inner
        if opened and opened[0] == "(?>":
            return Repeat(inner, 1, 1, possessive=True)
        return Sequence() if unseen else inner

    def _repeated(self, item: Node) -> Node:
        while bounds := self._bounds():
            possessive = self._take("+")
            if not possessive:
                self._take("?")
            item = Sequence() if item == Sequence() else Repeat(item, *bounds, possessive=possessive)
        return item

    def _bounds(self) -> tuple[int, int | None] | None:
        for sign, bounds in (("*", (0, None)), ("+", (1, None)), ("?", (0, 1))):
            if self._take(sign):
                return bounds
        written = self._match(_BOUNDS)
        if written is None:
            return None
        least = int(written[1] or 0)
        if not written[2]:
            return (least, least)
        return (least, int(written[3]) if written[3] else None)


class Alphabet:
    """Characters that stand for all: of every sort one or two, and those that a pattern names itself."""

    SORTS = "ae7 .,:;-\u2013|/\"'!?()é中\u2603"

    def __init__(self, source: str) -> None:
        named = {char for char in source.lower() if char.isalnum()}
        self.chars = "".join(dict.fromkeys(self.SORTS + "".join(sorted(named))))
        self._known: dict[str, frozenset[str]] = {}

    def of(self, atom: Atom) -> frozenset[str]:
        """The characters that the atom takes."""
        if atom.source not in self._known:
            self._known[atom.source] = self._asked(atom.source)
        return self._known[atom.source]

    def _asked(self, source: str) -> frozenset[str]:
        if source.isalnum():
            return frozenset(source.lower())
        try:
            form = regex.compile(source, regex.IGNORECASE | regex.VERSION0)
        except regex.error:
            return frozenset(self.chars)
        taken = frozenset(char for char in self.chars if form.fullmatch(char))
        return taken or frozenset(_first_of(source))


def _first_of(source: str) -> str:
    """A literal that is in no alphabet: a sign that the pattern names, by itself or escaped or in a class."""
    bare = source.lstrip("[\\")
    return bare[:1] or " "


def texts(node: Node, alphabet: Alphabet, random: Random) -> Iterator[str]:
    """Texts that the pattern is made for, drawn at random: without end.

    >>> found = texts(parse("sa(?:ve|y) it"), Alphabet("saveyit"), Random(1))
    >>> sorted({next(found) for _ in range(20)})
    ['save it', 'say it']
    """
    while True:
        yield "".join(_pieces(node, alphabet, random))


def _pieces(node: Node, alphabet: Alphabet, random: Random) -> Iterator[str]:
    if isinstance(node, Atom):
        yield random.choice(sorted(alphabet.of(node)))
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from _pieces(item, alphabet, random)
    elif isinstance(node, Choice):
        yield from _pieces(random.choice(node.options), alphabet, random)
    else:
        most = node.least + _ROUNDS if node.most is None else min(node.most, node.least + _ROUNDS)
        for _ in range(random.randint(node.least, most)):
            yield from _pieces(node.item, alphabet, random)
