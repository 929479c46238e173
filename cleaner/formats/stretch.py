"""A stretch of a file, read as if it were a file."""

from __future__ import annotations

import io
from typing import Any, BinaryIO

from cleaner.formats.record import Part


class Stretch(io.RawIOBase):
    """The bytes of a file from one place to another, as a file of their own."""

    def __init__(self, stream: BinaryIO, part: Part) -> None:
        self._stream = stream
        self._left = part.end - part.begin
        stream.seek(part.begin)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._stream.read(min(len(buffer), self._left))
        self._left -= len(data)
        buffer[: len(data)] = data
        return len(data)
