"""Patterns that can run away: matched in more ways than can be tried.

Found by analysis: a pattern is laid out as positions, one for each atom, with an arrow from each to those
that may follow it. Where a circle of arrows can be gone along on the same characters in two ways, each
round doubles the tries: nested and ambiguous repeats. Where several open repeats in a row take the same
characters, the tries grow with a power of the length. And by attack: texts pumped up with what analysis
found, and with what the rule's own examples repeat, are matched under a clock.
"""

from __future__ import annotations

import time
from collections import defaultdict, deque
from collections.abc import Hashable, Iterable, Iterator, Mapping
from collections.abc import Sequence as Row
from dataclasses import dataclass, field
from itertools import islice, product
from random import Random
from typing import TypeVar

from cleaner.authoring.syntax import Alphabet, Atom, Choice, Node, Repeat, Sequence, parse, texts
from cleaner.pattern import Pattern

# Repeats of so many rounds count as open where texts for the attack are looked for.
MANY_ROUNDS = 4
# So many open repeats in a row that take the same characters are too many.
MOST_IN_A_ROW = 2
# Circles of more positions are left to the attack.
LARGEST_CIRCLE = 150
# Seconds for one match. A sound pattern takes a thousandth of it on the longest line that it is tried on.
SLOW = 0.25
# What hardly a pattern takes: behind it an attack fails, so that all ways are tried.
_NO = "\n\u2603"
_PUMPS = ("a", "a ", " ", "1", "1.", ". ", "-", "A b ", "\u4e2d", "\u00e9 ")

