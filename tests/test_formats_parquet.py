"""Parquet: equal record for record, with the schema, the metadata and the row groups that the file had."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.batch import plan, read_texts
from cleaner.batch.inputs import Task
from cleaner.batch.run import output_of
from cleaner.formats import Kind, Reading
from cleaner.removal import Removal
from tests.making import PROSE
from tests.test_command import CLEAN, DIRTY, run

METADATA = {b"huggingface": b'{"info": 1}', b"pandas": b"{}"}


def table_of(texts: Any, **more: Any) -> pa.Table:
    """A table with a column of texts among others that are easy to spoil."""
    count = len(texts)
    return pa.table(
        {
            "id": pa.array(range(count), pa.int16()),
            "tags": pa.array([["a", None]] * count, pa.list_(pa.field("element", pa.string()))),
            "text": texts,
            "at": pa.array([10**18 + 1] * count, pa.timestamp("ns", tz="UTC")),
            "raw": pa.array([b"\xff\x00"] * count, pa.binary()),
            "price": pa.array([None] * count, pa.decimal128(9, 2)),
            **more,
        }
    ).replace_schema_metadata(METADATA)


TEXTS = [DIRTY, CLEAN, None, "", DIRTY]
WANTED = [CLEAN, CLEAN, None, "", CLEAN]
STRINGS = [
    pytest.param(pa.string(), id="string"),
    pytest.param(pa.large_string(), id="large_string"),
    pytest.param(pa.dictionary(pa.int32(), pa.string()), id="dictionary"),
    pytest.param(pa.dictionary(pa.int32(), pa.large_string()), id="dictionary of large_string"),
]
# Older ones write no such columns, so that there are none to read.
if int(pa.__version__.split(".")[0]) >= 21:
    STRINGS.append(pytest.param(pa.string_view(), id="string_view"))


def typed(texts: list[str | None], kind: pa.DataType) -> pa.Array:
    plain = pa.array(texts, kind.value_type if pa.types.is_dictionary(kind) else kind)
    return plain.dictionary_encode() if pa.types.is_dictionary(kind) else plain


@pytest.mark.parametrize("kind", STRINGS)
def test_only_the_column_changes_and_restore_leads_back(tmp_path: Path, kind: pa.DataType) -> None:
    before, after = (table_of(typed(texts, kind)) for texts in (TEXTS, WANTED))
    source = tmp_path / "in" / "a.parquet"
    source.parent.mkdir()
    pq.write_table(before, source, row_group_size=2, compression={"text": "zstd", "id": "none"}, use_dictionary=["id"])
    audit = tmp_path / "audit.jsonl"
    assert run("clean", source.parent, "-o", tmp_path / "out", "--audit", audit).exit_code == 0
    cleaned = tmp_path / "out" / "a.parquet"
    assert_equal(pq.read_table(cleaned), after)
    assert_same_make(cleaned, source)
    assert run("restore", tmp_path / "out", "--audit", audit, "--in-place").exit_code == 0
    assert_equal(pq.read_table(cleaned), before)
    assert_same_make(cleaned, source)


def assert_equal(found: pa.Table, wanted: pa.Table) -> None:
    """Equal record for record; a dictionary may hold its values in another order, and pyarrow reads all as string."""
    schema = [_read_as(field) for field in wanted.schema]
    assert found.schema.equals(pa.schema(schema, METADATA), check_metadata=True)
    assert _plain(found).equals(_plain(wanted))


def _read_as(field: pa.Field) -> pa.Field:
    return field.with_type(pa.dictionary(pa.int32(), pa.string())) if pa.types.is_dictionary(field.type) else field


def _plain(table: pa.Table) -> pa.Table:
    at = table.schema.get_field_index("text")
    return table.set_column(at, "text", table.column(at).cast(pa.large_string()))


def assert_same_make(one: Path, other: Path) -> None:
    """Two files of one schema, one set of row groups, packed alike."""
    made, model = pq.ParquetFile(one), pq.ParquetFile(other)
    assert made.schema.equals(model.schema)
    # Arrow's own note of the schema says what it reads, which may be less than what was once written.
    assert made.schema_arrow.equals(model.schema_arrow, check_metadata=True)
    assert made.metadata.metadata.keys() == model.metadata.metadata.keys() >= METADATA.keys()
    assert [_group(made, n) for n in range(made.num_row_groups)] == [
        _group(model, n) for n in range(model.num_row_groups)
    ]


def _group(file: pq.ParquetFile, number: int) -> list[Any]:
    group = file.metadata.row_group(number)
    columns = (group.column(n) for n in range(group.num_columns))
    return [
        group.num_rows,
        *(
            (c.path_in_schema, c.compression, c.has_dictionary_page, c.physical_type, c.has_offset_index)
            for c in columns
        ),
    ]


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({"store_schema": False}, id="a file of a program that knows no Arrow"),
        pytest.param({"use_deprecated_int96_timestamps": True}, id="moments as Spark writes them"),
        pytest.param({"write_page_index": True, "compression": "gzip"}, id="an index of pages"),
        pytest.param(
            {"version": "1.0", "coerce_timestamps": "us", "allow_truncated_timestamps": True}, id="an older version"
        ),
        pytest.param({"sorting_columns": [pq.SortingColumn(2), pq.SortingColumn(0)]}, id="said to be sorted"),
    ],
)
def test_habits_of_other_writers_stay(tmp_path: Path, options: dict[str, Any]) -> None:
    source, cleaned = tmp_path / "a.parquet", tmp_path / "b.parquet"
    table = table_of(TEXTS)
    with pq.ParquetWriter(source, table.schema, **options) as writer:
        if "store_schema" in options:
            writer.add_key_value_metadata(METADATA)
        writer.write_table(table)
    assert run("clean", source, "-o", cleaned).exit_code == 0
    before, after = pq.read_table(source), pq.read_table(cleaned)
    assert after.column("text").to_pylist() == WANTED
    assert after.drop_columns(["text"]).equals(before.drop_columns(["text"]), check_metadata=True)
    assert_same_make(cleaned, source)
    orders = pq.ParquetFile(cleaned).metadata.row_group(0).sorting_columns
    assert [order.column_index for order in orders] == ([0] if "sorting_columns" in options else [])


def test_a_column_in_a_struct(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    docs = [{"n": 1, "body": {"text": DIRTY}}, None, {"n": None, "body": None}, {"n": 2, "body": {"text": None}}]
    table = pa.table({"doc": docs, "doc.body.text": ["one", "two", None, "three"]})
    pq.write_table(table.select(["doc"]), path)
    assert run("clean", path, "--in-place", "--field", "doc.body.text").exit_code == 0
    wanted = [{"n": 1, "body": {"text": CLEAN}}, *docs[1:]]
    assert pq.read_table(path).equals(pa.table({"doc": pa.array(wanted, table.schema.field("doc").type)}))


@given(
    st.lists(st.one_of(st.none(), st.text(max_size=8)), max_size=9),
    st.integers(1, 4),
    st.sampled_from([param.values[0] for param in STRINGS]),
    st.data(),
)
def test_record_for_record(texts: list[str | None], rows: int, kind: pa.DataType, data: st.DataObject) -> None:
    """Whatever is cut from whichever cells: all other cells are those of the input, in its types."""
    before, out, wanted = io.BytesIO(), io.BytesIO(), []
    pq.write_table(table_of(typed(texts, kind)), before, row_group_size=rows)
    task = Task(None, Kind("parquet"), "a", Kind("parquet"))
    with output_of(task, before, out, Reading()) as (source, put):
        assert put is not None
        for record, text in zip(source, texts, strict=True):
            assert record.text == text
            end = data.draw(st.integers(0, len(text or "")))
            removals = [Removal(0, end, "made")] if end else []
            put(record, record.without(removals))
            wanted.append(None if text is None else text[end:])
    assert_equal(pq.read_table(out), table_of(typed(wanted, kind)))


def test_a_file_in_which_nothing_goes_keeps_its_bytes(tmp_path: Path) -> None:
    pq.write_table(table_of(WANTED), tmp_path / "a.parquet", compression="gzip")
    assert run("clean", tmp_path / "a.parquet", "-o", tmp_path / "b.parquet").exit_code == 0
    assert (tmp_path / "b.parquet").read_bytes() == (tmp_path / "a.parquet").read_bytes()


def test_cells_that_are_not_utf8_stay_and_are_named(tmp_path: Path) -> None:
    texts = pa.array([b"\xff\xfe", DIRTY.encode()], pa.binary()).view(pa.string())
    pq.write_table(pa.table({"text": texts}), tmp_path / "a.parquet")
    done = run("clean", tmp_path / "a.parquet", "--in-place")
    assert done.exit_code == 3
    assert "a.parquet:1: not UTF-8: bad byte 0xff at offset 0" in done.stderr
    column = pq.read_table(tmp_path / "a.parquet").column("text").combine_chunks()
    assert column.view(pa.binary()).to_pylist() == [b"\xff\xfe", CLEAN.encode()]


WHOLE = io.BytesIO()
pq.write_table(table_of(TEXTS), WHOLE, compression="zstd")
BROKEN = bytearray(WHOLE.getvalue())
BROKEN[4:400] = bytes(396)


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        pytest.param(b"", "the file cannot be read as Parquet: Parquet file size is 0 bytes", id="empty"),
        pytest.param(
            WHOLE.getvalue()[:-9], "the file cannot be read as Parquet: Parquet magic bytes not found", id="cut"
        ),
        pytest.param(bytes(BROKEN), "row group 1 cannot be read as Parquet: ", id="broken inside"),
        pytest.param(b"text\nplain\n" * 9, "the file cannot be read as Parquet: Parquet magic bytes", id="not Parquet"),
    ],
)
def test_a_broken_file_is_told_and_nothing_is_half_written(tmp_path: Path, data: bytes, problem: str) -> None:
    (tmp_path / "a.parquet").write_bytes(data)
    (tmp_path / "b.txt").write_text(DIRTY)
    done = run("clean", tmp_path, "-o", tmp_path / "out")
    assert (done.exit_code, len(done.stderr.splitlines())) == (3, 1)
    assert f"a.parquet: {problem}" in done.stderr
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["b.txt"]


@pytest.mark.parametrize(
    ("column", "field", "problem"),
    [
        pytest.param(TEXTS, "body", "no column 'body' among id, tags, text, at, raw, price; name one", id="missing"),
        pytest.param(TEXTS, "raw", "column 'raw' is binary, not a string; name a column of strings", id="binary"),
        pytest.param(TEXTS, "id", "column 'id' is int16, not a string", id="numbers"),
        pytest.param(TEXTS, "tags", "column 'tags' is list<element: string>, not a string", id="a list"),
        pytest.param(TEXTS, "tags.element", "column 'tags' is list<element: string>, not a struct", id="inside a list"),
        pytest.param([{"a": "b"}], "text.c", "no column 'text.c'", id="not in the struct"),
        pytest.param([{"a": "b"}], "text", "column 'text' is struct<a: string>, not a string", id="a struct"),
    ],
)
def test_a_column_that_cannot_be_cleaned_is_told(tmp_path: Path, column: Any, field: str, problem: str) -> None:
    pq.write_table(table_of(column), tmp_path / "a.parquet")
    done = run("clean", tmp_path / "a.parquet", "-o", tmp_path / "b.parquet", "--field", field)
    assert (done.exit_code, len(done.stderr.splitlines())) == (3, 1)
    assert f"a.parquet: {problem}" in done.stderr
    assert not (tmp_path / "b.parquet").exists()


def test_no_rows_and_no_row_groups(tmp_path: Path) -> None:
    pq.write_table(table_of([]).cast(table_of([DIRTY]).schema), tmp_path / "a.parquet")
    pq.ParquetWriter(tmp_path / "b.parquet", table_of([DIRTY]).schema).close()
    for name in ("a", "b"):
        assert (
            run("clean", tmp_path / f"{name}.parquet", "-o", tmp_path / "out" / name, "--format", "parquet").exit_code
            == 0
        )
        assert pq.read_table(tmp_path / "out" / name).schema.equals(table_of([DIRTY]).schema, check_metadata=True)


def test_reading_needs_no_other_column(tmp_path: Path) -> None:
    source = tmp_path / "a.parquet"
    pq.write_table(table_of([PROSE[0], None], site=["a.example", "b.example"], url=pa.array([None, "u"])), source)
    troubles: list[object] = []
    reading = Reading(site_field="site", url_field="url")
    (found,) = read_texts(plan([str(source)]).tasks, reading=reading, on_trouble=troubles.append)
    assert (found.place, found.text, found.site, found.url) == (f"{source}:1", PROSE[0], "a.example", None)
    assert not troubles


def test_standard_input_and_packing_are_refused(tmp_path: Path) -> None:
    done = run("clean", "-", "--format", "parquet.gz", stdin=b"PAR1")
    assert done.exit_code == 2
    assert "no format 'parquet.gz'" in done.stderr
