"""LangChain: a document transformer.

from cleaner import Cleaner
from cleaner.integrations.langchain import CleanDocuments

documents = CleanDocuments(Cleaner("standard")).transform_documents(loader.load())
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cleaner import Cleaner
from cleaner.integrations.columns import checked, missing, removal_rows

try:
    from langchain_core.documents import BaseDocumentTransformer
except ImportError as error:
    raise missing("langchain-core", extra="langchain", error=error) from error


class CleanDocuments(BaseDocumentTransformer):
    """Cleans ``page_content``; the documents that came in stay as they are.

    ``removals`` and ``flags`` name metadata to be made: what went, as rows of ``start``, ``end``, ``rule_id`` and
    ``text``, and what kept the cleaner from its work. ``site`` names the metadata that holds a document's site or
    URL, such as ``source``, for rules of one site; ``lang`` narrows the rules.

    >>> from langchain_core.documents import Document
    >>> [document.page_content for document in CleanDocuments(Cleaner()).transform_documents(
    ...     [Document(page_content="The ferry is back. (turn0search21)")]
    ... )]
    ['The ferry is back.']
    """

    def __init__(
        self,
        cleaner: Cleaner,
        *,
        removals: str | None = None,
        flags: str | None = None,
        site: str | None = None,
        lang: str | None = None,
    ) -> None:
        self.cleaner = checked(cleaner)
        self.removals, self.flags, self.site, self.lang = removals, flags, site, lang

    def transform_documents(self, documents: Sequence[Any], **kwargs: Any) -> Sequence[Any]:  # noqa: ARG002 - LangChain's
        """The cleaned documents, in order; ``atransform_documents`` does the same in a thread."""
        return [self._cleaned(document) for document in documents]

    def _cleaned(self, document: Any) -> Any:
        site = document.metadata.get(self.site) if self.site else None
        result = self.cleaner.clean(document.page_content, site=site, lang=self.lang)
        told: dict[str, Any] = {}
        if self.removals:
            told[self.removals] = removal_rows(result)
        if self.flags:
            told[self.flags] = list(result.flags)
        if not told and not result.changed:
            return document
        return document.model_copy(update={"page_content": result.text, "metadata": document.metadata | told})