N = TypeVar("N", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Weakness:
    """A way in which a pattern can run away, and the text that it does so on, repeated."""

    problem: str
    before: str
    pump: str


@dataclass(slots=True)
class _Layout:
    """The positions of a pattern, and for each those that may follow, as often as there are ways to get there."""

    alphabet: Alphabet
    open_from: int | None
    takes: list[frozenset[str]] = field(default_factory=list)
    follow: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    # How many atomic groups are around: what was taken inside one is never tried in another way.
    atomic: int = 0

    def lay(self, node: Node) -> tuple[bool, list[int], list[int]]:
        """Lay out a node: whether it can be empty, the positions that it begins with and those that it ends with."""
        if isinstance(node, Atom):
            self.takes.append(self.alphabet.of(node))
            return False, [len(self.takes) - 1], [len(self.takes) - 1]
        if isinstance(node, Sequence):
            return self._in_a_row(node.items)
        if isinstance(node, Choice):
            laid = [self.lay(option) for option in node.options]
            return any(e for e, _, _ in laid), [p for _, f, _ in laid for p in f], [p for _, _, e in laid for p in e]
        self.atomic += node.possessive
        empty, first, last = self.lay(node.item)
        self.atomic -= node.possessive
        if self._is_open(node):
            self._join(last, first)
        return empty or node.least == 0, first, last

    def _in_a_row(self, items: Iterable[Node]) -> tuple[bool, list[int], list[int]]:
        empty, first, last = True, list[int](), list[int]()
        for item in items:
            item_empty, item_first, item_last = self.lay(item)
            self._join(last, item_first)
            first = first + item_first if empty else first
            last = last + item_last if item_empty else item_last
            empty = empty and item_empty
        return empty, first, last

    def _join(self, last: Iterable[int], first: Iterable[int]) -> None:
        for before, after in product(last, first):
            self.follow[before].append(after)

    def _is_open(self, node: Repeat) -> bool:
        if node.possessive or self.atomic:
            return False
        return node.most is None or (self.open_from is not None and node.most >= self.open_from)


def weaknesses(source: str) -> Iterator[Weakness]:
    """What analysis finds wrong with a pattern.

    >>> [found.pump for found in weaknesses(r"(?:a+)+b")]
    ['a']
    >>> list(weaknesses(r"(?:a+ )+b"))
    []
    >>> [found.problem for found in weaknesses(r".*save.*story.*")]
    ['3 open repeats in a row take the same characters']
    """
    layout, starts = _laid_out(source, None)
    for before, pump in islice(_ambiguous(layout, starts), 1):
        yield Weakness(f"a repeat inside a repeat takes {pump!r} in more than one way", before, pump)
    row, pump = _longest_row(layout)
    if row > MOST_IN_A_ROW:
        yield Weakness(f"{row} open repeats in a row take the same characters", "", pump)


def _laid_out(source: str, open_from: int | None) -> tuple[_Layout, list[int]]:
    layout = _Layout(Alphabet(source), open_from)
    _, starts, _ = layout.lay(parse(source))
    return layout, starts


def _ambiguous(layout: _Layout, starts: Row[int]) -> Iterator[tuple[str, str]]:
    """What leads to a circle that can be gone along in two ways, and what it takes to go round."""
    for circle in _circles(layout.follow, range(len(layout.takes))):
        if len(circle) <= LARGEST_CIRCLE:
            pump = _pump(layout, circle)
            if pump:
                yield _way(layout, starts, circle), pump


def _pump(layout: _Layout, circle: frozenset[int]) -> str:
    follow = {p: [q for q in layout.follow[p] if q in circle] for p in circle}
    for position, after in follow.items():
        twice = next((q for q in after if after.count(q) > 1), None)
        if twice is not None:
            back = _path({p: set(q) for p, q in follow.items()}, twice, position)
            return "".join(_char(layout.takes[p]) for p in back)
    pairs = {
        (p, q): {(a, b) for a, b in product(follow[p], follow[q]) if layout.takes[a] & layout.takes[b]}
        for p, q in product(circle, circle)
        if layout.takes[p] & layout.takes[q]
    }
    for component in _circles(pairs, pairs):
        same = next(((p, q) for p, q in component if p == q), None)
        apart = next(((p, q) for p, q in component if p != q), None)
        if same and apart:
            inside = {pair: after & component for pair, after in pairs.items() if pair in component}
            round_trip = [*_path(inside, same, apart)[1:], *_path(inside, apart, same)[1:]]
            return "".join(_char(layout.takes[p] & layout.takes[q]) for p, q in round_trip)
    return ""


def _char(chars: frozenset[str]) -> str:
    return min(chars, key=lambda char: (char != "a", not char.isalnum(), char))


def _way(layout: _Layout, starts: Row[int], circle: frozenset[int]) -> str:
    """The shortest text that leads to a circle."""
    graph: dict[int, set[int]] = {p: set(q) for p, q in layout.follow.items()}
    ways = [_path({**graph, -1: set(starts)}, -1, p) for p in circle]
    shortest = min((way for way in ways if way), key=len, default=[-1])
    return "".join(_char(layout.takes[p]) for p in shortest[1:])


def _longest_row(layout: _Layout) -> tuple[int, str]:
    """How many open repeats in a row take one and the same text, and that text.

    Between wildcards anything may be asked for, since they take that as well.
    """
    everything = frozenset(layout.alphabet.chars) - set(_NO) - {" "}
    wild = {p for p, takes in enumerate(layout.takes) if takes >= everything}
    rows = [(_row(layout, range(len(layout.takes)), wild), "a b ")]
    for char in "a 7.-":
        taking = [p for p, takes in enumerate(layout.takes) if char in takes]
        rows.append((_row(layout, taking, set(taking)), char))
    return max(rows, key=lambda row: row[0])


def _row(layout: _Layout, positions: Iterable[int], counted: set[int]) -> int:
    """The most open repeats with a counted position on one way through the positions."""
    inside = set(positions)
    graph = {p: {q for q in layout.follow[p] if q in inside} for p in inside}
    home: dict[int, int] = {}
    worth: list[int] = []
    for component in _components(graph, sorted(inside)):
        is_circle = len(component) > 1 or any(p in graph[p] for p in component)
        after = {home[q] for p in component for q in graph[p] if q in home}
        best = max((worth[number] for number in after), default=0)
        worth.append(best + (1 if is_circle and component & counted else 0))
        home |= dict.fromkeys(component, len(worth) - 1)
    return max(worth, default=0)


def _circles(graph: Mapping[N, Iterable[N]], nodes: Iterable[N]) -> Iterator[frozenset[N]]:
    for component in _components(graph, nodes):
        if len(component) > 1 or any(node in graph.get(node, ()) for node in component):
            yield component


def _components(graph: Mapping[N, Iterable[N]], nodes: Iterable[N]) -> Iterator[frozenset[N]]:
    """Strongly connected components, those that others lead to first (Tarjan, without recursion)."""
    numbers: dict[N, int] = {}
    low: dict[N, int] = {}
    stack: list[N] = []
    done: set[N] = set()
    for root in nodes:
        if root in numbers:
            continue
        numbers[root] = low[root] = len(numbers)
        stack.append(root)
        path = [(root, iter(graph.get(root, ())))]
        while path:
            node, after = path[-1]
            for other in after:
                if other not in numbers:
                    numbers[other] = low[other] = len(numbers)
                    stack.append(other)
                    path.append((other, iter(graph.get(other, ()))))
                    break
                if other not in done:
                    low[node] = min(low[node], numbers[other])
            else:
                path.pop()
                if path:
                    low[path[-1][0]] = min(low[path[-1][0]], low[node])
                if low[node] == numbers[node]:
                    at = stack.index(node)
                    component = frozenset(stack[at:])
                    del stack[at:]
                    done |= component
                    yield component


def _path(graph: Mapping[N, Iterable[N]], start: N, goal: N) -> list[N]:
    """The shortest way from a node to another, both with it; of a node to itself that is the node."""
    came: dict[N, N] = {}
    waiting = deque([start])
    while waiting:
        node = waiting.popleft()
        if node == goal:
            way = [node]
            while way[-1] != start:
                way.append(came[way[-1]])
            return way[::-1]
        for other in graph.get(node, ()):
            if other not in came and other != start:
                came[other] = node
                waiting.append(other)
    return []


def slowest(pattern: Pattern, examples: Iterable[str], *, longest: int, searched: bool = False) -> tuple[float, str]:
    r"""The most seconds that one match took in an attack on texts of ``longest`` characters, and on what.

    ``searched`` patterns are looked for in the whole text, others match all of it or nothing.

    >>> seconds, text = slowest(Pattern(r"(?:\w+ ?){1,30}:"), [], longest=90)
    >>> seconds > SLOW
    True
    """
    worst = (0.0, "")
    for text in _attacks(pattern.source, list(examples), longest):
        worst = max(worst, (_seconds(pattern, text, searched=searched), text))
        if worst[0] > SLOW:
            # A machine that stood still for a moment is no fault of the pattern.
            worst = (_seconds(pattern, text, searched=searched), text)
            if worst[0] > SLOW:
                return worst
    return worst


def _seconds(pattern: Pattern, text: str, *, searched: bool) -> float:
    match = pattern.compiled.search if searched else pattern.compiled.fullmatch
    began = time.process_time()
    try:
        match(text, timeout=4 * SLOW)
    except TimeoutError:
        return 4 * SLOW
    return time.process_time() - began


def _attacks(source: str, examples: Row[str], longest: int) -> Iterator[str]:
    layout, starts = _laid_out(source, MANY_ROUNDS)
    found = list(islice(_ambiguous(layout, starts), 5))
    found += product(["", *examples[:3]], [*_PUMPS, *(example + " " for example in examples[:3])])
    # A text that the pattern takes stands at the end: ``regex`` gives up at once where a literal is missing.
    whole = next(texts(parse(source), layout.alphabet, Random(0)))  # noqa: S311 - drawn, not kept secret
    for before, pump in found:
        room = max(1, (longest - len(before)) // len(pump))
        yield before + pump * room + _NO + whole
