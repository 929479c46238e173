"""Records in and out: what a file holds, and how a cleaned text goes back into it."""

from cleaner.formats.choose import FORMATS, FormatName, format_of
from cleaner.formats.read import read_records
from cleaner.formats.record import Reading, Record, RecordError

__all__ = ["FORMATS", "FormatName", "Reading", "Record", "RecordError", "format_of", "read_records"]
