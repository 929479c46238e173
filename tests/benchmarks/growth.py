"""Time against length, for texts of every shape and for hostile ones: the exponent should be about 1.

Prints, for each shape, the time at three lengths (the least of three runs) and the exponent
between the last two: ``python tests/benchmarks/growth.py [SHAPE...]``. ``long body`` is asked for by
name: paragraphs that all differ, from 10 kB to 100 MB. Nothing here asserts; a shared machine makes
single figures worth little.
"""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable

from cleaner import Cleaner

LENGTHS = (25_000, 100_000, 400_000)
LONG_LENGTHS = (10_000, 100_000, 1_000_000, 10_000_000, 100_000_000)
LONG = "long body"
PROSE = "The ferry between the two islands is back in service after a winter of repairs and storms.\n"


def _repeated(piece: str, before: str = "", after: str = "") -> Callable[[int], str]:
    return lambda length: before + piece * (length // len(piece)) + after


SHAPES: dict[str, Callable[[int], str]] = {
    "body": _repeated(PROSE),
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


def main(names: list[str]) -> None:
    """Print a table of times and exponents."""
    cleaner = Cleaner("aggressive")
    cleaner.clean(PROSE + "Similar News\n")
    sys.stdout.write(f"{'shape':26}" + "".join(f"{length:>12,}" for length in LENGTHS) + "   exponent\n")
    if LONG in names:
        _print_long(cleaner)
    for name, make in SHAPES.items():
        if not names or name in names:
            times = [_least(cleaner, make(length)) for length in LENGTHS]
            exponent = math.log(times[-1] / times[-2]) / math.log(LENGTHS[-1] / LENGTHS[-2])
            cells = "".join(f"{seconds * 1000:10.1f}ms" for seconds in times)
            sys.stdout.write(f"{name:26}{cells}   {exponent:.2f}\n")


def _long_body(length: int) -> str:
    return "".join(f"{number}: {PROSE}" for number in range(length // len(PROSE)))


def _print_long(cleaner: Cleaner) -> None:
    """The same for a body that is read once: the exponent is that over each tenfold length."""
    before = 0.0
    for length in LONG_LENGTHS:
        text = _long_body(length)
        began = time.process_time()
        cleaner.clean(text)
        taken = time.process_time() - began
        exponent = f"{math.log10(taken / before):.2f}" if before else ""
        sys.stdout.write(f"{LONG:26}{length:12,}{taken * 1000:10.1f}ms   {exponent}\n")
        sys.stdout.flush()
        before = taken


def _least(cleaner: Cleaner, text: str) -> float:
    seconds = []
    for _ in range(3):
        began = time.process_time()
        cleaner.clean(text)
        seconds.append(time.process_time() - began)
    return min(seconds)


if __name__ == "__main__":
    main(sys.argv[1:])
