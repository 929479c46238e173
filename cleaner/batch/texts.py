"""Texts of a corpus, read and nothing else: for tools that look at many texts and change none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from cleaner.batch.inputs import Task
from cleaner.batch.report import Trouble
from cleaner.batch.run import opened, site_of, trouble_of
from cleaner.formats import Reading, Record, RecordError, source_of
from cleaner.markup import Article

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class CorpusText:
    """One text of a corpus, with where it is from.

    ``path`` is the file and ``record`` the number in it (0 for a file that is one text); ``site``
    and ``url`` are what the fields named in :class:`cleaner.formats.Reading` hold, or None; where no field
    tells the site, the name of the file's folder does.
    """

    path: str
    record: int
    text: str
    site: str | None
    url: str | None

    @property
    def place(self) -> str:
        """The text's file and number, as messages name it."""
        return f"{self.path}:{self.record}" if self.record else self.path


def read_texts(
    tasks: Iterable[Task], *, reading: Reading, on_trouble: Callable[[Trouble], object]
) -> Iterator[CorpusText]:
    """The texts of the inputs, one after the other, in any format; nothing is written.

    One record is held in memory at a time. What cannot be read goes to ``on_trouble``, with file,
    place and problem, and the rest is read on.

        tasks = plan(["corpus/"]).tasks
        reading = Reading(field="text", site_field="meta.site")
        for found in read_texts(tasks, reading=reading, on_trouble=report.failed.append):
            found.place, found.text, found.site, found.url
    """
    return _read_all(tasks, reading, on_trouble, _text_of)


@dataclass(frozen=True, slots=True)
class CorpusArticle:
    """One text of a corpus with what its page knew of it; otherwise as :class:`CorpusText`."""

    path: str
    record: int
    article: Article
    site: str | None

    @property
    def place(self) -> str:
        """The text's file and number, as messages name it."""
        return f"{self.path}:{self.record}" if self.record else self.path


def read_articles(
    tasks: Iterable[Task], *, reading: Reading, on_trouble: Callable[[Trouble], object]
) -> Iterator[CorpusArticle]:
    """The texts of the inputs as a cleaner takes them, pages with their markup; otherwise as :func:`read_texts`."""
    return _read_all(tasks, reading, on_trouble, _article_of)


def _read_all(
    tasks: Iterable[Task],
    reading: Reading,
    on_trouble: Callable[[Trouble], object],
    of: Callable[[Task, Record, Reading], T | None],
) -> Iterator[T]:
    for task in tasks:
        try:
            with opened(task) as stream:
                for record in source_of(stream, task.kind, reading):
                    try:
                        found = of(task, record, reading)
                    except RecordError as error:
                        on_trouble(Trouble(task.shown, record.number, str(error)))
                    else:
                        if found is not None:
                            yield found
        except (OSError, RecordError) as error:
            on_trouble(trouble_of(task, error))


def _text_of(task: Task, record: Record, reading: Reading) -> CorpusText | None:
    text = record.text
    site = site_of(task, record, reading)
    return None if text is None else CorpusText(task.shown, record.number, text, site, record.url)


def _article_of(task: Task, record: Record, reading: Reading) -> CorpusArticle | None:
    article = record.article
    site = site_of(task, record, reading)
    return None if article is None else CorpusArticle(task.shown, record.number, article, site)
