"""Records of a WARC archive, read strictly: what does not fit is told, with the byte where it stands.

Two libraries were tried with ``tests/test_formats_warc.py``, and a check that all of each record is there. warcio
1.8.1 reads an archive that is cut in its first line as an empty one, goes on behind a record that is longer than it
says with a warning on standard error, holds headers without end in memory, and gives a page whose gzip is broken or
cut as what could be unpacked. fastwarc 2.0.1 panics on streams that cannot seek: standard input, what is unpacked.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

from cleaner.formats.packing import zstd_module
from cleaner.formats.record import RecordError, too_long

_BLOCK = 1 << 20
_LONGEST_LINE = 1 << 16
_LONGEST_HEADERS = 1 << 20


@dataclass(frozen=True, slots=True)
class Entry:
    """One record: its number from 1, its headers with small letters, its bytes; None where they are too many."""

    number: int
    headers: Mapping[str, str]
    body: bytes | None


@dataclass(frozen=True, slots=True)
class Response:
    """What a server sent: the code of its status, headers with small letters, and bytes as they were sent."""

    status: str
    headers: Mapping[str, str]
    body: bytes


def read_archive(stream: BinaryIO, wanted: Callable[[Mapping[str, str]], bool], most: int) -> Iterator[Entry]:
    """The records whose headers are wanted; others are passed over, but not without being measured.

    Raises :class:`RecordError` where the archive is cut short or broken.
    """
    at = number = 0
    while line := stream.readline(_LONGEST_LINE):
        start, at = at, at + len(line)
        if not line.strip():
            continue
        number += 1
        if not line.startswith(b"WARC/"):
            raise RecordError(f"record {number} at byte {start} does not begin with WARC/, but with {line[:20]!r}")
        headers, size = _headers(stream, f"record {number} at byte {start}")
        at += size
        length = headers.get("content-length", "")
        if not (length.isascii() and length.isdigit()):
            raise RecordError(f"record {number} at byte {start} does not say how long it is")
        is_held = wanted(headers) and int(length) <= most
        body = stream.read(int(length)) if is_held else b""
        found = len(body) if is_held else _passed(stream, int(length))
        if found < int(length):
            raise RecordError(f"record {number} at byte {start} is cut short: {found} of {length} bytes are there")
        at += found
        if wanted(headers):
            yield Entry(number, headers, body if is_held else None)


def _passed(stream: BinaryIO, length: int) -> int:
    """How many of so many bytes could be passed over."""
    left = length
    while left and (block := stream.read(min(left, _BLOCK))):
        left -= len(block)
    return length - left


def _headers(stream: BinaryIO, place: str) -> tuple[dict[str, str], int]:
    """The headers of a record, and how many bytes they take."""
    lines: list[bytes] = []
    size = 0
    while size < _LONGEST_HEADERS and (line := stream.readline(_LONGEST_LINE)):
        size += len(line)
        if line in (b"\r\n", b"\n"):
            return _fields(lines), size
        lines.append(line)
    what = "has no end of its headers" if size >= _LONGEST_HEADERS else "is cut short in its headers"
    raise RecordError(f"{place} {what}")


def _fields(lines: list[bytes]) -> dict[str, str]:
    """Lines of ``name: value``; one that begins with a space goes on with the value before it."""
    found: dict[str, str] = {}
    name = ""
    for line in lines:
        text = line.decode("utf-8", "replace")
        if text[:1] in (" ", "\t") and name:
            found[name] += " " + text.strip()
        else:
            name, _, value = text.partition(":")
            name = name.strip().lower()
            found[name] = value.strip()
    return found


def response_in(body: bytes) -> Response | None:
    """The response that a record holds, or None where it holds none.

    >>> response_in(b"HTTP/1.1 200 OK\\r\\nContent-Type: text/html\\r\\n\\r\\n<p>Hi")
    Response(status='200', headers={'content-type': 'text/html'}, body=b'<p>Hi')
    """
    ends = [(at, at + len(mark)) for mark in (b"\r\n\r\n", b"\n\n") if (at := body.find(mark)) >= 0]
    if not body.startswith(b"HTTP/") or not ends:
        return None
    end, start = min(ends)
    first, *lines = body[:end].splitlines()
    status = first.decode("latin-1").split()[1:2]
    return Response(status[0] if status else "", _fields(lines), body[start:])


def content_of(response: Response, most: int) -> bytes:
    """The content that was sent, out of the pieces and the packing in which it was.

    Archives often keep the headers of a packing that they have undone: what is not packed stays.

    Raises :class:`RecordError`.
    """
    content = response.body
    if "chunked" in response.headers.get("transfer-encoding", "").lower():
        content = _joined(content)
    for packing in reversed(response.headers.get("content-encoding", "").lower().replace(",", " ").split()):
        if packing not in _UNPACK:
            raise RecordError(f"sent in {packing}, which is not known here")
        content = _UNPACK[packing](content, most + 1)
    if len(content) > most:
        raise RecordError(too_long(most))
    return content


def _joined(content: bytes) -> bytes:
    """The pieces of a chunked body put together; the body as it is, where it is not in pieces."""
    pieces: list[bytes] = []
    at = 0
    while (end := content.find(b"\r\n", at, at + 100)) >= 0:
        size = content[at:end].split(b";")[0].strip()
        if not _HEXADECIMAL.fullmatch(size):
            break
        if int(size, 16) == 0:
            return b"".join(pieces)
        pieces.append(content[end + 2 : end + 2 + int(size, 16)])
        at = end + 2 + int(size, 16) + 2
    return content


def _gzip(content: bytes, most: int) -> bytes:
    return _by_zlib(content, most, 31) if content.startswith(b"\x1f\x8b") else content


def _deflate(content: bytes, most: int) -> bytes:
    # Servers send it with and without the header that the standard asks for.
    return _by_zlib(content, most, 15 if content.startswith(b"\x78") else -15)


def _by_zlib(content: bytes, most: int, window: int) -> bytes:
    return _whole(zlib.decompressobj(window), content, most, zlib.error)


def _zstd(content: bytes, most: int) -> bytes:
    if not content.startswith(b"\x28\xb5\x2f\xfd"):
        return content
    zstd = zstd_module()
    return _whole(zstd.ZstdDecompressor(), content, most, zstd.ZstdError)


def _whole(packer: Any, content: bytes, most: int, errors: type[Exception]) -> bytes:
    """What is unpacked, up to so many bytes."""
    try:
        unpacked: bytes = packer.decompress(content, most)
    except errors as error:
        raise RecordError(f"the page cannot be unpacked: {error}") from None
    if not packer.eof and len(unpacked) < most:
        raise RecordError("the page was sent packed, and the packed data are cut short")
    return unpacked


def _brotli(content: bytes, most: int) -> bytes:
    try:
        import brotli  # noqa: PLC0415 - imported when used
    except ImportError:
        raise RecordError("sent in brotli, which needs the extra warc: pip install 'article-cleaner[warc]'") from None
    try:
        return bytes(brotli.Decompressor().process(content, output_buffer_limit=most))
    except brotli.error as error:
        raise RecordError(f"the page cannot be unpacked: {error}") from None


def _as_it_is(content: bytes, most: int) -> bytes:  # noqa: ARG001 - one of several ways to unpack
    return content


_HEXADECIMAL = re.compile(rb"[0-9a-fA-F]{1,8}")
_UNPACK: Mapping[str, Callable[[bytes, int], bytes]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "zstd": _zstd,
    "br": _brotli,
    "identity": _as_it_is,
}
