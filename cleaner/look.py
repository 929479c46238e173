"""One look at a text: its lines, what rules see of them, and what is struck so far.

Kinds judge in order, each what the earlier ones left. The look keeps the text as it was and
collects strikes and cuts beside it; nothing is deleted before the last kind has judged.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from cleaner import evidence
from cleaner.markdown import Zones, filled_cells, is_list_item, is_table_row, protected_zones, undress, undress_all
from cleaner.markup import Markup
from cleaner.pattern import Clock, Pattern
from cleaner.removal import Cut, Removal, Strike, apply, spans
from cleaner.rule import Rule
from cleaner.text import fold, split_lines


@lru_cache(maxsize=100_000)
def _folded_keywords(keywords: tuple[str, ...]) -> tuple[bytes, ...]:
    return tuple(map(fold, keywords))


def _runs(numbers: Iterable[int]) -> list[list[int]]:
    """Numbers in order, those that follow on each other together."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return runs


class Hit(NamedTuple):
    """A line that holds one of a rule's keywords: where the rule is worth trying."""

    line: int
    rule: Rule[Any]


class SeenHits:
    """Hits in lines that a look has seen: the same line has the same hits wherever it stands."""

    def __init__(self, lines: Sequence[str], hits: Mapping[str, Sequence[Hit]]) -> None:
        self._lines = lines
        self._hits = hits

    def __contains__(self, line: str) -> bool:
        return line in self._numbers

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {line: number for number, line in enumerate(self._lines)}

    @cached_property
    def _of_numbers(self) -> dict[int, list[Rule[Any]]]:
        found: dict[int, list[Rule[Any]]] = defaultdict(list)
        for some in self._hits.values():
            for hit in some:
                found[hit.line].append(hit.rule)
        return found

    def of_line(self, line: str) -> Sequence[Rule[Any]]:
        """The rules that have a hit in the line, those of a kind in their order."""
        return self._of_numbers.get(self._numbers[line], ())


class Notes:
    """What is known of lines by their words alone, kept from one look at a document to the next.

    All of it follows from the line itself, so that a line that comes back is not read again.
    """

    __slots__ = ("folded", "hits", "in_menu", "matched", "prose", "stems", "views", "vocabularies", "words")

    def __init__(self) -> None:
        self.hits: SeenHits | None = None
        self.views: dict[str, str] = {}
        self.folded: dict[str, bytes] = {}
        self.words: dict[str, int] = {}
        self.prose: dict[str, bool] = {}
        self.stems: dict[str, frozenset[str]] = {}
        self.in_menu: dict[str, bool] = {}
        self.matched: dict[tuple[str, str], bool] = {}
        self.vocabularies: dict[tuple[str, ...], frozenset[str]] = {}


