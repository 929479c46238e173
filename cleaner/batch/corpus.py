"""A run over a corpus: plan, shards, workers, outputs put together, report; and going on where one was stopped."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from cleaner import __version__
from cleaner.batch.inputs import Plan, Task
from cleaner.batch.journal import Journal, State, digest_of
from cleaner.batch.often import Often
from cleaner.batch.paths import Untouched
from cleaner.batch.pool import in_order
from cleaner.batch.report import Report, Trouble
from cleaner.batch.run import CHANGED, NONE_UNTOUCHED, Stamp, as_it_came, is_no_room, opened, trouble_of, with_folder
from cleaner.batch.seen import changed, line_of
from cleaner.batch.shards import Place, Shard, shard_bytes, shards
from cleaner.batch.work import Done, Made, StrictError, Work
from cleaner.cleaner import Cleaner
from cleaner.formats import Reading, RecordError, is_table, plain_reading, write_table

_AUDIT, _FAILURES, _SEEN, _TABLE = "audit.jsonl", "failures.jsonl", "seen", "audit.parquet"
_CHANGED_SINCE = "was changed since this run cleaned it, and its output is of what it was: clean it once more"


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How to run over a corpus.

    The texts that are ``untouched`` come out as they are. ``audit`` and ``failures`` are files to write.
    ``strict`` stops the run at the first failure, ``top`` counts the strings that are removed. ``jobs`` and
    ``shard_bytes`` change nothing in what is written; shards are of a size that suits the run, where none is given.
    """

    reading: Reading
    lang: str | None = None
    untouched: Untouched = NONE_UNTOUCHED
    audit: Path | None = None
    failures: Path | None = None
    strict: bool = False
    top: int = 0
    jobs: int = 1
    shard_bytes: int | None = None


def clean_corpus(
    cleaner: Cleaner,
    plan: Plan,
    options: Options,
    *,
    resume: bool = False,
    write: bool = True,
    on_done: Callable[[Report, int], object] = lambda report, size: None,  # noqa: ARG005 - nobody looks on
) -> Report:
    """Clean the inputs of a plan in several processes, and write what it aims at; the bytes are those of one process.

    What is done is noted in ``plan.notes``; a run that was stopped goes on with ``resume``. Without ``write``
    nothing at all is written. ``on_done`` is told the report so far and the bytes that were done: at the
    beginning those of the run that goes on, then those of each shard.

    A record or an input that fails is in the report and in the failures, and the run goes on. Raises
    :class:`StrictError` at the first with ``options.strict``; :class:`InputError` where there are
    notes of another run; ``OSError`` where there is no room, or what belongs to the run cannot be written.
    """
    journal = Journal(plan.notes, _deciding(cleaner, plan, options)) if write and plan.notes else None
    run = _Run(plan, options, journal, cleaner.rules_digest)
    try:
        run.begin(resume=resume)
        on_done(run.state.report, run.bytes_done())
        work = Work(
            cleaner,
            options.reading,
            journal.folder if journal else None,
            options.lang,
            options.audit is not None,
            options.failures is not None,
            options.strict,
            options.top,
            f"run{run.state.runs}",
            options.untouched,
        )
        size = options.shard_bytes or shard_bytes(plan.tasks, options.jobs)
        todo = shards(plan.tasks, options.reading, size, start=run.state.place)
        with closing(in_order(work, todo, options.jobs)) as outcomes:
            for shard, done in outcomes:
                run.take(shard, done)
                on_done(run.state.report, shard.size)
        return run.end()
    except BaseException as error:
        run.stop()
        if journal is not None and isinstance(error, OSError) and is_no_room(error):
            raise with_folder(error, journal.folder.parent) from error
        raise


def _deciding(cleaner: Cleaner, plan: Plan, options: Options) -> dict[str, object]:
    """All that decides the bytes of a run, so that two runs with the same can be one."""
    reading = options.reading
    return {
        "version": __version__,
        "rules": cleaner.rules_digest,
        "inputs or outputs": digest_of(
            f"{task.shown}\n{task.kind}\n{task.write}\n{task.written}" for task in plan.tasks
        ),
        "field": reading.field,
        "html_field": reading.html_field,
        "site_field": reading.site_field,
        "encoding": reading.encoding,
        "lang": options.lang,
        "max_removed": cleaner.max_removed,
        "untouched": digest_of(
            [*options.untouched.paths.patterns, str(options.untouched.paths.folder), *sorted(options.untouched.digests)]
        ),
        "audit": None if options.audit is None else str(options.audit.absolute()),
        "failures": None if options.failures is None else str(options.failures.absolute()),
        "top": options.top > 0,
    }


