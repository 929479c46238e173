"""Fit the weights of kind ``region`` to labelled pages: what evidence says that a line is the article's.

``python -m tests.quality.fit [--halves]``, from the root of the project; needs scikit-learn. A
logistic regression over the lines of all pages, each line with the root of its words; lines of
which it is unsure what they are do not count. What it prints goes into ``cleaner/kinds/region.py``,
rounded. ``--halves`` fits each half of the pages, cleans the other half with the weights and
prints what that came to: figures of pages that the weights do not know.
"""

from __future__ import annotations

import argparse
import hashlib
import math
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from cleaner import Cleaner
from cleaner.engine import Engine
from cleaner.evaluate import Fields, Page, evaluate, label_lines, read_labelled
from cleaner.kinds import region
from tests.quality.floors import BENCH, FIGURES, FILES, TASKS, data

NAMES = region.Standing._fields
TASK = TASKS["fulltext"]


@dataclass(frozen=True)
class Sample:
    """A line of a page: how it stands to the page's core, whether it is body, and how much it counts."""

    standing: tuple[float, ...]
    is_body: bool
    weight: float


@dataclass(frozen=True)
class Fitted:
    """What the regression came to."""

    bias: float
    weights: Mapping[str, float]


def main(arguments: list[str], *, bench: Path = BENCH) -> int:
    """Fit, and print the weights; returns the exit code."""
    options = _options(arguments)
    if missing := [path for path in (data(name, bench) for name in FILES) if not path.is_file()]:
        sys.stderr.write(f"no labelled pages: {missing[0]}\n")
        return 2
    pages = {name: list(read_labelled(data(name, bench), Fields(TASK.field))) for name in FILES}
    if options.halves:
        for half in (0, 1):
            _print_half(pages, half)
    else:
        fitted = fit([sample for name in FILES for sample in samples(pages[name])])
        _say(f"BIAS = {fitted.bias:.2f}")
        for name, weight in fitted.weights.items():
            _say(f'"{name}": {weight:.3g},')
    return 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.quality.fit", description=__doc__)
    parser.add_argument("--halves", action="store_true", help="judge weights by the pages that they do not know")
    return parser.parse_args(arguments)


def _print_half(pages: Mapping[str, Sequence[Page]], half: int) -> None:
    """Fit one half of the pages of each file, and print the figures of the other."""
    fitted = fit([sample for name in FILES for sample in samples(in_half(pages[name], half))])
    with mock.patch.multiple(region, BIAS=fitted.bias, WEIGHTS=fitted.weights):
        for name in FILES:
            score = evaluate(in_half(pages[name], 1 - half), Cleaner(TASK.rules))
            figures = (f"{figure} {FIGURES[figure].of(score):.3f}" for figure in TASK.figures)
            _say(f"half {1 - half} of {name}: {', '.join(figures)}")


def in_half(pages: Sequence[Page], half: int) -> list[Page]:
    """The pages of a half: told by a digest of the page's text, so that no order plays a part."""
    return [page for page in pages if hashlib.sha256(page.source.encode()).digest()[0] % 2 == half]


def samples(pages: Sequence[Page]) -> Iterator[Sample]:
    """The lines of pages that are surely body or chrome, as ``region`` finds them in a first look."""
    rules = Cleaner(TASK.rules).rule_set.rules
    engine = Engine(rules)
    menu = tuple(word for rule in rules if rule.kind == "region" for word in rule.fields.menu)
    for page in pages:
        yield from _samples(page, engine, region.folded_menu(menu))


def _samples(page: Page, engine: Engine, menu: frozenset[bytes]) -> Iterator[Sample]:
    labelled = {line.start: line for line in label_lines(page.source, page.gold, page.title)}
    look = engine.look_before("region", page.source)
    lines = region.page_lines(look, region.page_signs(look, menu))
    core = region.find_core(lines)
    if not core:
        return
    for line, standing in zip(lines, region.standings(lines, core), strict=True):
        known = labelled.get(look.lines.starts[line.number])
        if known and known.label != "unsure":
            values = tuple(float(getattr(standing, name)) for name in NAMES)
            yield Sample(values, known.label == "body", math.sqrt(len(known.words)))


def fit(lines: Sequence[Sample]) -> Fitted:
    """The weights under which the lines are what they are most likely."""
    numpy, linear = _libraries()
    values = numpy.array([line.standing for line in lines])
    mean, spread = values.mean(0), values.std(0) + 1e-9
    model = linear.LogisticRegression(max_iter=1000)
    model.fit((values - mean) / spread, [line.is_body for line in lines], [line.weight for line in lines])
    weights = model.coef_[0] / spread
    return Fitted(
        float(model.intercept_[0] - (weights * mean).sum()), dict(zip(NAMES, map(float, weights), strict=True))
    )


def _libraries() -> tuple[Any, Any]:
    """Imported when used: no other part of the project needs them."""
    try:
        import numpy
        from sklearn import linear_model
    except ImportError as error:
        raise SystemExit("needs scikit-learn: pip install scikit-learn") from error
    return numpy, linear_model


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
