"""Records in and out: what a file holds, and how a cleaned text goes back into it."""

from cleaner.formats.choose import FORMATS, FormatName, Kind, Packing, kind_named, kind_of, packing_of, written_name
from cleaner.formats.read import source_of
from cleaner.formats.record import Put, Reading, Record, RecordError, Source

__all__ = [
    "FORMATS",
    "FormatName",
    "Kind",
    "Packing",
    "Put",
    "Reading",
    "Record",
    "RecordError",
    "Source",
    "kind_named",
    "kind_of",
    "packing_of",
    "source_of",
    "written_name",
]
