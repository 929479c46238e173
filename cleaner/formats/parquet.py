"""Parquet: row group by row group, with the schema and the metadata that the file has.

Reading asks for the columns that are needed and nothing else; splicing reads each row group once
more, whole, and writes it with the cells that changed. So no more than one row group is held in
memory, and what reads only holds a few hundred cells.

pyarrow, of the extra ``parquet``, is imported when the first file comes in.
"""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Any, BinaryIO

from cleaner.formats.page import HoldsPage
from cleaner.formats.plain import insert
from cleaner.formats.record import Part, Put, Reading, Record, RecordError, Source, too_long
from cleaner.removal import Removal, apply

# So many rows are decoded at a time.
_ROWS = 256
# Row group, row and length of a cell that changed.
_NOTE = struct.Struct(">QQQ")
Path = tuple[str, ...]


class ParquetSource(Source):
    """The rows of a Parquet file."""

    def __init__(self, stream: BinaryIO, reading: Reading, part: Part | None = None) -> None:
        self._stream = stream
        self._reading = reading
        self._part = part

    def __iter__(self) -> Iterator[Record]:
        part = self._part or Part(0, self._file.num_row_groups, 1, 0)
        number = part.number - 1
        made: Callable[..., Record] = ParquetRow if self._reading.html_field is None else ParquetPage
        most = self._reading.most_bytes
        for group in range(part.begin, part.end):
            for row, cells in enumerate(self._cells(group)):
                number += 1
                yield made(number, group, row, most, **cells)

    def _cells(self, group: int) -> Iterator[dict[str, bytes | None]]:
        """The cells that are asked for, row by row."""
        names = {name: path for name, path in self._paths.items() if path is not None}
        columns = sorted({".".join(path) for path in names.values()})
        with as_problems_of(f"row group {group + 1}"):
            for batch in self._file.iter_batches(_ROWS, row_groups=[group], columns=columns):
                values = {name: _bytes_in(batch, path) for name, path in names.items()}
                for cells in zip(*values.values(), strict=True):
                    yield dict(zip(values, cells, strict=True))

    @cached_property
    def _file(self) -> Any:
        if not self._stream.seekable():
            raise RecordError("Parquet is read from its end, so standard input cannot be: name a file")
        parquet = pyarrow_module().parquet
        with as_problems_of("the file"):
            return parquet.ParquetFile(self._stream)

    @cached_property
    def _paths(self) -> dict[str, Path | None]:
        """Where the columns are that the reading asks for; None for the one that is to be made."""
        reading, schema = self._reading, self._file.schema_arrow
        page = reading.html_field
        asked = {"value": (reading.field, "field"), "page": (page, "html-field")}
        asked |= {"site": (reading.site_field, "site-field"), "url": (reading.url_field, "url-field")}
        return {
            name: None
            if name == "value" and page and _is_to_be_made(schema, field)
            else _path_of(schema, field, option)
            for name, (field, option) in asked.items()
            if field is not None
        }

    def parts(self, size: int, *, after: Part | None = None) -> Iterator[Part]:
        """Runs of row groups of about ``size`` bytes, as they are packed."""
        metadata = self._file.metadata
        begin, number = (after.end, after.number + after.records) if after else (0, 1)
        held = rows = 0
        for group in range(begin, metadata.num_row_groups):
            held += metadata.row_group(group).total_byte_size
            rows += metadata.row_group(group).num_rows
            if held >= size or group + 1 == metadata.num_row_groups:
                yield Part(begin, group + 1, number, rows)
                begin, number, held, rows = group + 1, number + rows, 0, 0

    @contextmanager
    def noting(self, sink: BinaryIO) -> Iterator[Put]:
        """Write only the cells that changed, for :meth:`assemble`; parts of a file are noted one behind the other."""

        def put(record: Record, piece: bytes) -> None:
            assert isinstance(record, ParquetRow), "rows come from this source"  # noqa: S101 - for the type checker
            if piece != record.raw:
                sink.write(_NOTE.pack(record.group, record.row, len(piece)) + piece)

        yield put

    def assemble(self, notes: BinaryIO, sink: BinaryIO) -> None:
        """Write the whole file with the cells that were noted."""
        cells = _noted(notes)
        noted = next(cells, None)
        with self._writing(sink) as writer:
            for group in range(self._file.num_row_groups):
                changed: dict[int, bytes] = {}
                while noted is not None and noted[0] == group:
                    changed[noted[1]] = noted[2]
                    noted = next(cells, None)
                if self._file.metadata.row_group(group).num_rows:
                    self._write(writer, group, changed)

    @contextmanager
    def splicing(self, sink: BinaryIO) -> Iterator[Put]:
        with self._writing(sink) as writer:
            group: int | None = None
            changed: dict[int, bytes] = {}

            def put(record: Record, piece: bytes) -> None:
                nonlocal group
                assert isinstance(record, ParquetRow), "rows come from this source"  # noqa: S101 - for the type checker
                if group is not None and record.group != group:
                    self._write(writer, group, changed)
                group = record.group
                if piece != record.raw:
                    changed[record.row] = piece

            yield put
            if group is not None:
                self._write(writer, group, changed)

    @contextmanager
    def _writing(self, sink: BinaryIO) -> Iterator[Any]:
        """A writer of pyarrow's for a file like this one; after an error it leaves the end out."""
        pyarrow = pyarrow_module()
        into = _Valve(sink)
        path, schema = self._paths["value"], self._file.schema_arrow
        if path is None:
            schema = schema.append(pyarrow.field(self._reading.field, pyarrow.string()))
        habits = _habits(self._file, path or (self._reading.field,))
        writer = pyarrow.parquet.ParquetWriter(into, schema, **habits)
        if schema.metadata and not habits["store_schema"]:
            writer.add_key_value_metadata(schema.metadata)  # which pyarrow else writes with its own schema only
        try:
            yield writer
            writer.close()
        except BaseException:
            into.shut()
            with suppress(pyarrow.ArrowException, OSError):
                writer.close()
            raise

    def _write(self, writer: Any, group: int, changed: dict[int, bytes]) -> None:
        """Write a row group with the cells that changed, and forget them."""
        path = self._paths["value"]
        with as_problems_of(f"row group {group + 1}"):
            table = self._file.read_row_group(group)
            if path is None:
                table = table.append_column(writer.schema.field(self._reading.field), _made(table.num_rows, changed))
            elif changed:
                at = table.schema.get_field_index(path[0])
                column = _replaced(table.column(at), path[1:], changed)
                table = table.set_column(at, table.schema.field(at), column)
        writer.write_table(table, row_group_size=max(table.num_rows, 1))
        changed.clear()


