"""``cleaner rules``: list the rules in force, show one, test and lint them, write the schema and the reference."""

from __future__ import annotations

import difflib
import json
import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Annotated, Any

import typer

from cleaner.authoring import (
    Failure,
    Finding,
    as_toml,
    count_removals,
    lint,
    near_misses,
    try_examples,
    with_near_misses,
)
from cleaner.authoring.reference import write
from cleaner.batch import Plan, Trouble, read_texts
from cleaner.cli import new, options
from cleaner.cli.output import FAILED, WOULD_CHANGE, complain, counted, harmless, in_columns, say, stop
from cleaner.cli.plain import PlainCommand, command_app
from cleaner.formats import Reading
from cleaner.pattern import Pattern
from cleaner.rule import Rule
from cleaner.ruleset import RuleError, load, schema_text, shipped_rules
from cleaner.ruleset.error import did_you_mean

File = Annotated[Path | None, typer.Argument(metavar="[FILE]", help="A rule file; the shipped rules without one.")]

# Generated texts of each sort for a rule of a file.
TRIES = 100

app = command_app(help="List, show, test, lint and propose rules.", no_args_is_help=True)
app.command("new", cls=options.Configured)(new.command)


@app.command("list", cls=options.Configured)
def list_rules(
    rules: options.Rules = None, disable: options.Disable = None, decisions: options.DecisionsFile = None
) -> None:
    """List the rules of a set: id, category, level, kind, language."""
    listed = options.cleaner_of(rules, disable, decisions=decisions).rule_set.rules
    rows = sorted((r.category, r.id, r.level, r.kind, r.lang) for r in listed)
    in_columns(
        ((i, c, level, k, lang) for c, i, level, k, lang in rows), ("id", "category", "level", "kind", "language")
    )
    say(counted(len(rows), "rule"))


@app.command("show", cls=options.Configured)
def show(
    rule_id: Annotated[str, typer.Argument(metavar="ID")],
    rules: options.Rules = None,
) -> None:
    """Show one rule: why it is there, what it matches, its examples."""
    known = {rule.id: rule for rule in shipped_rules()}
    known |= {rule.id: rule for rule in options.cleaner_of(rules, None).rule_set.rules}
    if rule_id not in known:
        stop(f"no rule {rule_id!r}{did_you_mean(rule_id, known)}")
    for line in _described(known[rule_id]):
        say(harmless(line))


def _described(rule: Rule[Any]) -> Iterator[str]:
    yield f"{rule.id}"
    yield f"  {rule.why}"
    yield f"  kind {rule.kind}, category {rule.category}, level {rule.level}, language {rule.lang}, {rule.status}"
    yield f"  from {rule.source}"
    for f in fields(rule.fields):
        value = getattr(rule.fields, f.name)
        if value not in (None, "", False, ()):
            yield f"  {f.name}: {_shown(value)}"
    for name in ("keywords", "remove", "keep"):
        values = getattr(rule, name)
        if values:
            yield f"  {name}:"
            yield from (f"    {value}" for value in values)
    for example in rule.examples:
        yield "  example:"
        for line in difflib.ndiff(example.text.splitlines(), example.left.splitlines()):
            if not line.startswith("?"):
                yield f"    {line}"


def _shown(value: object) -> object:
    if isinstance(value, Pattern):
        return value.source
    return ", ".join(map(str, map(_shown, value))) if isinstance(value, tuple) else value


def _asked_for(file: Path | None, rules: list[str] | None) -> tuple[tuple[Rule[Any], ...], tuple[Rule[Any], ...]]:
    """The rules of the file, or all shipped ones, and those that they stand among; stops where they do not load."""
    try:
        if file is None:
            return shipped_rules(trusted=False), load(list(rules or ["standard"])).rules
        found = load(str(file)).rules
        around = load([*(rules or ["standard"]), str(file)]).rules
    except RuleError as error:
        stop(str(error))
    # Of a file that only includes others all of theirs are meant.
    return tuple(rule for rule in found if rule.source == str(file)) or found, around


