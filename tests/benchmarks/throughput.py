"""How fast the cleaner is beside others, on one core: ratios that were measured side by side in one run.

``python tests/benchmarks/throughput.py [--bench DIR] [--every N] [--rounds N] [PART...]``, where the parts are

- ``others``: the shipped rules at ``standard``, with guard, against datatrove's ``C4QualityFilter`` (the filter
  without its tokenizer, which would be most of its time), the bare automaton scan of the folded text, and every
  rule on every line (on a few documents of all lengths, for it takes minutes). Needs the extra ``bench``.
- ``rules``: 500, 5,000 and 50,000 rules made from a fixed seed: time to load, time to clean.
- ``cold``: the command ``cleaner check`` of one small file beside ``python -c "import typer, regex"``.

Texts are the fields ``extracted`` and ``fulltext`` of labelled pages, ``../shared/bench/*.jsonl.gz``; what needs
them is left out, and says so, where they are not there. The contestants take turns within a round, and the
figure is the median over the rounds of the ratio within one. Times are those of the processor, so that what
else the machine does neither counts nor stops the clock.
Nothing here asserts.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from cleaner import Cleaner
from cleaner.engine import Engine
from cleaner.match import KeywordIndex, every_hit
from cleaner.text import fold

BENCH = Path(__file__).parents[2].parent / "shared" / "bench"
FIELDS = ("extracted", "fulltext")
PARTS = ("others", "rules", "cold")
SEED = 20260501
EVERY_RULE_DOCUMENTS = 12

Run = Callable[[], object]


def documents(folder: Path, field: str, every: int) -> list[str]:
    """One in so many of the texts."""
    texts = []
    for file in sorted(folder.glob("*.jsonl.gz")):
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            texts += [json.loads(line)[field] or "" for number, line in enumerate(lines) if number % every == 0]
    return texts


def seconds(run: Run) -> float:
    """How long a processor works for one run, in this process and in those it waits for."""
    began = _spent()
    run()
    return _spent() - began


def _spent() -> float:
    times = os.times()
    return time.process_time() + times.children_user + times.children_system


def rounds(runs: dict[str, Run], count: int) -> dict[str, list[float]]:
    """The times of contestants that take turns, each round in another order."""
    times: dict[str, list[float]] = {name: [] for name in runs}
    order = list(runs)
    for run in runs.values():
        run()
    for _ in range(count):
        order.append(order.pop(0))
        for name in order:
            times[name].append(seconds(runs[name]))
    return times


def ratio(of: Sequence[float], to: Sequence[float]) -> float:
    """How many times as fast ``of`` is as ``to``: the median over the rounds."""
    return statistics.median(b / a for a, b in zip(of, to, strict=True))


def say(text: str) -> None:
    """Print a line at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def c4_filter(texts: Sequence[str]) -> Run | None:
    """datatrove's filter; without the count of sentences, which alone needs its tokenizer and a download."""
    try:
        from datatrove.data import Document
        from datatrove.pipeline.filters.c4_filters import C4QualityFilter
    except ImportError:
        return None
    c4 = C4QualityFilter(min_num_sentences=-1)
    return lambda: [c4.filter(Document(text=text, id="")) for text in texts]


def against_others(folder: Path, every: int, count: int) -> None:
    """The shipped rules against the others."""
    cleaner = Cleaner()
    rules = cleaner.rule_set.rules
    scan = KeywordIndex(rules).scan_only
    for field in FIELDS:
        texts = documents(folder, field, every)
        size = sum(len(text.encode()) for text in texts)
        runs: dict[str, Run] = {
            "cleaner": lambda texts=texts: [cleaner.clean(text) for text in texts],
            "bare scan": lambda texts=texts: [scan(fold(text)) for text in texts],
        }
        c4 = c4_filter(texts)
        if c4 is None:
            say("datatrove is not installed: left out (pip install 'article-cleaner[bench]')")
        else:
            runs["C4QualityFilter"] = c4
        times = rounds(runs, count)
        say(f"{field}: {len(texts)} texts, {size / 1e6:.1f} MB, {len(rules)} rules")
        for name, taken in times.items():
            beside = "" if name == "cleaner" else f"   cleaner is {ratio(times['cleaner'], taken):8.3f} times as fast"
            say(f"  {name:22}{size / statistics.median(taken) / 1e6:9.2f} MB/s{beside}")
        _against_every_rule(cleaner, texts)


