"""``cleaner eval``: clean labelled pages, and say how much chrome went and how much of the body."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from cleaner.batch import replaced_file
from cleaner.cleaner import Cleaner
from cleaner.cli import options
from cleaner.cli.output import FAILED, counted, harmless, in_columns, say, stop
from cleaner.cli.plain import command_app
from cleaner.evaluate import (
    Fields,
    LabelledError,
    Measured,
    MissingExtraError,
    MissingPlotError,
    PageScore,
    RuleScore,
    Score,
    by_category,
    draw,
    judge_pages,
    read_labelled,
    require_matplotlib,
    require_rapidfuzz,
    table,
)

_FIGURES = ("pages", "chrome removed", "body lost", "intact pages", "F1", "chrome share")
_SUFFIXES = {"--plot": (".svg", ".png"), "--table": (".md", ".tex")}
_REMOVED = ("hits", "chrome words", "body words", "unsure words", "precision")

app = command_app()


@app.command(cls=options.OfLabelled)
def command(
    labelled: Annotated[
        list[Path], typer.Argument(metavar="LABELLED...", help="JSON lines of labelled pages, plain or gzipped (.gz).")
    ],
    field: Annotated[
        str | None, typer.Option("--field", metavar="NAME", help="The field of the text to clean.  [default: text]")
    ] = None,
    html_field: Annotated[
        str | None,
        typer.Option("--html-field", metavar="NAME", help="The field of the page's HTML, to be extracted and cleaned."),
    ] = None,
    gold: Annotated[
        str, typer.Option("--gold", metavar="NAME", help="The field of the body that a human marked.")
    ] = "gold",
    title: Annotated[
        str,
        typer.Option(
            "--title", metavar="NAME", help="The field of the page's title: lines that repeat it don't count."
        ),
    ] = "title",
    id_field: Annotated[
        str, typer.Option("--id", metavar="NAME", help="The field of the page's id; its line number without one.")
    ] = "id",
    site_field: options.SiteField = None,
    rules: options.Rules = None,
    disable: options.Disable = None,
    no_lint: options.NoLint = False,
    by: Annotated[
        str | None, typer.Option("--by", metavar="FIELD", help="Tell the figures apart by this field, too.")
    ] = None,
    errors: Annotated[
        Path | None,
        typer.Option("--errors", metavar="FILE", help="Write every body line lost and every chrome line kept."),
    ] = None,
    against: Annotated[
        list[str] | None,
        typer.Option(
            "--against",
            metavar="NAME|FILE",
            help="Measure this rule set beside --rules; names are combined with +; may be repeated.",
        ),
    ] = None,
    plot: Annotated[
        Path | None,
        typer.Option("--plot", metavar="FILE", help="Draw chrome removed against body lost, as .svg or .png."),
    ] = None,
    table_file: Annotated[
        Path | None,
        typer.Option("--table", metavar="FILE", help="Write a table of before and after for a paper, as .md or .tex."),
    ] = None,
) -> None:
    """Clean labelled pages, and say how much chrome went, how much of the body, and by which rule.

    Each line of a page is body or chrome, told by the body that a human marked; lines in between
    are unsure and not counted. Fields are dotted paths.
    """
    if field is not None and html_field is not None:
        stop("--field and --html-field exclude each other: a page is cleaned from its text or from its HTML")
    _check_outputs(labelled, {"--errors": errors, "--plot": plot, "--table": table_file})
    option = "--field" if html_field is None else "--html-field"
    fields = Fields(html_field or field or "text", gold, title, id_field, by or "", site_field or "", option)
    cleaner, name = options.cleaner_of(rules, disable, no_lint=no_lint), "+".join(rules or ["standard"])
    others = {
        other: options.cleaner_of(_rule_sets(other), disable, no_lint=no_lint)
        for other in against or ()
        if other != name
    }
    html = html_field is not None
    files, groups = _measured(labelled, fields, cleaner, html=html, errors=errors)
    measured = _of_rules(name, files)
    for other, its in others.items():
        measured += _of_rules(other, _measured(labelled, fields, its, html=html, errors=None)[0])
    _write(plot, table_file, measured)
    _print_files(measured)
    _print(sum(files.values(), Score()), groups, cleaner, by=by)


def _check_outputs(labelled: Iterable[Path], outputs: Mapping[str, Path | None]) -> None:
    """Stop before anything is measured where what it comes to could not be written."""
    inputs = [path.resolve() for path in labelled]
    for option, path in outputs.items():
        if path is not None and path.resolve() in inputs:
            stop(f"{option} {path}: is an input of this run; name another file")
        if path is not None and option in _SUFFIXES and path.suffix not in _SUFFIXES[option]:
            stop(f"{option} {path}: the name must end in {' or '.join(_SUFFIXES[option])}")
    if outputs["--plot"] is not None:
        try:
            require_matplotlib()
        except MissingPlotError as error:
            stop(str(error))


def _rule_sets(named: str) -> list[str]:
    """The rule sets that one name combines; the path of a file may hold a plus itself."""
    return [named] if Path(named).exists() else named.split("+")


def _of_rules(rules: str, files: Mapping[str, Score]) -> list[Measured]:
    return [Measured(path, rules, score) for path, score in files.items()]


def _write(plot: Path | None, table_file: Path | None, measured: Sequence[Measured]) -> None:
    """Write the drawing and the table, each whole or not at all."""
    names = _short_names({row.data for row in measured})
    rows = [Measured(names[row.data], row.rules, row.score) for row in measured]
    for option, path in (("--plot", plot), ("--table", table_file)):
        if path is None:
            continue
        try:
            with replaced_file(path) as sink:
                if option == "--plot":
                    draw(rows, sink, kind=path.suffix[1:])
                else:
                    sink.write(table(rows, kind=path.suffix[1:]).encode())
        except OSError as error:
            stop(f"{option} {path}: cannot be written: {error.strerror or error}")


def _short_names(files: Collection[str]) -> dict[str, str]:
    """What files are called in a drawing: their names without folder and ending, where that tells them apart."""
    short = {file: Path(file).name.split(".jsonl")[0] for file in files}
    return short if len(set(short.values())) == len(short) else {file: file for file in files}


def _measured(
    paths: Iterable[Path], fields: Fields, cleaner: Cleaner, *, html: bool, errors: Path | None
) -> tuple[dict[str, Score], dict[str, Score]]:
    """The scores of each file and of each group."""
    files: dict[str, Score] = {}
    groups: dict[str, Score] = {}
    try:
        require_rapidfuzz()
        with _errors_to(errors) as tell:
            for path in dict.fromkeys(paths):
                files[str(path)] = Score()
                for page in judge_pages(read_labelled(path, fields), cleaner, html=html):
                    score = Score.of(page)
                    files[str(path)] += score
                    groups[page.group] = groups.get(page.group, Score()) + score
                    tell(page)
    except MissingExtraError as error:
        stop(str(error))
    except LabelledError as error:
        stop(str(error), FAILED)
    return files, groups


@contextmanager
def _errors_to(path: Path | None) -> Iterator[Callable[[PageScore], None]]:
    if path is None:
        yield lambda _: None
        return
    try:
        with replaced_file(path) as sink:
            yield lambda page: sink.writelines(f"{line}\n".encode() for line in _errors_of(page))
    except OSError as error:
        stop(f"--errors {path}: cannot be written: {error.strerror or error}")


def _errors_of(page: PageScore) -> Iterator[str]:
    """The lines that count against the cleaner: kind, page, the rules that took words, the line."""
    for line in page.lines:
        if line.is_lost or line.is_kept_chrome:
            kind = "body lost" if line.is_lost else "chrome kept"
            rules = ",".join(rule_id for rule_id, _ in line.by_rule)
            yield "\t".join(map(_cell, (kind, page.id, rules or "-", line.text.strip())))


def _cell(text: str) -> str:
    return harmless(text).replace("\n", "\\n").replace("\t", "\\t")


def _print_files(measured: Sequence[Measured]) -> None:
    """A row for each file, and for all of them, told apart by rule set where there are several."""
    of_rules: dict[str, dict[str, Score]] = {}
    for row in measured:
        of_rules.setdefault(row.rules, {})[row.data] = row.score
    rows = []
    for rules, files in of_rules.items():
        whole = {} if len(files) == 1 else {"all": sum(files.values(), Score())}
        told = (rules,) if len(of_rules) > 1 else ()
        rows += [(name, *told, *_figures(score)) for name, score in {**files, **whole}.items()]
    header = ("file", "rules") if len(of_rules) > 1 else ("file",)
    in_columns(rows, (*header, *_FIGURES), figures=True, texts=len(header))


def _print(whole: Score, groups: Mapping[str, Score], cleaner: Cleaner, *, by: str | None) -> None:
    if by is not None:
        say()
        in_columns(
            ((name or "-", *_figures(score)) for name, score in sorted(groups.items())), (by, *_FIGURES), figures=True
        )
    categories = {rule.id: rule.category for rule in cleaner.rule_set.rules}
    for name, removed in (("category", by_category(whole.rules, categories)), ("rule", whole.rules)):
        say()
        in_columns(_removed(removed), (name, *_REMOVED), figures=True)
    if whole.flags:
        listed = ", ".join(f"{flag} ({number})" for flag, number in sorted(whole.flags.items()))
        say(f"\n{counted(sum(whole.flags.values()), 'page')} kept back: {listed}")


def _figures(score: Score) -> tuple[str, ...]:
    return (
        str(score.pages),
        f"{score.chrome_removed:.2%}",
        f"{score.body_lost:.3%}",
        f"{score.intact_pages:.2%}",
        f"{score.f1_before:.4f} -> {score.f1_after:.4f}",
        f"{score.chrome_share:.1%}",
    )


def _removed(rules: Mapping[str, RuleScore]) -> Iterator[tuple[str, ...]]:
    """A row for each rule or category, those that removed most words first."""
    for name, score in sorted(rules.items(), key=lambda item: (-_counted_words(item[1]), item[0])):
        precision = "-" if score.precision is None else f"{score.precision:.1%}"
        words = score.removed
        yield name, str(score.hits), str(words.chrome), str(words.body), str(words.unsure), precision


def _counted_words(score: RuleScore) -> int:
    return score.removed.chrome + score.removed.body
