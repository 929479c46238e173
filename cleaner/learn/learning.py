"""From documents to the text of a rule file."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator

from cleaner.learn.company import Strength, learn
from cleaner.learn.counting import Counts
from cleaner.learn.rows import Document, read
from cleaner.learn.rule_file import header, rules_of

# So many documents are counted at a time, or so many characters of them.
_BATCH_DOCUMENTS = 5_000
_BATCH_CHARACTERS = 10_000_000


def count(documents: Iterable[Document], counts: Counts) -> None:
    """Read the documents and count their lines. Order does not matter, nor does a text that comes again.

    >>> counts = Counts()
    >>> count([Document("example.org", "Ferry back in service\\n")], counts)
    >>> counts.size().documents
    1
    """
    for batch in _batches(documents):
        counts.add(map(read, batch))


def _batches(documents: Iterable[Document]) -> Iterator[list[Document]]:
    batch: list[Document] = []
    characters = 0
    for document in documents:
        batch.append(document)
        characters += len(document.text)
        if len(batch) == _BATCH_DOCUMENTS or characters > _BATCH_CHARACTERS:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch


def learned_rules(counts: Counts, *, only: Strength | None = None) -> Iterator[str]:
    """The text of the rule file, in pieces: its header, then the rules of each site.

    ``only`` writes what has that strength of evidence and nothing else.
    """
    pieces = (rules_of(learn(of_site), of_site, only=only) for of_site in counts.repeats())
    return itertools.chain([header(counts.size())], pieces)
