"""What a run knows of the inputs that it is done with, so that one which was changed while it rested is named.

Lines in a file of the run, for there may be a million: the number of the input, its size, and when it was
written last.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from cleaner.batch.inputs import Task
from cleaner.batch.run import Stamp


def line_of(number: int, task: Task, stamp: Stamp | None) -> bytes:
    """The line on an input; none on one that was never at rest, or is written over with its own output.

    >>> from cleaner.formats import Kind
    >>> line_of(3, Task("a.txt", Kind("txt"), "a.txt", Kind("txt"), "out/a.txt"), Stamp(10, 99))
    b'3 10 99\\n'
    """
    if stamp is None or task.write == task.read:
        return b""
    return b"%d %d %d\n" % (number, stamp.size, stamp.written)


def changed(lines: Iterable[bytes], tasks: Sequence[Task]) -> Iterator[Task]:
    """The inputs that are not what the lines say; one that is gone is no concern, for it is done."""
    for line in lines:
        number, size, written = map(int, line.split())
        now = Stamp.if_any(tasks[number])
        if now is not None and now != Stamp(size, written):
            yield tasks[number]