class _Run:
    """What a run has come to, on disk and in its report."""

    def __init__(self, plan: Plan, options: Options, journal: Journal | None, rules_digest: str) -> None:
        self._plan = plan
        self._options = options
        self._journal = journal
        self._is_new = False
        self._fresh = Report(rules_digest, left_out=plan.left_out, excluded=plan.excluded, often=self._often())
        self.state = State(report=self._fresh)

    def _often(self) -> Often | None:
        return Often() if self._options.top else None

    def begin(self, *, resume: bool) -> None:
        """Begin anew, or go on."""
        if self._journal is None:
            return
        known = self._journal.resume() if resume and self._journal.is_there else None
        self.state = self._journal.begin(self._fresh) if known is None else known
        self._is_new = known is None
        self._refuse_changed()
        self._move()

    def bytes_done(self) -> int:
        """How many bytes of the inputs a run before this one has done."""
        place = self.state.place
        stamps = (Stamp.if_any(task) for task in self._plan.tasks[: place.task])
        of_parts = place.part.end if place.part and self._plan.tasks[place.task].kind.format != "parquet" else 0
        return sum(stamp.size for stamp in stamps if stamp) + of_parts

    def _refuse_changed(self) -> None:
        """An input of which some parts are done must not have changed since: else it begins anew."""
        place = self.state.place
        if place.part is not None and Stamp.if_any(self._plan.tasks[place.task]) != place.stamp:
            self._roll_back(place.task)
            self.state.place = Place(place.task)

    def take(self, shard: Shard, done: Done) -> None:
        """Take up what was made of a shard."""
        self.state.moves = []
        if shard.first < self.state.place.task:
            self._discard(done)  # a part of an input that has failed
        elif shard.part is None:
            self._take_files(shard, done)
        else:
            self._take_part(shard, done)
        if self._journal is not None:
            self._journal.save(self.state)
            self._move()

    def _take_files(self, shard: Shard, done: Done) -> None:
        self._take_notes(done)
        self._add(_SEEN, *(line_of(n, made.task, made.stamp) for n, made in enumerate(done.made, shard.first)))
        for made in done.made:
            self.state.report.merge(made.report)
            if made.failed is not None:
                self._fail(made.failed)
            elif made.output is not None:
                self._aim(made.task, made.output, made.stamp)
        self.state.place = Place(shard.first + len(shard.tasks))

    def _take_part(self, shard: Shard, done: Done) -> None:
        state, (made,) = self.state, done.made
        if state.open is None:
            state.open, state.whole = Report(often=self._often()), dict(state.lengths)
        if made.failed is not None:
            self._give_up(shard, made.failed)
            self._discard(done)
            return
        self._take_notes(done)
        state.open.merge(made.report)
        if made.output is not None:
            self._append(_output(shard), made.output)
        state.place = Place(shard.first, shard.part, shard.stamp)
        if shard.is_last:
            self._finish(shard, made)

    def _finish(self, shard: Shard, made: Made) -> None:
        """All parts of an input are there."""
        try:
            output = None if made.output is None else self._assembled(shard)
            if Stamp.if_any(shard.tasks[0]) != shard.stamp:
                raise RecordError(CHANGED)
        except (OSError, RecordError) as error:
            if isinstance(error, OSError) and is_no_room(error):
                raise
            self._give_up(shard, trouble_of(shard.tasks[0], error))
            return
        state = self.state
        if state.open is not None:
            state.report.merge(state.open)
        state.open, state.whole = None, {}
        state.lengths.pop(_output(shard), None)
        state.place = Place(shard.first + 1)
        self._add(_SEEN, line_of(shard.first, shard.tasks[0], shard.stamp))
        if output is not None:
            self._aim(shard.tasks[0], output, shard.stamp)

    def _assembled(self, shard: Shard) -> Path:
        """The output of an input that was divided; of Parquet the file is written now, with the cells that changed."""
        task, parts = shard.tasks[0], self._path(_output(shard))
        if task.kind.format != "parquet":
            return parts
        from cleaner.formats import ParquetSource  # noqa: PLC0415 - imported when used

        whole = self._path(f"whole-{shard.first}")
        with opened(task) as stream, parts.open("rb") as notes, whole.open("wb") as sink:
            if parts.stat().st_size:
                ParquetSource(stream, plain_reading(self._options.reading)).assemble(notes, sink)
            else:
                as_it_came(task, sink)
        return whole

    def _give_up(self, shard: Shard, trouble: Trouble) -> None:
        """An input failed in one of its parts: nothing of it is written, and nothing counted."""
        self._roll_back(shard.first)
        self._fail(trouble)
        self.state.place = Place(shard.first + 1)

    def _roll_back(self, number: int) -> None:
        state = self.state
        if self._journal is not None:
            self._path(f"out-{number}").unlink(missing_ok=True)
            for name in (_AUDIT, _FAILURES):
                if self._path(name).exists():
                    with self._path(name).open("r+b") as sink:
                        sink.truncate(state.whole.get(name, 0))
        state.lengths, state.whole, state.open = dict(state.whole), {}, None

    def _take_notes(self, done: Done) -> None:
        for path in done.audit:
            self._append(_AUDIT, path)
        for path in done.failures:
            self._append(_FAILURES, path)

    def _append(self, name: str, path: Path) -> None:
        """Move what a worker left to the end of a file of the run."""
        with self._path(name).open("ab") as sink, path.open("rb") as stream:
            shutil.copyfileobj(stream, sink, 1 << 20)
            self.state.lengths[name] = sink.tell()
        path.unlink()

    def _fail(self, trouble: Trouble) -> None:
        if self._options.strict:
            raise StrictError(trouble)
        self.state.report.failed.append(trouble)
        if self._options.failures is not None:
            self._add(_FAILURES, trouble.as_json().encode() + b"\n")

    def _add(self, name: str, *lines: bytes) -> None:
        """Add to a file of the run, where there is one."""
        if self._journal is not None and any(lines):
            with self._path(name).open("ab") as sink:
                sink.writelines(lines)
                self.state.lengths[name] = sink.tell()

    def _aim(self, task: Task, output: Path, stamp: Stamp | None) -> None:
        """Have an output put in its place, unless that is an input that was changed since it was read."""
        assert task.target is not None, "there is somewhere to write"  # noqa: S101 - for the type checker
        if task.write == task.read and Stamp.if_any(task) != stamp:
            output.unlink()
            self._fail(trouble_of(task, RecordError(CHANGED)))
        else:
            self.state.moves.append((output, task.target))

    def _move(self) -> None:
        """Put outputs in their places; the state that tells of it is on disk."""
        if self._journal is None:
            return
        refused = self._journal.move(self.state)
        if refused:
            for _, target, error in refused:
                self._fail(Trouble(str(target), 0, f"cannot be written: {error.strerror or error}"))
            self.state.moves = []
            self._journal.save(self.state)
            for made, _, _ in refused:
                made.unlink()

    @staticmethod
    def _discard(done: Done) -> None:
        outputs = (made.output for made in done.made if made.output is not None)
        for path in (*done.audit, *done.failures, *outputs):
            path.unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        assert self._journal is not None, "there is a folder"  # noqa: S101 - for the type checker
        return self._journal.folder / name

    def end(self) -> Report:
        """All inputs are done: audit and failures go to their places, and the notes go."""
        state = self.state
        if self._journal is None:
            return state.report
        if not state.is_over:
            self._name_changed()
            wanted = ((_AUDIT, self._options.audit), (_FAILURES, self._options.failures))
            for name, target in wanted:
                if target is not None:
                    self._path(name).touch()
            state.moves = [(self._as_asked(name, target), target) for name, target in wanted if target is not None]
            state.lengths, state.is_over = {}, True
            self._journal.save(state)
        for _, target, error in self._journal.move(state):
            raise OSError(error.errno, error.strerror, str(target))
        self._journal.end()
        return state.report

    def _name_changed(self) -> None:
        """Of a run that rested on the way, name the inputs that were done before and have changed since."""
        if self.state.runs > 1 and self._path(_SEEN).exists():
            with self._path(_SEEN).open("rb") as lines:
                for task in changed(lines, self._plan.tasks):
                    self._fail(Trouble(task.shown, 0, _CHANGED_SINCE))

    def _as_asked(self, name: str, target: Path) -> Path:
        """A file of lines of the run, or the table made of it where that is what its target is named for."""
        if name != _AUDIT or not is_table(target):
            return self._path(name)
        with self._path(name).open("rb") as lines, self._path(_TABLE).open("wb") as sink:
            write_table(lines, sink)
        return self._path(_TABLE)

    def stop(self) -> None:
        """The run was stopped: its notes stay, if there is anything in them."""
        if self._journal is not None:
            self._journal.let_go()
            if self._is_new:
                self._journal.forget_if_empty()


def _output(shard: Shard) -> str:
    return f"out-{shard.first}"
