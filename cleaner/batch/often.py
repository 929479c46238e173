"""What was removed most often, counted in memory of fixed size."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

# So many strings are told apart, each cut at so many characters.
_MOST = 2_000
_LONGEST = 160


@dataclass(slots=True)
class Often:
    """Counts of strings that never take more room than a few thousand of them do.

    Where there are too many, the rare ones are forgotten, and what that may have cost the others is in
    ``missed``: a string was removed at least as often as its count says, and at most ``missed`` times more
    (Misra and Gries, "Finding repeated elements", 1982).

    >>> often = Often()
    >>> often.add(" Share this "), often.add("Advertisement"), often.add("Share this")
    (None, None, None)
    >>> often.most(1)
    [('Share this', 2)]
    """

    counts: dict[str, int] = field(default_factory=dict)
    missed: int = 0

    def add(self, text: str, times: int = 1) -> None:
        """Count a string that was removed; white space around it does not matter."""
        text = text.strip()[:_LONGEST]
        if text:
            self.counts[text] = self.counts.get(text, 0) + times
            if len(self.counts) > 2 * _MOST:
                self._forget()

    def merge(self, other: Often) -> None:
        """Add what was counted elsewhere."""
        self.missed += other.missed
        for text, times in other.counts.items():
            self.counts[text] = self.counts.get(text, 0) + times
        if len(self.counts) > 2 * _MOST:
            self._forget()

    def _forget(self) -> None:
        """Take from all counts that of the first string for which there is no room."""
        spare = sorted(self.counts.values(), reverse=True)[_MOST]
        self.counts = {text: times - spare for text, times in self.counts.items() if times > spare}
        self.missed += spare

    def most(self, number: int) -> list[tuple[str, int]]:
        """The strings that were removed most often, with how often at least."""
        return sorted(self.counts.items(), key=lambda item: (-item[1], item[0]))[:number]

    def as_dict(self) -> dict[str, object]:
        """The same for a file, and back with :meth:`of`."""
        return {"counts": self.counts, "missed": self.missed}

    @classmethod
    def of(cls, told: Mapping[str, object]) -> Often:
        """What :meth:`as_dict` told."""
        counts, missed = told["counts"], told["missed"]
        assert isinstance(counts, dict), "counts by string"  # noqa: S101 - for the type checker
        assert isinstance(missed, int), "a number"  # noqa: S101
        return cls(counts, missed)