def _noted(notes: BinaryIO) -> Iterator[tuple[int, int, bytes]]:
    """Row group, row and cell, as they were noted."""
    while head := notes.read(_NOTE.size):
        group, row, length = _NOTE.unpack(head)
        yield group, row, notes.read(length)


class ParquetRow(Record):
    """One row; its bytes are those of the cell of its text."""

    def __init__(
        self,
        number: int,
        group: int,
        row: int,
        most_bytes: int,
        *,
        value: bytes | None = None,
        page: bytes | None = None,
        site: bytes | None = None,
        url: bytes | None = None,
    ) -> None:
        self.number = number
        self.group = group
        self.row = row
        self._most = most_bytes
        self._value = value
        self._page = page
        self._site = site
        self._url = url

    @property
    def raw(self) -> bytes:
        return self._value or b""

    @property
    def text(self) -> str | None:
        return self._text_of(self._value)

    @property
    def site(self) -> str | None:
        return self._text_of(self._site)

    @property
    def url(self) -> str | None:
        return self._text_of(self._url)

    def _text_of(self, cell: bytes | None) -> str | None:
        if cell is not None and len(cell) > self._most:
            raise RecordError(too_long(self._most))
        try:
            return None if cell is None else cell.decode()
        except UnicodeDecodeError as error:
            raise RecordError(
                f"not UTF-8: bad byte 0x{error.object[error.start]:02x} at offset {error.start}"
            ) from None

    def without(self, removals: Sequence[Removal]) -> bytes:
        return apply(self.text or "", removals).encode() if removals else self.raw

    def with_inserted(self, pieces: Sequence[tuple[int, str]]) -> bytes:
        return insert(self.text or "", pieces).encode()


class ParquetPage(HoldsPage, ParquetRow):
    """A row that holds a page; the cleaned text of its article goes into the cell of the text."""

    def _page_in_field(self) -> str | None:
        return self._text_of(self._page)

    def without(self, removals: Sequence[Removal]) -> bytes:
        return apply(self.text or "", removals).encode("utf-8", "replace")


@dataclass(slots=True)
class _Valve:
    """A sink that can be shut: pyarrow writes the end of a file even after an error."""

    sink: BinaryIO
    closed: bool = False
    is_shut: bool = False

    def write(self, data: bytes) -> int:
        if not self.is_shut:
            self.sink.write(data)
        return len(data)

    def flush(self) -> None:
        """Nothing is held back here."""

    def shut(self) -> None:
        """Let nothing through any more."""
        self.is_shut = True


def _is_to_be_made(schema: Any, field: str) -> bool:
    return field not in schema.names and field.partition(".")[0] not in schema.names


def _path_of(schema: Any, field: str, option: str) -> Path:
    """The way to a column of strings: its name, or names of structs and a field in them."""
    path: Path = (field,) if field in schema.names else tuple(field.split("."))
    types = pyarrow_module().types
    kind: Any = None
    for depth, name in enumerate(path):
        if depth and not types.is_struct(kind):
            raise RecordError(f"column {'.'.join(path[:depth])!r} is {kind}, not a struct; --{option} leads into it")
        count = schema.names.count(name) if depth == 0 else len(kind.get_all_field_indices(name))
        if count != 1:
            names = ", ".join(schema.names[:20])
            which = "no column" if count == 0 else f"{count} columns"
            raise RecordError(f"{which} {'.'.join(path[: depth + 1])!r} among {names}; name one with --{option}")
        kind = schema.field(name).type if depth == 0 else kind.field(name).type
    plain = kind.value_type if types.is_dictionary(kind) else kind
    if not (types.is_string(plain) or types.is_large_string(plain) or types.is_string_view(plain)):
        raise RecordError(f"column {field!r} is {kind}, not a string; name a column of strings with --{option}")
    return path


