"""What a worker does with a shard: it reads its own inputs, cleans them, and leaves files for the run to take up."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Self

from cleaner.audit import AuditRow
from cleaner.batch.inputs import Task
from cleaner.batch.often import Often
from cleaner.batch.paths import Untouched
from cleaner.batch.report import Report, Trouble
from cleaner.batch.run import CHANGED, NONE_UNTOUCHED, Stamp, clean_task, is_no_room, refuse_outside, trouble_of
from cleaner.batch.shards import Shard
from cleaner.cleaner import Cleaner
from cleaner.formats import Reading, RecordError


class StrictError(Exception):
    """The first failure of a run that was asked to stop there."""

    @property
    def trouble(self) -> Trouble:
        """What failed."""
        found: Trouble = self.args[0]
        return found

    @classmethod
    def stop(cls, trouble: Trouble) -> None:
        """Raise it."""
        raise cls(trouble)


@dataclass(frozen=True, slots=True)
class Made:
    """What became of one input, or of a part of it: its output, if it has one, and what is to be told of it.

    ``failed`` says that the input failed as a whole; nothing of it is written then.
    """

    task: Task
    report: Report
    output: Path | None = None
    failed: Trouble | None = None
    stamp: Stamp | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a shard; its rows of the audit and its failures are in files, for there may be many."""

    made: tuple[Made, ...]
    audit: tuple[Path, ...] = ()
    failures: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Work:
    """How a run cleans its shards. Picklable; workers get it once, so that each compiles the rules once.

    ``folder`` is where files for the run are left; None where nothing is to be written at all.
    """

    cleaner: Cleaner
    reading: Reading
    folder: Path | None = None
    lang: str | None = None
    with_audit: bool = False
    with_failures: bool = False
    strict: bool = False
    top: int = 0
    name: str = "run"
    untouched: Untouched = NONE_UNTOUCHED

    def __call__(self, shard: Shard) -> Done:
        """Clean a shard.

        Raises :class:`StrictError`, and ``OSError`` where there is no room left to write.
        """
        if shard.trouble is not None:
            return Done((Made(shard.tasks[0], Report(), failed=shard.trouble),))
        with _Notes(self, shard) as notes:
            return Done(
                tuple(self._made(task, shard, number, notes) for number, task in enumerate(shard.tasks)),
                notes.audit.paths,
                notes.failures.paths,
            )

    def _made(self, task: Task, shard: Shard, number: int, notes: _Notes) -> Made:
        report = Report(self.cleaner.rules_digest, often=Often() if self.top else None)
        report.failed.listen = StrictError.stop if self.strict else notes.failures.note
        output = self._file(shard, str(number)) if self.folder and task.write else None
        notes.mark()
        try:
            stamp = self._cleaned(task, shard, report, output, notes)
        except (OSError, RecordError, MemoryError) as error:
            if isinstance(error, OSError) and is_no_room(error):
                raise
            notes.back()
            if output is not None:
                output.unlink(missing_ok=True)
            return Made(task, Report(self.cleaner.rules_digest), failed=self._failed(task, error))
        return Made(task, report, output, stamp=stamp)

    def _cleaned(self, task: Task, shard: Shard, report: Report, output: Path | None, notes: _Notes) -> Stamp | None:
        refuse_outside(task)
        stamp = shard.stamp or Stamp.of(task)

        @contextmanager
        def into(_: Task) -> Iterator[BinaryIO]:
            assert output is not None, "there is somewhere to write"  # noqa: S101 - for the type checker
            with output.open("wb") as sink:
                yield sink

        for _ in clean_task(
            self.cleaner,
            task,
            report,
            reading=self.reading,
            lang=self.lang,
            into=None if output is None else into,
            part=shard.part,
            untouched=self.untouched,
            on_audit=notes.row if self.with_audit else None,
        ):
            pass
        if Stamp.of(task) != stamp:
            raise RecordError(CHANGED)
        return stamp

    def _failed(self, task: Task, error: Exception) -> Trouble:
        problem = RecordError("needs more memory than there is") if isinstance(error, MemoryError) else error
        trouble = trouble_of(task, problem)
        if self.strict:
            raise StrictError(trouble)
        return trouble

    def _file(self, shard: Shard, what: str) -> Path:
        """A file of this shard in the folder of the run, which no other shard and no earlier run has used."""
        assert self.folder is not None, "there is a folder"  # noqa: S101 - for the type checker
        begin = shard.part.begin if shard.part else 0
        return self.folder / f"{self.name}-{shard.first}-{begin}-{what}"


@dataclass(slots=True)
class _Spool:
    """Lines for a file of the run, which is made when there is a first one."""

    path_if_any: Path | None
    _sink: BinaryIO | None = None
    _marked: int = 0

    @property
    def paths(self) -> tuple[Path, ...]:
        """Where the lines are, if there are any."""
        return () if self._sink is None or self.path_if_any is None else (self.path_if_any,)

    def write(self, line: str) -> None:
        """Add a line."""
        if self.path_if_any is not None:
            if self._sink is None:
                self._sink = self.path_if_any.open("wb")
            self._sink.write(line.encode() + b"\n")

    def note(self, trouble: Trouble) -> None:
        """Add a line for a failure."""
        self.write(trouble.as_json())

    def mark(self) -> None:
        """Remember the place, to come back to it."""
        self._marked = 0 if self._sink is None else self._sink.tell()

    def back(self) -> None:
        """Forget what was written behind the mark."""
        if self._sink is not None:
            self._sink.seek(self._marked)
            self._sink.truncate()

    def close(self) -> None:
        """Let go of the file."""
        if self._sink is not None:
            self._sink.close()


@dataclass(slots=True)
class _Notes:
    """The rows and failures of a shard while it is cleaned."""

    work: Work
    shard: Shard
    audit: _Spool = field(init=False)
    failures: _Spool = field(init=False)

    def __post_init__(self) -> None:
        folder = self.work.folder
        path = self.work._file  # noqa: SLF001 - of the same module
        self.audit = _Spool(path(self.shard, "audit") if folder and self.work.with_audit else None)
        self.failures = _Spool(path(self.shard, "failures") if folder and self.work.with_failures else None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.audit.close()
        self.failures.close()

    def row(self, row: AuditRow) -> None:
        """Note what was removed from a document."""
        self.audit.write(row.as_json())

    def mark(self) -> None:
        """An input begins."""
        self.audit.mark()
        self.failures.mark()

    def back(self) -> None:
        """The input failed as a whole: nothing that was noted of it is so."""
        self.audit.back()
        self.failures.back()
