"""Time against length, for texts of every shape and for hostile ones: the exponent should be about 1.

``python tests/benchmarks/growth.py [--long] [SHAPE...]`` prints, for each shape, the time at three lengths (the
least of three runs) and the exponent between the last two. With ``--long`` the lengths are 10 kB to 100 MB, each
ten times the one before, with an exponent for each step, and ``!`` behind the last where one of the steps from
1 MB on has 1.1 or more. A length that would take longer than ``--most`` seconds, ten times what the one before
took, is left out. Between 1 and 50 MB a step may have up to 1.15, where all that a text needs no longer fits
into memory that is there and warm (page faults take 5 to 12 ns a character); beyond, and in what Python does by
a profile, it is 1. Nothing here asserts; a shared machine makes single figures worth little.
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from collections.abc import Callable, Iterator

from cleaner import Cleaner

LENGTHS = (25_000, 100_000, 400_000)
LONG_LENGTHS = (10_000, 100_000, 1_000_000, 10_000_000, 100_000_000)
TOO_STEEP, STEEP_FROM = 1.1, 1_000_000
PROSE = "The ferry between the two islands is back in service after a winter of repairs and storms.\n"


def _repeated(piece: str, before: str = "", after: str = "") -> Callable[[int], str]:
    return lambda length: before + piece * (length // len(piece)) + after


def _differing(length: int) -> str:
    return "".join(f"{number}: {PROSE}" for number in range(length // len(PROSE)))


SHAPES: dict[str, Callable[[int], str]] = {
    "body": _repeated(PROSE),
    "body that differs": _differing,
    "chrome only": _repeated("Similar News\nAdvertisement\nShare on Facebook\n"),
    "body and chrome": _repeated(PROSE + "Similar News\nA headline of another article\nAdvertisement\n"),
    "headings without end": _repeated("## Similar News\n- an item\n", PROSE * 3, PROSE * 3),
    "headlines behind prose": _repeated("Five Words Make One Headline Here\n", PROSE * 5),
    "bylines": _repeated("By Anna Kowalczyk\n", "", PROSE),
    "short lines": _repeated("ab cd\n"),
    "lower case lines": _repeated("goes on in lower case without any end of the sentence\n"),
    "blank lines": _repeated("\n"),
    "one line of words": _repeated("a "),
    "one line of tokens": _repeated("(turn0search1) "),
    "one line of broken tokens": _repeated("(turn0search1 "),
    "one line of quoted tokens": _repeated('" (turn0search1)'),
    "one line of keywords": _repeated("advertisement "),
    "nested brackets": _repeated("["),
    "broken links": _repeated("[]("),
    "backticks": _repeated("` `` ``` "),
    "stars": _repeated("**a"),
    "quote marks": _repeated("> "),
    "fences": _repeated("```\n"),
    "comments": _repeated("<!-- x --> "),
    "wide characters": _repeated("Ünïcödé — “zitat” Straße\u00a0x "),
}


def main() -> None:
    """Print a table of times and exponents."""
    parser = argparse.ArgumentParser(description="Time against length.")
    parser.add_argument("shapes", nargs="*", metavar="SHAPE", help=f"of: {'; '.join(SHAPES)}")
    parser.add_argument("--long", action="store_true", help="from 10 kB to 100 MB")
    parser.add_argument("--most", type=float, default=60, metavar="SECONDS", help="for one text (%(default)s)")
    asked = parser.parse_args()
    lengths = LONG_LENGTHS if asked.long else LENGTHS
    cleaner = Cleaner("aggressive")
    cleaner.clean(PROSE + "Similar News\n")
    say(f"{'shape':26}" + "".join(f"{length:>12,}" for length in lengths) + "   exponents")
    for name in asked.shapes or SHAPES:
        times = list[float]()
        sys.stdout.write(f"{name:26}")
        for at, length in enumerate(lengths):
            if at and times[-1] * length / lengths[at - 1] > asked.most:
                say(f"{'-':>12}" * (len(lengths) - at), end="")
                break
            times.append(_least(cleaner, SHAPES[name](length), 3 if length < LONG_LENGTHS[-2] else 1))
            say(f"{times[-1] * 1000:10.1f}ms", end="")
        steps = list(_exponents(lengths, times))
        shown = steps if asked.long else steps[-1:]
        steep = any(step >= TOO_STEEP for step, length in zip(steps, lengths, strict=False) if length >= STEEP_FROM)
        say("   " + " ".join(f"{step:.2f}" for step in shown) + (" !" if steep else ""))


def say(line: str, end: str = "\n") -> None:
    """Print at once."""
    sys.stdout.write(line + end)
    sys.stdout.flush()


def _exponents(lengths: tuple[int, ...], times: list[float]) -> Iterator[float]:
    for at in range(1, len(times)):
        yield math.log(times[at] / times[at - 1]) / math.log(lengths[at] / lengths[at - 1])


def _least(cleaner: Cleaner, text: str, runs: int) -> float:
    seconds = []
    for _ in range(runs):
        began = time.process_time()
        cleaner.clean(text)
        seconds.append(time.process_time() - began)
    return min(seconds)


if __name__ == "__main__":
    main()
