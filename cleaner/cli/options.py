"""Options that several commands share."""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from cleaner.batch import InputError, Plan, plan
from cleaner.cleaner import MAX_REMOVED, Cleaner
from cleaner.cli.output import complain, stop
from cleaner.decided import DecidedCleaner
from cleaner.decisions import Decisions, DecisionsError, load_decisions
from cleaner.formats import Reading, kind_named
from cleaner.ruleset import RuleError

Paths = Annotated[
    list[str], typer.Argument(metavar="PATH...", help="Files, folders, glob patterns, or - for standard input.")
]
Rules = Annotated[
    list[str] | None,
    typer.Option(
        "--rules",
        metavar="NAME|FILE",
        help="Rule set: safe, standard, aggressive, page, or a rule file. Replaces standard; repeat it to combine.",
    ),
]
Disable = Annotated[
    list[str] | None,
    typer.Option("--disable", metavar="ID|CATEGORY", help="Leave out a rule or a category; may be repeated."),
]
Lang = Annotated[
    str | None, typer.Option("--lang", metavar="CODE", help="Use only the rules of this language and of any.")
]
MaxRemoved = Annotated[
    float,
    typer.Option(
        "--max-removed",
        metavar="SHARE",
        help="Keep all but safe removals in a text that would lose a larger share of its words.",
    ),
]
FormatOption = Annotated[
    str | None,
    typer.Option(
        "--format",
        metavar="NAME",
        help="Read all inputs as this format, whatever their names tell: txt, md, html, jsonl, csv, tsv, parquet or "
        "warc; with .gz or .zst behind it if they are packed and not named so.",
    ),
]
Field = Annotated[
    str,
    typer.Option(
        "--field",
        metavar="NAME",
        help="The field of JSON lines or Parquet that holds the text, or the column of CSV; dots lead inwards.",
    ),
]
HtmlField = Annotated[
    str | None,
    typer.Option(
        "--html-field",
        metavar="NAME",
        help="A field that holds whole pages: each is extracted first, and its text goes into --field, made if absent.",
    ),
]
SiteField = Annotated[
    str | None,
    typer.Option("--site-field", metavar="NAME", help="A field that names the site of each text, for rules of a site."),
]
Encoding = Annotated[str, typer.Option("--encoding", metavar="NAME", help="The encoding of the inputs.")]
DecisionsFile = Annotated[
    Path | None,
    typer.Option("--decisions", metavar="FILE", help="What was rejected in a review (cleaner review) stays."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the closing report as one line of JSON.")]


def cleaner_of(
    rules: Sequence[str] | None,
    disable: Sequence[str] | None,
    max_removed: float = MAX_REMOVED,
    *,
    decisions: Path | None = None,
) -> Cleaner:
    """The cleaner that the options ask for; stops the command where they are wrong."""
    try:
        cleaner = Cleaner(list(rules or ["standard"]), disable=disable or (), max_removed=max_removed)
    except (RuleError, ValueError) as error:
        stop(str(error))
    if decisions is None:
        return cleaner
    decided = decisions_of(decisions)
    for rule_id in sorted(decided.disabled - {rule.id for rule in cleaner.rule_set.rules}):
        complain(f"{decisions}: rule {rule_id!r} is not in force, so that its rejection changes nothing")
    return DecidedCleaner(cleaner, decided)


def decisions_of(path: Path) -> Decisions:
    """The decisions of a file; stops the command where it cannot be used."""
    try:
        return load_decisions(path)
    except DecisionsError as error:
        stop(str(error))


def reading_of(field: str, encoding: str, *, html_field: str | None = None, site_field: str | None = None) -> Reading:
    """How to read, from the options; stops the command where no such encoding is known."""
    try:
        codecs.lookup(encoding)
    except LookupError:
        stop(f"--encoding {encoding}: no such encoding is known")
    return Reading(field=field, encoding=encoding, html_field=html_field, site_field=site_field)


def plan_of(
    paths: Sequence[str], *, output: str | None = None, in_place: bool = False, format_name: str | None = None
) -> Plan:
    """The plan of a run; stops the command where it is asked for wrongly."""
    try:
        kind = None if format_name is None else kind_named(format_name)
    except ValueError as error:
        stop(f"--format {format_name}: {error}")
    try:
        return plan(paths, output=output, in_place=in_place, kind=kind)
    except InputError as error:
        stop(str(error))
