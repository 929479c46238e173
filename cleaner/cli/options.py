"""Options that several commands share."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cleaner.batch import InputError, PathPatterns, Plan, Untouched, plan
from cleaner.cleaner import MAX_REMOVED, Cleaner
from cleaner.cli.output import complain, stop
from cleaner.cli.plain import PlainCommand
from cleaner.configuration import Configuration, ConfigurationError, find_configuration, read_configuration
from cleaner.formats import Reading, kind_named
from cleaner.rule import CATEGORIES
from cleaner.ruleset import SHIPPED_SETS, RuleError, load, shipped_rules

if TYPE_CHECKING:
    from cleaner.decisions import Decisions

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
NoLint = Annotated[
    bool, typer.Option("--no-lint", help="Take rules of a file that can run away; where one does, the text stays.")
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


@dataclass(frozen=True, slots=True)
class Asked:
    """Which configuration was asked for, before the command: a file, or none at all."""

    file: Path | None = None
    none: bool = False


_ASKED: ContextVar[Asked | None] = ContextVar("asked", default=None)
_IN_FORCE: ContextVar[Configuration | None] = ContextVar("configuration", default=None)


def ask_for_configuration(file: Path | None, *, none: bool) -> None:
    """Note which configuration the command that follows is to read."""
    if file is not None and none:
        stop("--config and --no-config exclude each other")
    _ASKED.set(Asked(file, none))


def configuration() -> Configuration:
    """The configuration that the command runs with."""
    return _IN_FORCE.get() or Configuration()


class Configured(PlainCommand):
    """A command whose options stand in the configuration where they are not given."""

    # Options of the same name that mean something else here, or are nothing to set down for all runs.
    own: frozenset[str] = frozenset()

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Take what is not among ``args`` from the configuration."""
        given, _, _ = self.make_parser(ctx).parse_args(args=list(args))
        if not given.get("help"):
            found = _configured(given)
            _IN_FORCE.set(found)
            names = {param.name for param in self.params} - self.own
            ctx.default_map = {key: value for key, value in found.values.items() if key in names}
        return super().parse_args(ctx, args)


class OfLabelled(Configured):
    """A command for labelled pages, whose fields are not those of a corpus."""

    own = frozenset(("field", "html_field", "site_field"))


def _configured(given: Mapping[str, Any]) -> Configuration:
    """The configuration for a command with these arguments; stops it where that cannot be used."""
    asked = _ASKED.get() or Asked()
    if asked.none:
        return Configuration()
    try:
        if asked.file is not None:
            return read_configuration(asked.file)
        found = find_configuration(Path.cwd(), corpus=_folders(given.get("paths") or given.get("corpus") or ()))
    except (ConfigurationError, OSError) as error:
        stop(str(error))
    for path in found.passed_over:
        complain(f"{path} lies in the folder that is read, and is not obeyed; if it is yours: cleaner --config {path}")
    return found


def _folders(paths: object) -> list[Path]:
    named = [Path(path) for path in paths if isinstance(path, str)] if isinstance(paths, Iterable) else []
    return [path for path in named if path.is_dir()]


def untouched() -> Untouched:
    """The texts that the configuration says are never to be touched."""
    return Untouched.of(configuration().strings("untouched"), configuration().folder)


def listed(rules: str) -> list[str]:
    """Rule sets and files with commas between them; a file whose name has a comma is itself.

    >>> listed("standard,mine.toml")
    ['standard', 'mine.toml']
    """
    return [rules] if Path(rules).exists() else [name.strip() for name in rules.split(",") if name.strip()]


def cleaner_of(
    rules: Sequence[str] | None,
    disable: Sequence[str] | None,
    max_removed: float = MAX_REMOVED,
    *,
    decisions: Path | None = None,
    no_lint: bool = True,
) -> Cleaner:
    """The cleaner that the options ask for; stops the command where they are wrong.

    Without ``no_lint`` rules that are not shipped are refused where their patterns can run away.
    """
    try:
        disable = _disabled(rules, disable)
        cleaner = Cleaner(list(rules or ["standard"]), disable=disable or (), max_removed=max_removed)
    except (RuleError, ValueError) as error:
        stop(str(error))
    if not no_lint and not {*(rules or ())} <= {*SHIPPED_SETS}:
        _refuse_run_away(cleaner)
    return cleaner if decisions is None else _decided(cleaner, decisions)


def _decided(cleaner: Cleaner, decisions: Path) -> Cleaner:
    """The cleaner as a reviewer decided."""
    from cleaner.decided import DecidedCleaner  # noqa: PLC0415 - few runs have decisions

    decided = decisions_of(decisions)
    for rule_id in sorted(decided.disabled - {rule.id for rule in cleaner.rule_set.rules}):
        complain(f"{decisions}: rule {rule_id!r} is not in force, so that its rejection changes nothing")
    return DecidedCleaner(cleaner, decided)


def decisions_of(path: Path) -> Decisions:
    """The decisions of a file; stops the command where it cannot be used."""
    from cleaner.decisions import DecisionsError, load_decisions  # noqa: PLC0415 - few runs have decisions

    try:
        return load_decisions(path)
    except DecisionsError as error:
        stop(str(error))


def _refuse_run_away(cleaner: Cleaner) -> None:
    from cleaner.authoring.runaway import weaknesses  # noqa: PLC0415 - shipped rules need no such check
    from cleaner.authoring.variants import patterns  # noqa: PLC0415

    shipped = {rule.id: rule for rule in shipped_rules()}
    for rule in cleaner.rule_set.rules:
        if shipped.get(rule.id) != rule:
            for key, pattern in patterns(rule):
                for found in weaknesses(pattern.source):
                    place = f"{rule.source}:{rule.line}: rule {rule.id!r}, {key}"
                    stop(f"{place}: can run away: {found.problem}; mend it (`cleaner rules lint`), or give --no-lint")


def _disabled(rules: Sequence[str] | None, disable: Sequence[str] | None) -> Sequence[str]:
    """What to disable; names that the configuration has for its own rule sets are nothing to others.

    Raises :class:`RuleError`.
    """
    found = configuration()
    if not disable or tuple(disable) != found.strings("disable"):
        return disable or ()
    try:
        load(found.strings("rules") or "standard", disable=disable)
    except RuleError as error:
        raise RuleError(error.problem, file=str(found.file), key=error.key) if not error.file else error from None
    names = {rule.id for rule in (*load(list(rules or ["standard"])).rules, *shipped_rules())}
    return [name for name in disable if name in names or name in CATEGORIES]


def reading_of(field: str, encoding: str, *, html_field: str | None = None, site_field: str | None = None) -> Reading:
    """How to read, from the options; stops the command where no such encoding is known."""
    try:
        codecs.lookup(encoding)
    except LookupError:
        stop(f"--encoding {encoding}: no such encoding is known")
    return Reading(field=field, encoding=encoding, html_field=html_field, site_field=site_field)


def plan_of(
    paths: Sequence[str],
    *,
    output: str | None = None,
    in_place: bool = False,
    format_name: str | None = None,
    exclude_named: bool = False,
) -> Plan:
    """The plan of a run; stops the command where it is asked for wrongly."""
    try:
        kind = None if format_name is None else kind_named(format_name)
    except ValueError as error:
        stop(f"--format {format_name}: {error}")
    try:
        exclude = PathPatterns(configuration().strings("exclude"), configuration().folder)
        return plan(paths, output=output, in_place=in_place, kind=kind, exclude=exclude, exclude_named=exclude_named)
    except InputError as error:
        stop(str(error))
