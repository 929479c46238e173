"""``cleaner compare``: what one set of rules removes and another does not."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from cleaner.authoring import Comparison, Side, compare
from cleaner.batch import Trouble, read_articles
from cleaner.cleaner import MAX_REMOVED
from cleaner.cli import options
from cleaner.cli.output import FAILED, complain, counted, harmless, say
from cleaner.cli.plain import command_app

app = command_app()


@app.command(cls=options.Configured)
def command(
    old: Annotated[
        str, typer.Argument(metavar="RULES", help="Rule sets, rule files or a folder of rules; commas between several.")
    ],
    new: Annotated[str, typer.Argument(metavar="RULES", help="What they are compared with, named the same way.")],
    corpus: Annotated[list[str], typer.Argument(metavar="PATH...", help="The texts: files, folders, patterns, or -.")],
    disable: options.Disable = None,
    samples: Annotated[int, typer.Option("--samples", metavar="N", min=0, help="Samples to show for each rule.")] = 3,
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
    """Clean texts by two sets of rules, and show what only one of them removes. Nothing is written.

    Each of the two is what --rules takes, with commas between several: standard,mine.toml. A folder holds rules laid
    out as the shipped ones are, such as those of another release; its stable rules up to level standard are used.
    """
    before, after = (
        options.cleaner_of(options.listed(rules), disable, max_removed, no_lint=no_lint) for rules in (old, new)
    )
    reading = options.reading_of(field, encoding, html_field=html_field, site_field=site_field)
    plan = options.plan_of(corpus, format_name=format_name)
    troubles: list[Trouble] = []
    texts = read_articles(plan.tasks, reading=reading, on_trouble=troubles.append)
    found = compare(before, after, texts, samples=samples, lang=lang)
    for trouble in troubles:
        complain(str(trouble))
    if as_json:
        say(json.dumps(_told(found, old, new)))
    else:
        _print(found, old, new)
    if troubles:
        raise typer.Exit(FAILED)


def _told(found: Comparison, old: str, new: str) -> dict[str, object]:
    return {
        "texts": found.texts,
        "alike": found.alike,
        "only_old": {"rules_named": old, **found.only_old.as_dict()},
        "only_new": {"rules_named": new, **found.only_new.as_dict()},
    }


def _print(found: Comparison, old: str, new: str) -> None:
    say(f"{counted(found.texts, 'text')}, {found.alike} alike by both")
    for name, other, side in ((old, new, found.only_old), (new, old, found.only_new)):
        say()
        _print_side(harmless(f"only {name} removes, and {other} does not"), side)


def _print_side(title: str, side: Side) -> None:
    if not side.by_rule:
        say(f"{title}: nothing")
    else:
        say(f"{title}: {counted(side.characters, 'character')} in {counted(side.texts, 'text')}")
    for row in side.as_dict()["rules"]:
        say(f"  {row['rule']}: {counted(row['removals'], 'removal')} in {counted(row['texts'], 'text')}")
        for sample in row["samples"]:
            say(harmless(f"    {sample['place']}: {sample['text']}"))
    if side.held_back:
        say(f"  {counted(side.held_back, 'text')} kept back at least in part")
