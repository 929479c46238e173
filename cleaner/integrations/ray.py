"""Ray Data: a class for ``map_batches``; rules are compiled once in each worker.

    from cleaner import Cleaner
    from cleaner.integrations.ray import CleanBatch

    dataset = dataset.map_batches(
        CleanBatch,
        fn_constructor_kwargs={"cleaner": Cleaner("standard"), "removals": "removals"},
        batch_format="pyarrow",
        concurrency=1,
    )

Give the class, not an object of it: a worker then makes one, and keeps it. A worker keeps a core, too: with as
many of them as there are cores none is left to read with, and Ray waits for ever.
"""

from __future__ import annotations

from typing import Any

from cleaner import Cleaner
from cleaner.integrations.columns import Columns, checked, missing

try:
    import pyarrow as pa
    import ray.data  # noqa: F401 - what comes in is Ray's
except ImportError as error:
    raise missing("ray", extra="ray", error=error) from error

from cleaner.integrations.arrow import cleaned_table


class CleanBatch:
    """Cleans a column of a batch, a table of Arrow's. The parameters beside ``cleaner`` are those of
    :class:`~cleaner.integrations.columns.Columns`. A missing text stays missing.

    >>> CleanBatch(Cleaner())(pa.table({"text": ["The ferry is back. (turn0search21)", None]})).to_pydict()
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
        """The batch with the columns that cleaning writes."""
        if not isinstance(batch, pa.Table):
            raise TypeError(
                f"batches must be tables of Arrow's, not {type(batch).__name__}: map_batches(batch_format='pyarrow')"
            )
        return cleaned_table(self.cleaner, batch, self.columns)
