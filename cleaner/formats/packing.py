"""Packed files: unpacked while they are read, packed while they are written, in memory of fixed size."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, Protocol, cast

from cleaner.formats.choose import Packing
from cleaner.formats.record import RecordError

_NAMES: dict[Packing, str] = {"gz": "gzip", "zst": "zstd"}
_BLOCK = 1 << 18
# How files begin that are no text, whatever their names tell, and what to do about each.
_DISGUISED = (
    (b"\x1f\x8b\x08", "gzip", "end its name in .gz, or say --format {format}.gz"),
    (b"\x28\xb5\x2f\xfd", "zstd", "end its name in .zst, or say --format {format}.zst"),
    (b"PAR1\x15", "Parquet", "say --format parquet"),
    (b"PK\x03\x04", "a zip archive", "unpack it first"),
    (b"BZh", "bzip2", "unpack it first"),
    (b"\xfd7zXZ\x00", "xz", "unpack it first"),
)


class Sink(Protocol):
    """Whatever takes bytes."""

    def write(self, data: bytes, /) -> object:
        """Take the bytes."""


def unpacked(stream: BinaryIO, packing: Packing | None, format_name: str) -> io.BufferedReader:
    """The stream's bytes, unpacked; members and frames follow each other as one.

    Reading raises :class:`RecordError` where the file is cut short, broken, or not what its name tells.
    """
    raw: io.RawIOBase = _Plain(stream, format_name) if packing is None else _Unpacking(stream, packing)
    return io.BufferedReader(raw, _BLOCK)


@contextmanager
def packed(sink: Sink, packing: Packing | None) -> Iterator[Sink]:
    """A sink that packs what it takes. After an error the end is left out, so that nobody takes it for whole."""
    if packing is None:
        yield sink
        return
    import zlib  # noqa: PLC0415 - imported when used

    # A window of 31 asks for gzip, with no name and no date: equal texts give equal files.
    packer: Any = zlib.compressobj(wbits=31) if packing == "gz" else zstd_module().ZstdCompressor()
    yield _Packing(sink, packer)
    sink.write(packer.flush())


class _Packing:
    def __init__(self, sink: Sink, packer: Any) -> None:
        self._sink = sink
        self._packer = packer

    def write(self, data: bytes, /) -> None:
        self._sink.write(self._packer.compress(data))


class _Plain(io.RawIOBase):
    """A stream as it is, unless it begins like a file that is no text."""

    def __init__(self, stream: BinaryIO, format_name: str) -> None:
        # What is there is read on at once, so that lines from a pipe do not wait for a full block.
        self._read: Callable[[int], bytes] = getattr(stream, "read1", stream.read)
        self._format = format_name
        self._head: bytes | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if self._head is None:
            data = self._head = self._read(len(buffer))
            for mark, name, advice in _DISGUISED:
                if data.startswith(mark):
                    raise RecordError(f"looks like {name}, not {self._format}: {advice.format(format=self._format)}")
        else:
            data = self._read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


class _Unpacking(io.RawIOBase):
    """A packed stream; its errors say what is wrong with the file."""

    def __init__(self, stream: BinaryIO, packing: Packing) -> None:
        self._name = _NAMES[packing]
        self._stream, self._errors = (_gunzipping if packing == "gz" else _unzstding)(stream)
        self._done = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            # What comes before an error is handed out first, so that the error tells the right place.
            data = cast("bytes", self._stream.read1(len(buffer)))
        except EOFError:
            where = f"after {self._done} unpacked bytes" if self._done else "at its start"
            raise RecordError(f"the {self._name} data end too early, {where}: the file was cut short") from None
        except self._errors as error:
            raise RecordError(self._problem(error)) from None
        buffer[: len(data)] = data
        self._done += len(data)
        return len(data)

    def _problem(self, error: Exception) -> str:
        if not self._done:
            return f"cannot be unpacked as {self._name}: {error}; if it is something else, name that with --format"
        return f"broken {self._name} data after {self._done} unpacked bytes: {error}"


def _gunzipping(stream: BinaryIO) -> tuple[Any, tuple[type[Exception], ...]]:
    import gzip  # noqa: PLC0415 - imported when used
    import zlib  # noqa: PLC0415

    return gzip.GzipFile(fileobj=stream, mode="rb"), (gzip.BadGzipFile, zlib.error)


def _unzstding(stream: BinaryIO) -> tuple[Any, tuple[type[Exception], ...]]:
    zstd = zstd_module()
    return zstd.ZstdFile(stream, mode="rb"), (zstd.ZstdError,)


def zstd_module() -> Any:
    """The module for zstd: Python's own from 3.14 on, before that the extra ``zstd``."""
    try:
        if sys.version_info >= (3, 14):
            from compression import zstd  # noqa: PLC0415 - imported when used
        else:
            from backports import zstd  # noqa: PLC0415 - imported when used
    except ImportError:
        raise RecordError("zstd needs the extra zstd: pip install 'article-cleaner[zstd]'") from None
    return zstd
