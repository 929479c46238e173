"""Packed files: equal record for record, in memory of fixed size, and clear about what is broken."""

from __future__ import annotations

import gzip
import io
import json
import secrets
import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.batch import plan, read_texts
from cleaner.formats import Reading, kind_named, source_of
from tests.making import PRINT_PEAK, PROSE
from tests.test_command import CLEAN, DIRTY, run

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

PACK: dict[str, Callable[[bytes], bytes]] = {"gz": gzip.compress, "zst": zstd.compress}
UNPACK: dict[str, Callable[[bytes], bytes]] = {"gz": gzip.decompress, "zst": zstd.decompress}
ROWS = b"".join(json.dumps({"id": n, "text": text}).encode() + b"\n" for n, text in enumerate((DIRTY, CLEAN, DIRTY)))
CLEAN_ROWS = ROWS.replace(b"Advertisement\\n", b"")


@pytest.mark.parametrize("packing", PACK)
@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        pytest.param("a.txt", DIRTY.encode(), CLEAN.encode(), id="one text"),
        pytest.param("a.md", DIRTY.replace("\n", "\r\n").encode(), CLEAN.replace("\n", "\r\n").encode(), id="Markdown"),
        pytest.param("a.jsonl", ROWS, CLEAN_ROWS, id="JSON lines"),
    ],
)
def test_packed_in_gives_packed_out_and_restores(
    tmp_path: Path, packing: str, name: str, before: bytes, after: bytes
) -> None:
    source = tmp_path / "in" / f"{name}.{packing}"
    source.parent.mkdir()
    source.write_bytes(PACK[packing](before))
    audit = tmp_path / "audit.jsonl"
    assert run("clean", source.parent, "-o", tmp_path / "out", "--audit", audit).exit_code == 0
    assert UNPACK[packing]((tmp_path / "out" / source.name).read_bytes()) == after
    assert run("restore", tmp_path / "out", "--audit", audit, "-o", tmp_path / "back").exit_code == 0
    assert UNPACK[packing]((tmp_path / "back" / source.name).read_bytes()) == before


def _skippable(data: bytes) -> bytes:
    """A frame of zstd that holds nothing to unpack."""
    return b"\x50\x2a\x4d\x18" + len(data).to_bytes(4, "little") + data


