"""Inputs to shards: what one worker does at a time, many small files or a part of a large one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import KW_ONLY, dataclass

from cleaner.batch.inputs import Task, size_of
from cleaner.batch.report import Trouble
from cleaner.batch.run import Stamp, opened, trouble_of
from cleaner.formats import Part, Reading, RecordError, is_divisible, parts_of, plain_reading

# A worker takes a second or less for so many bytes or files: long enough that handing them out costs
# nothing, short enough that little is done twice after a run was killed.
SHARD_BYTES = 1 << 20
_MOST_FILES = 100
# Of inputs that are soon done, each worker gets so many shards, for the last of them keep one worker alone;
# but none so small that it is done before it is handed out.
_EACH = 16
_LEAST_BYTES = 1 << 17


@dataclass(frozen=True, slots=True)
class Shard:
    """Whole inputs, ``first`` being the number of the first of them in the run; or one part of one input.

    ``stamp`` is that of a divided input when its first part was handed out. ``trouble`` says that
    an input cannot be divided further, so that it fails.
    """

    first: int
    tasks: tuple[Task, ...]
    size: int
    part: Part | None = None
    _: KW_ONLY
    is_last: bool = True
    stamp: Stamp | None = None
    trouble: Trouble | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """How far a run is: inputs before ``task`` are done, and of that one all up to ``part``."""

    task: int = 0
    part: Part | None = None
    stamp: Stamp | None = None


def shard_bytes(tasks: Iterable[Task], jobs: int) -> int:
    """How large the shards of a run are. What one worker does in a second or less stays one shard.

    >>> shard_bytes([], 2)
    1048576
    """
    enough, total = SHARD_BYTES * _EACH * jobs, 0
    for task in tasks:
        total += size_of(task)
        if total >= enough:
            return SHARD_BYTES
    return SHARD_BYTES if total <= SHARD_BYTES or jobs == 1 else max(total // (_EACH * jobs), _LEAST_BYTES)


def shards(
    tasks: Sequence[Task], reading: Reading, size: int = SHARD_BYTES, *, start: Place | None = None
) -> Iterator[Shard]:
    """The shards of a run, in order; from ``start`` on the same as those of a run that began at the first input."""
    at = start or Place()
    number, few, held = at.task, list[Task](), 0
    for number in range(at.task, len(tasks)):
        task = tasks[number]
        stamp = Stamp.if_any(task)
        length = stamp.size if stamp else 0
        if few and (held + length > size or len(few) == _MOST_FILES):
            yield Shard(number - len(few), tuple(few), held)
            few, held = [], 0
        if length > size and is_divisible(task.kind, task.written):
            yield from _parts(number, task, reading, size, at if number == at.task else Place(number, None, stamp))
        else:
            few.append(task)
            held += length
    if few:
        yield Shard(len(tasks) - len(few), tuple(few), held)


def _length(task: Task, part: Part) -> int:
    """Bytes of a part; row groups of Parquet count as nothing, for what they take is known only unpacked."""
    return 0 if task.kind.format == "parquet" else part.end - part.begin


def _parts(number: int, task: Task, reading: Reading, size: int, start: Place) -> Iterator[Shard]:
    """The parts of one input; each is handed out when it is known whether another follows."""
    stamp = start.stamp or Stamp.if_any(task)
    share = max(size, 1)
    waiting: Part | None = None
    try:
        with opened(task) as stream:
            for part in parts_of(stream, task.kind, plain_reading(reading), share, after=start.part):
                if waiting is not None:
                    yield Shard(number, (task,), _length(task, waiting), waiting, is_last=False, stamp=stamp)
                waiting = part
    except (OSError, RecordError) as error:
        yield Shard(number, (task,), 0, waiting, trouble=trouble_of(task, error))
        return
    if waiting is not None:
        yield Shard(number, (task,), _length(task, waiting), waiting, stamp=stamp)
    elif start.part is None:
        yield Shard(number, (task,), 0)
