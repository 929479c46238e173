"""CSV: only the cell of the column changes, and rows are those that Python's own reader finds."""

from __future__ import annotations

import csv
import io
import time
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cleaner.formats import Kind, Reading, Record, RecordError, source_of
from cleaner.formats.rows import Rows
from cleaner.removal import Removal
from tests.making import PROSE
from tests.test_command import CLEAN, DIRTY, run

# Characters on which a reader of CSV may stumble, and a few that are none of its business.
TRICKY = st.text(alphabet='",;\t|\r\n aé\u2028\ufeff', max_size=12)


def texts_of(data: bytes, name: str = "csv", **reading: object) -> list[str | None]:
    """The texts of a file, without its header."""
    return [record.text for record in records_of(data, name, **reading) if record.text is not None]


def records_of(data: bytes, name: str = "csv", **reading: object) -> list[Record]:
    return list(source_of(io.BytesIO(data), Kind(name), Reading(**reading)))  # type: ignore[arg-type]


@given(st.text(alphabet='",\r\n aé', max_size=40))
@example('a,b\r\n\r"x\ny",""\n')
def test_rows_are_those_of_pythons_reader(data: str) -> None:
    """Every row, cell by cell, however odd; but a quotation mark that stays open takes no row with it."""
    rows = Rows(b",")
    raw = data.encode()
    found = [row for line in io.BytesIO(raw) for row in rows.feed(line)]
    assert b"".join(row.raw for row in found) + rows.left() == raw, "no byte is lost"
    wanted = list(csv.reader(io.StringIO(data, newline="")))
    if rows.is_open:
        wanted.pop()
    cells = [[_loose(row.raw[a:b].decode()) for a, b in row.cells] for row in found]
    assert [[] if row.is_blank else these for row, these in zip(found, cells, strict=True)] == wanted


def _loose(written: str) -> str:
    """A cell as Python's own reader takes it: what stands behind the closing mark goes with it."""
    if not written.startswith('"'):
        return written
    at = 1
    while (at := written.find('"', at)) >= 0 and written.startswith('""', at):
        at += 2
    return written[1:at].replace('""', '"') + written[at + 1 :]


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[list[str]], bytes]:
    """Rows of three cells, and the bytes of a file that some program could have made of them."""
    rows = draw(st.lists(st.lists(TRICKY, min_size=3, max_size=3), max_size=4))
    delimiter = draw(st.sampled_from(",;\t|"))
    end = draw(st.sampled_from(["\n", "\r\n", "\r"]))

    def written(cell: str) -> str:
        bare = not cell.startswith('"') and not any(char in cell for char in f"{delimiter}\r\n")
        return cell if bare and draw(st.booleans()) else '"' + cell.replace('"', '""') + '"'

    lines = [delimiter.join(map(written, row)) for row in [["id", "text", "last"], *rows]]
    mark = draw(st.sampled_from(["", "\ufeff"]))
    return rows, (mark + end.join(lines) + draw(st.sampled_from(["", end]))).encode()


@given(tables(), st.data())
def test_bytes_outside_the_cell_stay_and_what_is_cut_comes_back(
    table: tuple[list[list[str]], bytes], data: st.DataObject
) -> None:
    rows, raw = table
    records = records_of(raw)
    read = [record for record in records if record.text is not None]
    assert [record.text for record in read] == [row[1] for row in rows]
    assert b"".join(record.raw for record in records) == raw
    for record, row in zip(read, rows, strict=True):
        start = data.draw(st.integers(0, len(row[1])))
        end = data.draw(st.integers(start, len(row[1])))
        removals = [Removal(start, end, "made")] if end > start else []
        after = record.without(removals)
        left = row[1][:start] + row[1][end:]
        place = raw.index(record.raw)
        (again,) = (
            other
            for other in records_of(b"id,text,last\n".replace(b",", _delimiter(raw)) + after)
            if other.text is not None
        )
        assert again.text == left
        assert _others(after, raw) == _others(record.raw, raw), place
        written = record.written_before(removals)
        gone = [(start, record.raw_of(start, end))] if removals else []
        assert (again.with_inserted(gone) if written is None else again.with_written(written)) == record.raw


def _delimiter(raw: bytes) -> bytes:
    return raw.lstrip(b"\xef\xbb\xbf").lstrip(b'"').removeprefix(b"id").lstrip(b'"')[:1]


def _others(row: bytes, raw: bytes) -> tuple[bytes, bytes]:
    """What stands in a row before and behind the cell of the text."""
    (found,) = Rows(_delimiter(raw)).feed(row)
    start, end = found.cells[1]
    return row[:start], row[end:]


