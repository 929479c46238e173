"""Which texts are shown when there are more than a page can hold: the same ones in whatever order they come."""

from __future__ import annotations

import heapq
from collections.abc import Iterator

from cleaner.review.shown import ShownText

# So many texts of each rule are shown in any case, that no rule goes unseen.
OF_EACH_RULE = 2


class Sample:
    """Texts by the thousand, of which at most ``most`` stay, and are held in memory meanwhile.

    Where there are more: some of each rule, then the riskiest half, and the rest drawn at random, by
    digests, so that what is shown says something of what is not.

    >>> len(Sample(5000))
    0
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._riskiest = _Best(most)
        self._drawn = _Best(most)
        self._of_rules: dict[str, _Best] = {}
        self._seen = 0

    def add(self, text: ShownText) -> None:
        """Take in one more."""
        self._seen += 1
        self._riskiest.add((text.risk, text.text, text.place), text)
        # The text of the largest digest is as good as any; places tell copies apart.
        self._drawn.add((text.text, text.place), text)
        for rule_id in {removal.rule_id for removal in text.removals}:
            best = self._of_rules.setdefault(rule_id, _Best(OF_EACH_RULE))
            best.add((text.risk, text.text, text.place), text)

    def __len__(self) -> int:
        return min(self._seen, self._most)

    @property
    def seen(self) -> int:
        """How many there were."""
        return self._seen

    def __iter__(self) -> Iterator[ShownText]:
        """Those that are shown, in no order."""
        chosen: dict[tuple[str, str], ShownText] = {}
        of_rules = [text for _, best in sorted(self._of_rules.items()) for text in best]
        for texts, room in ((of_rules, self._most // 2), (self._riskiest, self._most * 3 // 4), (self._drawn, None)):
            for text in texts:
                if len(chosen) >= (self._most if room is None else room):
                    break
                chosen.setdefault((text.text, text.place), text)
        yield from chosen.values()


class _Best:
    """The few largest by their keys."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._heap: list[tuple[tuple[int | str, ...], int, ShownText]] = []
        self._added = 0

    def add(self, key: tuple[int | str, ...], text: ShownText) -> None:
        # The number decides between equal keys, so that texts need no order.
        self._added += 1
        push = heapq.heappush if len(self._heap) < self._most else heapq.heappushpop
        push(self._heap, (key, -self._added, text))

    def __iter__(self) -> Iterator[ShownText]:
        return (text for _, _, text in sorted(self._heap, key=lambda entry: entry[:2], reverse=True))
