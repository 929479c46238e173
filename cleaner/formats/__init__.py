"""Records in and out: what a file holds, and how a cleaned text goes back into it."""

from typing import TYPE_CHECKING

from cleaner.lazy import names_from

if TYPE_CHECKING:
    from cleaner.formats.audits import opened_audit, require_tables, write_table, written_audit
    from cleaner.formats.choose import (
        FORMATS,
        FormatName,
        Kind,
        Packing,
        is_table,
        kind_named,
        kind_of,
        packing_of,
        written_name,
    )
    from cleaner.formats.parquet import ParquetSource
    from cleaner.formats.parts import is_divisible, parts_of
    from cleaner.formats.read import plain_reading, source_of
    from cleaner.formats.record import Part, Put, Reading, Record, RecordError, Source

__getattr__ = names_from(
    __name__,
    {
        "FORMATS": "choose",
        "FormatName": "choose",
        "Kind": "choose",
        "Packing": "choose",
        "ParquetSource": "parquet",
        "Part": "record",
        "Put": "record",
        "Reading": "record",
        "Record": "record",
        "RecordError": "record",
        "Source": "record",
        "is_divisible": "parts",
        "is_table": "choose",
        "kind_named": "choose",
        "kind_of": "choose",
        "opened_audit": "audits",
        "packing_of": "choose",
        "parts_of": "parts",
        "plain_reading": "read",
        "require_tables": "audits",
        "source_of": "read",
        "write_table": "audits",
        "written_audit": "audits",
        "written_name": "choose",
    },
)

__all__ = [
    "FORMATS",
    "FormatName",
    "Kind",
    "Packing",
    "ParquetSource",
    "Part",
    "Put",
    "Reading",
    "Record",
    "RecordError",
    "Source",
    "is_divisible",
    "is_table",
    "kind_named",
    "kind_of",
    "opened_audit",
    "packing_of",
    "parts_of",
    "plain_reading",
    "require_tables",
    "source_of",
    "write_table",
    "written_audit",
    "written_name",
]