CASES = [
    pytest.param(b'"' + b"x\n" * 300 + b'y",text\n1,%s\n', b'"%s"', id="a header of many lines"),
    pytest.param(b"text\n%s\n", b'"%s"', id="one column"),
    pytest.param(b"id;text\r\n1;%s\r\n\r\n", b'"%s"', id="semicolons, CRLF and an empty row"),
    pytest.param(b"\xef\xbb\xbf\"text\"|'id'\n%s|'1'", b'"%s"', id="a mark before a header in quotes, no end of line"),
    pytest.param(b'"te""xt",text\n"\n,""\n",%s\n', b'"%s"', id="line ends and quotes in other cells"),
    pytest.param(b"text,text\nAdvertisement,%s\n", b'"%s"', id="of two equal names the last counts"),
    pytest.param(b"text,id\n%s, \xff\x00 \n", b'"%s"', id="other cells may hold any bytes"),
]


@pytest.mark.parametrize(("table", "cell"), CASES)
def test_only_the_cell_changes_and_restore_leads_back(tmp_path: Path, table: bytes, cell: bytes) -> None:
    path = tmp_path / "in" / "a.csv"
    path.parent.mkdir()
    before, after = (table.replace(b"%s", cell.replace(b"%s", text.encode())) for text in (DIRTY, CLEAN))
    path.write_bytes(before)
    audit = tmp_path / "audit.jsonl"
    assert run("clean", path.parent, "-o", tmp_path / "out", "--audit", audit).exit_code == 0
    assert (tmp_path / "out" / "a.csv").read_bytes() == after
    assert run("restore", tmp_path / "out", "--audit", audit, "-o", tmp_path / "back").exit_code == 0
    assert (tmp_path / "back" / "a.csv").read_bytes() == before
    assert run("restore", tmp_path / "out", "--audit", audit, "--in-place").exit_code == 0
    assert (tmp_path / "out" / "a.csv").read_bytes() == before


