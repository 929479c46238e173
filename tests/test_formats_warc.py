"""WARC: each page of an archive is a line of JSON, and no page goes missing without a word."""

from __future__ import annotations

import gzip
import io
import json
import zlib
from pathlib import Path
from typing import Any

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.batch import plan, read_texts
from cleaner.formats import Kind, Reading, RecordError, source_of
from tests.making import PROSE, lines
from tests.test_command import run
from tests.test_formats_packed import zstd


def page_of(*paragraphs: str) -> str:
    inner = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return f"<html><head><title>t</title></head><body><article>{inner}</article></body></html>"


PAGE = page_of(*PROSE, "Advertisement")


def entry(kind: str, body: bytes, url: str = "http://a.example/x", content: str = "", **headers: str) -> bytes:
    told = {
        "WARC-Type": kind,
        "WARC-Record-ID": "<urn:uuid:0>",
        "WARC-Date": "2024-01-01T00:00:00Z",
        "WARC-Target-URI": url,
        "Content-Type": content or "application/http; msgtype=response",
        "Content-Length": str(len(body)),
    } | headers
    lines = "".join(f"{name}: {value}\r\n" for name, value in told.items() if value)
    return f"WARC/1.1\r\n{lines}\r\n".encode() + body + b"\r\n\r\n"


def response(content: bytes, *headers: str, kind: str = "text/html", status: str = "200 OK") -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status}", f"Content-Type: {kind}", *headers, "", ""]).encode() + content


def chunked(content: bytes, size: int = 100) -> bytes:
    pieces = [content[at : at + size] for at in range(0, len(content), size)]
    return b"".join(b"%x;x=y\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


INFO = entry("warcinfo", b"software: x\r\n", content="application/warc-fields")
REQUEST = entry("request", b"GET / HTTP/1.1\r\n\r\n", content="application/http; msgtype=request")
IMAGE = entry("response", response(b"\x89PNG", kind="image/png"))
GONE = entry("response", response(PAGE.encode(), status="404 Not Found"))
AGAIN = entry("revisit", response(b""))
GOOD = entry("response", response(PAGE.encode()))
EMPTY = entry("response", response(b"<html></html>"), url="http://a.example/empty")


def lines_of(data: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in data.splitlines()]


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz", "a.warc.zst"])
def test_pages_become_lines_and_restore_puts_back_what_went(tmp_path: Path, name: str) -> None:
    entries = [INFO, REQUEST, GOOD, IMAGE, EMPTY, GONE, AGAIN, GOOD]
    pack = {"a.warc": bytes, "a.warc.gz": gzip.compress, "a.warc.zst": zstd.compress}[name]
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / name).write_bytes(b"".join(pack(one) for one in entries))
    audit = tmp_path / "audit.jsonl"
    done = run("clean", tmp_path / "in", "-o", tmp_path / "out", "--audit", audit)
    assert (done.exit_code, len(done.stderr.splitlines())) == (3, 1)
    assert f"{name}: record 5 (http://a.example/empty): no article text found in the page" in done.stderr
    out = tmp_path / "out" / name.replace("warc", "jsonl")
    unpack = {"a.warc": bytes, "a.warc.gz": gzip.decompress, "a.warc.zst": zstd.decompress}[name]
    rows = lines_of(unpack(out.read_bytes()))
    told = {"url": "http://a.example/x", "date": "2024-01-01T00:00:00Z", "id": "urn:uuid:0"}
    assert rows == [told | {"text": lines(*PROSE)}] * 2
    assert run("restore", tmp_path / "out", "--audit", audit, "-o", tmp_path / "back").exit_code == 0
    restored = lines_of(unpack((tmp_path / "back" / out.name).read_bytes()))
    assert restored == [told | {"text": "\n".join([*PROSE, "Advertisement"])}] * 2


