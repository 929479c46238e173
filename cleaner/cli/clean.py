"""``cleaner clean``: take the chrome out and write the result."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Annotated

import typer

from cleaner.audit import AuditRow
from cleaner.batch import Plan, Report, clean_tasks, replaced_file
from cleaner.cleaner import MAX_REMOVED
from cleaner.cli import options
from cleaner.cli.output import exit_with, print_report, progress, stop


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
    audit: Annotated[
        Path | None, typer.Option("--audit", metavar="FILE", help="Write what was removed, as JSON lines, for restore.")
    ] = None,
    field: options.Field = "text",
    html_field: options.HtmlField = None,
    site_field: options.SiteField = None,
    format_name: options.FormatOption = None,
    encoding: options.Encoding = "utf-8",
    lang: options.Lang = None,
    max_removed: options.MaxRemoved = MAX_REMOVED,
    as_json: options.AsJson = False,
) -> None:
    """Take the chrome out of texts.

    Reads .txt, .md, .jsonl, .csv, .tsv, .parquet, .html (text comes out) and .warc (JSON lines come
    out), packed as .gz or .zst or not. Without -o and --in-place the one
    input goes to standard output and the report to standard error.
    """
    cleaner = options.cleaner_of(rules, disable, max_removed)
    reading = options.reading_of(field, encoding, html_field=html_field, site_field=site_field)
    plan = options.plan_of(paths, output=output, in_place=in_place, format_name=format_name)
    to_stdout = not in_place and output in (None, "-")
    if to_stdout and len(plan.tasks) > 1:
        stop(f"{len(plan.tasks)} inputs, and nowhere to write them: name a folder with -o, or use --in-place")
    report = Report(left_out=plan.left_out)
    with _audit_to(audit, plan) as on_audit, progress(len(plan.tasks)) as bar:
        bar_task = bar.add_task("", total=len(plan.tasks))
        seen = None
        write_to = sys.stdout.buffer if to_stdout else None
        for visit in clean_tasks(
            cleaner, plan.tasks, report, reading=reading, lang=lang, write_to=write_to, on_audit=on_audit
        ):
            if visit.task is not seen:
                seen = visit.task
                bar.advance(bar_task)
    sys.stdout.flush()
    print_report(report, as_json=as_json, to_stderr=to_stdout)
    exit_with(report)


@contextmanager
def _audit_to(path: Path | None, plan: Plan) -> Iterator[Callable[[AuditRow], None] | None]:
    if path is None:
        with nullcontext():
            yield None
        return
    if any(path.resolve() in (_resolved(task.source), _resolved(task.target)) for task in plan.tasks):
        stop(f"--audit {path}: is an input or output of this run; name another file")
    try:
        with replaced_file(path) as sink:
            yield lambda row: _write(sink.write, row)
    except OSError as error:
        stop(f"--audit {path}: cannot be written: {error.strerror or error}")


def _write(write: Callable[[bytes], int], row: AuditRow) -> None:
    write(row.as_json().encode() + b"\n")


def _resolved(path: Path | None) -> Path | None:
    return None if path is None else path.resolve()