@pytest.mark.parametrize(
    ("before", "start", "end", "after"),
    [
        pytest.param('ad: "Quoted", he said', 0, 4, '"""Quoted"", he said"', id="what is left begins with a mark"),
        pytest.param("ad", 0, 2, '""', id="nothing is left of the only cell"),
        pytest.param('"ad"', 0, 2, '""', id="nothing is left between quotation marks"),
        pytest.param('5" pipe ad', 7, 10, '5" pipe', id="a mark inside does no harm"),
    ],
)
@pytest.mark.parametrize("end_of_line", ["\n", "\r\n", ""])
def test_a_cell_that_would_be_read_otherwise_gets_quotation_marks(
    before: str, start: int, end: int, after: str, end_of_line: str
) -> None:
    record = records_of(f"text\n{before}{end_of_line}".encode(), "tsv")[1]
    cut = record.without([Removal(start, end, "made")])
    assert cut.decode() == after + end_of_line
    assert texts_of(b"text\n" + cut, "tsv") == [str(record.text)[:start] + str(record.text)[end:]]


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        pytest.param(b"a,b\n1,2\n", "no column 'text' in the header 'a,b'; name one with --field", id="no such column"),
        pytest.param(b'"a,b\n1,2\n', "no column 'text' in the header '\"a,b'", id="a header that never ends"),
        pytest.param(b"\xff,text\n1,2\n", "not UTF-8: bad byte 0xff at offset 0", id="bad bytes in the header"),
        pytest.param(
            b"\xff\xfet\0e\0x\0t\0\n\0", "CSV in UTF-16 cannot be read line by line; convert it to UTF-8", id="UTF-16"
        ),
    ],
)
def test_a_file_that_is_no_such_table_is_told(tmp_path: Path, data: bytes, problem: str) -> None:
    (tmp_path / "a.csv").write_bytes(data)
    (tmp_path / "b.txt").write_text(DIRTY)
    done = run("clean", tmp_path, "-o", tmp_path / "out")
    assert done.exit_code == 3
    assert f"a.csv: {problem}" in done.stderr
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["b.txt"], "nothing is half written"


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        pytest.param(b"1,2,3", "3 cells where the header has 2; the row stays as it came", id="too many cells"),
        pytest.param(b"1", "1 cell where the header has 2", id="too few cells"),
        pytest.param(b'1,"a"b', "something stands behind a closing quotation mark in a cell", id="no way to quote"),
        pytest.param(b'"a\\"b",1', "something stands behind a closing quotation mark in a cell", id="backslashes"),
        pytest.param(b"1,\xff", "the cell is not UTF-8: bad byte 0xff at offset 0", id="bad bytes"),
    ],
)
def test_a_row_that_cannot_be_read_stays_and_the_others_are_cleaned(tmp_path: Path, row: bytes, problem: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b'id,text\n0,"' + DIRTY.encode() + b'"\n' + row + b'\n2,"' + DIRTY.encode() + b'"\n')
    done = run("clean", path, "--in-place")
    assert done.exit_code == 3
    assert f"a.csv:3: {problem}" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert path.read_bytes() == b'id,text\n0,"' + CLEAN.encode() + b'"\n' + row + b'\n2,"' + CLEAN.encode() + b'"\n'


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b"id,text\n", b"id,text", b"text\n\n\n"])
def test_tables_without_texts_are_no_trouble(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.csv").write_bytes(data)
    assert run("clean", tmp_path / "a.csv", "-o", tmp_path / "b.csv").exit_code == 0
    assert (tmp_path / "b.csv").read_bytes() == data


def test_a_quotation_mark_that_is_never_closed_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    tail = b'1,"open\n2,Advertisement\n3,Advertisement\n'
    path.write_bytes(b'id,text\n0,"' + DIRTY.encode() + b'"\n' + tail)
    done = run("clean", path, "--in-place")
    assert "a.csv:3: a quotation mark is never closed; this row and all behind it stay as they came" in done.stderr
    assert path.read_bytes() == b'id,text\n0,"' + CLEAN.encode() + b'"\n' + tail


def test_a_row_that_is_too_long_goes_by_in_pieces() -> None:
    long = b'1,"' + b"x\n" * 600 + b'"\n2,"tail"\n'
    records = records_of(b"id,text\n0,a\n" + long, most_bytes=1000)
    assert b"".join(record.raw for record in records) == b"id,text\n0,a\n" + long
    assert [record.text for record in records[:2]] == [None, "a"]
    with pytest.raises(RecordError, match=r"longer than .* stay as they came"):
        _ = records[2].text


def test_tabs_need_no_quotation_marks_and_other_delimiters_are_not_tried(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_bytes(f"id\ttext\n1\t{PROSE[0]}, she said; so it goes (turn0search1)\n".encode())
    assert run("clean", tmp_path / "a.tsv", "--in-place").exit_code == 0
    assert (tmp_path / "a.tsv").read_bytes() == f"id\ttext\n1\t{PROSE[0]}, she said; so it goes\n".encode()
    assert texts_of(b"id,text\n1,a\n", "csv") == ["a"]
    with pytest.raises(RecordError, match="no column 'text'"):
        texts_of(b"id,text\n1,a\n", "tsv")


def test_a_cell_of_more_than_the_modules_limit(tmp_path: Path) -> None:
    text = "\n".join(PROSE) * 400
    assert len(text) > csv.field_size_limit()
    (tmp_path / "a.csv").write_text(f'text\n"{text}\nAdvertisement\n"\n', newline="")
    assert run("clean", tmp_path / "a.csv", "--in-place").exit_code == 0
    assert (tmp_path / "a.csv").read_text() == f'text\n"{text}\n"\n'


def test_another_encoding(tmp_path: Path) -> None:
    before = 'id,text\nä,"Über die Brücke.\nAdvertisement\nGrüße."\n'
    (tmp_path / "a.csv").write_bytes(before.encode("cp1252"))
    assert run("clean", tmp_path / "a.csv", "--in-place", "--encoding", "cp1252").exit_code == 0
    assert (tmp_path / "a.csv").read_bytes().decode("cp1252") == before.replace("Advertisement\n", "")
    done = run("check", tmp_path / "a.csv", "--encoding", "utf-16")
    assert "CSV in utf-16 cannot be read line by line; convert it to UTF-8" in done.stderr


def test_a_cell_that_was_written_anew_is_restored_byte_for_byte(tmp_path: Path) -> None:
    path, audit = tmp_path / "a.csv", tmp_path / "audit.jsonl"
    path.write_bytes(b"text\r\nAdvertisement\r\nplain\r\n")
    assert run("clean", path, "--in-place", "--audit", audit).exit_code == 0
    assert path.read_bytes() == b'text\r\n""\r\nplain\r\n'
    assert run("restore", path, "--in-place", "--audit", audit).exit_code == 0
    assert path.read_bytes() == b"text\r\nAdvertisement\r\nplain\r\n"


def test_a_long_line_behind_a_header_of_two_is_one_row() -> None:
    long = "x" * (3 << 20)
    assert texts_of(f'"a\nb",text\n1,{long}\n'.encode()) == [long]


def test_a_header_that_never_ends_is_given_up_soon() -> None:
    begin = time.perf_counter()
    with pytest.raises(RecordError, match="no column 'text'"):
        texts_of(b'"' + b"\n" * (4 << 20))
    assert time.perf_counter() - begin < 20, "tried anew with each line, it would take hours"
