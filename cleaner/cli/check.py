"""``cleaner check``: say what would go, and change nothing (or, with ``--fix``, mend it)."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterator
from typing import Annotated

import typer

from cleaner.batch import Report, Visit, clean_tasks
from cleaner.cleaner import MAX_REMOVED
from cleaner.cli import options
from cleaner.cli.output import exit_with, harmless, print_report, say
from cleaner.cli.plain import command_app

app = command_app()


@app.command(cls=options.Configured)
def command(
    paths: options.Paths,
    diff: Annotated[bool, typer.Option("--diff", help="Print what would go as a unified diff.")] = False,
    fix: Annotated[
        bool, typer.Option("--fix", help="Mend the files in place; still exits 1 if anything went.")
    ] = False,
    rules: options.Rules = None,
    disable: options.Disable = None,
    decisions: options.DecisionsFile = None,
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
    """Say what would go; exit 1 if anything would."""
    cleaner = options.cleaner_of(rules, disable, max_removed, decisions=decisions, no_lint=no_lint)
    reading = options.reading_of(field, encoding, html_field=html_field, site_field=site_field)
    plan = options.plan_of(paths, in_place=fix, format_name=format_name, exclude_named=True)
    report = Report(left_out=plan.left_out, excluded=plan.excluded)
    never = options.untouched()
    for visit in clean_tasks(cleaner, plan.tasks, report, reading=reading, lang=lang, write=fix, untouched=never):
        if visit.result is not None and visit.result.changed and not as_json:
            for line in _diff(visit) if diff else [_summary(visit)]:
                say(line)
    print_report(report, as_json=as_json, to_stderr=not as_json, would=not fix)
    exit_with(report, changes_count=True)


def _name(visit: Visit) -> str:
    number = visit.record.number
    return f"{visit.task.shown}:{number}" if number else visit.task.shown


def _summary(visit: Visit) -> str:
    assert visit.result is not None, "only cleaned records are summed up"  # noqa: S101 - for the type checker
    counts = Counter(removal.rule_id for removal in visit.result.removals)
    listed = ", ".join(rule_id if count == 1 else f"{rule_id} ({count})" for rule_id, count in counts.items())
    return harmless(f"{_name(visit)}: {listed}").replace("\n", "\\n")


def _diff(visit: Visit) -> Iterator[str]:
    result = visit.result
    assert result is not None, "only cleaned records are compared"  # noqa: S101 - for the type checker
    before, after = (text.splitlines(keepends=True) for text in (result.source, result.text))
    name = harmless(_name(visit)).replace("\n", "\\n")
    for line in difflib.unified_diff(before, after, name, name):
        bare = line.removesuffix("\n")
        yield harmless(bare).replace("\n", "\\n")
        if bare == line:
            yield "\\ No newline at end of file"