def _against_every_rule(cleaner: Cleaner, texts: Sequence[str]) -> None:
    rules = cleaner.rule_set.rules
    slow = Engine(rules, hits=lambda text: every_hit(rules, text))
    by_length = sorted(filter(None, texts), key=len)
    # From the middle of each of so many equal parts, the shortest texts first: long ones as often as they are.
    sample = [
        by_length[(2 * n + 1) * len(by_length) // (2 * EVERY_RULE_DOCUMENTS)] for n in range(EVERY_RULE_DOCUMENTS)
    ]
    runs: dict[str, Run] = {
        "cleaner": lambda: [cleaner.clean(text) for text in sample],
        "every": lambda: [slow.settle(text) for text in sample],
    }
    times = rounds(runs, 1)
    faster = ratio(times["cleaner"], times["every"])
    say(f"  {'every rule, every line':22}{'':15}cleaner is {faster:8.1f} times as fast ({len(sample)} texts)")


_VERBS = ("read", "share", "follow", "see", "watch", "get", "join", "visit", "print", "rate", "save", "tell")
_COMMON = ("read more", "sign up", "all rights", "photo by", "click here", "see also", "share this", "follow us")
_SYLLABLES = ("ba", "cor", "den", "fil", "gra", "hum", "jol", "kas", "lem", "mor", "nip", "osk", "pel", "ras", "tun")


def made_rules(count: int) -> str:
    """A rule file of so many rules for lines, always the same; one in a hundred has a keyword that texts hold."""
    rng = random.Random(SEED)
    rules = ["format = 1\n"]
    for number in range(count):
        name = "".join(rng.choices(_SYLLABLES, k=4))
        phrase = f"{rng.choice(_VERBS)} {name}"
        keyword = rng.choice(_COMMON) if number % 100 == 0 else phrase
        removed = f"{keyword} {name}" if number % 100 == 0 else phrase
        rules.append(
            f'[[rule]]\nid = "made-{number}"\nkind = "line"\ncategory = "prompts"\nlevel = "standard"\n'
            f"why = \"Made for measuring.\"\npattern = '(?:please )?{removed}(?: (?:today|now|here))?'\n"
            f'keywords = ["{keyword}"]\nremove = ["{removed}"]\nkeep = ["{removed} is what they said"]\n'
        )
    return "\n".join(rules)


def by_rules(folder: Path, every: int, count: int) -> None:
    """How throughput and the time to load go with the number of rules."""
    texts = [text for field in FIELDS for text in documents(folder, field, every)]
    size = sum(len(text.encode()) for text in texts)
    runs: dict[str, Run] = {}
    for number in (500, 5_000, 50_000):
        with tempfile.TemporaryDirectory() as home:
            file = Path(home, "made.toml")
            file.write_text(made_rules(number), encoding="utf-8")
            made: list[Cleaner] = []
            loading = seconds(lambda file=file, made=made: made.append(Cleaner(file)))
            building = seconds(lambda made=made: made[0].clean("The ferry is back.\n"))
        say(f"{number:6,} rules: read and checked in {loading:.2f} s, ready after {building:.2f} s more")
        runs[f"{number:,}"] = lambda cleaner=made[0]: [cleaner.clean(text) for text in texts]
    times = rounds(runs, count)
    for name, taken in times.items():
        slower = ratio(times["500"], taken)
        say(f"{name:>6} rules: {size / statistics.median(taken) / 1e6:6.2f} MB/s, {slower:.2f} times as long as 500")


def cold(count: int) -> None:
    """The command on one small file, from its start to its end."""
    with tempfile.TemporaryDirectory() as home:
        file = Path(home, "small.txt")
        file.write_text("The ferry is back in service after a winter of repairs.\nSimilar News\n", encoding="utf-8")
        commands: dict[str, Sequence[Any]] = {
            "import typer, regex": (sys.executable, "-c", "import typer, regex"),
            "cleaner check": (sys.executable, "-m", "cleaner", "check", file),
        }
        # As installed: with byte code written once, whatever the shell asks of its own Python.
        plain = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        plain["PYTHONPYCACHEPREFIX"] = str(Path(home, "bytecode"))
        runs = {
            name: lambda command=command: subprocess.run(command, check=False, capture_output=True, env=plain)
            for name, command in commands.items()
        }
        times = rounds(runs, count)
    for name, taken in times.items():
        say(f"{name:22}{statistics.median(taken) * 1000:9.0f} ms")
    say(f"a cold check takes {ratio(times['import typer, regex'], times['cleaner check']):.2f} times as long")


def main() -> None:
    """Measure the parts that are asked for."""
    parser = argparse.ArgumentParser(description="Ratios of throughput, measured side by side.")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; all without one")
    parser.add_argument("--bench", type=Path, default=BENCH)
    parser.add_argument("--every", type=int, default=4, help="take one in so many of the texts")
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    parts = asked.parts or PARTS
    is_there = any(asked.bench.glob("*.jsonl.gz"))
    for part, measure in (("others", against_others), ("rules", by_rules)):
        if part in parts and is_there:
            measure(asked.bench, asked.every, asked.rounds)
        elif part in parts:
            say(f"{part}: no texts in {asked.bench}, left out")
    if "cold" in parts:
        cold(2 * asked.rounds)


if __name__ == "__main__":
    main()