DRESSED = {
    "in pieces": (chunked(PAGE.encode()), ["Transfer-Encoding: chunked"]),
    "said to be in pieces": (PAGE.encode(), ["Transfer-Encoding: chunked"]),
    "gzip": (gzip.compress(PAGE.encode()), ["Content-Encoding: gzip"]),
    "said to be gzip": (PAGE.encode(), ["Content-Encoding: gzip"]),
    "deflate": (zlib.compress(PAGE.encode()), ["content-encoding: deflate"]),
    "deflate without a header": (zlib.compress(PAGE.encode(), wbits=-15), ["Content-Encoding: deflate"]),
    "brotli in pieces": (
        chunked(brotli.compress(PAGE.encode())),
        ["Content-Encoding: br", "Transfer-Encoding: chunked"],
    ),
    "zstd": (zstd.compress(PAGE.encode()), ["Content-Encoding: zstd"]),
}


@pytest.mark.parametrize("dress", DRESSED)
def test_pages_are_taken_out_of_what_they_were_sent_in(dress: str) -> None:
    """The page behind it is read as well, whatever the one before was sent in."""
    content, headers = DRESSED[dress]
    found = texts_of(entry("response", response(content, *headers)) + GOOD)
    assert found == ["\n".join([*PROSE, "Advertisement"])] * 2


def texts_of(data: bytes) -> list[str | None]:
    return [record.text for record in source_of(io.BytesIO(data), Kind("warc"), Reading())]


@pytest.mark.parametrize(
    ("data", "text"),
    [
        pytest.param(
            entry(
                "response",
                response(
                    page_of(*PROSE, "Grüße, sagte er, aus dem Süden.").encode("cp1252"),
                    kind="text/html; charset=cp1252",
                ),
            ),
            "\n".join([*PROSE, "Grüße, sagte er, aus dem Süden."]),
            id="the server's encoding",
        ),
        pytest.param(
            entry("resource", PAGE.encode(), content="text/html"), "\n".join([*PROSE, "Advertisement"]), id="a resource"
        ),
        pytest.param(
            entry(
                "response",
                b"HTTP/1.1 200 OK\r\n\r\n" + PAGE.encode(),
                **{"WARC-Identified-Payload-Type": "text/html"},
            ),
            "\n".join([*PROSE, "Advertisement"]),
            id="a page that only the crawler knew for one",
        ),
        pytest.param(
            entry("conversion", b"a\r\nb \xc3\xa9", content="text/plain"), "a\r\nb é", id="text of a page, as in .wet"
        ),
    ],
)
def test_other_pages(data: bytes, text: str) -> None:
    assert texts_of(data) == [text]


def test_texts_know_their_address(tmp_path: Path) -> None:
    (tmp_path / "a.wet").write_bytes(entry("conversion", b"x", "<http://News.example:80/a>", "text/plain"))
    troubles: list[object] = []
    (found,) = read_texts(plan([str(tmp_path)]).tasks, reading=Reading(), on_trouble=troubles.append)
    assert (found.text, found.site, found.url, troubles) == ("x", "news.example", "http://News.example:80/a", [])


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        pytest.param(
            GOOD + IMAGE[:-30], f"record 2 at byte {len(GOOD)} is cut short", id="cut in a record passed over"
        ),
        pytest.param(GOOD[:-30], "record 1 at byte 0 is cut short", id="cut in a page"),
        pytest.param(
            GOOD + GOOD[:60], f"record 2 at byte {len(GOOD)} is cut short in its headers", id="cut in headers"
        ),
        pytest.param(b"WARC/1.0\r\n" + b"a: b\r\n" * 300_000, "has no end of its headers", id="no end of headers"),
        pytest.param(GOOD + b"hello\n" + GOOD, "does not begin with WARC/, but with b'hello", id="something between"),
        pytest.param(b"<html>", "record 1 at byte 0 does not begin with WARC/, but with b'<html>'", id="no archive"),
        pytest.param(
            entry("resource", b"x", **{"Content-Length": "many"}), "does not say how long it is", id="no length"
        ),
        pytest.param(
            entry("resource", b"x" * 50, **{"Content-Length": "9"}), "does not begin with WARC/", id="too short"
        ),
        pytest.param(
            entry("resource", b"x", **{"Content-Length": "99999"}) + GOOD, "is cut short", id="longer than the archive"
        ),
    ],
)
def test_a_broken_archive_is_told_and_nothing_is_half_written(tmp_path: Path, data: bytes, problem: str) -> None:
    (tmp_path / "a.warc").write_bytes(data)
    done = run("clean", tmp_path / "a.warc", "-o", f"{tmp_path}/out/")
    assert (done.exit_code, len(done.stderr.splitlines())) == (3, 1)
    assert problem in done.stderr
    assert not (tmp_path / "out" / "a.jsonl").exists()


