"""Plain text and Markdown: the file is the text."""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence

from cleaner.formats.record import UTF_8, Record, RecordError
from cleaner.removal import Removal, apply

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

# Characters of several bytes may hold the byte of a quotation mark or a line's end, or letters stand for them.
_WIDE = re.compile(r"utf[-_]?(?:7|16|32).*|iso[-_]?2022.*|hz.*|cp(?:037|1026|1140|273|424|500|875)", re.IGNORECASE)


class PlainText(Record):
    """A whole file as one text. A byte-order mark stays, as the first character."""

    def __init__(self, raw: bytes, encoding: str) -> None:
        self._raw = raw
        self._encoding = _with_byte_order(raw, encoding)
        self._text: str | None = None

    @property
    def raw(self) -> bytes:
        return self._raw

    @property
    def text(self) -> str:
        if self._text is None:
            self._text = decode(self._raw, self._encoding)
        return self._text

    def without(self, removals: Sequence[Removal]) -> bytes:
        return encode_back(apply(self.text, removals), self.text, self._raw, self._encoding) if removals else self._raw

    def with_inserted(self, pieces: Sequence[tuple[int, str]]) -> bytes:
        return encode_back(insert(self.text, pieces), self.text, self._raw, self._encoding)


def decode(raw: bytes, encoding: str) -> str:
    """Bytes to text; raises :class:`RecordError` that names the first bad byte."""
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        for mark, name in _MARKS:
            if raw.startswith(mark):
                looks = name[:6].upper()
                raise RecordError(f"not {encoding.upper()}; it looks like {looks}: try --encoding {name[:6]}") from None
        problem = f"not {encoding.upper()}: bad byte 0x{raw[error.start]:02x} at offset {error.start}"
        raise RecordError(f"{problem}; name the right encoding with --encoding") from None


def refuse_wide(start: bytes, encoding: str, what: str) -> None:
    """Raise :class:`RecordError` where a file is in an encoding in which lines cannot be told by their bytes."""
    looks = next((name[:6].upper() for mark, name in _MARKS if encoding == UTF_8 and start.startswith(mark)), encoding)
    if _WIDE.fullmatch(looks):
        raise RecordError(f"{what} in {looks} cannot be read line by line; convert it to UTF-8")


def encode_back(text: str, before: str, raw: bytes, encoding: str) -> bytes:
    """The bytes of a text that was ``before``, read from ``raw``.

    Raises :class:`RecordError` where the encoding would not give ``raw`` back: then other bytes
    than those of the removed text would change.
    """
    if encoding.lower() not in ("utf-8", "utf8") and before.encode(encoding) != raw:
        raise RecordError(f"cannot be written back in {encoding} without changing other bytes")
    return text.encode(encoding)


def insert(text: str, pieces: Sequence[tuple[int, str]]) -> str:
    """The text with pieces put in, each at an offset of the text, in order."""
    parts: list[str] = []
    at = 0
    for offset, piece in pieces:
        parts += (text[at:offset], piece)
        at = offset
    parts.append(text[at:])
    return "".join(parts)


def _with_byte_order(raw: bytes, encoding: str) -> str:
    """The encoding with its byte order, where the file begins with a mark that tells it."""
    plain = encoding.lower().replace("_", "-")
    if plain in ("utf-8-sig", "utf8-sig"):
        return "utf-8"
    for mark, name in _MARKS:
        if plain in (name[:6], name[:6].replace("-", "")) and raw.startswith(mark):
            return name
    return encoding
