"""A file that one process holds: the system lets go of it when the process ends, however that comes about."""

from __future__ import annotations

import errno
import sys
from pathlib import Path
from typing import BinaryIO

# How it is told that another process holds the file.
_HELD = frozenset({errno.EACCES, errno.EAGAIN, errno.EWOULDBLOCK, errno.EDEADLK})


def held(path: Path) -> BinaryIO | None:
    """The file, open and held until it is closed; None where another holds it.

    A disk of a network may know no locks: there everybody gets the file, for a run that nobody disturbs is
    worth more than none. Nothing is left behind that would have to be told from a lock, as a file with the
    number of a process is. Raises ``OSError`` where the file cannot be written.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder, held(Path(folder, "lock")) as first:
    ...     held(Path(folder, "lock")) is None
    True
    """
    stream = path.open("ab")
    try:
        _hold(stream)
    except OSError as error:
        if error.errno in _HELD:
            stream.close()
            return None
    return stream


if sys.platform == "win32":
    import msvcrt

    def _hold(stream: BinaryIO) -> None:
        stream.seek(0)
        msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _hold(stream: BinaryIO) -> None:
        fcntl.flock(stream.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
