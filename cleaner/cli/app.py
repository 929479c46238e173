"""The command ``cleaner`` and its commands."""

from __future__ import annotations

import gc
import os
import signal
import sys
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer

from cleaner import __version__
from cleaner.cli.output import FAILED, STOPPED, WRONG_USAGE, stop
from cleaner.cli.plain import PlainGroup, command_app

# The module of each command, in the order of the help. Each has a Typer of its own.
_MODULES = {
    "clean": "clean",
    "check": "check",
    "explain": "explain",
    "review": "review",
    "restore": "restore",
    "learn": "learn",
    "compare": "compare",
    "config": "config",
    "eval": "evaluate",
    "rules": "rules",
}


class _Commands(PlainGroup):
    """The commands, each imported when it is called: what one needs, the others need not wait for."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - the same everywhere
        return list(_MODULES)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002
        # For a name that nobody has, all are there to be suggested.
        for name in [cmd_name] if cmd_name in _MODULES else _MODULES:
            if name not in self.commands:
                made = import_module(f"cleaner.cli.{_MODULES[name]}").app
                self.commands[name] = typer.main.get_command(made)
                self.commands[name].name = name
        return self.commands.get(cmd_name)

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            # Typer would end without a word.
            stop("stopped; files that were done are whole, the others are as they were", STOPPED)


app = command_app(
    name="cleaner",
    cls=_Commands,
    help="Takes site chrome out of article text by rules, and leaves the article alone.",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 done; 1 something would go or went (check); 2 wrong usage or rule file; 3 inputs failed.",
)


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
    from cleaner.cli.options import ask_for_configuration  # noqa: PLC0415 - --version and --help need none of it

    ask_for_configuration(config_file, none=no_config)


def main() -> None:
    """Run the command line; errors that only a user can mend are one line on standard error."""
    # Rules are many small objects that stay, without cycles: to collect garbage among them takes a third of loading.
    gc.set_threshold(100_000)
    # Whoever ends a job from outside is told what Ctrl-C tells, and no half-written file is left behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        app()
    except BrokenPipeError:
        # The reader of the output went away, as `head` does: nothing is wrong on this side.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(FAILED)
    finally:
        # All of it goes with the process: to look through it for cycles first takes a tenth of a short run.
        gc.freeze()


__all__ = ["WRONG_USAGE", "app", "main"]
