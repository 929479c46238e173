"""What every format hands out: a text, where it stands, and how to write what became of it.

Two ideas, kept apart. Reading: a :class:`Source` is one open input, and going over it gives
:class:`Record` after record, of which ``text``, ``site`` and ``url`` may be asked. Splicing: a
record says what its bytes are without some of its text (``without``) or with pieces put back
(``with_inserted``), and ``Source.splicing`` puts such pieces together to a file. Whoever only
reads never asks for the second.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import BinaryIO

from cleaner.markup import Article
from cleaner.removal import Removal


class RecordError(ValueError):
    """A record that cannot be read or written back; says what is wrong and what to do."""


UTF_8 = "utf-8"
# No article is as long as this; what is, is a file of another kind, or an attack.
MOST_BYTES = 64 << 20


@dataclass(frozen=True, slots=True)
class Reading:
    """How to read: which fields hold what (dotted paths), and the encoding.

    ``field`` holds the text; where ``html_field`` is named, the article of the page in that field
    is the text, and goes into ``field``. ``site_field`` and ``url_field`` say where a text is from.
    A record of more than ``most_bytes`` is never held in memory: it stays as it came and has an error.
    """

    field: str = "text"
    encoding: str = UTF_8
    html_field: str | None = None
    site_field: str | None = None
    url_field: str | None = None
    most_bytes: int = MOST_BYTES


@dataclass(frozen=True, slots=True)
class Part:
    """Some of a file's records: bytes ``[begin, end)``, or row groups of Parquet.

    ``number`` is that of the first record, ``records`` how many numbers the part takes.
    """

    begin: int
    end: int
    number: int
    records: int


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
    def kept(self) -> bytes:
        """What is written where nothing becomes of the record."""
        return self.raw

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

    @property
    def site(self) -> str | None:
        """The site that the text is from, where the record tells. Raises :class:`RecordError`."""
        return None

    @property
    def url(self) -> str | None:
        """The address that the text is from, where the record tells. Raises :class:`RecordError`."""
        return None

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

    def written_before(self, removals: Sequence[Removal]) -> str | None:  # noqa: ARG002 - most formats only cut
        """How the whole text is written, where :meth:`without` must write it anew and not only cut it."""
        return None

    def with_written(self, written: str) -> bytes:  # noqa: ARG002
        """The record's bytes with its text written so: what undoes such a change."""
        raise RecordError("the audit does not fit: the text is not written in a cell")


class Passed(Record):
    """Bytes between texts, which go from the input to the output."""

    def __init__(self, raw: bytes, kept: bytes | None = None, *, number: int = 0) -> None:
        self._raw = raw
        self._kept = raw if kept is None else kept
        self.number = number

    @property
    def raw(self) -> bytes:
        return self._raw

    @property
    def kept(self) -> bytes:
        return self._kept

    @property
    def text(self) -> str | None:
        return None

    def without(self, removals: Sequence[Removal]) -> bytes:  # noqa: ARG002 - there is no text to remove from
        return self._kept

    def with_inserted(self, pieces: Sequence[tuple[int, str]]) -> bytes:  # noqa: ARG002
        return self._kept


class Broken(Passed):
    """Bytes that should be a record and cannot be read; they go out as they came."""

    def __init__(self, raw: bytes, problem: str, kept: bytes | None = None, *, number: int = 0) -> None:
        super().__init__(raw, kept, number=number)
        self._problem = problem

    @property
    def text(self) -> str | None:
        raise RecordError(self._problem)


Put = Callable[[Record, bytes], object]


class Source(ABC):
    """One open input. Going over it a second time is not promised."""

    @abstractmethod
    def __iter__(self) -> Iterator[Record]:
        """The records, in order, read while they are asked for. Raises :class:`RecordError`."""

    @abstractmethod
    def splicing(self, sink: BinaryIO) -> AbstractContextManager[Put]:
        """Write what became of the records, in their order: each is put once, with its bytes."""


def too_long(most: int) -> str:
    """What is said of a record that is longer than may be held."""
    return f"longer than {most >> 20} MiB, which is no article; it stays as it came: split it to have it cleaned"
