"""Hugging Face datasets: a function for ``map(batched=True)``.

    from cleaner import Cleaner
    from cleaner.integrations.datasets import CleanBatch

    clean = CleanBatch(Cleaner("standard"), removals="removals")
    dataset = dataset.map(clean, batched=True, num_proc=2, features=clean.features(dataset.features))

The fingerprint that names the cached result follows from what decides the result and from nothing else: the
digest of the rules, ``max_removed``, the columns, and the version of this package.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from cleaner import Cleaner, __version__
from cleaner.integrations.columns import Columns, checked, missing

try:
    import pyarrow as pa
    from datasets import Features, Value
except ImportError as error:
    raise missing("datasets", extra="datasets", error=error) from error

from cleaner.integrations.arrow import cleaned_table


class CleanBatch:
    """Cleans a column of a batch, which is a dict of lists, or a table of Arrow's after ``with_format("arrow")``.

    The parameters beside ``cleaner`` are those of :class:`~cleaner.integrations.columns.Columns`. A missing text
    stays missing.

    >>> CleanBatch(Cleaner())({"text": ["The ferry is back. (turn0search21)", None]})
    {'text': ['The ferry is back.', None]}
    """

    def __init__(
        self,
        cleaner: Cleaner,
        *,
        text: str = "text",
        removals: str | None = None,
        flags: str | None = None,
        site: str | None = None,
        lang: str | None = None,
    ) -> None:
        self.cleaner = checked(cleaner)
        self.columns = Columns(text=text, removals=removals, flags=flags, site=site, lang=lang)

    def __call__(self, batch: Any) -> Any:
        """The columns that cleaning writes; of a table the whole table."""
        if isinstance(batch, pa.Table):
            return cleaned_table(self.cleaner, batch, self.columns)
        self.columns.read(batch)
        texts = batch[self.columns.text]
        if texts is None or isinstance(texts, str):
            # Else its characters would be cleaned one by one.
            raise TypeError("a single row came in where a batch is needed: map(batched=True)")
        return self.columns.written(self.columns.results(self.cleaner, batch), texts)

    def features(self, of: Mapping[str, Any]) -> Any:
        """The features of the cleaned dataset, for ``map(features=...)``.

        Needed for a column of removals or flags: ``map`` takes the types of a new column from its first batch, in
        which it may be empty.
        """
        features = Features(of)
        if self.columns.removals:
            features[self.columns.removals] = [
                {"start": Value("int64"), "end": Value("int64"), "rule_id": Value("string"), "text": Value("string")}
            ]
        if self.columns.flags:
            features[self.columns.flags] = [Value("string")]
        return features

    def fingerprint(self) -> tuple[Any, ...]:
        """What decides the result: what a cached result is known by."""
        return (__version__, self.cleaner.rules_digest, self.cleaner.max_removed, self.columns)


def _register() -> None:
    """Have datasets hash what decides the result, and not the rules' reasons, examples and file names.

    datasets hashes a transform by pickling it, which has no public hook. Where this one is gone the pickled
    rules are hashed: results are cleaned again more often than they need be, but none is stale.
    """
    try:
        from datasets.utils._dill import pklregister  # noqa: PLC0415 - not in all versions
    except ImportError:
        return
    register: Callable[[type], Callable[[Any], Any]] = pklregister

    @register(CleanBatch)
    def save(pickler: Any, clean: CleanBatch) -> None:
        pickler.save_reduce(CleanBatch, clean.fingerprint(), obj=clean)


_register()
