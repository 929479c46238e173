"""What the commands print: text of a corpus made harmless, the closing table, errors in one line."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, NoReturn

import typer

from cleaner.batch import Often, Report, Trouble, Troubles

if TYPE_CHECKING:
    from rich.table import Table

# rich is imported where something needs it: a check prints plain lines, and is done before rich is there.

DONE, WOULD_CHANGE, WRONG_USAGE, FAILED, STOPPED = 0, 1, 2, 3, 130
_MOST_NAMED = 20


def harmless(text: str) -> str:
    """Text of a corpus for a terminal: control characters and lone surrogates shown, not obeyed.

    >>> print(harmless("red \\x1b[31m alert\\u202e"))
    red \\x1b[31m alert\\u202e
    """
    return "".join(char if char == "\t" or char.isprintable() else _escaped(char) for char in text)


def _escaped(char: str) -> str:
    if char == "\n":
        return "\n"
    code = ord(char)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def say(text: str = "", *, error: bool = False) -> None:
    """Print a line; what the terminal cannot show is escaped."""
    stream = sys.stderr if error else sys.stdout
    encoding = stream.encoding or "utf-8"
    stream.write(text.encode(encoding, "backslashreplace").decode(encoding) + "\n")


def complain(problem: str) -> None:
    """Print an error: one line on standard error."""
    say(f"cleaner: {harmless(problem)}".replace("\n", "\\n"), error=True)


def stop(problem: str, code: int = WRONG_USAGE) -> NoReturn:
    """Print an error and exit."""
    complain(problem)
    raise typer.Exit(code)


@contextmanager
def progress(size: Callable[[], int], what: str = "cleaning") -> Iterator[Callable[[Report, int], None]]:
    """A progress bar over ``size`` bytes on standard error, where that is a terminal; yields what moves it on.

    It shows documents, their rate, bytes for each second, and the time that is left.
    """
    if not sys.stderr.isatty():
        yield lambda report, done: None  # noqa: ARG005 - there is nothing to show it on
        return
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn  # noqa: PLC0415

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        total = size()
        task = bar.add_task(what, total=total)
        begun, before = time.monotonic(), -1

        def move(report: Report, done: int) -> None:
            nonlocal before
            if before < 0:
                # What another run has done says nothing of how fast this one is.
                before = report.documents
                bar.update(task, total=total - done)
                return
            rate = (report.documents - before) / max(time.monotonic() - begun, 0.001)
            bar.update(task, advance=done, description=f"{report.documents:,} documents, {rate:,.0f}/s")

        yield move


def print_report(report: Report, *, as_json: bool, to_stderr: bool, would: bool = False, top: int = 0) -> None:
    """The closing table, or the same as one line of JSON; troubles go to standard error."""
    _complain_of_all(report.failed, "failed", str)
    _complain_of_all(report.flagged, "flagged", _kept_back)
    for rule_id, times in report.timeouts.most_common():
        complain(f"rule {rule_id} took too long in {counted(times, 'document')}: mend it, see `cleaner rules lint`")
    if as_json:
        say(json.dumps(report.as_dict(top=top)), error=to_stderr)
        return
    say(_totals(report, would=would), error=to_stderr)
    for line in _counts(report):
        say(line, error=to_stderr)
    if report.often is not None and report.often.counts:
        from rich.console import Console  # noqa: PLC0415

        Console(stderr=to_stderr, highlight=False, soft_wrap=True).print(_most_often(report.often, top))


def _complain_of_all(troubles: Troubles, what: str, told: Callable[[Trouble], str]) -> None:
    for trouble in islice(troubles, _MOST_NAMED):
        complain(told(trouble))
    if len(troubles) > _MOST_NAMED:
        where = "--failures FILE" if what == "failed" else "--audit FILE"
        complain(f"and {len(troubles) - _MOST_NAMED} more {what}; {where} lists them all")


def _kept_back(trouble: Trouble) -> str:
    return f"{trouble.path}{f':{trouble.record}' if trouble.record else ''}: kept back: {trouble.problem}"


def _most_often(often: Often, top: int) -> Table:
    """The strings that were removed most often."""
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("removed", justify="right")
    table.add_column("most often", overflow="fold")
    for text, times in often.most(top):
        table.add_row(f"{times}{'+' if often.missed else ''}", Text(harmless(text).replace("\n", "\\n")))
    return table


def _totals(report: Report, *, would: bool) -> str:
    share = report.characters_removed / report.characters if report.characters else 0.0
    parts = [
        counted(report.documents, "document"),
        f"{report.changed} {'would change' if would else 'changed'}",
        f"{report.characters_removed} of {counted(report.characters, 'character')} removed ({share:.1%})",
    ]
    if report.flagged:
        parts.append(f"{len(report.flagged)} flagged")
    if report.failed:
        parts.append(f"{len(report.failed)} failed")
    if report.untouched:
        parts.append(f"{report.untouched} left untouched as configured")
    if report.excluded:
        parts.append(f"{counted(report.excluded, 'file')} excluded as configured")
    if report.left_out:
        parts.append(f"{counted(report.left_out, 'other file')} left out")
    return ", ".join(parts)


def counted(number: int, noun: str) -> str:
    """A number with its noun.

    >>> counted(1, "rule"), counted(2, "rule")
    ('1 rule', '2 rules')
    """
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _counts(report: Report) -> Iterator[str]:
    """Removals by category, in two columns."""
    rows = [("category", "removals"), *((name, str(count)) for name, count in report.by_category.most_common())]
    if len(rows) > 1:
        names, figures = (max(map(len, column)) for column in zip(*rows, strict=True))
        yield from (f"{name:{names}}  {figure:>{figures}}" for name, figure in rows)


def exit_with(report: Report, *, changes_count: bool = False) -> None:
    """Leave with the exit code that the run has earned."""
    if report.failed:
        raise typer.Exit(FAILED)
    if changes_count and report.changed:
        raise typer.Exit(WOULD_CHANGE)


def in_columns(
    rows: Iterable[tuple[str, ...]], header: tuple[str, ...], *, figures: bool = False, texts: int = 1
) -> None:
    """Print rows as a plain table, as wide as it needs to be.

    ``figures`` stand to the right, in all columns but the first ones, which hold ``texts``, and are never cut,
    however narrow the terminal.
    """
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table(box=None, pad_edge=False, header_style="bold")
    for number, name in enumerate(header):
        table.add_column(Text(harmless(name)), no_wrap=True, justify="right" if figures and number >= texts else "left")
    for row in rows:
        table.add_row(*(Text(harmless(cell).replace("\n", "\\n")) for cell in row))
    console = Console(highlight=False)
    if figures or not console.is_terminal:
        console.width = 400
    with console.capture() as printed:
        console.print(table)
    say(printed.get().removesuffix("\n"))
