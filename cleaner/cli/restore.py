"""``cleaner restore``: put removed text back, from an audit."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from cleaner.audit import AuditError
from cleaner.batch import AuditRows, Report, restore_tasks, size_of
from cleaner.cli import options
from cleaner.cli.output import complain, counted, exit_with, progress, say, stop
from cleaner.cli.plain import command_app
from cleaner.formats import opened_audit

app = command_app()


@app.command(cls=options.Configured)
def command(
    paths: options.Paths,
    audit: Annotated[
        Path, typer.Option("--audit", metavar="FILE", help="The audit of the run that cleaned the texts.")
    ],
    output: Annotated[
        str | None,
        typer.Option(
            "-o", "--output", metavar="DIR|FILE", help="Where to write the texts as they were; - is standard output."
        ),
    ] = None,
    in_place: Annotated[bool, typer.Option("--in-place", help="Write each text over its cleaned file.")] = False,
    field: options.Field = "text",
    format_name: options.FormatOption = None,
    encoding: options.Encoding = "utf-8",
) -> None:
    """Put back what a run removed, byte for byte; a text that was edited since is refused."""
    if output is None and not in_place:
        stop("say where the restored texts go: -o DIR|FILE or --in-place")
    reading = options.reading_of(field, encoding)
    plan = options.plan_of(paths, output=output, in_place=in_place, format_name=format_name)
    to_stdout = output == "-"
    if to_stdout and len(plan.tasks) > 1:
        stop(f"{len(plan.tasks)} inputs do not fit on standard output: name a folder with -o")
    report = Report(left_out=plan.left_out)
    with ExitStack() as stack:
        try:
            rows = AuditRows(stack.enter_context(opened_audit(audit)), source=str(audit))
        except OSError as error:
            stop(f"--audit {audit}: cannot be read: {error.strerror or error}")
        except AuditError as error:
            stop(str(error))
        write_to = sys.stdout.buffer if to_stdout else None
        on_done = stack.enter_context(progress(lambda: sum(map(size_of, plan.tasks)), "restoring"))
        on_done(report, 0)
        for _ in restore_tasks(plan.tasks, rows, report, reading=reading, write_to=write_to, on_done=on_done):
            pass
    sys.stdout.flush()
    for trouble in report.failed:
        complain(str(trouble))
    done = len(plan.tasks) - len(report.failed)
    rest = ", the others had nothing to restore" if report.changed < done else ""
    say(f"{report.changed} of {counted(done, 'file')} restored{rest}", error=to_stdout)
    exit_with(report)
