"""Long runs of the command over small documents: memory that does not grow, and what a second worker brings.

``python tests/benchmarks/soak.py [--jobs N] [--rounds N] [PART...]``, where the parts are

- ``soak``: JSON lines of 10,000, 100,000 and 1,000,000 documents (``--documents`` names others), in the shipped rules,
  with an audit: documents a second, and the most memory that the run and its workers held. Each record of the
  output is compared with what it must be. Ends with 1 where the largest took 32 MiB more than the smallest.
- ``jobs``: the same files with one process and with two, in turns, of 10,000 and of 100,000 documents: the ratio
  of their times by the clock on the wall for the larger, and for what it has more than the smaller, which is
  without what it costs to start; and what the processors worked. On a machine with something else to do, times
  by the wall say little.
- ``overhead``: which share of the processor's time cleaning itself takes in one process, beside the same texts
  cleaned in memory: what reading, splicing, guarding, the audit and the notes of the run cost.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

PARTS = ("soak", "jobs", "overhead")
DOCUMENTS = (10_000, 100_000, 1_000_000)
JOBS_DOCUMENTS = (10_000, 100_000)
MOST_MORE = 32 << 10
# Of the first many; the same in all runs, so that their ends alone differ.
PLACES = ("quay", "harbour", "lighthouse", "market", "slipway", "boatyard", "pier")


@dataclass(frozen=True)
class Run:
    """What a run of the command took: seconds by the wall and of processors, and KiB of its largest processes."""

    seconds: float
    worked: float
    peak: int
    worker_peak: int


def texts(number: int) -> Iterator[tuple[str, str]]:
    """Small articles, each with what cleaning leaves of it; every second has chrome."""
    for at in range(number):
        place = PLACES[at % len(PLACES)]
        story = (
            f"Ferry number {at} was late again, and nobody at the {place} could say for how long it would be so.\n"
            f"The harbour master counted {at % 97} passengers who waited there in the rain until the evening.\n"
        )
        yield (story + "Advertisement\n" if at % 2 else story), story


def make(path: Path, number: int) -> Path:
    """A file of so many documents."""
    with path.open("w") as sink:
        sink.writelines(json.dumps({"id": at, "text": text}) + "\n" for at, (text, _) in enumerate(texts(number)))
    return path


def run(corpus: Path, out: Path, jobs: int) -> Run:
    """Clean a file by the command."""
    began, worked = time.perf_counter(), _worked()
    command = [sys.executable, "-m", "cleaner", "clean", str(corpus), "-o", str(out), "--jobs", str(jobs)]
    process = subprocess.Popen([*command, "--audit", str(out) + ".audit"], stdout=subprocess.DEVNULL)
    peak, worker_peak = 0, 0
    while process.poll() is None:
        peak = max(peak, _peak(process.pid))
        worker_peak = max([worker_peak, *map(_peak, _children(process.pid))])
        time.sleep(0.1)
    if process.returncode:
        raise SystemExit(f"the run ended with {process.returncode}")
    return Run(time.perf_counter() - began, _worked() - worked, peak, worker_peak)


def _worked() -> float:
    times = os.times()
    return times.children_user + times.children_system


def _children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _peak(pid: int) -> int:
    """The most memory that a process held so far, in KiB; 0 where that cannot be known."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM")), 0)


def check(out: Path, number: int) -> None:
    """Every record is in the output once, in its place, cleaned."""
    with out.open() as lines:
        for at, (line, made) in enumerate(zip_longest(lines, texts(number))):
            wanted = made and json.dumps({"id": at, "text": made[1]}) + "\n"
            if line != wanted:
                raise SystemExit(f"record {at} is {line!r}, not {wanted!r}")


