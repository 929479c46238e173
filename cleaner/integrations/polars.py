"""Polars: the namespace ``cleaner`` on expressions of strings.

import polars as pl
import cleaner.integrations.polars  # registers the namespace
from cleaner import Cleaner

frame.with_columns(pl.col("text").cleaner.clean(Cleaner("standard")))
"""

from __future__ import annotations

from typing import Any

from cleaner import Cleaner, Result
from cleaner.integrations.columns import checked, missing, removal_rows, results

try:
    import polars as pl
except ImportError as error:
    raise missing("polars", extra="polars", error=error) from error

REMOVALS = pl.List(pl.Struct({"start": pl.Int64, "end": pl.Int64, "rule_id": pl.String, "text": pl.String}))
RESULT = pl.Struct({"text": pl.String, "removals": REMOVALS, "flags": pl.List(pl.String)})


@pl.api.register_expr_namespace("cleaner")
class CleanerExpressions:
    """What ``pl.col("text").cleaner`` offers. A null stays null.

    ``site`` is a column, or an expression, with the site or URL of each text; ``lang`` narrows the rules.

    >>> frame = pl.DataFrame({"text": ["The ferry is back. (turn0search21)", None]})
    >>> frame.with_columns(pl.col("text").cleaner.clean(Cleaner()))["text"].to_list()
    ['The ferry is back.', None]
    """

    def __init__(self, texts: pl.Expr) -> None:
        self._texts = texts

    def clean(self, cleaner: Cleaner, *, site: str | pl.Expr | None = None, lang: str | None = None) -> pl.Expr:
        """The cleaned texts."""
        return self._mapped(cleaner, site, lang, lambda result: result.text, pl.String)

    def result(self, cleaner: Cleaner, *, site: str | pl.Expr | None = None, lang: str | None = None) -> pl.Expr:
        """Structs of ``text``, ``removals`` (``start``, ``end``, ``rule_id``, ``text``) and ``flags``.

        >>> frame = pl.DataFrame({"text": ["So it is. (turn0search21)"]})
        >>> frame.select(pl.col("text").cleaner.result(Cleaner())).unnest("text")["removals"].to_list()
        [[{'start': 9, 'end': 25, 'rule_id': 'bracketed-search-handle', 'text': ' (turn0search21)'}]]
        """
        return self._mapped(cleaner, site, lang, _as_struct, RESULT)

    def _mapped(self, cleaner: Cleaner, site: Any, lang: str | None, take: Any, dtype: Any) -> pl.Expr:
        checked(cleaner)

        def made(texts: Any, sites: Any = None) -> Any:
            done = results(cleaner, texts.to_list(), None if sites is None else sites.to_list(), lang=lang)
            return pl.Series(texts.name, [None if one is None else take(one) for one in done], dtype=dtype)

        def with_sites(both: Any) -> Any:
            if len(both.struct.fields) != 2:
                raise ValueError("clean one column at a time where site is given")
            return made(*(both.struct.field(name) for name in both.struct.fields))

        if site is None:
            return self._texts.map_batches(made, return_dtype=dtype, is_elementwise=True)
        sites = pl.col(site) if isinstance(site, str) else site
        both = pl.struct(self._texts, sites.alias("site of the text"))
        return both.map_batches(with_sites, return_dtype=dtype, is_elementwise=True)


def _as_struct(result: Result) -> dict[str, Any]:
    return {"text": result.text, "removals": removal_rows(result), "flags": list(result.flags)}
