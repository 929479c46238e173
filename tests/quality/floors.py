"""What the shipped rules have reached on labelled pages, and whether they still do.

``floors.toml`` holds a bound for each figure of each task and file, and the digests of the files
that it was measured on. The pages are other people's and no part of the project: they are looked
for beside the checkout, in ``../shared/bench``. The figures of task ``html`` depend on the version
of trafilatura, too.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from cleaner import Cleaner
from cleaner.evaluate import Fields, Page, Score, evaluate, read_labelled
from cleaner.learn import Counts, Document, count, learned_rules

FLOORS = Path(__file__).parent / "floors.toml"
BENCH = Path(__file__).parents[3] / "shared" / "bench"
FILES = ("news-en", "web", "news-multi")

Bounds = Mapping[str, float]


@dataclass(frozen=True)
class Figure:
    """A figure in percent, and the side on which its bound lies."""

    of: Callable[[Score], float]
    digits: str = "0.01"
    at_most: bool = False

    def bound(self, score: Score) -> float:
        """The tightest bound of so many digits that the score keeps."""
        rounding = ROUND_CEILING if self.at_most else ROUND_FLOOR
        return float(Decimal(self.of(score)).quantize(Decimal(self.digits), rounding))

    def keeps(self, score: Score, bound: float) -> bool:
        """Whether the score is within the bound; nothing is tolerated."""
        return self.of(score) <= bound if self.at_most else self.of(score) >= bound


FIGURES = {
    "chrome_removed_at_least": Figure(lambda score: 100 * score.chrome_removed),
    "body_lost_at_most": Figure(lambda score: 100 * score.body_lost, "0.001", at_most=True),
    "intact_at_least": Figure(lambda score: 100 * score.intact_pages),
    "f1_at_least": Figure(lambda score: 100 * score.f1_after),
}
LINES = ("chrome_removed_at_least", "body_lost_at_most", "intact_at_least")


@dataclass(frozen=True)
class Task:
    """What is cleaned, by which rules, and which figures count."""

    field: str
    rules: tuple[str, ...]
    figures: tuple[str, ...]
    html: bool = False
    learned: bool = False
    """Whether rules learned from the same pages, of which nobody has seen the body, are used beside the others."""

    @property
    def files(self) -> tuple[str, ...]:
        """The files on which the task makes sense: sites of many pages are in one of them alone."""
        return ("news-multi",) if self.learned else FILES


TASKS = {
    "extracted": Task("extracted", ("standard",), LINES),
    "fulltext": Task("fulltext", ("standard", "page"), LINES),
    "html": Task("html", ("standard",), ("f1_at_least",), html=True),
    "learned-extracted": Task("extracted", ("standard",), LINES, learned=True),
    "learned-fulltext": Task("fulltext", ("standard", "page"), LINES, learned=True),
}


@dataclass(frozen=True)
class Floors:
    """The bounds by task and file, and the digest of each file."""

    sha256: Mapping[str, str]
    bounds: Mapping[tuple[str, str], Bounds]


def data(name: str, bench: Path = BENCH) -> Path:
    """The file of labelled pages with that name."""
    return bench / f"{name}.jsonl.gz"


def digest(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


@cache
def measured(task: Task, path: Path) -> Score:
    """The score of a task on a file."""
    pages = tuple(read_labelled(path, Fields(task.field, site="site")))
    with TemporaryDirectory() as folder:
        rules = [*task.rules, _learned(pages, Path(folder))] if task.learned else task.rules
        return evaluate(pages, Cleaner(rules), html=task.html)


def _learned(pages: Iterable[Page], folder: Path) -> Path:
    """A file of rules learned from the pages' text."""
    counts = Counts()
    count((Document(page.site, page.source) for page in pages), counts)
    (folder / "learned.toml").write_text("".join(learned_rules(counts)), encoding="utf-8")
    counts.close()
    return folder / "learned.toml"


def broken(bounds: Bounds, score: Score) -> list[str]:
    """The bounds that a score does not keep, each with what was reached."""
    return [
        f"{name} {bound}: is {FIGURES[name].of(score):.4f}"
        for name, bound in bounds.items()
        if not FIGURES[name].keeps(score, bound)
    ]


def reached(task: Task, score: Score) -> dict[str, float]:
    """The tightest bounds that a score keeps."""
    return {name: FIGURES[name].bound(score) for name in task.figures}


def read_floors(path: Path = FLOORS) -> Floors:
    """The floors in a file."""
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    digests = tables.pop("sha256")
    return Floors(digests, {(task, name): bounds for task, files in tables.items() for name, bounds in files.items()})


def written(floors: Floors) -> str:
    """The floors as a file holds them."""
    parts = ["# Written by `python -m tests.quality.pin`, never by hand. In percent.\n", "[sha256]"]
    parts += [f'{name} = "{value}"' for name, value in floors.sha256.items()]
    for (task, name), bounds in floors.bounds.items():
        parts += [f"\n[{task}.{name}]", *(f"{figure} = {bound}" for figure, bound in bounds.items())]
    return "\n".join(parts) + "\n"