def soak(folder: Path, counts: Sequence[int], jobs: int) -> None:
    """Runs over ever more documents."""
    peaks = []
    for number in counts:
        corpus = make(folder / f"{number}.jsonl", number)
        took = run(corpus, folder / "out.jsonl", jobs)
        check(folder / "out.jsonl", number)
        peaks.append((took.peak, took.worker_peak))
        say(
            f"{number:9,} documents, {corpus.stat().st_size / 1e6:5.0f} MB: {number / took.seconds:6,.0f}/s with "
            f"{jobs} jobs, at most {took.peak / 1024:.0f} MiB, each worker {took.worker_peak / 1024:.0f} MiB"
        )
        corpus.unlink()
    more = max(last - first for first, last in zip(peaks[0], peaks[-1], strict=True))
    say(f"the largest took {more / 1024:.0f} MiB more than the smallest")
    if more > MOST_MORE:
        raise SystemExit("memory grows with the number of documents")


def jobs_against_one(folder: Path, rounds: int) -> None:
    """One process and two, on few documents and on many."""
    files = {number: make(folder / f"jobs-{number}.jsonl", number) for number in JOBS_DOCUMENTS}
    took: dict[tuple[int, int], list[Run]] = {(number, jobs): [] for number in files for jobs in (1, 2)}
    for _ in range(rounds):
        for (number, jobs), runs in took.items():
            runs.append(run(files[number], folder / "out.jsonl", jobs))
    seconds = {which: statistics.median(one.seconds for one in runs) for which, runs in took.items()}
    for number in files:
        one, two = seconds[number, 1], seconds[number, 2]
        say(f"{number:9,} documents: {one:.1f} s with one process, {two:.1f} s with two: {one / two:.2f} times as fast")
    few, many = JOBS_DOCUMENTS
    rates = {jobs: (seconds[many, jobs] - seconds[few, jobs]) / (many - few) for jobs in (1, 2)}
    starts = {jobs: seconds[few, jobs] - rates[jobs] * few for jobs in (1, 2)}
    say(
        f"to start takes {starts[1]:.1f} s with one and {starts[2]:.1f} s with two; without it: {rates[1] / rates[2]:.2f}"
    )
    worked = [statistics.median(one.worked for one in took[many, jobs]) for jobs in (1, 2)]
    say(f"with two the processors worked {worked[1] / worked[0]:.2f} times as much")
    say(f"(load of the machine while it ran: {os.getloadavg()[0]:.1f} on {os.cpu_count() or 1} processors)")


def overhead(folder: Path, rounds: int) -> None:
    """The command in one process, beside the cleaning of its texts."""
    number = 20_000
    corpus = make(folder / "overhead.jsonl", number)
    code = (
        "import json, sys, time; from cleaner import Cleaner; c = Cleaner(); c.clean('x'); "
        "texts = [json.loads(line)['text'] for line in open(sys.argv[1])]; began = time.process_time(); "
        "[c.clean(text) for text in texts]; print(time.process_time() - began)"
    )
    shares = []
    for _ in range(rounds):
        done = subprocess.run([sys.executable, "-c", code, corpus], check=True, capture_output=True, text=True)
        whole = run(corpus, folder / "out.jsonl", 1).worked
        shares.append((float(done.stdout), whole))
    cleaning, whole = (statistics.median(column) for column in zip(*shares, strict=True))
    say(f"of {whole:.1f} s for {number:,} small documents, {cleaning:.1f} s are cleaning: {cleaning / whole:.0%}")


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    """Measure the parts that are asked for."""
    parser = argparse.ArgumentParser(description="Long runs, and runs of several processes.")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; all without one")
    parser.add_argument("--documents", type=int, nargs="+", default=DOCUMENTS)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    parts = asked.parts or PARTS
    with tempfile.TemporaryDirectory() as home:
        if "soak" in parts:
            soak(Path(home), asked.documents, asked.jobs)
        if "jobs" in parts:
            jobs_against_one(Path(home), asked.rounds)
        if "overhead" in parts:
            overhead(Path(home), asked.rounds)


if __name__ == "__main__":
    main()
