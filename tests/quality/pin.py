"""Measure anew, and raise the floors to what is reached.

``python -m tests.quality.pin [--lower] [TASK...]``, from the root of the project. A figure that
has become worse is refused, and nothing is written; ``--lower`` accepts it: say why in the commit.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tests.quality.floors import (
    BENCH,
    FILES,
    FLOORS,
    TASKS,
    Floors,
    broken,
    data,
    digest,
    measured,
    reached,
    read_floors,
    written,
)


def main(arguments: list[str], *, bench: Path = BENCH, floors: Path = FLOORS) -> int:
    """Measure the named tasks, or all; returns the exit code."""
    options = _options(arguments)
    if missing := [path for path in (data(name, bench) for name in FILES) if not path.is_file()]:
        return _refused(f"no labelled pages: {missing[0]}")
    before = read_floors(floors) if floors.exists() else Floors({}, {})
    digests = {name: digest(data(name, bench)) for name in FILES}
    if before.sha256 not in ({}, digests) and (options.tasks or not options.lower):
        return _refused("the labelled pages are others than those of the floors: measure all tasks with --lower")
    pinned, worse = _pinned(before, options.tasks or list(TASKS), bench)
    if worse and not options.lower:
        return _refused("worse than before, nothing written; --lower accepts it:\n  " + "\n  ".join(worse))
    floors.write_text(written(Floors(digests, pinned)), encoding="utf-8")
    return 0


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.quality.pin", description="Raise the floors to what is reached."
    )
    parser.add_argument("tasks", nargs="*", metavar="TASK", help=f"one of {', '.join(TASKS)}; all without one")
    parser.add_argument("--lower", action="store_true", help="accept figures that have become worse")
    options = parser.parse_args(arguments)
    if unknown := set(options.tasks) - set(TASKS):
        parser.error(f"no such task: {', '.join(sorted(unknown))}")
    return options


def _pinned(before: Floors, tasks: list[str], bench: Path) -> tuple[dict[tuple[str, str], dict[str, float]], list[str]]:
    """The new bounds, those of other tasks as they were, and what is worse than before."""
    pinned = {place: dict(bounds) for place, bounds in before.bounds.items()}
    worse = []
    for task_name in tasks:
        for name in TASKS[task_name].files:
            place, task = (task_name, name), TASKS[task_name]
            score = measured(task, data(name, bench))
            worse += [f"{task_name} {name}: {problem}" for problem in broken(pinned.get(place, {}), score)]
            pinned[place] = reached(task, score)
            sys.stdout.write(f"{task_name} {name}: {pinned[place]}\n")
    return {place: pinned[place] for task in TASKS for name in FILES if (place := (task, name)) in pinned}, worse


def _refused(problem: str) -> int:
    sys.stderr.write(problem + "\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
