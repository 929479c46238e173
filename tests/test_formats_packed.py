"""Packed files: equal record for record, in memory of fixed size, and clear about what is broken."""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from cleaner.batch import plan, read_texts
from cleaner.formats import Reading
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
        f"{tmp_path / 'b.jsonl.gz'}:2: field 't' is not a string",
        f"{tmp_path / 'b.jsonl.gz'}:3: no field 's'; name the field of the site with --site-field",
    ]