class Look:
    """A text under judgement. Line numbers count from 0.

    ``markup`` is what the page knew of each line, for text that came from a page. ``hits`` are the
    lines that hold keywords, by kind, for kinds that ask what rules of another kind know of a line.
    ``notes`` are what earlier looks at the document found out.
    """

    def __init__(
        self,
        text: str,
        *,
        hits: Mapping[str, Sequence[Hit]] | None = None,
        markup: Sequence[Markup | None] = (),
        notes: Notes | None = None,
    ) -> None:
        self.notes = notes or Notes()
        self.lines = split_lines(text)
        self.hits: Mapping[str, Sequence[Hit]] = hits or {}
        self.markup = markup
        self.clock = Clock(len(text))
        self.strikes: list[Strike] = []
        self.cuts: list[Cut] = []
        self._struck: dict[int, str] = {}
        self._cut_lines: dict[int, list[Cut]] = {}
        self._folded: dict[int, bytes] = {}
        self._vocabulary: frozenset[str] | None = None
        self._still_prose: list[int] | None = None
        # The line looked at last: rules that meet on one line ask one after the other.
        self._raw_folded: tuple[int, bytes] = (-1, b"")

    @cached_property
    def zones(self) -> Zones:
        """What no rule looks into."""
        return protected_zones(self.lines)

    def add(self, edits: Sequence[Strike | Cut]) -> None:
        """Take in what a kind has judged."""
        if edits:
            self._vocabulary = self._still_prose = None
        for edit in edits:
            if isinstance(edit, Strike):
                self.strikes.append(edit)
                self._struck.update(dict.fromkeys(range(edit.first, edit.last + 1), edit.rule_id))
            else:
                self.cuts.append(edit)
                self._cut_lines.setdefault(edit.line, []).append(edit)
        for line in {edit.line for edit in edits if isinstance(edit, Cut)}:
            self.views[line] = undress(self._uncut(line))
            self._folded.pop(line, None)
            # What is left of the line may be a paragraph now.
            self.__dict__.pop("_prose", None)

    def removals(self) -> list[Removal]:
        """What all strikes and cuts come to, white space included."""
        return spans(self.lines, self.zones, self.strikes, self.cuts)

    @property
    def plains(self) -> list[str]:
        """All lines as they are written, with plain quotes and single spaces."""
        return self._undressed[0]

    @cached_property
    def views(self) -> list[str]:
        """What rules see of all lines: undressed, and without the tokens cut from them."""
        lines, known = self.lines.strings, self.notes.views
        if known:
            return [known[line] if line in known else undress(line) for line in lines]
        known.update(zip(lines, self._undressed[1], strict=True))
        return self._undressed[1]

    @cached_property
    def _undressed(self) -> tuple[list[str], list[str], frozenset[int]]:
        return undress_all(self.lines)

    @property
    def dressed_inside(self) -> frozenset[int]:
        """The lines in which dress may part what rules see together."""
        return self._undressed[2]

    def view(self, number: int) -> str:
        """What rules see of a line."""
        return self.views[number]

    def words(self, number: int) -> int:
        """How many words the line has."""
        view = self.view(number)
        words = self.notes.words.get(view)
        if words is None:
            words = self.notes.words[view] = evidence.count_words(view)
        return words

    def stems(self, number: int) -> frozenset[str]:
        """The stems of the line's content words."""
        view = self.view(number)
        stems = self.notes.stems.get(view)
        if stems is None:
            stems = self.notes.stems[view] = evidence.vocabulary([view])
        return stems

    def matches(self, rule: Rule[Any], pattern: Pattern, number: int) -> bool:
        """Whether the pattern of the rule matches the line as rules see it."""
        view = self.view(number)
        key = (pattern.source, view)
        matched = self.notes.matched.get(key)
        if matched is None:
            matched = pattern.matches(view, clock=self.clock, rule_id=rule.id)
            self.notes.matched[key] = matched
        return matched

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
        folded = self.folded(number)
        return any(keyword in folded for keyword in _folded_keywords(rule.keywords))

    def folded(self, number: int) -> bytes:
        """The line as rules see it, folded as keywords are."""
        folded = self._folded.get(number)
        if folded is None:
            view = self.view(number)
            folded = self.notes.folded.get(view)
            if folded is None:
                folded = self.notes.folded[view] = fold(view)
            self._folded[number] = folded
        return folded

    def is_struck(self, number: int) -> bool:
        """Whether the line goes already."""
        return number in self._struck

    def struck(self) -> Set[int]:
        """The numbers of all lines that go already."""
        return self._struck.keys()

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

    def prose(self) -> Sequence[int]:
        """The numbers of all lines that are prose."""
        if self._still_prose is None:
            struck = self._struck
            self._still_prose = [n for n, is_prose in enumerate(self._prose) if is_prose and n not in struck]
        return self._still_prose

    def has_prose_words(self, least: int) -> bool:
        """Whether what is left of prose has so many words."""
        words = 0
        for number in self.prose():
            words += self.words(number)
            if words >= least:
                return True
        return words >= least

    @cached_property
    def _prose(self) -> list[bool]:
        views = self.views
        known = self.notes.prose
        for view in views:
            if view not in known:
                known[view] = len(view) >= evidence.SHORTEST_PROSE and evidence.is_prose(view)
        prose = [known[view] for view in views]
        for first, last in self._wrapped_paragraphs(views):
            if evidence.count_words(" ".join(views[first : last + 1])) >= 12:
                prose[first : last + 1] = [True] * (last + 1 - first)
        return prose

    def _wrapped_paragraphs(self, views: Sequence[str]) -> list[tuple[int, int]]:
        """Runs of lines in which a sentence goes on, in lower case, from each line to the next."""
        runs: list[tuple[int, int]] = []
        lower = [number for number in range(1, len(views)) if evidence.begins_lower(views[number])]
        for number in lower:
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
        return number in self.data_rows

    @cached_property
    def data_rows(self) -> frozenset[int]:
        """The numbers of all such rows."""
        lines, text = self.lines.strings, self.lines.text
        if "|" not in text and "\t" not in text:
            return frozenset()
        rows = [n for n, line in enumerate(lines) if ("|" in line or "\t" in line) and is_table_row(line)]
        tables = (run for run in _runs(rows) if evidence.is_grid([filled_cells(lines[row]) for row in run]))
        return frozenset(row for table in tables for row in table)

    def last_prose(self) -> int:
        """The number of the last paragraph still there, or -1."""
        return max(self.prose(), default=-1)

    def vocabulary(self) -> frozenset[str]:
        """The stems of the article's words, from the paragraphs still there."""
        if self._vocabulary is not None:
            return self._vocabulary
        prose = self.prose()
        key = tuple(map(self.view, prose))
        found = self.notes.vocabularies.get(key)
        if found is None:
            found = self.notes.vocabularies[key] = frozenset().union(*map(self.stems, prose))
        self._vocabulary = found
        return found
