"""Putting removed text back into files, from the audit of the run that removed it."""

from __future__ import annotations

import contextlib
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePath
from typing import BinaryIO

from cleaner.audit import AuditError, AuditRow
from cleaner.batch.inputs import Task
from cleaner.batch.report import Report
from cleaner.batch.run import opened, output_of, target_file, trouble_of
from cleaner.formats import Reading, Record, RecordError


def restore_tasks(
    tasks: Sequence[Task],
    rows: Iterable[AuditRow],
    report: Report,
    *,
    reading: Reading,
    write_to: BinaryIO | None = None,
) -> Iterator[Task]:
    """Restore cleaned files; yields each task when it is done.

    A file of which one text is not what the run left is not written at all, and is in
    ``report.failed``. Texts without a row in the audit stay as they are.
    """
    known = _Rows(rows)
    for task in tasks:
        try:
            if task.kind.is_extracted:
                raise RecordError(
                    f"no run writes {task.kind.format}: name the {task.written.format} that was made of it"
                )
            with opened(task) as stream, output_of(task, stream, write_to or target_file, reading) as (source, put):
                restored = 0
                for record in source:
                    rows_here = known.of(task, record.number)
                    raw = _restored(record, rows_here) if rows_here else record.raw
                    restored += raw != record.raw
                    if put is not None:
                        put(record, raw)
                    report.documents += 1
            report.changed += bool(restored)
        except (OSError, RecordError, AuditError) as error:
            report.failed.append(trouble_of(task, error))
        yield task


class _Rows:
    """The rows of an audit by output and record."""

    def __init__(self, rows: Iterable[AuditRow]) -> None:
        self._by_output: dict[tuple[str, int], list[AuditRow]] = defaultdict(list)
        for row in rows:
            for name in {row.output, PurePath(row.output).name}:
                self._by_output[name, row.record].append(row)

    def of(self, task: Task, record: int) -> list[AuditRow]:
        """The rows that may be about a record of the file: by its path, else by its bare name."""
        names = [task.name]
        if task.source is not None:
            names.append(task.source.as_posix())
            with contextlib.suppress(ValueError):
                names.append(os.path.relpath(task.source).replace(os.sep, "/"))
            names.append(task.source.name)
        for name in names:
            if (name, record) in self._by_output:
                return self._by_output[name, record]
        return []


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
