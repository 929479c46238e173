"""Scrapy: an item pipeline.

    ITEM_PIPELINES = {"cleaner.integrations.scrapy.CleanerPipeline": 300}

Settings, with their defaults; the fields named None are not read or written:

- ``CLEANER_RULES`` ("standard"): a rule set or file, or a list of them; ``CLEANER_DISABLE`` ([]);
  ``CLEANER_MAX_REMOVED`` (0.6)
- ``CLEANER_TEXT_FIELD`` ("text"): the field that is cleaned
- ``CLEANER_REMOVALS_FIELD``, ``CLEANER_FLAGS_FIELD`` (None): take what went, and what kept the cleaner from its work
- ``CLEANER_SITE_FIELD`` (None): holds the site or URL of the text, for rules of one site
- ``CLEANER_LANG`` (None): narrows the rules
"""

from __future__ import annotations

from typing import Any

from cleaner import Cleaner, Result
from cleaner.integrations.columns import Categories, Columns, missing, removal_rows

try:
    from itemadapter import ItemAdapter
    from scrapy.crawler import Crawler
except ImportError as error:
    raise missing("scrapy", extra="scrapy", error=error) from error


class CleanerPipeline:
    """Cleans a field of each item, whatever sort of item it is. An item without the text passes as it is.

    Stats: ``cleaner/items``, ``cleaner/changed``, ``cleaner/no_text``, ``cleaner/removed/CATEGORY`` and
    ``cleaner/flag/NAME``.
    """

    def __init__(self, cleaner: Cleaner, columns: Columns, stats: Any) -> None:
        self.cleaner, self.columns, self._stats = cleaner, columns, stats
        self._categories = Categories(cleaner)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> CleanerPipeline:
        """Read the settings. Raises :class:`cleaner.RuleError` for rules that cannot be used."""
        settings = crawler.settings
        rules = settings.get("CLEANER_RULES", "standard")
        share = settings.get("CLEANER_MAX_REMOVED")
        cleaner = Cleaner(
            rules if isinstance(rules, str) else tuple(rules),
            disable=settings.getlist("CLEANER_DISABLE"),
            **({} if share is None else {"max_removed": float(share)}),
        )
        columns = Columns(
            text=settings.get("CLEANER_TEXT_FIELD", "text"),
            removals=settings.get("CLEANER_REMOVALS_FIELD"),
            flags=settings.get("CLEANER_FLAGS_FIELD"),
            site=settings.get("CLEANER_SITE_FIELD"),
            lang=settings.get("CLEANER_LANG"),
        )
        return cls(cleaner, columns, crawler.stats)

    def process_item(self, item: Any) -> Any:
        """Clean the field and count."""
        fields, columns = ItemAdapter(item), self.columns
        self._stats.inc_value("cleaner/items")
        text = fields.get(columns.text)
        if text is None:
            self._stats.inc_value("cleaner/no_text")
            return item
        result = self.cleaner.clean(text, site=fields.get(columns.site) if columns.site else None, lang=columns.lang)
        fields[columns.text] = result.text
        if columns.removals:
            fields[columns.removals] = removal_rows(result)
        if columns.flags:
            fields[columns.flags] = list(result.flags)
        self._count(result)
        return item

    def _count(self, result: Result) -> None:
        if result.changed:
            self._stats.inc_value("cleaner/changed")
        for category, times in self._categories.of(result).items():
            self._stats.inc_value(f"cleaner/removed/{category}", times)
        for flag in result.flags:
            self._stats.inc_value(f"cleaner/flag/{flag.partition(':')[0]}")
