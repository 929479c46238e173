"""From a page to the text of its article: trafilatura takes it out, the page's own blocks mend it.

trafilatura finds the article of nearly every page, but leaves paragraphs out where a site's
markup is unusual, and on some pages it takes the wrong part altogether. So what it took is laid
against the blocks of the page:

- Paragraphs, list items and subheads that stand among those taken, in an element that is not
  named for chrome, are put back in their place.
- Where trafilatura took hardly any of the page's paragraphs, the element that holds most of them
  is taken for the article.
- For each line, what the markup knows of it goes along as evidence: see :mod:`cleaner.markup`.

trafilatura is imported when the first page comes in, not before: it takes longer to load than
most runs over text take altogether.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from cleaner import evidence
from cleaner.align import Words, align, letters
from cleaner.markup import Article, Markup
from cleaner.page import Block, Page, Surroundings, link_shares, read_page, surroundings

# Where the main element of the page has so many times the prose that trafilatura took, it took the wrong part.
WRONG_PART = 3
# The share of a page's prose that its main element holds.
MAIN_SHARE = 0.7
# What holds more than this of the page's prose is its frame, whatever it is named.
FRAME_SHARE = 0.51
# Fewer paragraphs than this in a page are no article that trafilatura could have missed.
LEAST_PARAGRAPHS = 3
# Sites that put something between the paragraphs part the article into elements with one class;
# these stand so many elements around the first of them at most.
TWINS_UP = 3
LEAST_IN_TWIN = 2
# Of a block that was taken in pieces at least so much is known; of a line that says everything again.
KNOWN = 0.5
REPEATED = 0.95
REPEATED_SHARE = 0.75
LEAST_REPEATED_WORDS = 50


class ExtractionError(ValueError):
    """No article was found in the page."""


def extract(html: str | bytes, *, url: str | None = None) -> str:
    """The main text of a page, one line a paragraph, without comments: ``extract_article(html).text``."""
    return extract_article(html, url=url).text


def extract_article(html: str | bytes, *, url: str | None = None) -> Article:
    """The main text of a page, with what its markup knows of each line.

    ``html`` may be bytes in any encoding that the page declares. ``url`` helps trafilatura to
    judge links.

    Raises :class:`ExtractionError` where the page holds no article text.
    """
    from trafilatura import extract as extract_text  # noqa: PLC0415 - slow to load, and most runs need no pages
    from trafilatura.utils import load_html  # noqa: PLC0415

    tree: Any = load_html(html)
    if tree is None:
        raise ExtractionError("no article text found in the page")
    page = read_page(tree)
    text = extract_text(tree, url=url, include_comments=False) or ""
    article = _mended(page, text.split("\n") if text else [])
    if not article.text:
        raise ExtractionError("no article text found in the page")
    return article


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the article, and the numbers of the blocks that it was made of, if they were found."""

    text: str
    blocks: Sequence[int]


def _mended(page: Page, lines: Sequence[str]) -> Article:
    lines = _without_repeats(lines)
    taken = [_Line(line, found) for line, found in zip(lines, align(lines, page.blocks), strict=True)]
    core = _core(page, {number for line in taken for number in line.blocks})
    core |= _core_in_twins(page, core)
    if not core:
        return Article("\n".join(lines))
    container = page.container(core)
    inside = surroundings(page, container).inside
    core = {number for number in core if inside[page.blocks[number].node]}
    where = surroundings(page, container, core)
    whole = list(_with_missed(taken, _missed(page, taken, core, where, container), page))
    return Article("\n".join(line.text for line in whole), tuple(_markup(page, whole, core, where)))


def _core(page: Page, taken: Collection[int]) -> set[int]:
    """The paragraphs by which the article is known: those taken, unless these are the wrong part of the page."""
    ours = {number for number in taken if page.blocks[number].is_prose}
    prose = _distinct(page, [n for n, block in enumerate(page.blocks) if block.is_prose])
    named = surroundings(page, max(0, page.container(prose, share=FRAME_SHARE))).named
    prose = [number for number in prose if not named[page.blocks[number].node]]
    if len(prose) < LEAST_PARAGRAPHS:
        return ours
    where = surroundings(page, page.container(prose, share=MAIN_SHARE))
    main = {number for number in prose if where.inside[page.blocks[number].node]}
    return main if _length(page, main) > WRONG_PART * _length(page, ours) else ours


def _core_in_twins(page: Page, core: Collection[int]) -> set[int]:
    """Paragraphs in elements that go on where the container ends: its twins, or those of what is around it.

    A twin that begins with a heading is another article in a list of them.
    """
    found: set[int] = set()
    node = page.container(core)
    for _ in range(TWINS_UP):
        if node <= 0:
            break
        found |= _prose_going_on(page, page.twins(node))
        node = page.parents[node]
    return found


