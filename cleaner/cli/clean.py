"""``cleaner clean``: take the chrome out and write the result."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, BinaryIO, cast

import typer

from cleaner.batch import (
    InputError,
    Options,
    Plan,
    Report,
    StrictError,
    Task,
    clean_corpus,
    clean_tasks,
    is_no_room,
    replaced_file,
    size_of,
)
from cleaner.batch.often import Often
from cleaner.cleaner import MAX_REMOVED, Cleaner
from cleaner.cli import options
from cleaner.cli.output import FAILED, STOPPED, complain, exit_with, print_report, progress, stop
from cleaner.cli.plain import command_app
from cleaner.formats import RecordError, is_table, require_tables, written_audit

app = command_app()


@app.command(cls=options.Configured)
def command(
    paths: options.Paths,
    output: Annotated[
        str | None,
        typer.Option(
            "-o",
            "--output",
            metavar="DIR|FILE",
            help="Where to write. A folder mirrors the inputs; - is standard output.",
        ),
    ] = None,
    in_place: Annotated[bool, typer.Option("--in-place", help="Write each cleaned text over its input.")] = False,
    rules: options.Rules = None,
    disable: options.Disable = None,
    decisions: options.DecisionsFile = None,
    audit: Annotated[
        Path | None,
        typer.Option(
            "--audit",
            metavar="FILE",
            help="Write what was removed, for restore: JSON lines, or Parquet where the name ends in .parquet.",
        ),
    ] = None,
    failures: Annotated[
        Path | None,
        typer.Option("--failures", metavar="FILE", help="Write what failed, and why, as JSON lines."),
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Stop at the first failure.")] = False,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with a run that was stopped or killed; the rest as it was then.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Report what would go, and write nothing.")] = False,
    jobs: Annotated[
        int | None, typer.Option("--jobs", metavar="N", min=1, help="Processes that clean; by default all cores.")
    ] = None,
    top: Annotated[
        int, typer.Option("--top", metavar="N", min=0, help="Report the N strings that were removed most often.")
    ] = 0,
    field: options.Field = "text",
    html_field: options.HtmlField = None,
    site_field: options.SiteField = None,
    format_name: options.FormatOption = None,
    encoding: options.Encoding = "utf-8",
    lang: options.Lang = None,
    max_removed: options.MaxRemoved = MAX_REMOVED,
    no_lint: options.NoLint = False,
    as_json: options.AsJson = False,
) -> None:
    """Take the chrome out of texts.

    Reads .txt, .md, .jsonl, .csv, .tsv, .parquet, .html (text comes out) and .warc (JSON lines come
    out), packed as .gz or .zst or not. Without -o and --in-place the one
    input goes to standard output and the report to standard error.
    """
    cleaner = options.cleaner_of(rules, disable, max_removed, decisions=decisions, no_lint=no_lint)
    reading = options.reading_of(field, encoding, html_field=html_field, site_field=site_field)
    plan = options.plan_of(paths, output=output, in_place=in_place, format_name=format_name)
    asked = Options(
        reading=reading,
        lang=lang,
        untouched=options.untouched(),
        audit=audit,
        failures=failures,
        strict=strict,
        top=top,
        jobs=jobs or _cores(),
    )
    to_stdout = not in_place and output in (None, "-") and not dry_run
    _refuse_what_excludes(plan, asked, to_stdout=to_stdout, resume=resume, dry_run=dry_run)
    if in_place and audit is not None and not (resume and plan.notes is not None and plan.notes.is_dir()):
        _refuse_to_lose(audit)
    try:
        if to_stdout:
            report = _to_stdout(cleaner, plan, asked)
        else:
            with progress(lambda: sum(map(size_of, plan.tasks))) as on_done:
                report = clean_corpus(cleaner, plan, asked, resume=resume, write=not dry_run, on_done=on_done)
    except InputError as error:
        stop(str(error))
    except StrictError as error:
        complain(str(error.trouble))
        stop(f"stopped at the first failure, as --strict asks{_going_on(plan)}", FAILED)
    except OSError as error:
        where = f"{os.fsdecode(error.filename)}: " if error.filename else ""
        going_on = _going_on(plan, "make room, and " if is_no_room(error) else "")
        stop(f"{where}{error.strerror or error}{going_on}", FAILED)
    except KeyboardInterrupt:
        stop(f"stopped; files that were done are whole, the others are as they were{_going_on(plan)}", STOPPED)
    sys.stdout.flush()
    print_report(report, as_json=as_json, to_stderr=to_stdout, would=dry_run, top=top)
    exit_with(report)


def _refuse_what_excludes(plan: Plan, asked: Options, *, to_stdout: bool, resume: bool, dry_run: bool) -> None:
    if to_stdout and len(plan.tasks) > 1:
        stop(f"{len(plan.tasks)} inputs, and nowhere to write them: name a folder with -o, or use --in-place")
    if resume and (to_stdout or dry_run):
        stop("--resume: nothing is noted of a run that writes no files")
    for name, path in (("--audit", asked.audit), ("--failures", asked.failures)):
        if path is None:
            continue
        if dry_run:
            stop(f"--dry-run writes nothing: leave out {name}")
        if _is_among(path, plan.tasks):
            stop(f"{name} {path}: is an input or output of this run; name another file")
        if path.is_dir():
            stop(f"{name} {path}: cannot be written: Is a directory")
    if asked.audit and is_table(asked.audit):
        _require_tables(asked.audit)
    if asked.audit and asked.failures and asked.audit.resolve() == asked.failures.resolve():
        stop(f"--failures {asked.failures}: is the audit of this run; name another file")


def _refuse_to_lose(audit: Path) -> None:
    """What was removed in place is nowhere but in its audit; a second run, which finds nothing, would empty it."""
    if audit.is_file() and audit.stat().st_size:
        stop(
            f"--audit {audit}: is there already, and what an earlier run removed in place can be restored "
            "from it alone: name another file"
        )


def _require_tables(audit: Path) -> None:
    try:
        require_tables()
    except RecordError as error:
        stop(f"--audit {audit}: {error}")


def _to_stdout(cleaner: Cleaner, plan: Plan, asked: Options) -> Report:
    """Clean the one input in this process, record by record, so that a pipe need not wait."""
    report = Report(left_out=plan.left_out, excluded=plan.excluded, often=Often() if asked.top else None)
    with ExitStack() as stack:
        audit = None
        if asked.audit is not None:
            sink = stack.enter_context(replaced_file(asked.audit))
            audit = stack.enter_context(written_audit(cast("BinaryIO", sink), as_table=is_table(asked.audit)))
        failures = None if asked.failures is None else stack.enter_context(replaced_file(asked.failures))
        if asked.strict:
            report.failed.listen = StrictError.stop
        elif failures is not None:
            report.failed.listen = lambda trouble: failures.write(trouble.as_json().encode() + b"\n")
        for _ in clean_tasks(
            cleaner,
            plan.tasks,
            report,
            reading=asked.reading,
            lang=asked.lang,
            untouched=asked.untouched,
            write_to=sys.stdout.buffer,
            on_audit=audit,
        ):
            pass
    return report


def _going_on(plan: Plan, before: str = "") -> str:
    """How to go on with what was stopped, and what to do ``before``, if anything was done."""
    there = plan.notes is not None and plan.notes.is_dir()
    return f"; to go on, {before}give the same command with --resume" if there else ""


def _cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def _is_among(path: Path, tasks: Iterable[Task]) -> bool:
    """Whether a file is an input or output of the run. There may be a million: few are looked at on disk."""
    real = os.path.realpath(path)
    names = {path.name, os.path.basename(real)}
    others = (other for task in tasks for other in (task.read, task.write) if other is not None)
    return any(
        os.path.realpath(other) == real for other in others if os.path.basename(other) in names or os.path.islink(other)
    )