def _bytes_in(batch: Any, path: Path) -> list[bytes | None]:
    """The cells of a column; not as text, for nothing warrants that they are UTF-8."""
    pyarrow = pyarrow_module()
    column = batch.column(batch.schema.get_field_index(path[0]))
    if len(path) > 1:
        column = pyarrow.compute.struct_field(column, list(path[1:]))
    if pyarrow.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    cells: list[bytes | None] = column.cast(pyarrow.large_binary()).to_pylist()
    return cells


def _made(rows: int, cells: dict[int, bytes]) -> Any:
    """A column in which only these cells hold something."""
    pyarrow = pyarrow_module()
    return pyarrow.array([cells[row].decode() if row in cells else None for row in range(rows)], pyarrow.string())


def _replaced(column: Any, path: Path, changed: dict[int, bytes]) -> Any:
    """The column with other cells in some rows, in the type and the chunks that it has."""
    chunks, at = [], 0
    for chunk in column.chunks:
        here = {row - at: cell for row, cell in changed.items() if at <= row < at + len(chunk)}
        chunks.append(_replaced_in(chunk, path, here) if here else chunk)
        at += len(chunk)
    return pyarrow_module().chunked_array(chunks, column.type)


def _replaced_in(array: Any, path: Path, changed: dict[int, bytes]) -> Any:
    pyarrow = pyarrow_module()
    if path:
        index = array.type.get_field_index(path[0])
        children = [array.field(number) for number in range(array.type.num_fields)]
        children[index] = _replaced_in(children[index], path[1:], changed)
        return pyarrow.StructArray.from_arrays(children, fields=list(array.type), mask=array.is_null())
    is_dictionary = pyarrow.types.is_dictionary(array.type)
    plain = (array.dictionary_decode() if is_dictionary else array).cast(pyarrow.large_string())
    mask = pyarrow.array([row in changed for row in range(len(array))], pyarrow.bool_())
    cells = pyarrow.array([changed[row].decode() for row in sorted(changed)], pyarrow.large_string())
    plain = pyarrow.compute.replace_with_mask(plain, mask, cells)
    if is_dictionary:
        plain = plain.cast(array.type.value_type).dictionary_encode()
    return plain.cast(array.type)


def _habits(file: Any, path: Path) -> dict[str, Any]:
    """How the file was written, as options for pyarrow to write its like."""
    metadata = file.metadata
    habits: dict[str, Any] = {
        "version": "2.6",
        "store_schema": b"ARROW:schema" in (metadata.metadata or {}),
        "use_compliant_nested_type": False,
    }
    if metadata.num_row_groups == 0:
        return habits
    group = metadata.row_group(0)
    chunks = [group.column(number) for number in range(group.num_columns)]
    packings = {chunk.path_in_schema: _packing_of(chunk) for chunk in chunks}
    usual = Counter(packings.values()).most_common(1)[0][0] if packings else "snappy"
    by_dictionary = [chunk.path_in_schema for chunk in chunks if chunk.has_dictionary_page]
    return habits | {
        "compression": {".".join(path): usual} | packings,
        "use_dictionary": by_dictionary or False,
        "use_deprecated_int96_timestamps": any(chunk.physical_type == "INT96" for chunk in chunks),
        "write_page_index": any(chunk.has_offset_index for chunk in chunks),
        # Cleaned texts need not be in the order that the texts were in.
        "sorting_columns": [
            order for order in group.sorting_columns if chunks[order.column_index].path_in_schema != ".".join(path)
        ]
        or None,
    }


def _packing_of(chunk: Any) -> str:
    return "none" if chunk.compression == "UNCOMPRESSED" else str(chunk.compression).lower()


@contextmanager
def as_problems_of(place: str) -> Iterator[None]:
    """Errors of pyarrow's readers as ours."""
    pyarrow = pyarrow_module()
    try:
        yield
    except (pyarrow.ArrowException, OSError) as error:
        problem = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise RecordError(f"{place} cannot be read as Parquet: {problem}") from None


def pyarrow_module() -> Any:
    """The module for Parquet, of the extra ``parquet``. Raises :class:`RecordError` where it is not installed."""
    try:
        import pyarrow  # noqa: PLC0415 - slow to load, and most runs need no Parquet
        import pyarrow.compute  # noqa: PLC0415
        import pyarrow.parquet  # noqa: PLC0415
    except ImportError:
        raise RecordError("Parquet needs the extra parquet: pip install 'article-cleaner[parquet]'") from None
    return pyarrow
