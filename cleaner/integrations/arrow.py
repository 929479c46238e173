"""Columns of Arrow's: typed, so that a batch without any removals looks like the others."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from cleaner import Cleaner
from cleaner.integrations.columns import Columns

REMOVALS = pa.list_(
    pa.struct([("start", pa.int64()), ("end", pa.int64()), ("rule_id", pa.string()), ("text", pa.string())])
)
FLAGS = pa.list_(pa.string())


def cleaned_table(cleaner: Cleaner, table: Any, columns: Columns) -> Any:
    """The table, or record batch, with its texts cleaned and the columns that were asked for behind the others.

    All other columns stay as they are, and so does the text column where nothing went.

    >>> table = pa.table({"text": ["The ferry is back. (turn0search21)", None], "id": [1, 2]})
    >>> cleaned_table(Cleaner(), table, Columns(flags="flags")).to_pylist()
    [{'text': 'The ferry is back.', 'id': 1, 'flags': []}, {'text': None, 'id': 2, 'flags': None}]
    """
    read = {name: table.column(name).to_pylist() for name in columns.read(table.schema.names)}
    results = columns.results(cleaner, read)
    written = columns.written(results, read[columns.text])
    types = {columns.text: table.schema.field(columns.text).type, columns.removals: REMOVALS, columns.flags: FLAGS}
    if not any(one and one.changed for one in results):
        del written[columns.text]
    for name, values in written.items():
        table = _with_column(table, name, pa.array(values, type=types[name]))
    return table


def _with_column(table: Any, name: str, column: Any) -> Any:
    at = table.schema.get_field_index(name)
    if at < 0:
        return table.append_column(name, column)
    return table.set_column(at, table.schema.field(at).with_type(column.type), column)
