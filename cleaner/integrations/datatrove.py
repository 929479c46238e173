"""datatrove: a step that cleans ``doc.text`` and counts what went.

from cleaner import Cleaner
from cleaner.integrations.datatrove import CleanText

pipeline = [JsonlReader("crawl/"), CleanText(Cleaner("standard")), JsonlWriter("cleaned/")]
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from cleaner import Cleaner, Result
from cleaner.integrations.columns import Categories, checked, missing, removal_rows

try:
    from datatrove.pipeline.base import PipelineStep
    from datatrove.utils.typeshelper import StatHints
except ImportError as error:
    raise missing("datatrove", extra="datatrove", error=error) from error


class CleanText(PipelineStep):
    """Cleans the text of each document; every document goes on, in order, one without a text as it is.

    ``removals`` and ``flags`` name metadata to be made: what went, as rows of ``start``, ``end``, ``rule_id`` and
    ``text``, and what kept the cleaner from its work. ``site`` names the metadata that holds a document's site or
    URL, for rules of one site; ``lang`` narrows the rules.

    Statistics: documents in all and ``changed``, ``removed/CATEGORY`` and ``removed_characters`` (of changed
    documents), and ``flag/NAME``.

    >>> from datatrove.data import Document
    >>> step = CleanText(Cleaner())
    >>> [doc.text for doc in step.run([Document(text="The ferry is back. (turn0search21)", id="1")])]
    ['The ferry is back.']
    >>> step.stats["removed/residue"].total
    1
    """

    type = "✂️ - FORMAT"
    name = "🧹 article-cleaner"

    def __init__(
        self,
        cleaner: Cleaner,
        *,
        removals: str | None = None,
        flags: str | None = None,
        site: str | None = None,
        lang: str | None = None,
    ) -> None:
        super().__init__()
        self.cleaner = checked(cleaner)
        self.removals, self.flags, self.site, self.lang = removals, flags, site, lang
        self._categories = Categories(cleaner)

    def run(self, data: Iterable[Any], rank: int = 0, world_size: int = 1) -> Iterator[Any]:  # noqa: ARG002 - datatrove's
        """Clean the documents as they come."""
        for document in data:
            self.stat_update(StatHints.total)
            with self.track_time():
                self._clean(document)
            if document.text is not None:
                self.update_doc_stats(document)
            yield document

    def _clean(self, document: Any) -> None:
        if document.text is None:
            return
        site = document.metadata.get(self.site) if self.site else None
        result = self.cleaner.clean(document.text, site=site, lang=self.lang)
        document.text = result.text
        if self.removals:
            document.metadata[self.removals] = removal_rows(result)
        if self.flags:
            document.metadata[self.flags] = list(result.flags)
        self._count(result)

    def _count(self, result: Result) -> None:
        if result.changed:
            self.stat_update("changed")
            self.stat_update("removed_characters", value=len(result.source) - len(result.text))
        for category, times in self._categories.of(result).items():
            self.stat_update(f"removed/{category}", value=times)
        for flag in result.flags:
            self.stat_update(f"flag/{flag.partition(':')[0]}")
