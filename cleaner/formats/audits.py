"""An audit on disk: JSON lines, or Parquet where its name says so; both hold the same rows and read back alike.

While a run goes on its audit is JSON lines, to which anybody can add; a table is made of them when all are there,
a row group at a time. Parquet holds no lone surrogates, which texts and names of files may have: a row with some
has them replaced in its columns, and is whole as JSON in a column of its own.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from cleaner.audit import AuditError, AuditRow
from cleaner.formats.choose import is_table
from cleaner.formats.parquet import as_problems_of, pyarrow_module
from cleaner.formats.record import RecordError

# A row group has so many rows, or so many bytes as JSON: what is held in memory.
_ROWS = 10_000
_BYTES = 16 << 20
# The column of rows that no other column holds as they are.
_WHOLE = "json"


def require_tables() -> None:
    """Raise :class:`RecordError` where no Parquet can be written."""
    pyarrow_module()


@contextmanager
def written_audit(sink: BinaryIO, *, as_table: bool) -> Iterator[Callable[[AuditRow], object]]:
    """What adds rows to an audit; a table is written when all are there, and after an error not at all."""
    if not as_table:
        yield lambda row: sink.write(row.as_json().encode() + b"\n")
        return
    with tempfile.TemporaryFile() as lines:
        yield lambda row: lines.write(row.as_json().encode() + b"\n")
        lines.seek(0)
        write_table(lines, sink)


def write_table(lines: Iterable[bytes], sink: BinaryIO) -> None:
    """Rows as lines of JSON to Parquet, which is the same for the same rows. Raises ``OSError``."""
    pyarrow = pyarrow_module()
    schema = _schema(pyarrow)
    with pyarrow.parquet.ParquetWriter(sink, schema, compression="zstd") as writer:
        for rows in _groups(lines):
            writer.write_table(pyarrow.Table.from_pylist(rows, schema=schema))


def _schema(pyarrow: Any) -> Any:
    text, number = pyarrow.string(), pyarrow.int64()
    removal = [("start", number), ("end", number), ("rule", text), ("text", text), ("raw", text)]
    columns = {
        "audit": number,
        "path": text,
        "output": text,
        "record": number,
        "rules_digest": text,
        "before": text,
        "after": text,
        "flags": pyarrow.list_(text),
        "removals": pyarrow.list_(pyarrow.struct(removal)),
        "written": text,
        _WHOLE: text,
    }
    return pyarrow.schema(list(columns.items()))


def _groups(lines: Iterable[bytes]) -> Iterator[list[dict[str, Any]]]:
    rows: list[dict[str, Any]] = []
    held = 0
    for line in lines:
        rows.append(_as_columns(line))
        held += len(line)
        if len(rows) == _ROWS or held >= _BYTES:
            yield rows
            rows, held = [], 0
    if rows:
        yield rows


def _as_columns(line: bytes) -> dict[str, Any]:
    # Lone surrogates are written as escapes, of which most rows have none.
    if b"\\ud" not in line.lower():
        return dict(json.loads(line))
    text = json.dumps(json.loads(line), ensure_ascii=False)
    replaced = text.encode("utf-8", "replace").decode()
    return dict(json.loads(replaced)) | ({} if replaced == text else {_WHOLE: line.decode().strip()})


@contextmanager
def opened_audit(path: Path) -> Iterator[BinaryIO]:
    """An audit as lines of JSON, to be read from any place on.

    Raises ``OSError`` where it cannot be read, and :class:`AuditError` where it is no audit.
    """
    with path.open("rb") as stream:
        if not is_table(path) and stream.seekable():
            yield stream
            return
        with tempfile.TemporaryFile() as lines:
            if is_table(path):
                _as_lines(stream, lines, source=str(path))
            else:
                shutil.copyfileobj(stream, lines, 1 << 20)
            lines.seek(0)
            yield lines


def _as_lines(stream: BinaryIO, lines: Any, *, source: str) -> None:
    try:
        with as_problems_of("the audit"):
            file = pyarrow_module().parquet.ParquetFile(stream)
            for batch in file.iter_batches(1_000):
                lines.writelines(_as_line(row) for row in batch.to_pylist())
    except RecordError as error:
        raise AuditError(f"{source}: {error}") from None
    except (KeyError, TypeError):
        raise AuditError(f"{source}: not an audit: its columns are others") from None


def _as_line(row: Mapping[str, Any]) -> bytes:
    if row[_WHOLE] is not None:
        return f"{row[_WHOLE]}\n".encode()
    told = {name: value for name, value in row.items() if value is not None}
    removals = [{name: value for name, value in removal.items() if value is not None} for removal in row["removals"]]
    return json.dumps(told | {"removals": removals}).encode() + b"\n"
