"""Cleaning files: each is read, cleaned record by record, and written whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, BinaryIO, cast

from cleaner.audit import AuditRow, audit_row
from cleaner.batch.inputs import Task
from cleaner.batch.paths import Untouched
from cleaner.batch.report import UNTOUCHED, Report, Trouble
from cleaner.cleaner import Cleaner, Result
from cleaner.formats import Part, Put, Reading, Record, RecordError, Source, source_of

if TYPE_CHECKING:
    from cleaner.formats import ParquetSource

CHANGED = "was changed while it was read: clean it once more when it is at rest"
NONE_UNTOUCHED = Untouched()


@dataclass(frozen=True, slots=True)
class Visit:
    """One record of one input, and what became of it; None for a record without text."""

    task: Task
    record: Record
    result: Result | None


# Opens the output of a task.
Sinks = Callable[[Task], AbstractContextManager[BinaryIO]]


def clean_tasks(
    cleaner: Cleaner,
    tasks: Iterable[Task],
    report: Report,
    *,
    reading: Reading,
    lang: str | None = None,
    write_to: BinaryIO | None = None,
    write: bool = True,
    untouched: Untouched = NONE_UNTOUCHED,
    on_audit: Callable[[AuditRow], object] | None = None,
) -> Iterator[Visit]:
    """Clean the inputs one after the other; yields each record once it is done.

    A record that cannot be read goes into the output as it is, and into ``report.failed``; so
    does an input that cannot be opened or written, and the run goes on. With ``write_to`` the
    output goes there, with ``write=False`` nowhere, otherwise to the targets of the tasks.
    """
    report.rules_digest = cleaner.rules_digest
    into = (write_to or target_file) if write else None
    for task in tasks:
        try:
            yield from clean_task(
                cleaner, task, report, reading=reading, lang=lang, into=into, untouched=untouched, on_audit=on_audit
            )
        except (OSError, RecordError) as error:
            report.failed.append(trouble_of(task, error))


def clean_task(
    cleaner: Cleaner,
    task: Task,
    report: Report,
    *,
    reading: Reading,
    lang: str | None = None,
    into: Sinks | BinaryIO | None = None,
    part: Part | None = None,
    untouched: Untouched = NONE_UNTOUCHED,
    on_audit: Callable[[AuditRow], object] | None = None,
) -> Iterator[Visit]:
    """Clean one input, or a part of it, into a stream or what ``into`` opens for it; yields each record once done.

    The texts that are ``untouched`` are flagged so and come out as they are.

    Raises :class:`RecordError` and ``OSError`` where the input fails as a whole.
    """
    before = Stamp.of(task)
    with opened(task) as stream, output_of(task, stream, into, reading, part=part) as (source, put):
        for record in source:
            visit = _visit(cleaner, task, record, report, reading, lang=lang, untouched=untouched)
            if visit.result is not None:
                report.count(visit.result, cleaner.categories, path=task.shown, record=record.number)
                if on_audit and (visit.result.changed or visit.result.flags):
                    on_audit(_row(visit))
            if put is not None:
                _put(put, visit, report)
            yield visit
        if Stamp.of(task) != before:
            raise RecordError(CHANGED)


def trouble_of(task: Task, error: Exception) -> Trouble:
    """What is reported of an input that failed as a whole."""
    problem = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    at_fault = getattr(error, "filename", None)
    where = f"{at_fault}: " if at_fault and os.fspath(at_fault) != task.shown else ""
    return Trouble(task.shown, 0, where + problem)


def is_no_room(error: OSError) -> bool:
    """Whether a disk is full: then all that follows fails as well, and a run had better stop until there is room."""
    return error.errno in (errno.ENOSPC, errno.EDQUOT)


def with_folder(error: OSError, folder: Path) -> OSError:
    """The error of a full disk, with the folder in which there is no room: that of the file it names, or ``folder``."""
    at = error.filename2 or error.filename
    return OSError(error.errno, error.strerror, str(Path(os.fsdecode(at)).parent if at else folder))


def _visit(
    cleaner: Cleaner,
    task: Task,
    record: Record,
    report: Report,
    reading: Reading,
    *,
    lang: str | None,
    untouched: Untouched,
) -> Visit:
    try:
        article, site = record.article, site_of(task, record, reading)
    except RecordError as error:
        if not record.stays_when_broken:
            raise
        report.failed.append(Trouble(task.shown, record.number, str(error)))
        return Visit(task, record, None)
    if article is None:
        return Visit(task, record, None)
    if untouched and untouched.holds(task.shown, record.number, article.text, record.raw):
        return Visit(task, record, Result(article.text, (), (UNTOUCHED,), cleaner.rules_digest, article.text))
    return Visit(task, record, cleaner.clean_article(article, site=site, lang=lang))


def site_of(task: Task, record: Record, reading: Reading) -> str | None:
    """The site of a text: what its record says; where records are not asked, what the folder of its file does."""
    site = record.site
    return task.site if site is None and reading.site_field is None else site


def _put(put: Put, visit: Visit, report: Report) -> None:
    """Write a record; one that cannot be written in its encoding goes out as it came."""
    if visit.result is None:
        put(visit.record, visit.record.kept)
        return
    try:
        piece = visit.record.without(visit.result.removals)
    except RecordError as error:
        report.failed.append(Trouble(visit.task.shown, visit.record.number, str(error)))
        piece = visit.record.kept
    put(visit.record, piece)


def _row(visit: Visit) -> AuditRow:
    result, record = visit.result, visit.record
    assert result is not None, "only cleaned records have a row"  # noqa: S101 - for the type checker
    raw = [record.raw_of(r.start, r.end) for r in result.removals]
    differing = [None if written == r.text else written for written, r in zip(raw, result.removed, strict=True)]
    task = visit.task
    written = record.written_before(result.removals)
    return audit_row(result, path=task.shown, output=task.name, record=record.number, raw=differing, written=written)


@contextmanager
def opened(task: Task) -> Iterator[BinaryIO]:
    """The input of a task, as bytes."""
    if task.read is None:
        yield sys.stdin.buffer
        return
    with open(task.read, "rb") as stream:
        yield stream


@dataclass(frozen=True, slots=True)
class Stamp:
    """What tells that a file was changed: its size, and when it was written last, in nanoseconds."""

    size: int
    written: int

    @classmethod
    def of(cls, task: Task) -> Stamp | None:
        """The stamp of a task's input, where that is a file that can be at rest."""
        found = None if task.read is None else os.stat(task.read)
        return cls(found.st_size, found.st_mtime_ns) if found and stat.S_ISREG(found.st_mode) else None

    @classmethod
    def if_any(cls, task: Task) -> Stamp | None:
        """The same, and None as well where nothing is known of the input."""
        try:
            return cls.of(task)
        except OSError:
            return None