@app.command("lint", cls=options.Configured)
def lint_rules(
    file: File = None,
    rules: options.Rules = None,
) -> None:
    """Look for mistakes that examples do not show: common keywords, wide or runaway patterns, duplicates."""
    linted, around = _asked_for(file, rules)
    number = 0
    for finding in lint(linted, around):
        number += 1
        _print_finding(finding)
    allowed = sum(len(rule.allow) for rule in linted)
    say(
        f"{counted(len(linted), 'rule')}, {counted(allowed, 'check')} allowed with a reason: "
        f"{counted(number, 'finding') if number else 'nothing found'}"
    )
    if number:
        raise typer.Exit(WOULD_CHANGE)


def _print_finding(finding: Finding) -> None:
    place = f"{finding.source}:{finding.line}" if finding.line else finding.source
    say(harmless(f"{place}: rule {finding.rule_id!r}: {finding.check}"))
    say(harmless(f"    {finding.problem}"))
    say(harmless(f"    instead: {finding.instead}"))


@app.command("schema", cls=PlainCommand)
def print_schema(
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write it there instead of printing it.")
    ] = None,
) -> None:
    """Print the JSON schema of rule files: editors complete and check them by it."""
    if output is None:
        sys.stdout.write(schema_text())
        return
    try:
        output.write_text(schema_text(), encoding="utf-8", newline="\n")
    except OSError as error:
        stop(f"{output}: {error.strerror or error}")
    say(f"schema of rule files: {output}")


@app.command("reference", cls=PlainCommand)
def write_reference(
    output: Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="The folder to write it into.")],
    file: File = None,
) -> None:
    """Write the rule reference: a page in Markdown for each language and category, and an index."""
    described, _ = _asked_for(file, None)
    try:
        made, deleted = write(described, output)
    except OSError as error:
        stop(f"{error.filename or output}: cannot be written: {error.strerror or error}")
    say(f"{counted(made, 'page')} of {counted(len(described), 'rule')}: {output}")
    if deleted:
        say(f"{counted(deleted, 'old page')} deleted")


@app.command("test", cls=options.Configured)
def try_rules(
    file: File = None,
    rules: options.Rules = None,
    tries: Annotated[
        int | None,
        typer.Option(
            "--tries",
            metavar="N",
            min=0,
            help="How many texts to generate for each rule: 100 for a FILE, none for the shipped rules.",
        ),
    ] = None,
    decisions: Annotated[
        Path | None,
        typer.Option("--decisions", metavar="FILE", help="Test what was rejected in a review as lines to keep, too."),
    ] = None,
    corpus: Annotated[
        list[str] | None,
        typer.Option("--corpus", metavar="PATH", help="Count what the rules remove in these texts; may be repeated."),
    ] = None,
    samples: Annotated[int, typer.Option("--samples", metavar="N", help="How many lines of the corpus to show.")] = 5,
    field: options.Field = "text",
    site_field: options.SiteField = None,
    format_name: options.FormatOption = None,
    encoding: options.Encoding = "utf-8",
) -> None:
    """Run each rule's examples, alone and in the set, then try it on generated articles: the body must survive.

    The second needs the extra `authoring`. With --corpus, count what the rules remove in texts of yours.
    """
    tested, around = _asked_for(file, rules)
    if decisions is not None:
        tested = _with_rejected(tested, decisions)
        known = {rule.id: rule for rule in tested}
        around = tuple(known.get(rule.id, rule) for rule in around)
    failures = list(try_examples(tested, around))
    for failure in failures:
        _print_failure(failure)
    broken = len({failure.rule_id for failure in failures})
    cases = sum(len(rule.remove) + len(rule.keep) + len(rule.examples) for rule in tested)
    say(
        f"{counted(len(tested), 'rule')}, {counted(cases, 'example')}, each alone and within the rule set: "
        f"{broken or 'none'} broken"
    )
    number = (TRIES if file else 0) if tries is None else tries
    eaten = _try_properties(tested, number) if number else 0
    if corpus:
        plan = options.plan_of(corpus, format_name=format_name)
        reading = options.reading_of(field, encoding, site_field=site_field)
        _try_corpus(tested, plan, reading, samples)
    if failures or eaten:
        raise typer.Exit(WOULD_CHANGE)


