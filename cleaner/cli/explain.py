"""``cleaner explain``: the text with what goes struck through, the rule beside it, and why."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.text import Text

from cleaner.batch import Report, Visit, clean_tasks
from cleaner.cleaner import MAX_REMOVED, Cleaner, Result
from cleaner.cli import options
from cleaner.cli.output import complain, exit_with, harmless
from cleaner.cli.plain import command_app

app = command_app()


@app.command(cls=options.Configured)
def command(
    paths: options.Paths,
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
) -> None:
    """Show the text with what goes struck through, the rule beside it, and why it goes.

    Where the output is no terminal, what goes stands between [- and -].
    """
    cleaner = options.cleaner_of(rules, disable, max_removed, decisions=decisions, no_lint=no_lint)
    reading = options.reading_of(field, encoding, html_field=html_field, site_field=site_field)
    plan = options.plan_of(paths, format_name=format_name)
    console = Console(highlight=False, emoji=False)
    # Words wrap on a terminal; elsewhere lines stay as long as they are.
    console.soft_wrap = not console.is_terminal
    report = Report()
    never = options.untouched()
    for visit in clean_tasks(cleaner, plan.tasks, report, reading=reading, lang=lang, write=False, untouched=never):
        if visit.result is not None:
            _show(console, cleaner, visit, visit.result, named=len(plan.tasks) > 1 or visit.record.number > 0)
    for trouble in report.failed:
        complain(str(trouble))
    exit_with(report)


def _show(console: Console, cleaner: Cleaner, visit: Visit, result: Result, *, named: bool) -> None:
    if named:
        number = f":{visit.record.number}" if visit.record.number else ""
        console.print(Text(f"== {harmless(visit.task.shown)}{number}".replace("\n", "\\n"), style="bold"))
    console.print(_marked(result, plainly=not console.is_terminal))
    for flag in result.flags:
        console.print(Text(f"kept back: {flag}", style="yellow"))
    if not result.removals:
        console.print(Text("Nothing goes."))
        return
    console.print(Text("Why:", style="bold"))
    by_id = {rule.id: rule for rule in cleaner.rule_set.rules}
    for rule_id in _in_order(removal.rule_id for removal in result.removals):
        rule = by_id[rule_id]
        console.print(
            Text(f"  {rule.id}", style="cyan") + Text(f" ({rule.category}, {rule.level}): {harmless(rule.why)}")
        )


def _marked(result: Result, *, plainly: bool) -> Text:
    marked, at = Text(), 0
    for removal in result.removals:
        marked.append(_shown(result.source[at : removal.start]))
        gone = _shown(result.source[removal.start : removal.end])
        # White space around what goes stays outside the marks, so that they sit at the words.
        core = gone.strip()
        lead, _, trail = gone.partition(core) if core else ("", "", gone)
        marked.append(lead)
        marked.append(f"[-{core}-]" if plainly else core, style="red strike")
        marked.append(f" {{{removal.rule_id}}}", style="cyan")
        marked.append(trail)
        at = removal.end
    marked.append(_shown(result.source[at:]))
    marked.rstrip()
    return marked


def _shown(text: str) -> str:
    return harmless(text.replace("\r\n", "\n"))


def _in_order(rule_ids: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(rule_ids))
