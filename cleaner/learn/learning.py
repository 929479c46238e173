"""From documents to the text of a rule file."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

from cleaner.kinds.repeat import same
from cleaner.learn.company import Learned, Strength, learn
from cleaner.learn.counting import Counted, Counts, Evidence, Proposal
from cleaner.learn.rows import Document
from cleaner.learn.rule_file import header, rules_of
from cleaner.learn.tables import Tables, tables_of

# So many documents are counted at a time, or so many characters of them.
_BATCH_DOCUMENTS = 5_000
_BATCH_CHARACTERS = 5_000_000


def count(documents: Iterable[Document], counts: Counts, *, jobs: int = 1) -> None:
    """Read the documents, in ``jobs`` processes, and count their lines.

    Neither the order of documents nor the number of processes matters, nor a text that comes again.

    >>> counts = Counts()
    >>> count([Document("example.org", "Ferry back in service\\n")], counts)
    >>> counts.size().documents
    1
    """
    for tables in _read(_batches(documents), jobs):
        counts.add(tables)


def _read(batches: Iterator[list[Document]], jobs: int) -> Iterator[Tables]:
    if jobs == 1:
        yield from map(tables_of, batches)
        return
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        # As many batches are under way as keep all processes busy: documents are never held in a queue.
        waiting = deque(pool.submit(tables_of, batch) for batch in itertools.islice(batches, jobs + 1))
        while waiting:
            yield waiting.popleft().result()
            waiting.extend(pool.submit(tables_of, batch) for batch in itertools.islice(batches, 1))


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


@dataclass(frozen=True, slots=True)
class Lesson:
    """What was learned of one site, and all that comes back on it."""

    learned: Sequence[Learned]
    of_site: Sequence[Evidence]

    def rules(self, *, only: Strength | None = None) -> str:
        """The rules of the site as TOML; ``only`` those with that strength of evidence."""
        return rules_of(self.learned, self.of_site, only=only)

    def proposals(self) -> Iterator[Proposal]:
        """What the counts must remember of the rules."""
        for one in self.learned:
            yield Proposal(one.evidence.key, one.evidence.site, same(one.evidence.text))


def lessons(counts: Counted) -> Iterator[Lesson]:
    """What was learned, site by site, in order of their names; sites without a lesson are left out."""
    for of_site in counts.repeats():
        learned = learn(of_site)
        if learned:
            yield Lesson(learned, of_site)


def learned_rules(counts: Counted) -> Iterator[str]:
    """The text of the rule file, in pieces: its header, then the rules of each site."""
    return itertools.chain([header(counts.size())], (lesson.rules() for lesson in lessons(counts)))
