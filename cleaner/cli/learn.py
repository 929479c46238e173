"""``cleaner learn``: rules from lines that repeat across the pages of a site."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cleaner.batch import LearnReport, Report, clean_tasks, counts_of, learn_corpus
from cleaner.cli import options
from cleaner.cli.output import FAILED, complain, counted, exit_with, print_report, say, stop
from cleaner.cli.plain import command_app
from cleaner.learn import MEMORY_MB, CountsError
from cleaner.ruleset import RuleError

_LEAST_MEMORY_MB = 200

app = command_app()


@app.command(cls=options.Configured)
def command(
    corpus: options.Paths,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="The rule file to write, ending in .toml.")
    ] = None,
    update: Annotated[
        Path | None,
        typer.Option(
            "--update",
            metavar="FILE",
            help="Learn more, for a file of learned rules, from texts that were not there before. "
            "Lines that you deleted from it stay deleted.",
        ),
    ] = None,
    apply_to: Annotated[
        str | None,
        typer.Option(
            "--apply",
            metavar="DIR|FILE",
            help="Clean the corpus at once and write it here: by --rules, and by what was learned on safe evidence.",
        ),
    ] = None,
    rules: options.Rules = None,
    field: options.Field = "text",
    html_field: options.HtmlField = None,
    site_field: Annotated[
        str | None,
        typer.Option(
            "--site-field",
            metavar="NAME",
            help="The field that names the site of a text, or holds its URL; the folder of its file without one.",
        ),
    ] = None,
    format_name: options.FormatOption = None,
    encoding: options.Encoding = "utf-8",
    jobs: Annotated[int, typer.Option("--jobs", metavar="N", min=1, help="Processes that read.")] = 1,
    memory: Annotated[
        int,
        typer.Option(
            "--memory", metavar="MB", min=_LEAST_MEMORY_MB, help="Memory for counting; the rest spills to disk."
        ),
    ] = MEMORY_MB,
    keep_counts: Annotated[
        bool, typer.Option("--counts/--no-counts", help="Keep what was counted beside the rule file, for --update.")
    ] = True,
) -> None:
    """Learn rules from lines that come back on the pages of a site where the stories differ.

    Writes a rule file that holds for those sites. Read it, delete the lines that should stay, and use
    the rest: cleaner clean --rules standard --rules FILE --site-field NAME.
    """
    rule_file = _rule_file(output, update)
    reading = options.reading_of(field, encoding, html_field=html_field, site_field=site_field)
    options.cleaner_of(rules, None)  # wrong rules stop the run before it has taken hours
    plan = options.plan_of(corpus, output=apply_to, format_name=format_name)
    if any(task.source is None for task in plan.tasks) and (apply_to or not site_field):
        stop("standard input tells no site, and cannot be read twice: name --site-field, and files for --apply")
    report, applied = LearnReport(), Report(left_out=plan.left_out, excluded=plan.excluded)
    try:
        with learn_corpus(
            plan.tasks,
            rule_file,
            report,
            reading=reading,
            memory_mb=memory,
            jobs=jobs,
            update=update is not None,
            keep_counts=keep_counts,
        ) as safe:
            if apply_to is not None:
                both = options.cleaner_of([*(rules or ["standard"]), str(safe)], None)
                for _ in clean_tasks(both, plan.tasks, applied, reading=reading, untouched=options.untouched()):
                    pass
    except (CountsError, RuleError) as error:
        stop(str(error))
    except OSError as error:
        stop(f"{error.filename or rule_file}: cannot be written: {error.strerror or error}", FAILED)
    _print(report, rule_file, keep_counts=keep_counts)
    if apply_to is not None:
        print_report(applied, as_json=False, to_stderr=False)
        exit_with(applied)
    if report.failed:
        raise typer.Exit(FAILED)


def _rule_file(output: Path | None, update: Path | None) -> Path:
    if output is not None and update is not None:
        stop("-o and --update exclude each other: an update is written to the file it updates")
    file = output or update
    if file is None:
        stop("nowhere to write the rules: name a file with -o, or one to --update")
    if file.suffix != ".toml":
        stop(f"{file}: a rule file ends in .toml")
    if update is not None and not update.is_file():
        stop(f"--update {update}: no such file; learn it first with -o")
    return file


def _print(report: LearnReport, rules: Path, *, keep_counts: bool) -> None:
    for trouble in report.failed:
        complain(str(trouble))
    if report.without_site:
        complain(f"{counted(report.without_site, 'text')} named no site and taught nothing: name --site-field")
    size = report.size
    lone = f", {counted(size.lone_sites, 'site')} with a single text taught nothing" if size.lone_sites else ""
    say(f"{counted(size.documents, 'text')} of {counted(size.sites, 'site')} counted{lone}")
    if report.refused:
        say(f"{counted(report.refused, 'line')} that you had deleted will not be learned again")
    say(
        f"{counted(report.lines, 'line')} of {counted(report.sites_learned, 'site')} learned, {report.safe_lines} on "
        f"safe evidence: {rules}"
    )
    if keep_counts:
        counts = counts_of(rules)
        say(f"counts for --update: {counts} ({counts.stat().st_size / 1e6:,.1f} MB)")