def _with_rejected(tested: tuple[Rule[Any], ...], decisions: Path) -> tuple[Rule[Any], ...]:
    """The rules with what was rejected among their examples; says how much of it is tested."""
    found = list(near_misses(tested, options.decisions_of(decisions)))
    lines, other = sum(len(near.keep) for near in found), sum(near.other for near in found)
    untested = f"; {counted(other, 'rejection')} of more than a line not tested" if other else ""
    say(harmless(f"{decisions}: {counted(lines, 'rejected line')} to keep, of {counted(len(found), 'rule')}{untested}"))
    return with_near_misses(tested, found)


@app.command("keep", cls=PlainCommand)
def print_keep(
    decisions: Annotated[Path, typer.Argument(metavar="FILE", help="The decisions of a review.")],
    rules: options.Rules = None,
) -> None:
    """Print what was rejected in a review as TOML to paste: lines to keep for each rule, and rules to disable."""
    decided = options.decisions_of(decisions)
    by_id = {rule.id: rule for rule in shipped_rules()}
    by_id |= {rule.id: rule for rule in options.cleaner_of(rules, None).rule_set.rules}
    for rule_id in sorted((decided.disabled | {row.rule_id for row in decided.rejected}) - set(by_id)):
        complain(f"{decisions}: no rule {rule_id!r}; name its file with --rules")
    for near in near_misses(sorted(by_id.values(), key=lambda rule: rule.id), decided):
        if near.keep:
            say(as_toml(near) + "\n")
        if near.other:
            complain(
                f"{near.rule.id}: {counted(near.other, 'rejection')} of more than a line: an example wants the text"
            )
    if disabled := sorted(decided.disabled & set(by_id)):
        say(f"disable = {json.dumps(disabled)}")


def _try_properties(tested: tuple[Rule[Any], ...], tries: int) -> int:
    """Try the rules on generated texts; how many of them take body."""
    try:
        from cleaner.authoring.properties import try_properties  # noqa: PLC0415 - hypothesis is an extra
    except ImportError:
        say("not tried on generated articles: pip install 'article-cleaner[authoring]'")
        return 0
    eaten = list(try_properties(tested, tries=tries))
    for found in eaten:
        say(harmless(str(found)))
        say("    the smallest text found, - is what goes:")
        for line in difflib.ndiff(found.text.splitlines(), found.left.splitlines()):
            if line.strip() and not line.startswith("?"):
                say(f"    {harmless(line)}")
    say(f"up to {counted(tries, 'generated text')} of each sort for a rule: {len(eaten) or 'none'} took body")
    return len(eaten)


def _try_corpus(tested: tuple[Rule[Any], ...], plan: Plan, reading: Reading, samples: int) -> None:
    """What each rule removes in texts of the user's, counted, with samples spread over them."""
    troubles: list[Trouble] = []
    counts = count_removals(tested, read_texts(plan.tasks, reading=reading, on_trouble=troubles.append), samples)
    for trouble in troubles:
        complain(str(trouble))
    say(f"{counted(counts.texts, 'text')}, {counts.changed} would change")
    if counts.held_back:
        complain(f"{counted(counts.held_back, 'text')} held back: a rule took too long or did not come to rest")
    for rule in tested:
        found = counts.by_rule.get(rule.id)
        if found is None:
            say(f"{rule.id}: removes nothing")
            continue
        say(f"{rule.id}: {counted(found.removals, 'removal')} in {counted(found.texts, 'text')}")
        for place, text in found.samples:
            say(f"    {harmless(place)}: {harmless(text)}")
    if troubles:
        raise typer.Exit(FAILED)


def _print_failure(failure: Failure) -> None:
    say(harmless(str(failure)))
    expected, got = failure.expected.splitlines(), failure.got.splitlines()
    for line in difflib.unified_diff(expected, got, "expected", "got", n=0, lineterm=""):
        if not line.startswith("@@"):
            say(f"    {harmless(line)}")
