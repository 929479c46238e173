"""One look at a text: its lines, what rules see of them, and what is struck so far.

Kinds judge in order, each what the earlier ones left. The look keeps the text as it was and
collects strikes and cuts beside it; nothing is deleted before the last kind has judged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from cleaner import evidence
from cleaner.markdown import Zones, filled_cells, is_list_item, is_table_row, protected_zones, undress
from cleaner.markup import Markup
from cleaner.pattern import Clock
from cleaner.removal import Cut, Removal, Strike, apply, spans
from cleaner.rule import Rule
from cleaner.text import fold, split_lines


@lru_cache(maxsize=100_000)
def _folded_keywords(keywords: tuple[str, ...]) -> tuple[bytes, ...]:
    return tuple(map(fold, keywords))


@dataclass(frozen=True, slots=True)
class Hit:
    """A line that holds one of a rule's keywords: where the rule is worth trying."""

    line: int
    rule: Rule[Any]


class Look:
    """A text under judgement. Line numbers count from 0.

    ``markup`` is what the page knew of each line, for text that came from a page. ``hits`` are the
    lines that hold keywords, by kind, for kinds that ask what rules of another kind know of a line.
    """

    def __init__(
        self,
        text: str,
        *,
        hits: Mapping[str, Sequence[Hit]] | None = None,
        markup: Sequence[Markup | None] = (),
    ) -> None:
        self.lines = split_lines(text)
        self.hits: Mapping[str, Sequence[Hit]] = hits or {}
        self.markup = markup
        self.clock = Clock(len(text))
        self.strikes: list[Strike] = []
        self.cuts: list[Cut] = []
        self._struck: dict[int, str] = {}
        self._cut_lines: dict[int, list[Cut]] = {}
        self._views: dict[int, str] = {}
        self._folded: dict[int, bytes] = {}
        # The line looked at last: rules that meet on one line ask one after the other.
        self._raw_folded: tuple[int, bytes] = (-1, b"")

    @cached_property
    def zones(self) -> Zones:
        """What no rule looks into."""
        return protected_zones(self.lines)

    def add(self, edits: Sequence[Strike | Cut]) -> None:
        """Take in what a kind has judged."""
        for edit in edits:
            if isinstance(edit, Strike):
                self.strikes.append(edit)
                self._struck.update(dict.fromkeys(range(edit.first, edit.last + 1), edit.rule_id))
            else:
                self.cuts.append(edit)
                self._cut_lines.setdefault(edit.line, []).append(edit)
                self._views.pop(edit.line, None)
                self._folded.pop(edit.line, None)

    def removals(self) -> list[Removal]:
        """What all strikes and cuts come to, white space included."""
        return spans(self.lines, self.zones, self.strikes, self.cuts)

    def view(self, number: int) -> str:
        """What rules see of a line: undressed, and without the tokens cut from it."""
        view = self._views.get(number)
        if view is None:
            view = self._views[number] = undress(self._uncut(number))
        return view

    def _uncut(self, number: int) -> str:
        line = self.lines[number]
        cuts = self._cut_lines.get(number)
        if not cuts:
            return line
        offset = self.lines.starts[number]
        return apply(line, sorted(Removal(c.start - offset, c.stop - offset, c.rule_id) for c in cuts))

    def holds_raw_keyword(self, rule: Rule[Any], number: int) -> bool:
        """Whether a keyword of the rule stands in the line as it is written."""
        if number != self._raw_folded[0]:
            self._raw_folded = (number, fold(self.lines[number]))
        return any(keyword in self._raw_folded[1] for keyword in _folded_keywords(rule.keywords))

    def holds_keyword(self, rule: Rule[Any], number: int) -> bool:
        """Whether a keyword of the rule stands in the line as rules see it."""
        folded = self._folded.get(number)
        if folded is None:
            folded = self._folded[number] = fold(self.view(number))
        return any(keyword in folded for keyword in _folded_keywords(rule.keywords))

    def is_struck(self, number: int) -> bool:
        """Whether the line goes already."""
        return number in self._struck

    def struck_by(self, number: int) -> str:
        """The id of the rule by which the line goes, or nothing."""
        return self._struck.get(number, "")

    def is_open(self, number: int) -> bool:
        """Whether the line may still be struck: it has words, goes not yet, and nothing of it is protected."""
        return number not in self._struck and not self.zones.touches(number) and self.view(number) != ""

    def is_blank(self, number: int) -> bool:
        """Whether the line has nothing but white space, or only tokens that go."""
        return self.view(number) == "" and not self.zones.touches(number)

    def is_prose(self, number: int) -> bool:
        """Whether the line is a paragraph, or part of one, that is still there."""
        return number not in self._struck and self._prose[number]

    @cached_property
    def _prose(self) -> list[bool]:
        views = [self.view(n) for n in range(len(self.lines))]
        prose = [evidence.is_prose(view) for view in views]
        for first, last in self._wrapped_paragraphs(views):
            if evidence.count_words(" ".join(views[first : last + 1])) >= 12:
                prose[first : last + 1] = [True] * (last + 1 - first)
        return prose

    def _wrapped_paragraphs(self, views: Sequence[str]) -> list[tuple[int, int]]:
        """Runs of lines in which a sentence goes on, in lower case, from each line to the next."""
        runs: list[tuple[int, int]] = []
        for number in range(1, len(views)):
            if self._goes_on(views[number - 1], views[number]) and not is_list_item(self.lines[number]):
                if runs and runs[-1][1] == number - 1:
                    runs[-1] = (runs[-1][0], number)
                else:
                    runs.append((number - 1, number))
        return runs

    @staticmethod
    def _goes_on(before: str, after: str) -> bool:
        return (
            len(before) >= 30
            and evidence.begins_lower(after)
            and not evidence.ends_sentence(before)
            and not evidence.is_cut_short(before)
        )

    def is_mid_sentence(self, number: int) -> bool:
        """Whether the line is a piece of a hard-wrapped sentence: its neighbour goes on in lower case."""
        view = self.view(number)
        if number and evidence.begins_lower(view) and not is_list_item(self.lines[number]):
            before = self.view(number - 1)
            if evidence.count_words(before) >= 5 and not evidence.ends_sentence(before):
                return True
        if number + 1 == len(self.lines) or evidence.ends_sentence(view) or is_list_item(self.lines[number + 1]):
            return False
        after = self.view(number + 1)
        return evidence.begins_lower(after) and evidence.count_words(after) >= 6

    def is_table_row(self, number: int) -> bool:
        """Whether the line is a row of a table, of data or of a page's layout."""
        return is_table_row(self.lines[number])

    def is_data_row(self, number: int) -> bool:
        """Whether the line is a row of a regular table: of several rows with as many filled cells, two or more."""
        return number in self._data_rows

    @cached_property
    def _data_rows(self) -> frozenset[int]:
        found: set[int] = set()
        rows: list[int] = []
        for number in range(len(self.lines) + 1):
            if number < len(self.lines) and is_table_row(self.lines[number]):
                rows.append(number)
            elif rows:
                if evidence.is_grid([filled_cells(self.lines[row]) for row in rows]):
                    found.update(rows)
                rows = []
        return frozenset(found)

    def last_prose(self) -> int:
        """The number of the last paragraph still there, or -1."""
        return next((n for n in range(len(self.lines) - 1, -1, -1) if self.is_prose(n)), -1)

    def vocabulary(self) -> frozenset[str]:
        """The stems of the article's words, from the paragraphs still there."""
        return evidence.vocabulary(self.view(n) for n in range(len(self.lines)) if self.is_prose(n))
