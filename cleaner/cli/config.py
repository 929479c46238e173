"""``cleaner config``: the settings in force, and where each comes from."""

from __future__ import annotations

import json

import typer

from cleaner.cleaner import MAX_REMOVED
from cleaner.cli import options
from cleaner.cli.output import in_columns, say
from cleaner.cli.plain import command_app
from cleaner.configuration import KEYS

# What holds where nothing is set; the other keys are unset then.
_DEFAULTS = {"rules": ["standard"], "field": "text", "encoding": "utf-8", "max_removed": MAX_REMOVED}


app = command_app()


@app.command(cls=options.Configured)
def command(
    ctx: typer.Context,
    rules: options.Rules = None,
    disable: options.Disable = None,
    field: options.Field = "text",
    html_field: options.HtmlField = None,
    site_field: options.SiteField = None,
    encoding: options.Encoding = "utf-8",
    lang: options.Lang = None,
    max_removed: options.MaxRemoved = MAX_REMOVED,
    as_json: options.AsJson = False,
) -> None:
    """Show the settings in force, and where each comes from: an option, a file, or the default.

    They are read from .cleaner.toml, or [tool.cleaner] in pyproject.toml, in the working directory or
    the nearest folder above it. Options win.
    """
    options.cleaner_of(rules, disable, max_removed)
    options.reading_of(field, encoding, html_field=html_field, site_field=site_field)
    options.plan_of(["-"])
    options.untouched()
    found = options.configuration()
    given = {"lang": lang, **{key: ctx.params[key] for key in KEYS if key in ctx.params}}
    rows = []
    for key in KEYS:
        source = ctx.get_parameter_source(key) if key in ctx.params else None
        is_option = source is not None and source.name == "COMMANDLINE"
        value = given.get(key) if is_option else found.values.get(key, _DEFAULTS.get(key))
        origin = "option" if is_option else str(found.file) if key in found.values else "default"
        rows.append((key, value, origin))
    if as_json:
        say(json.dumps({key: {"value": value, "from": origin} for key, value, origin in rows}))
        return
    in_columns(((key, _shown(value), origin) for key, value, origin in rows), ("setting", "value", "from"))


def _shown(value: object) -> str:
    if value is None or value == []:
        return "-"
    return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
