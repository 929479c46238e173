"""WARC: each page of the archive becomes a line of JSON with its address, its date and its text.

One archive holds thousands of pages, each with an address; text files would have names that
nobody chose, and lose the address. Lines of JSON keep both, are one file for one archive, and can
be cleaned, restored and learnt from as they are. ``number`` is the line in that output, so that an
audit finds it; messages name the record of the archive and the address.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from cleaner.formats.archive import Entry, Response, content_of, read_archive, response_in
from cleaner.formats.page import extracted
from cleaner.formats.plain import decode
from cleaner.formats.record import UTF_8, Reading, Record, RecordError, too_long
from cleaner.markup import Article
from cleaner.removal import Removal, apply

_PAGES = ("text/html", "application/xhtml+xml")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)


def read_warc(stream: BinaryIO, reading: Reading) -> Iterator[Record]:
    """The pages of an archive; lines of the output are counted while pages are read."""
    line = 1
    for entry in read_archive(stream, _may_be_page, reading.most_bytes):
        page = WarcPage(entry, line, reading)
        if page.is_page:
            yield page
            line += page.number > 0


def _may_be_page(headers: Mapping[str, str]) -> bool:
    """Responses, pages that were fetched otherwise, and texts that another program took out of pages."""
    kind, content = headers.get("warc-type", ""), headers.get("content-type", "").lower()
    return (
        kind == "response"
        or (kind == "resource" and content.startswith(_PAGES))
        or (kind == "conversion" and content.startswith("text/plain"))
    )


class WarcPage(Record):
    """A page of an archive; what is written is a line of JSON. One that cannot be read has no line."""

    def __init__(self, entry: Entry, line: int, reading: Reading) -> None:
        self._entry = entry
        self._reading = reading
        self.number = line

    @property
    def is_page(self) -> bool:
        """Whether the record holds a page that was served, or the text of one; what is too long counts as one."""
        if self._entry.body is None or self._response is None:
            return self._entry.body is None or self._entry.headers["warc-type"] != "response"
        # Where the server did not say what it sent, the crawler may have looked.
        seen = self._entry.headers.get("warc-identified-payload-type", "")
        content = self._response.headers.get("content-type", seen).lower()
        return self._response.status.startswith("2") and content.startswith(_PAGES)

    @cached_property
    def _response(self) -> Response | None:
        is_response = self._entry.headers["warc-type"] == "response"
        return response_in(self._entry.body or b"") if is_response else None

    @property
    def raw(self) -> bytes:
        return self._entry.body or b""

    @property
    def kept(self) -> bytes:
        return b""

    @property
    def url(self) -> str | None:
        # Version 1.0 of the standard put the address in angle brackets.
        return self._entry.headers.get("warc-target-uri", "").strip("<>") or None

    @property
    def site(self) -> str | None:
        try:
            return urlsplit(self.url or "").hostname
        except ValueError:
            return None

    @property
    def text(self) -> str:
        return self.article.text

    @cached_property
    def _article(self) -> Article:
        body = self._entry.body
        if body is None:
            raise RecordError(too_long(self._reading.most_bytes))
        if self._entry.headers["warc-type"] == "conversion":
            return Article(decode(body, UTF_8))
        content = body if self._response is None else content_of(self._response, self._reading.most_bytes)
        return extracted(self._decoded(content), url=self.url)

    @property
    def article(self) -> Article:
        try:
            return self._article
        except RecordError as error:
            self.number = 0
            raise RecordError(f"record {self._entry.number} ({self.url}): {error}") from None

    def _decoded(self, content: bytes) -> str | bytes:
        """The page as text, where the server said in which encoding it is, and is right."""
        told = _CHARSET.search(self._response.headers.get("content-type", "") if self._response else "")
        try:
            return content.decode(told[1]) if told else content
        except (LookupError, UnicodeError):
            return content

    def raw_of(self, start: int, end: int) -> str:
        return self._as_json(self.text[start:end])[1:-1]

    def without(self, removals: Sequence[Removal]) -> bytes:
        headers = self._entry.headers
        told = {"url": self.url, "date": headers.get("warc-date"), "id": headers.get("warc-record-id", "").strip("<>")}
        made: Any = apply(self.text, removals)
        first, *inner = self._reading.field.split(".")
        for key in reversed(inner):
            made = {key: made}
        return self._as_json(told | {first: made}).encode() + b"\n"

    def _as_json(self, value: Any) -> str:
        """The value as JSON, in ASCII only where the text holds what no encoding can hold."""
        return json.dumps(value, ensure_ascii=not _is_encodable(self.text))

    def with_inserted(self, pieces: Sequence[tuple[int, str]]) -> bytes:  # noqa: ARG002 - there is nothing to put back
        raise RecordError("an archive is no output of a run: name the lines that were made of it")


def _is_encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