@contextmanager
def output_of(
    task: Task, stream: BinaryIO, into: Sinks | BinaryIO | None, reading: Reading, *, part: Part | None = None
) -> Iterator[tuple[Source, Put | None]]:
    """The records of a task's input, or of a part of it, and what puts them into its output, if there is one.

    ``into`` opens the output, or is a stream that others may have written to before. A file in which nothing
    changed comes out with the very bytes that it had, though they are packed, unless it goes to such a stream.
    Of a part of Parquet only the cells that changed are noted.
    """
    source = source_of(stream, task.kind, reading, written=task.written, part=part)
    if into is None:
        yield source, None
        return
    with into(task) if callable(into) else nullcontext(into) as sink:
        same = True

        def put(record: Record, piece: bytes) -> None:
            nonlocal same
            same = same and piece == record.raw
            splice(record, piece)

        noted = part is not None and task.kind.format == "parquet"
        with cast("ParquetSource", source).noting(sink) if noted else source.splicing(sink) as splice:
            yield source, put
        if same and part is None and callable(into):
            as_it_came(task, sink)


def as_it_came(task: Task, sink: BinaryIO) -> None:
    """Write the bytes of the input once more, where they can be read twice and packing may have changed them."""
    packed = task.kind.packing is not None or task.kind.format == "parquet"
    if packed and task.kind == task.written and task.source is not None and task.source.is_file():
        with task.source.open("rb") as stream:
            sink.seek(0)
            sink.truncate()
            shutil.copyfileobj(stream, sink, 1 << 20)


@contextmanager
def target_file(task: Task) -> Iterator[BinaryIO]:
    """The target of a task, whole or not at all."""
    assert task.target is not None, "there is somewhere to write"  # noqa: S101 - for the type checker
    refuse_outside(task)
    with replaced_file(task.target) as sink:
        yield cast("BinaryIO", sink)


def refuse_outside(task: Task) -> None:
    """Raise :class:`RecordError` where links lead the output of a task out of the folder that was named for it."""
    if task.within is not None and task.write is not None:
        real = Path(os.path.realpath(task.write))
        if not real.is_relative_to(os.path.realpath(task.within)):
            raise RecordError(f"{task.write} leads out of the output folder, to {real}: nothing is written there")


@contextmanager
def replaced_file(target: Path) -> Iterator[IO[bytes]]:
    """A file that appears under its name only when all of it was written; links stay links.

    A target that would not change keeps its time stamp.
    """
    import tempfile  # noqa: PLC0415 - imported when used

    target = Path(os.path.realpath(target))
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(
        dir=target.parent, prefix=f".{target.name[:50]}.", suffix=".tmp", delete=False
    ) as sink:
        made = Path(sink.name)
        try:
            yield sink
            sink.close()
            settle(made, target)
        finally:
            sink.close()
            with contextlib.suppress(FileNotFoundError):
                made.unlink()


def settle(made: Path, target: Path) -> None:
    """Put a file in the place of another; one that would not change keeps its time stamp."""
    if target.exists():
        if _same_bytes(made, target):
            made.unlink()
            return
        shutil.copymode(target, made)
    else:
        umask = os.umask(0)
        os.umask(umask)
        made.chmod(0o666 & ~umask)
    os.replace(made, target)


def _same_bytes(one: Path, other: Path) -> bool:
    if one.stat().st_size != other.stat().st_size:
        return False
    with one.open("rb") as a, other.open("rb") as b:
        while block := a.read(1 << 20):
            if block != b.read(1 << 20):
                return False
    return True
