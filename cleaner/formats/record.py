"""What every format hands out: a text, where it stands, and how to write what became of it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

from cleaner.markup import Article
from cleaner.removal import Removal


class RecordError(ValueError):
    """A record that cannot be read or written back; says what is wrong and what to do."""


UTF_8 = "utf-8"


@dataclass(frozen=True, slots=True)
class Reading:
    """How to read: the field of JSON lines that holds the text (dotted), and the encoding."""

    field: str = "text"
    encoding: str = UTF_8


class Record(ABC):
    """One text of a file. ``number`` counts from 1 in formats of many records and is 0 in others."""

    number: int = 0
    # Whether a record that cannot be read goes into the output as it came.
    stays_when_broken: bool = True

    @property
    @abstractmethod
    def raw(self) -> bytes:
        """The record's bytes as they were read."""

    @property
    @abstractmethod
    def text(self) -> str | None:
        """The text to clean, or None where the record has none (an empty line).

        Raises :class:`RecordError`.
        """

    @property
    def article(self) -> Article | None:
        """The text with what more is known of its lines; formats of plain text know no more.

        Raises :class:`RecordError`.
        """
        text = self.text
        return None if text is None else Article(text)

    @abstractmethod
    def without(self, removals: Sequence[Removal]) -> bytes:
        """The record's bytes without the removed spans of its text; every other byte as it was."""

    def raw_of(self, start: int, end: int) -> str:
        """How the characters ``[start, end)`` of the text are written in the record."""
        text = self.text or ""
        return text[start:end]

    @abstractmethod
    def with_inserted(self, pieces: Sequence[tuple[int, str]]) -> bytes:
        """The record's bytes with raw pieces put into its text, each at an offset of the text."""
