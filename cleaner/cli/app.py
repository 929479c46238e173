"""The command ``cleaner`` and its commands."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from cleaner import __version__
from cleaner.cli import check, clean, compare, config, evaluate, explain, learn, restore, review, rules
from cleaner.cli.options import Configured, OfLabelled, ask_for_configuration
from cleaner.cli.output import FAILED, WRONG_USAGE, complain

app = typer.Typer(
    name="cleaner",
    help="Takes site chrome out of article text by rules, and leaves the article alone.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 done; 1 something would go or went (check); 2 wrong usage or rule file; 3 inputs failed.",
)
app.command("clean", cls=Configured)(clean.command)
app.command("check", cls=Configured)(check.command)
app.command("explain", cls=Configured)(explain.command)
app.command("review", cls=Configured)(review.command)
app.command("restore", cls=Configured)(restore.command)
app.command("learn", cls=Configured)(learn.command)
app.command("compare", cls=Configured)(compare.command)
app.command("config", cls=Configured)(config.command)
app.command("eval", cls=OfLabelled)(evaluate.command)
app.add_typer(rules.app, name="rules")


def _print_version(wanted: bool) -> None:
    if wanted:
        sys.stdout.write(f"cleaner {__version__}\n")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[  # noqa: ARG001 - its callback prints it
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
    config_file: Annotated[
        Path | None,
        typer.Option("--config", metavar="FILE", help="Read this configuration, not the nearest one; see `config`."),
    ] = None,
    no_config: Annotated[bool, typer.Option("--no-config", help="Read no configuration.")] = False,
) -> None:
    """Takes site chrome out of article text by rules, and leaves the article alone."""
    ask_for_configuration(config_file, none=no_config)


def main() -> None:
    """Run the command line; errors that only a user can mend are one line on standard error."""
    # Rules are many small objects that stay, without cycles: to collect garbage among them takes a third of loading.
    gc.set_threshold(100_000)
    try:
        app()
    except BrokenPipeError:
        # The reader of the output went away, as `head` does: nothing is wrong on this side.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(FAILED)
    except KeyboardInterrupt:
        complain("stopped; files that were done are whole, the others are as they were")
        sys.exit(130)


__all__ = ["WRONG_USAGE", "app", "main"]
