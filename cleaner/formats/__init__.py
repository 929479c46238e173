"""Records in and out: what a file holds, and how a cleaned text goes back into it."""

from cleaner.formats.choose import FORMATS, FormatName, Kind, Packing, kind_named, kind_of, packing_of, written_name
from cleaner.formats.parquet import ParquetSource
from cleaner.formats.parts import is_divisible, parts_of
from cleaner.formats.read import plain_reading, source_of
from cleaner.formats.record import Part, Put, Reading, Record, RecordError, Source

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
    "kind_named",
    "kind_of",
    "packing_of",
    "parts_of",
    "plain_reading",
    "source_of",
    "written_name",
]