def _prose_going_on(page: Page, twins: Sequence[int]) -> set[int]:
    """The paragraphs of those twins that go on with an article; in one walk, for there may be many twins."""
    if not twins:
        return set()
    owner, named = page.owners(twins)
    prose: dict[int, list[int]] = {}
    headed: set[int] = set()
    for number, block in enumerate(page.blocks):
        twin = owner[block.node]
        if twin >= 0 and block.is_prose and not named[block.node]:
            prose.setdefault(twin, []).append(number)
        elif twin >= 0 and block.heading and twin not in prose:
            headed.add(twin)
    return {
        n for twin, numbers in prose.items() if twin not in headed and len(numbers) >= LEAST_IN_TWIN for n in numbers
    }


def _without_repeats(lines: Sequence[str]) -> list[str]:
    """Lines without copies of the article, as sites keep them for print, preview or a second screen.

    A copy is a run of lines that says again half or more of what stands above it. What an author
    repeats (a refrain, a recipe's step, a row of a plan) is less and stays.
    """
    known, said = Words(()), 0
    again: list[bool] = []
    for line in lines:
        again.append(not letters(line) or known.share(line) >= REPEATED)
        known.add(line)
    kept: list[str] = []
    for is_again, run in groupby(zip(again, lines, strict=True), key=itemgetter(0)):
        copies = [line for _, line in run]
        words = sum(map(evidence.count_words, copies))
        if is_again and words >= LEAST_REPEATED_WORDS and words >= REPEATED_SHARE * said:
            continue
        kept.extend(copies)
        said += words
    return kept


def _distinct(page: Page, numbers: Sequence[int]) -> list[int]:
    """Blocks without those that say what an earlier one says."""
    first: dict[str, int] = {}
    for number in numbers:
        first.setdefault(page.blocks[number].text, number)
    return list(first.values())


def _length(page: Page, numbers: Collection[int]) -> int:
    return sum(len(page.blocks[number].text) for number in numbers)


def _missed(
    page: Page, taken: Sequence[_Line], core: Collection[int], where: Surroundings, container: int
) -> Iterator[int]:
    """The blocks of the article that were not taken, in their order."""
    known = {number for line in taken for number in line.blocks}
    words = Words(line.text for line in taken)
    anchors = {page.anchor(page.blocks[number].node) for number in core}
    first, last = min(core), max(core)
    for number in range(len(page.blocks)):
        block = page.blocks[number]
        if number in known or not where.inside[block.node] or where.named[block.node]:
            continue
        among = first < number < last
        beside = page.anchor(block.node) in anchors
        if not _belongs(block, among=among, behind=number >= first, beside=beside):
            continue
        if words.share(block.text) < KNOWN and not page.is_caption(block.node, container):
            words.add(block.text)
            yield number


def _belongs(block: Block, *, among: bool, behind: bool, beside: bool) -> bool:
    """Whether a block inside the container is the article's, by what it is and where it stands to its paragraphs."""
    if block.code or block.linked * 2 > len(block.text):
        return False
    if block.is_prose:
        return behind or beside
    return among and (block.item or (block.heading and beside))


def _with_missed(taken: Sequence[_Line], missed: Iterator[int], page: Page) -> Iterator[_Line]:
    """The lines taken, and what was missed behind the line that the page has before it."""
    waiting = list(missed)
    place = {number: index for index, line in enumerate(taken) for number in line.blocks}
    behind: dict[int, list[int]] = {}
    index, at = -1, 0
    for number in range(len(page.blocks)):
        index = place.get(number, index)
        if at < len(waiting) and waiting[at] == number:
            behind.setdefault(index, []).append(number)
            at += 1
    for index in range(-1, len(taken)):
        if index >= 0:
            yield taken[index]
        for number in behind.get(index, ()):
            block = page.blocks[number]
            yield _Line(f"- {block.text}" if block.item else block.text, (number,))


def _markup(page: Page, lines: Sequence[_Line], core: Collection[int], where: Surroundings) -> Iterator[Markup | None]:
    """What the page knows of each line."""
    branches = {where.branch[page.blocks[number].node] for line in lines for number in line.blocks}
    shares = link_shares(page, where.branch, branches - {-1})
    first, last = min(core), max(core)
    for line in lines:
        blocks = [page.blocks[number] for number in line.blocks]
        if not blocks:
            yield None
            continue
        length = sum(len(block.text) for block in blocks)
        linked = min(1.0, sum(block.linked for block in blocks) / length)
        yield Markup(
            part="tail" if line.blocks[0] > last else "head" if line.blocks[-1] < first else "article",
            outside=not any(where.inside[block.node] for block in blocks),
            linked=linked,
            linked_around=shares.get(where.branch[blocks[0].node], linked),
            named=where.named[blocks[0].node],
            heading=blocks[0].heading,
            item=blocks[0].item,
        )
