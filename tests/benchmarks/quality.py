"""What others remove and lose on labelled pages, beside the cleaner: the figures of the documentation.

``python tests/benchmarks/quality.py [--bench DIR] [--every N] [--field NAME]...`` measures

- on text, taken by an extractor (``extracted``) or of the whole page (``fulltext``): the shipped rules, the line
  rules of C4 (datatrove's filter, without what drops whole documents) and those of RefinedWeb (from appendix G.2 of
  its paper: lines in capitals, numbers, counters, single words, short lines with a call to act);
- on HTML: F1 of the text that each extractor hands out, against the body that a human marked.

Needs the extras ``bench`` and ``eval``, and labelled pages, ``../shared/bench/*.jsonl.gz``; a tool that is not installed
is left out, and says so. Nothing here asserts.
"""

from __future__ import annotations

import argparse
import logging
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import product
from pathlib import Path
from statistics import mean

from cleaner import Cleaner, Result
from cleaner.evaluate import Fields, Measured, Page, Score, judge_result, read_labelled, table
from cleaner.evaluate.words import f1, words_of
from cleaner.html import ExtractionError

BENCH = Path(__file__).parents[2].parent / "shared" / "bench"
Tool = Callable[[Page], str]
STOP_WORDS = {"el": "Greek", "pl": "Polish", "ru": "Russian"}

_COUNTER = re.compile(
    r"\W*\d[\d.,]*[km]?\s+(?:likes?|shares?|comments?|retweets?|reposts?|quotes?|bookmarks?|upvotes?)\W*", re.I
)
_CALL = re.compile(
    r"^\W*(?:sign[ -]?(?:in|up)|log[ -]?in|subscribe|share|follow us|advertisement)\b"
    r"|\b(?:read more|continue reading|see more|more)\s*(?:\.{3}|…|»|→)?\W*$"
    r"|\b(?:items? in (?:your )?cart|cookie policy|all rights reserved)\b",
    re.I,
)


def refined_web(page: Page) -> str:
    """The line rules of RefinedWeb."""
    return "\n".join(line for line in page.source.split("\n") if not line.strip() or not _is_undesired(line.strip()))


def _is_undesired(line: str) -> bool:
    letters = [char for char in line if char.isalpha()]
    words = line.split()
    return (
        len(words) == 1
        or not letters
        or sum(map(str.isupper, letters)) > len(letters) / 2
        or _COUNTER.fullmatch(line) is not None
        or (len(words) <= 10 and _CALL.search(line) is not None)
    )


def c4() -> Tool:
    """The line rules of C4, as datatrove has them."""
    from datatrove.data import Document
    from datatrove.pipeline.filters.c4_filters import C4QualityFilter

    line_rules = C4QualityFilter(
        min_num_sentences=-1, remove_citations=False, filter_lorem_ipsum=False, filter_curly_bracket=False
    )

    def run(page: Page) -> str:
        document = Document(text=page.source, id="")
        line_rules.filter(document)
        return document.text

    return run


def trafilatura() -> Tool:
    from trafilatura import extract

    return lambda page: extract(page.source, include_comments=False) or ""


def justext() -> Tool:
    import justext as library

    def run(page: Page) -> str:
        # It needs stop words, and has none of Chinese.
        words = library.get_stoplist(STOP_WORDS.get(page.group, "English"))
        found = library.justext(page.source, words)
        return "\n".join(part.text for part in found if not part.is_boilerplate)

    return run


def readability() -> Tool:
    from lxml.html import fromstring
    from readability import Document

    return lambda page: "\n".join(fromstring(Document(page.source).summary() or "<p></p>").itertext())


def boilerpy3() -> Tool:
    from boilerpy3.extractors import ArticleExtractor

    logging.getLogger("boilerpy3").setLevel(logging.ERROR)
    extractor = ArticleExtractor(raise_on_failure=False)
    return lambda page: extractor.get_content(page.source)


def of_rules(*rules: str) -> Callable[[], Tool]:
    def made() -> Tool:
        cleaner = Cleaner(list(rules))
        return lambda page: cleaner.clean(page.source).text

    return made


def of_pages() -> Tool:
    cleaner = Cleaner()
    return lambda page: cleaner.clean_html(page.source).text


TOOLS: dict[str, dict[str, Callable[[], Tool]]] = {
    "extracted": {"cleaner": of_rules("standard"), "C4": c4, "RefinedWeb": lambda: refined_web},
    "fulltext": {"cleaner": of_rules("standard", "page"), "C4": c4, "RefinedWeb": lambda: refined_web},
    "html": {
        "cleaner": of_pages,
        "trafilatura": trafilatura,
        "jusText": justext,
        "readability": readability,
        "boilerpy3": boilerpy3,
    },
}


def pages(file: Path, field: str, every: int) -> Iterator[Page]:
    """One in so many of the pages."""
    for number, page in enumerate(read_labelled(file, Fields(source=field, group="lang"))):
        if number % every == 0:
            yield page


def measured(file: Path, field: str, name: str, tool: Tool, every: int) -> Measured:
    """The figures of one tool on the texts of one file."""
    score = Score()
    for page in pages(file, field, every):
        score += Score.of(judge_result(page, Result(tool(page), (), (), "", page.source)))
    return Measured(f"{file.name.split('.')[0]} {field}", name, score)


def agreement(file: Path, tool: Tool, every: int) -> float:
    """How well the articles that an extractor hands out agree with the marked bodies: the mean F1 over pages.

    Of HTML nothing else can be compared: what extractors hand out has no lines in common.
    """
    return mean(f1(words_of(_text(tool, page)), words_of(page.gold)) for page in pages(file, "html", every))


def _text(tool: Tool, page: Page) -> str:
    try:
        return tool(page)
    except ExtractionError:
        return ""


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def made(tools: dict[str, Callable[[], Tool]]) -> Iterable[tuple[str, Tool]]:
    for name, make in tools.items():
        try:
            yield name, make()
        except ImportError as error:
            say(f"{name} is left out: {error} (pip install 'article-cleaner[bench]')")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--bench", type=Path, default=BENCH)
    options.add_argument("--every", type=int, default=1, metavar="N", help="measure one in so many pages")
    options.add_argument("--field", action="append", choices=sorted(TOOLS), help="only this one; may be repeated")
    asked = options.parse_args()
    files = sorted(asked.bench.glob("*.jsonl.gz"))
    if not files:
        say(f"no labelled pages in {asked.bench}: nothing to measure")
    for field in asked.field or TOOLS:
        tools = list(made(TOOLS[field])) if files else []
        if field == "html":
            say("| data | extractor | F1 |\n|---|---|---:|")
            for file, (name, tool) in product(files, tools):
                say(f"| {file.name.split('.')[0]} | {name} | {agreement(file, tool, asked.every):.4f} |")
        else:
            say(table(measured(file, field, name, tool, asked.every) for file, (name, tool) in product(files, tools)))


if __name__ == "__main__":
    main()
