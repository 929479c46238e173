"""Learning large crawls: time per document, memory, and reading what was learned.

    python tests/benchmarks/learn.py [DOCUMENTS...]

Makes crawls of 40 lines a document on 1,000 sites (100,000 and 1,000,000 documents if none are named,
about 2 kB each), learns each by the command, and prints the seconds, microseconds per document and the most
memory that the process held. Then times the reading of a rule file with 100,000 lines and a lookup in it.
The last figure of each column is the ratio to the first: time per document must not grow.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

SITES = 1_000
WORDS = [
    f"{a}{b}"
    for a in ("ba", "be", "bi", "bo", "da", "de", "di", "do", "la", "le", "li", "lo")
    for b in ("ker", "ton", "mil", "ra")
]


def documents(number: int) -> Iterator[dict[str, str]]:
    """Pages with a menu and a foot of their site, teasers that many pages share, and a story of their own."""
    for at in range(number):
        rng = random.Random(at)
        site = at % SITES
        menu = [f"{words(random.Random(site * 50 + k), 2)}".title() for k in range(8)]
        foot = [f"About {words(random.Random(site * 50 + 20 + k), 3)}" for k in range(8)]
        teasers = [words(random.Random(site * 10_000 + rng.randrange(300)), 7).capitalize() for _ in range(12)]
        body = [words(rng, rng.randint(15, 25)).capitalize() + "." for _ in range(12)]
        yield {"site": f"site-{site}.example", "text": "\n".join([*menu, *body, *teasers, *foot]) + "\n"}


def words(rng: random.Random, number: int) -> str:
    """So many made-up words."""
    return " ".join(rng.choices(WORDS, k=number))


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def learned(folder: Path, number: int) -> tuple[float, float]:
    """Seconds and megabytes that learning so many documents took."""
    corpus = folder / "corpus.jsonl"
    with corpus.open("w") as sink:
        for document in documents(number):
            sink.write(json.dumps(document) + "\n")
    say(f"{number:,} documents, {corpus.stat().st_size / 1e6:,.0f} MB")
    command = [sys.executable, "-m", "cleaner", "learn", str(corpus), "-o", str(folder / "learned.toml")]
    started = time.perf_counter()
    process = subprocess.Popen([*command, "--site-field", "site"])
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"learning failed: {status}")
    return time.perf_counter() - started, usage.ru_maxrss / 1024


def reading(folder: Path, lines: int = 100_000) -> None:
    """Print what it takes to read so many learned lines, and to look up one text."""
    sites = [f"site-{n}.example" for n in range(SITES)]
    rules = folder / "many.toml"
    with rules.open("w") as sink:
        sink.write("format = 1\n")
        for at, site in enumerate(sites):
            listed = "".join(
                f'  "{words(random.Random(at * 1_000 + k), 5)} {k}x",  # 9 of 10, tail\n' for k in range(lines // SITES)
            )
            sink.write(
                f'\n[[rule]]\nid = "repeats-of-site-{at}"\nkind = "repeat"\ncategory = "repeats"\nlevel = "safe"\n'
                f'why = "Comes back."\nsite = "{site}"\nlines = [\n{listed}]\nremove = ["x"]\n'
            )
    from cleaner import Cleaner

    started = time.perf_counter()
    cleaner = Cleaner(rules)
    read = time.perf_counter() - started
    text = next(documents(1))["text"]
    seconds = []
    for _ in range(200):
        started = time.perf_counter()
        cleaner.clean(text, site=sites[0])
        seconds.append(time.perf_counter() - started)
    say(f"{lines:,} learned lines: read in {read:.2f} s; a text of their site in {min(seconds) * 1e6:,.0f} us")


def main() -> None:
    """Run all of it."""
    numbers = [int(arg) for arg in sys.argv[1:]] or [100_000, 1_000_000]
    rows = []
    for number in numbers:
        with tempfile.TemporaryDirectory() as folder:
            seconds, megabytes = learned(Path(folder), number)
        rows.append((number, seconds, seconds / number * 1e6, megabytes))
    say(f"{'documents':>12} {'seconds':>9} {'us each':>9} {'MB':>7}")
    for row in rows:
        say(f"{row[0]:>12,} {row[1]:>9.1f} {row[2]:>9.0f} {row[3]:>7.0f}")
    say(f"{'ratio':>12} {'':>9} {rows[-1][2] / rows[0][2]:>9.2f} {rows[-1][3] / rows[0][3]:>7.2f}")
    with tempfile.TemporaryDirectory() as folder:
        reading(Path(folder))


if __name__ == "__main__":
    main()