def _sized_nowhere(data: bytes) -> bytes:
    """A frame of zstd that does not say how long its content is, as a stream makes it."""
    packer = zstd.ZstdCompressor()
    return packer.compress(data[:7]) + packer.compress(data[7:]) + packer.flush()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        pytest.param(
            "a.jsonl.gz", gzip.compress(ROWS[:9]) + gzip.compress(ROWS[9:]), id="gzip members that part a line"
        ),
        pytest.param("a.jsonl.gz", gzip.compress(b"") + gzip.compress(ROWS) + bytes(512), id="padded gzip"),
        pytest.param(
            "a.jsonl.zst", zstd.compress(ROWS[:9]) + zstd.compress(ROWS[9:]), id="zstd frames that part a line"
        ),
        pytest.param("a.jsonl.zst", _sized_nowhere(ROWS), id="zstd without the size of its content"),
        pytest.param("a.jsonl.zst", _skippable(b"x" * 9) + zstd.compress(ROWS), id="a frame to skip"),
    ],
)
def test_members_and_frames_are_one_stream(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    assert run("clean", tmp_path / name, "--in-place").exit_code == 0
    assert UNPACK[name.rpartition(".")[2]]((tmp_path / name).read_bytes()) == CLEAN_ROWS


@given(
    st.lists(st.text(max_size=20), max_size=5),
    st.lists(st.integers(0, 200), max_size=4),
    st.sampled_from(list(PACK)),
    st.sampled_from(["txt", "jsonl", "csv"]),
)
def test_record_for_record(texts: list[str], cuts: list[int], packing: str, name: str) -> None:
    """However a file was put together, and wherever: its records are those of the plain file, in and out."""
    rows = [json.dumps({"text": text}) if name == "jsonl" else '"' + text.replace('"', '""') + '"' for text in texts]
    data = "\n".join(["text", *rows] if name == "csv" else rows).encode("utf-8", "surrogatepass")
    at = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    packed = b"".join(PACK[packing](data[start:end]) for start, end in pairwise(at))
    kind, out = kind_named(f"{name}.{packing}"), io.BytesIO()
    source = source_of(io.BytesIO(packed), kind, Reading())
    with source.splicing(out) as put:
        for record in source:
            put(record, record.without(()))
    plain = source_of(io.BytesIO(data), kind_named(name), Reading())
    again = source_of(io.BytesIO(out.getvalue()), kind, Reading())
    assert [(one.number, one.raw, one.text) for one in again] == [(one.number, one.raw, one.text) for one in plain]
    assert UNPACK[packing](out.getvalue()) == data


def test_a_corpus_is_read_without_being_cleaned(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(DIRTY)
    rows = [{"t": DIRTY, "s": {"name": "a.example"}, "u": None}, {"t": 7, "s": {"name": None}, "u": "x"}, {"t": CLEAN}]
    (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress("\n".join(map(json.dumps, rows)).encode()))
    troubles: list[object] = []
    reading = Reading(field="t", site_field="s.name", url_field="u")
    found = list(read_texts(plan([str(tmp_path)]).tasks, reading=reading, on_trouble=troubles.append))
    assert [(f.place, f.text, f.site, f.url) for f in found] == [
        (str(tmp_path / "a.txt"), DIRTY, None, None),
        (f"{tmp_path / 'b.jsonl.gz'}:1", DIRTY, "a.example", None),
    ]
    assert [str(trouble) for trouble in troubles] == [
        f"{tmp_path / 'b.jsonl.gz'}:2: field 't' is not a string; name the field of the text with --field",
        f"{tmp_path / 'b.jsonl.gz'}:3: no field 's'; name the field of the site with --site-field (there are t)",
    ]


PACKED_ROWS = {"gz": gzip.compress(ROWS, mtime=0), "zst": zstd.compress(ROWS)}
BROKEN = bytearray(gzip.compress(bytes(range(256)) * 4_000, mtime=0))
BROKEN[-8] ^= 1


@pytest.mark.parametrize(
    ("name", "data", "problem"),
    [
        pytest.param("a.jsonl.gz", PACKED_ROWS["gz"][:-9], "the gzip data end too early, after", id="cut gzip"),
        pytest.param("a.jsonl.zst", PACKED_ROWS["zst"][:-9], "the zstd data end too early", id="cut zstd"),
        pytest.param("a.txt.gz", gzip.compress(b"")[:9], "the gzip data end too early, at its start", id="cut at once"),
        pytest.param("a.txt.gz", DIRTY.encode(), "cannot be unpacked as gzip: ", id="text named .gz"),
        pytest.param("a.txt.zst", DIRTY.encode(), "cannot be unpacked as zstd: ", id="text named .zst"),
        pytest.param(
            "a.txt.gz", bytes(BROKEN), "broken gzip data after 1024000 unpacked bytes: CRC", id="a flipped bit"
        ),
        pytest.param(
            "a.txt.gz",
            gzip.compress(b"a") + b"b",
            "broken gzip data after 1 unpacked bytes",
            id="something behind gzip",
        ),
        pytest.param(
            "a.txt.zst", zstd.compress(b"a") + b"bcde", "broken zstd data after 1", id="something behind zstd"
        ),
        pytest.param("a.jsonl", PACKED_ROWS["gz"], "looks like gzip, not jsonl: end its name in .gz", id="gzip .jsonl"),
        pytest.param("a.csv", PACKED_ROWS["zst"], "looks like zstd, not csv: end its name in .zst", id="zstd .csv"),
        pytest.param("a.txt", b"PAR1\x15\x04", "looks like Parquet, not txt: say --format parquet", id="Parquet .txt"),
        pytest.param("a.html", b"PK\x03\x04", "looks like a zip archive, not html: unpack it first", id="zip .html"),
        pytest.param("a.warc", PACKED_ROWS["gz"], "looks like gzip, not warc: end its name in .gz", id="gzip .warc"),
    ],
)
def test_what_cannot_be_unpacked_is_told_and_nothing_is_half_written(
    tmp_path: Path, name: str, data: bytes, problem: str
) -> None:
    source = tmp_path / "in" / name
    source.parent.mkdir()
    source.write_bytes(data)
    (tmp_path / "in" / "z.txt").write_text(DIRTY)
    for args in (["-o", str(tmp_path / "out")], ["--in-place"]):
        if args == ["--in-place"] and name.startswith(("a.html", "a.warc")):
            continue
        done = run("clean", source.parent, *args)
        assert (done.exit_code, len(done.stderr.splitlines())) == (3, 1)
        assert f"{source}: {problem}" in done.stderr
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["z.txt"]
    assert source.read_bytes() == data
    assert (tmp_path / "in" / "z.txt").read_text() in (CLEAN, DIRTY)
    assert len(list(source.parent.iterdir())) == 2


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv", "a.txt", "a.md", "a.warc"])
@pytest.mark.parametrize("packing", [None, *PACK])
def test_empty_files_are_no_trouble(tmp_path: Path, name: str, packing: str | None) -> None:
    source = tmp_path / (f"{name}.{packing}" if packing else name)
    source.write_bytes(PACK[packing](b"") if packing else b"")
    assert run("clean", source, "-o", f"{tmp_path}/out/").exit_code == 0
    (out,) = (tmp_path / "out").iterdir()
    assert (UNPACK[packing](out.read_bytes()) if packing else out.read_bytes()) == b""


def test_nothing_at_all_named_gz_is_nothing_at_all(tmp_path: Path) -> None:
    (tmp_path / "a.txt.gz").write_bytes(b"")
    assert run("clean", tmp_path / "a.txt.gz", "-o", tmp_path / "b.txt.gz").exit_code == 0
    assert (tmp_path / "b.txt.gz").read_bytes() == b""


def test_a_packed_file_in_which_nothing_goes_keeps_its_bytes(tmp_path: Path) -> None:
    """A second run changes nothing, so that a hook or a copy does not take it for changed."""
    source, out = tmp_path / "a.jsonl.gz", tmp_path / "b.jsonl.gz"
    data = gzip.compress(CLEAN_ROWS[:9], 1) + gzip.compress(CLEAN_ROWS[9:], 9)
    source.write_bytes(data)
    before = source.stat().st_mtime_ns
    assert run("clean", source, "-o", out).exit_code == 0
    assert run("clean", source, "--in-place").exit_code == 0
    assert source.read_bytes() == out.read_bytes() == data
    assert source.stat().st_mtime_ns == before


def test_equal_texts_give_equal_packed_files(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.jsonl.gz").write_bytes(gzip.compress(ROWS, mtime=ord(name)))
        run("clean", tmp_path / f"{name}.jsonl.gz", "--in-place")
    assert (tmp_path / "a.jsonl.gz").read_bytes() == (tmp_path / "b.jsonl.gz").read_bytes()


@pytest.mark.parametrize(
    ("name", "target", "args", "unpack"),
    [
        pytest.param("a.jsonl.gz", "b.jsonl.gz", [], gzip.decompress, id="as it came"),
        pytest.param("a.jsonl.gz", "b.jsonl", [], bytes, id="named plain"),
        pytest.param("a.jsonl.gz", "b.jsonl.zst", [], zstd.decompress, id="named otherwise"),
        pytest.param("a.jsonl.gz", "b", [], gzip.decompress, id="a name that tells nothing"),
        pytest.param("a.gz", "b", ["--format", "jsonl"], gzip.decompress, id="the packing by name, the format named"),
        pytest.param("a.dat", "b", ["--format", "jsonl.gz"], gzip.decompress, id="both named"),
    ],
)
def test_how_the_output_is_packed(tmp_path: Path, name: str, target: str, args: list[str], unpack: Any) -> None:
    (tmp_path / name).write_bytes(PACKED_ROWS["gz"])
    assert run("clean", tmp_path / name, "-o", tmp_path / target, *args).exit_code == 0
    assert unpack((tmp_path / target).read_bytes()) == CLEAN_ROWS


def test_standard_input_and_output_may_be_packed() -> None:
    done = run("clean", "-", "--format", "jsonl.gz", stdin=PACKED_ROWS["gz"])
    assert gzip.decompress(done.stdout_bytes) == CLEAN_ROWS
    rows = b"".join(json.dumps({"text": secrets.token_hex(500)}).encode() + b"\n" for _ in range(500))
    cut = run("clean", "-", "--format", "jsonl.gz", stdin=gzip.compress(rows)[:-9])
    assert cut.exit_code == 3
    with pytest.raises(EOFError):
        gzip.decompress(cut.stdout_bytes)


@pytest.mark.parametrize(
    ("name", "data", "code", "said"),
    [
        pytest.param("jsonl.gz", PACKED_ROWS["gz"], 0, "3 documents, 2 changed", id="gzip"),
        pytest.param("jsonl.zst", PACKED_ROWS["zst"], 0, "3 documents, 2 changed", id="zstd"),
        pytest.param("parquet", b"PAR1", 3, "<stdin>: Parquet is read from its end, so standard input", id="Parquet"),
    ],
)
def test_a_pipe_cannot_seek(name: str, data: bytes, code: int, said: str) -> None:
    command = [sys.executable, "-m", "cleaner", "clean", "-", "--format", name]
    done = subprocess.run(command, input=data, capture_output=True, check=False)
    assert (done.returncode, said in done.stderr.decode()) == (code, True)


def test_parquet_that_is_packed_once_more_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.parquet.gz").write_bytes(b"x")
    done = run("clean", tmp_path / "a.parquet.gz")
    assert (done.exit_code, len(done.stderr.splitlines())) == (2, 1)
    assert "a.parquet.gz: parquet is packed inside and cannot be read so: unpack it first" in done.stderr
    assert "1 other file left out" in run("clean", tmp_path, "-o", tmp_path / "out").stdout


def test_pages_keep_their_packing(tmp_path: Path) -> None:
    from tests.test_formats_warc import PAGE

    (tmp_path / "page.html.gz").write_bytes(gzip.compress(PAGE.encode()))
    assert run("clean", tmp_path, "-o", tmp_path / "out").exit_code == 0
    assert PROSE[0] in gzip.decompress((tmp_path / "out" / "page.txt.gz").read_bytes()).decode()


@pytest.mark.parametrize(
    ("module", "name", "extra"),
    [
        pytest.param(zstd.__name__, "a.txt.zst", "zstd", id="zstd"),
        pytest.param("pyarrow", "a.parquet", "parquet", id="Parquet"),
    ],
)
def test_an_extra_that_is_missing_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str, name: str, extra: str
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    if "." in module:
        monkeypatch.delattr(sys.modules[module.rpartition(".")[0]], module.rpartition(".")[2], raising=False)
    (tmp_path / name).write_bytes(b"x")
    (tmp_path / "z.txt").write_text(DIRTY)
    done = run("clean", tmp_path, "-o", tmp_path / "out")
    assert (done.exit_code, len(done.stderr.splitlines())) == (3, 1)
    assert f"{name}: " in done.stderr
    assert f"needs the extra {extra}: pip install 'article-cleaner[{extra}]'" in done.stderr
    assert (tmp_path / "out" / "z.txt").read_text() == CLEAN


def test_nothing_of_the_extras_is_imported_for_plain_files(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("text\nx\n")
    (tmp_path / "a.jsonl.gz").write_bytes(PACKED_ROWS["gz"])
    code = (
        "import sys; from cleaner.cli.app import app\n"
        f"try: app(['clean', {str(tmp_path)!r}, '-o', {str(tmp_path / 'out')!r}])\nexcept SystemExit as e: assert not e.code\n"
        f"print([m for m in ('pyarrow', {zstd.__name__!r}, 'brotli') if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.splitlines()[-1] == "[]"


SWOLLEN = 400 << 20


@pytest.mark.parametrize("name", ["a.txt.gz", "a.jsonl.gz", "a.csv.gz", "a.html.gz", "a.warc.gz"])
def test_a_file_that_swells_is_told_in_memory_of_fixed_size(tmp_path: Path, name: str) -> None:
    """A file of 400 MiB without a line's end in 400 KiB; it goes by in pieces, or not at all."""
    pytest.importorskip("resource", reason="peak memory is read from the operating system, on POSIX")
    start = {"a.csv.gz": b'text\n"', "a.warc.gz": b"WARC/1.0\r\n"}.get(name, b"")
    with gzip.open(tmp_path / name, "wb", compresslevel=1) as file:
        file.write(start)
        for _ in range(SWOLLEN >> 20):
            file.write(bytes(1 << 20))
    code = (
        "from cleaner.cli.app import app\n"
        f"try: app(['clean', {str(tmp_path / name)!r}, '-o', {str(tmp_path / 'out') + '/'!r}])\nexcept SystemExit as e: assert e.code == 3\n"
    )
    done = subprocess.run([sys.executable, "-c", code + PRINT_PEAK], capture_output=True, text=True, check=True)
    *errors, peak = done.stderr.splitlines()
    assert len(errors) == 1
    assert "longer than 64 MiB" in errors[0] or "no end of its headers" in errors[0]
    assert int(peak) < SWOLLEN >> 10, "less than the file would take"
    if name not in ("a.html.gz", "a.warc.gz"):
        with gzip.open(tmp_path / "out" / name) as file:
            assert file.read(len(start)) == start
            assert sum(len(block) for block in iter(lambda: file.read(1 << 20), b"")) == SWOLLEN


def test_lines_behind_one_that_is_too_long_are_cleaned(tmp_path: Path) -> None:
    from cleaner.formats import RecordError

    long = b'{"text": "' + b"x" * 2_000_000 + b'"}\n'
    short = b'{"text": "short"}\n'
    records = list(source_of(io.BytesIO(short + long + short), kind_named("jsonl"), Reading(most_bytes=1_000)))
    assert b"".join(record.raw for record in records) == short + long + short
    assert [record.text for record in (records[0], records[-1])] == ["short", "short"]
    assert [record.number for record in (records[0], records[1], records[-1])] == [1, 2, 3]
    with pytest.raises(RecordError, match="longer than"):
        _ = records[1].text
