"""LlamaIndex: a transformation, for an ``IngestionPipeline`` or by itself.

    from cleaner import Cleaner
    from cleaner.integrations.llama_index import CleanNodes

    pipeline = IngestionPipeline(transformations=[CleanNodes(cleaner=Cleaner("standard")), SentenceSplitter()])

Put it before whatever splits documents: rules look at whole texts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cleaner import Cleaner, __version__
from cleaner.integrations.columns import missing, removal_rows

try:
    from llama_index.core.schema import BaseNode, MetadataMode, TransformComponent
    from pydantic import Field, computed_field
except ImportError as error:
    raise missing("llama-index-core", extra="llama-index", error=error) from error


class CleanNodes(TransformComponent):
    """Cleans the text of each node; the nodes that came in stay as they are.

    ``removals`` and ``flags`` name metadata to be made, which neither models nor embeddings are shown: what went, as
    rows of ``start``, ``end``, ``rule_id`` and ``text``, and what kept the cleaner from its work. ``site`` names the
    metadata that holds a node's site or URL, for rules of one site; ``lang`` narrows the rules.

    A pipeline's cache knows the transformation by :attr:`decided_by`, so other rules are never answered from it.

    >>> from llama_index.core.schema import Document
    >>> [node.text for node in CleanNodes(cleaner=Cleaner())([Document(text="The ferry is back. (turn0search21)")])]
    ['The ferry is back.']
    """

    cleaner: Cleaner = Field(exclude=True)
    removals: str | None = None
    flags: str | None = None
    site: str | None = None
    lang: str | None = None

    @computed_field
    def decided_by(self) -> str:
        """What decides the result, besides the parameters: the version, the rules and the share that may go."""
        return f"{__version__} {self.cleaner.rules_digest} {self.cleaner.max_removed}"

    @classmethod
    def class_name(cls) -> str:
        """The name in serialised pipelines."""
        return "CleanNodes"

    def __call__(self, nodes: Sequence[BaseNode], **kwargs: Any) -> Sequence[BaseNode]:  # noqa: ARG002 - LlamaIndex's
        """The cleaned nodes, in order."""
        return [self._cleaned(node) for node in nodes]

    def _cleaned(self, node: BaseNode) -> BaseNode:
        site = node.metadata.get(self.site) if self.site else None
        result = self.cleaner.clean(node.get_content(metadata_mode=MetadataMode.NONE), site=site, lang=self.lang)
        told: dict[str, Any] = {}
        if self.removals:
            told[self.removals] = removal_rows(result)
        if self.flags:
            told[self.flags] = list(result.flags)
        if not told and not result.changed:
            return node
        cleaned = node.model_copy()
        cleaned.metadata = node.metadata | told
        cleaned.excluded_embed_metadata_keys = [*node.excluded_embed_metadata_keys, *told]
        cleaned.excluded_llm_metadata_keys = [*node.excluded_llm_metadata_keys, *told]
        if result.changed:
            cleaned.set_content(result.text)
        return cleaned
