"""``cleaner review``: what rules do to a corpus, as one page to read and to decide on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cleaner.batch import Plan, Report, Visit, clean_tasks, replaced_file
from cleaner.batch.run import site_of
from cleaner.cleaner import MAX_REMOVED, Cleaner
from cleaner.cli import options
from cleaner.cli.output import complain, counted, exit_with, harmless, say, stop
from cleaner.cli.plain import command_app
from cleaner.formats import Reading
from cleaner.review import MOST_TEXTS, Review, page_of

app = command_app()


@app.command(cls=options.Configured)
def command(
    paths: options.Paths,
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="FILE", help="The page to write; open it in a browser.")
    ],
    texts: Annotated[
        int, typer.Option("--texts", metavar="N", min=1, help="Show this many texts; of more, a sample.")
    ] = MOST_TEXTS,
    decisions: Annotated[
        Path | None,
        typer.Option("--decisions", metavar="FILE", help="Go on from the decisions of an earlier review."),
    ] = None,
    rules: options.Rules = None,
    disable: options.Disable = None,
    field: options.Field = "text",
    html_field: options.HtmlField = None,
    site_field: options.SiteField = None,
    format_name: options.FormatOption = None,
    encoding: options.Encoding = "utf-8",
    lang: options.Lang = None,
    max_removed: options.MaxRemoved = MAX_REMOVED,
) -> None:
    """Write a page that shows what would go, the riskiest first, to accept or to reject.

    The page is one file that needs no network. It exports the decisions as a file for clean,
    check, explain and rules (--decisions FILE).
    """
    earlier = None if decisions is None else options.decisions_of(decisions)
    cleaner = options.cleaner_of(rules, disable, max_removed)
    reading = options.reading_of(field, encoding, html_field=html_field, site_field=site_field)
    plan = options.plan_of(paths, format_name=format_name)
    _refuse_output(output, plan)
    review, report = Review(cleaner, most=texts), Report(left_out=plan.left_out)
    _read(cleaner, plan, review, report, reading, lang)
    reviewed = review.finish()
    page = page_of(reviewed, earlier).encode()
    try:
        with replaced_file(output) as sink:
            sink.write(page)
    except OSError as error:
        stop(f"{output}: cannot be written: {error.strerror or error}")
    for trouble in report.failed:
        complain(str(trouble))
    if report.failed.unnamed:
        complain(f"and {report.failed.unnamed} more failed")
    what = f"{counted(reviewed.removals, 'removal')} in {reviewed.with_removals} of {counted(reviewed.texts, 'text')}"
    shown = "" if len(reviewed.shown) == reviewed.with_removals else f", {len(reviewed.shown)} of these shown"
    size = f"{len(page) / 1e6:.1f} MB" if len(page) >= 1e6 else f"{len(page) / 1e3:.0f} kB"
    say(harmless(f"{what}{shown}: {output} ({size})").replace("\n", "\\n"))
    exit_with(report)


def _read(cleaner: Cleaner, plan: Plan, review: Review, report: Report, reading: Reading, lang: str | None) -> None:
    for visit in clean_tasks(cleaner, plan.tasks, report, reading=reading, lang=lang, write=False):
        if visit.result is not None:
            review.add(visit.result, place=_place(visit), site=site_of(visit.task, visit.record, reading))


def _place(visit: Visit) -> str:
    number = visit.record.number
    return f"{visit.task.shown}:{number}" if number else visit.task.shown


def _refuse_output(output: Path, plan: Plan) -> None:
    """Stop before the reading where the page could not be written, or would be written over an input."""
    if output.is_dir():
        stop(f"-o {output}: is a folder; name a file, {output / 'report.html'}")
    if str(output) == "-":
        stop("-o -: a page is nothing for standard output; name a file")
    real = output.resolve()
    if any(task.source is not None and task.source.resolve() == real for task in plan.tasks):
        stop(f"-o {output}: is an input; name another file")
