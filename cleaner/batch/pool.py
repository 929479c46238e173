"""Shards to workers, and what they made back, in the order of the shards."""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from itertools import chain, islice
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait

from cleaner.batch.report import Report, Trouble
from cleaner.batch.shards import Shard
from cleaner.batch.work import Done, Made, Work

# So many shards for each worker may be done or under way before the first of them is taken up: then one
# that takes long keeps nobody waiting for a while, and what is on disk between is bounded.
_AHEAD = 8
# A worker that is killed may have been in somebody's way; one that is killed again, with nothing beside
# it, has an input that it cannot bear.
_TRIES = 2
_KILLED = "the process that cleaned it was killed, and again when it was alone: it may need more memory than there is"


def in_order(work: Work, shards: Iterator[Shard], jobs: int) -> Generator[tuple[Shard, Done], None, None]:
    """Each shard with what was made of it.

    A worker that is killed is replaced, and its shard done again; an input that kills every worker has failed.
    With one job, or where there is only one shard, everything is done in this process.
    """
    first = list(islice(shards, 2))
    if jobs == 1 or len(first) < 2:
        for shard in chain(first, shards):
            yield shard, work(shard)
        return
    pool = _Pool(work, jobs)
    try:
        yield from pool.run(chain(first, shards))
    finally:
        pool.close()


class _Pool:
    """Workers that can be started anew where one of them was killed."""

    def __init__(self, work: Work, jobs: int) -> None:
        self._work = work
        self._jobs = jobs
        self._waiting: deque[tuple[Shard, Future[Done] | None]] = deque()
        self._start(jobs)

    def _start(self, jobs: int) -> None:
        context = get_context("spawn")
        ours, self._lifeline = context.Pipe(duplex=False)
        self._executor = ProcessPoolExecutor(jobs, mp_context=context, initializer=_begin, initargs=(self._work, ours))
        self._ours = ours

    def close(self) -> None:
        """End the workers, whatever they are at."""
        self._lifeline.close()
        self._ours.close()
        self._executor.shutdown(wait=True, cancel_futures=True)

    def run(self, shards: Iterator[Shard]) -> Iterator[tuple[Shard, Done]]:
        """Keep all workers busy, and hand out what they made in order."""
        for shard in shards:
            self._waiting.append((shard, self._submit(shard)))
            if len(self._waiting) >= self._jobs * _AHEAD:
                yield self._next()
        while self._waiting:
            yield self._next()

    def _submit(self, shard: Shard) -> Future[Done] | None:
        """Standard input is read in this process, where it is."""
        if any(task.source is None for task in shard.tasks):
            return None
        try:
            return self._executor.submit(_do, shard)
        except BrokenProcessPool as error:
            broken: Future[Done] = Future()
            broken.set_exception(error)
            return broken

    def _next(self) -> tuple[Shard, Done]:
        shard, future = self._waiting.popleft()
        try:
            return shard, (self._work(shard) if future is None else future.result())
        except BrokenProcessPool:
            return shard, self._again(shard)

    def _again(self, shard: Shard) -> Done:
        """What a shard comes to with nothing beside it, after a worker was killed; then all go on together."""
        done = self._alone(shard)
        if done is None and len(shard.tasks) > 1:
            done = _joined([self._alone(one) or lost(one) for one in _singly(shard)])
        self.close()
        self._start(self._jobs)
        # What was done before the kill need not be done again.
        self._waiting = deque(
            (one, future if future is None or _is_good(future) else self._submit(one)) for one, future in self._waiting
        )
        return done or lost(shard)

    def _alone(self, shard: Shard) -> Done | None:
        for _ in range(_TRIES):
            self.close()
            self._start(1)
            with suppress(BrokenProcessPool):
                return self._executor.submit(_do, shard).result()
        return None


def lost(shard: Shard) -> Done:
    """What is told of inputs that nobody can clean."""
    return Done(tuple(Made(task, Report(), failed=Trouble(task.shown, 0, _KILLED)) for task in shard.tasks))


def _singly(shard: Shard) -> Iterator[Shard]:
    for number, task in enumerate(shard.tasks):
        yield Shard(shard.first + number, (task,), shard.size)


def _joined(parts: Iterable[Done]) -> Done:
    parts = list(parts)
    return Done(
        tuple(made for part in parts for made in part.made),
        tuple(path for part in parts for path in part.audit),
        tuple(path for part in parts for path in part.failures),
    )


def _is_good(future: Future[Done]) -> bool:
    return future.done() and not future.cancelled() and not isinstance(future.exception(), BrokenProcessPool)


_work: Callable[[Shard], Done]


def _begin(work: Work, lifeline: Connection) -> None:
    """Make a process a worker: it has its rules, leaves Ctrl-C to the run, and ends with it."""
    global _work  # noqa: PLW0603 - what a process is for
    _work = work
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(lifeline,), daemon=True).start()


def _end_with(lifeline: Connection) -> None:
    """End the process when the other end of the line is closed, or its process is no more."""
    with suppress(OSError):
        wait([lifeline])
    os._exit(1)


def _do(shard: Shard) -> Done:
    return _work(shard)