@given(st.data())
def test_an_archive_that_is_cut_anywhere_is_told(data: st.DataObject) -> None:
    """Only between two records can no reader know that there were more."""
    entries = [
        INFO,
        entry("conversion", b"one", content="text/plain"),
        REQUEST,
        entry("conversion", b"two", content="text/plain"),
    ]
    whole = b"".join(entries)
    ends = {sum(map(len, entries[:n])) - back for n in range(len(entries) + 1) for back in range(5)}
    cut = data.draw(st.integers(0, len(whole)).filter(lambda at: at not in ends))
    with pytest.raises(RecordError, match=r"is cut short|does not begin with WARC/"):
        texts_of(whole[:cut])


@pytest.mark.parametrize(
    ("content", "header", "problem"),
    [
        pytest.param(b"\x1f\x8b\x08 no", "Content-Encoding: gzip", "the page cannot be unpacked", id="broken gzip"),
        pytest.param(gzip.compress(PAGE.encode())[:-50], "Content-Encoding: gzip", "data are cut short", id="cut gzip"),
        pytest.param(zstd.compress(PAGE.encode())[:-5], "Content-Encoding: zstd", "data are cut short", id="cut zstd"),
        pytest.param(b"no brotli", "Content-Encoding: br", "the page cannot be unpacked", id="broken brotli"),
        pytest.param(b"x", "Content-Encoding: compress", "sent in compress, which is not known here", id="unknown"),
        pytest.param(gzip.compress(bytes(9_000)), "Content-Encoding: gzip", "longer than", id="a page that swells"),
        pytest.param(brotli.compress(bytes(9_000)), "Content-Encoding: br", "longer than", id="swollen brotli"),
        pytest.param(zstd.compress(bytes(9_000)), "Content-Encoding: zstd", "longer than", id="swollen zstd"),
        pytest.param(bytes(9_000), "X: y", "longer than", id="a record that is too long"),
    ],
)
def test_a_page_that_cannot_be_read_is_named_and_the_next_one_is_read(
    content: bytes, header: str, problem: str
) -> None:
    data = entry("response", response(content, header)) + entry("conversion", b"x", content="text/plain")
    records = iter(source_of(io.BytesIO(data), Kind("warc"), Reading(most_bytes=5_000)))
    with pytest.raises(RecordError, match=rf"record 1 \(http://a.example/x\): .*{problem}"):
        _ = next(records).article
    following = next(records)
    assert (following.text, following.number) == ("x", 1)


def test_archives_are_never_written_in_place_nor_restored(tmp_path: Path) -> None:
    (tmp_path / "a.warc").write_bytes(GOOD)
    assert "an archive of pages is never written in place" in run("clean", tmp_path / "a.warc", "--in-place").stderr
    (tmp_path / "audit").write_text("")
    done = run("restore", tmp_path / "a.warc", "--audit", tmp_path / "audit", "-o", tmp_path / "b.jsonl")
    assert "a.warc: no run writes warc: name the jsonl that was made of it" in done.stderr
