"""What all integrations share: a column of texts in, the cleaned column out, with what went beside it.

A missing text stays missing; it has no removals and no flags. A framework's types are its module's own business.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cleaner import Cleaner, Result


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """The columns that are read and written; those that are None are not.

    ``text`` is cleaned in place. ``removals`` takes what went, as rows of ``start``, ``end``, ``rule_id`` and
    ``text``: what :func:`cleaner.restore` needs. ``flags`` takes what kept the cleaner from its work. ``site`` holds
    the site or URL of each text, for rules of one site; ``lang`` narrows the rules, as in ``Cleaner.clean``.
    Raises ``ValueError`` where two of those that are written have one name.
    """

    text: str = "text"
    removals: str | None = None
    flags: str | None = None
    site: str | None = None
    lang: str | None = None

    def __post_init__(self) -> None:
        written = [name for name in (self.text, self.removals, self.flags) if name]
        if len(set(written)) < len(written):
            raise ValueError(f"two things are to be written to one column: {', '.join(map(repr, written))}")

    def read(self, names: Iterable[str]) -> list[str]:
        """Which of the columns there are is read. Raises ``KeyError`` where one is not there."""
        names = list(names)
        needed = [self.text, *([self.site] if self.site else [])]
        for name in needed:
            if name not in names:
                raise KeyError(f"no column {name!r} among {', '.join(map(repr, names))}")
        return needed

    def results(self, cleaner: Cleaner, columns: Mapping[str, Sequence[Any]]) -> list[Result | None]:
        """What became of each text; None for one that is missing.

        Raises ``KeyError`` for a column that is not there, and ``TypeError`` for a text that is no string.

        >>> [done] = Columns().results(Cleaner(), {"text": ["The ferry is back. (turn0search21)"]})
        >>> done.text
        'The ferry is back.'
        """
        texts, *sites = (columns[name] for name in self.read(columns))
        return results(cleaner, texts, *sites, lang=self.lang)

    def written(self, results: Sequence[Result | None], texts: Sequence[Any]) -> dict[str, list[Any]]:
        """The columns that cleaning writes."""
        made: dict[str, list[Any]] = {
            self.text: [text if one is None else one.text for one, text in zip(results, texts, strict=True)]
        }
        if self.removals:
            made[self.removals] = [None if one is None else removal_rows(one) for one in results]
        if self.flags:
            made[self.flags] = [None if one is None else list(one.flags) for one in results]
        return made


def results(
    cleaner: Cleaner, texts: Iterable[Any], sites: Iterable[str | None] | None = None, *, lang: str | None = None
) -> list[Result | None]:
    """What became of each text, in order; None for one that is missing."""
    named = zip(texts, itertools.repeat(None) if sites is None else sites, strict=False)
    return [None if text is None else cleaner.clean(text, site=site, lang=lang) for text, site in named]


def removal_rows(result: Result) -> list[dict[str, Any]]:
    """The removals of a text as plain data.

    >>> removal_rows(Cleaner().clean("So it is. (turn0search21)"))
    [{'start': 9, 'end': 25, 'rule_id': 'bracketed-search-handle', 'text': ' (turn0search21)'}]
    """
    return [{"start": r.start, "end": r.end, "rule_id": r.rule_id, "text": r.text} for r in result.removed]


class Categories:
    """Counts removals by the category of their rules."""

    def __init__(self, cleaner: Cleaner) -> None:
        self._of_rule = {rule.id: rule.category for rule in cleaner.rule_set.rules}

    def of(self, result: Result) -> Counter[str]:
        """How many removals of each category.

        >>> cleaner = Cleaner()
        >>> Categories(cleaner).of(cleaner.clean("So it is. (turn0search21)"))
        Counter({'residue': 1})
        """
        return Counter(self._of_rule[r.rule_id] for r in result.removals)


def checked(cleaner: Cleaner) -> Cleaner:
    """The cleaner. Raises ``TypeError`` for anything else.

    ``import cleaner.integrations.x`` binds ``cleaner`` to the package, whose ``clean`` would do, by other rules.
    """
    if not isinstance(cleaner, Cleaner):
        raise TypeError(f"a Cleaner is needed, not {cleaner!r}")
    return cleaner


def missing(library: str, *, extra: str, error: ImportError) -> ImportError:
    """The error for a library that cannot be imported; says why, and which extra brings it.

    >>> str(missing("polars", extra="polars", error=ImportError("No module named 'polars'")))
    "polars cannot be imported (No module named 'polars'): pip install 'article-cleaner[polars]'"
    """
    return ImportError(f"{library} cannot be imported ({error}): pip install 'article-cleaner[{extra}]'")
