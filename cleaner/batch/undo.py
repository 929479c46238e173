"""Putting removed text back into files, from the audit of the run that removed it."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path, PurePath
from typing import BinaryIO

from cleaner.audit import AuditError, AuditRow, digest, read_row
from cleaner.batch.inputs import Task, size_of
from cleaner.batch.report import Report
from cleaner.batch.run import opened, output_of, target_file, trouble_of
from cleaner.formats import Reading, Record, RecordError

# Records between two times that somebody who looks on is told how far it is.
_TOLD_EVERY = 500


def restore_tasks(
    tasks: Sequence[Task],
    rows: AuditRows,
    report: Report,
    *,
    reading: Reading,
    write_to: BinaryIO | None = None,
    on_done: Callable[[Report, int], object] = lambda report, size: None,  # noqa: ARG005 - nobody looks on
) -> Iterator[Task]:
    """Restore cleaned files; yields each task when it is done.

    ``on_done`` is told the report so far and how many bytes of the inputs were read since it was told before.
    A file of which one text is not what the run left is not written at all, and is in
    ``report.failed``. Texts without a row in the audit stay as they are.
    """
    # Where the audit names one of the files, it speaks of their folder, and what it does not name was not changed.
    is_moved = not any(map(rows.names, tasks))
    for task in tasks:
        try:
            if task.kind.is_extracted:
                raise RecordError(
                    f"no run writes {task.kind.format}: name the {task.written.format} that was made of it"
                )
            known = rows.about(task, is_moved=is_moved)
            with opened(task) as stream, output_of(task, stream, write_to or target_file, reading) as (source, put):
                restored = at = 0
                for record in source:
                    raw = known.restored(record)
                    restored += raw != record.raw
                    if put is not None:
                        put(record, raw)
                    report.documents += 1
                    if report.documents % _TOLD_EVERY == 0 and task.kind.format != "parquet" and stream.seekable():
                        at, before = stream.tell(), at
                        on_done(report, at - before)
                on_done(report, max(size_of(task) - at, 0))
            report.changed += bool(restored)
        except (OSError, RecordError, AuditError) as error:
            report.failed.append(trouble_of(task, error))
        yield task


class AuditRows:
    """The rows of an audit, found by output and record; they stay on disk, and memory knows where.

    ``lines`` is the audit as lines of JSON, to be read from any place on; ``source`` is what messages name it.
    Raises :class:`AuditError` where a line is no row.
    """

    def __init__(self, lines: BinaryIO, *, source: str) -> None:
        self._lines = lines
        self._source = source
        # Where stretches of rows of one output begin, in order of their records.
        self._stretches: dict[str, list[int]] = {}
        # By the name of a file alone: whole files by the digest of what is left of them, and files of many records.
        self._wholes: dict[tuple[str, str], int] = {}
        self._others: dict[str, list[str]] = {}
        self._only: dict[str, str | None] = {}
        self._index()

    def _index(self) -> None:
        at, output, record = 0, "", -1
        for number, line in enumerate(self._lines, start=1):
            if line.strip():
                row = read_row(line, place=f"{self._source}:{number}")
                bare = PurePath(row.output).name
                if row.output != output or row.record <= record:
                    self._begin(row, bare, at)
                output, record = row.output, row.record
                if record == 0:
                    self._wholes.setdefault((bare, row.after), at)
            at += len(line)

    def _begin(self, row: AuditRow, bare: str, at: int) -> None:
        if row.output not in self._stretches:
            self._only[bare] = None if bare in self._only else row.output
            if row.record:
                self._others.setdefault(bare, []).append(row.output)
        self._stretches.setdefault(row.output, []).append(at)

    def names(self, task: Task) -> bool:
        """Whether rows name the file by its path."""
        return self._name_of(task) is not None

    def _name_of(self, task: Task) -> str | None:
        return next((name for name in _paths_of(task) if name in self._stretches), None)

    def about(self, task: Task, *, is_moved: bool) -> _Known:
        """The rows about a file, by its path. Of one that was moved they are guessed by its name alone."""
        name = self._name_of(task)
        if name is not None or not is_moved:
            return _Known([] if name is None else self._rows_of(name))
        bare = PurePath(task.name).name if task.source is None else task.source.name
        only = self._only.get(bare)
        if only is not None and bare == task.name:
            return _Known(self._rows_of(only))
        guesses = [rows for output in self._others.get(bare, ()) for rows in self._rows_of(output)]
        return _Known(guesses, lambda after: self._whole(bare, after))

    def _rows_of(self, output: str) -> list[_Stretch]:
        return [_Stretch(self, output, at) for at in self._stretches[output]]

    def _whole(self, bare: str, after: str) -> AuditRow | None:
        at = self._wholes.get((bare, after))
        return None if at is None else self.read(at)[0]

    def read(self, at: int) -> tuple[AuditRow | None, int]:
        """The row at a byte of the audit, None behind the last, and where the next one begins."""
        self._lines.seek(at)
        for line in iter(self._lines.readline, b""):
            at += len(line)
            if line.strip():
                return read_row(line, place=f"{self._source} before byte {at}"), at
        return None, at


class _Stretch:
    """Rows of one output, in order of their records, read while they are asked for."""

    def __init__(self, rows: AuditRows, output: str, at: int) -> None:
        self._rows = rows
        self._output = output
        self._row, self._next = rows.read(at)

    def of(self, record: int) -> AuditRow | None:
        """The row of a record; records are asked for in their order."""
        while self._row is not None and self._row.record < record:
            before = self._row.record
            self._row, self._next = self._rows.read(self._next)
            if self._row is not None and (self._row.output != self._output or self._row.record <= before):
                self._row = None
        return self._row if self._row is not None and self._row.record == record else None


class _Known:
    """What an audit says of one file; with ``guess`` it is not known to speak of this file, and may not fit."""

    def __init__(self, stretches: Sequence[_Stretch], guess: Callable[[str], AuditRow | None] | None = None) -> None:
        self._stretches = stretches
        self._guess = guess

    def restored(self, record: Record) -> bytes:
        """The record as it was. Raises :class:`AuditError` where it has rows, and none fits its text."""
        rows = [row for stretch in self._stretches if (row := stretch.of(record.number))]
        if self._guess is not None and record.number == 0:
            found = self._guess(digest(record.text or ""))
            rows = [] if found is None else [found]
        if not rows:
            return record.raw
        try:
            return _restored(record, rows)
        except AuditError:
            if self._guess is None:
                raise
            return record.raw


def _paths_of(task: Task) -> Iterator[str]:
    """What an audit may call a file: its path, or an end of it that says no less than its name below its folder."""
    yield task.name
    if task.source is None:
        return
    yield task.source.as_posix()
    with contextlib.suppress(ValueError):
        yield os.path.relpath(task.source).replace(os.sep, "/")
    whole = Path(os.path.abspath(task.source))
    yield whole.as_posix()
    for first in range(1, len(whole.parts) - task.name.count("/")):
        yield "/".join(whole.parts[first:])


def _restored(record: Record, rows: Sequence[AuditRow]) -> bytes:
    """The record as it was. Raises :class:`AuditError` where no row fits its text."""
    text = record.text or ""
    problems = []
    for row in rows:
        try:
            row.restored(text)
        except AuditError as error:
            problems.append(error)
        else:
            return record.with_inserted(row.insertions()) if row.written is None else record.with_written(row.written)
    where = f"record {record.number} " if record.number else ""
    raise AuditError(f"{where}{problems[0]}")
