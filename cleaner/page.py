"""What the markup of a page knows: its blocks of text, the links in them, and where the article stands.

A *block* is a run of text between the tags that begin and end a line on the screen. The
*container* is the deepest element that holds nearly all of the article's paragraphs. A *branch* is
everything under an element that holds none of them, as far up as that is so: a menu, a list of
other articles, a box, a foot.

An element is *named for chrome* where its tag, its role, or a word of its class or id says what
it is. Only whole words count, and only below the container: sites name the frame of a page after
anything, but hardly ever the paragraphs.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from cleaner import evidence

# The share of the paragraphs, in characters, that the container must hold.
CONTAINER_SHARE = 0.85

_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_ITEMS = frozenset(("li", "dd", "dt"))
# What lists, tables and quotations are made of: their text belongs to what they stand in.
_PARTS = (
    _HEADINGS
    | _ITEMS
    | frozenset(("ul", "ol", "dl", "p", "blockquote", "pre", "table", "thead", "tbody", "tr", "td", "th", "figure"))
)
_BLOCKS = _PARTS.union(
    ("address", "article", "aside", "body", "br", "caption", "center", "details", "dialog", "dir", "div", "fieldset"),
    ("figcaption", "footer", "form", "header", "hr", "html", "legend", "main", "menu", "nav", "section", "summary"),
    ("tfoot",),
)
_UNSEEN: frozenset[str] = frozenset[str]().union(
    ("script", "style", "noscript", "template", "svg", "head", "iframe", "select", "option", "button", "textarea"),
    ("object", "video", "audio", "canvas", "math"),
)
_CHROME_TAGS = frozenset(("nav", "aside", "footer", "form"))
_CAPTION_TAGS = frozenset(("figure", "figcaption", "caption"))
_CHROME_NAME = re.compile(
    r"(?:^|[-_\s])(?:nav|navigation|menu|footer|sidebar|aside|related|recommend\w*|recirc\w*|comments?|disqus|share"
    r"|sharing|social|newsletter|subscribe|subscription|signup|promo\w*|advert\w*|ads?|sponsor\w*|cookies?|consent"
    r"|teasers?|popular|trending|byline|author\w*|bio|breadcrumbs?|tags?|modal|popup|overlay|tooltip|hidden|print"
    r"|copyright|disclaimer|cta|login|paywall|carousel|slider|toolbar|poll|latest|read-?more|more-?news|most-?read)(?:$|[-_\s])",
    re.IGNORECASE,
)
_CAPTION_NAME = re.compile(r"(?:^|[-_\s])(?:captions?|credits?|cutline|photo|gallery)(?:$|[-_\s])", re.IGNORECASE)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Block:
    """A run of text: its element, how many of its characters are link text, what sort of block it is."""

    text: str
    node: int
    linked: int
    heading: bool = False
    item: bool = False
    code: bool = False

    @property
    def is_prose(self) -> bool:
        """Whether the block is a paragraph that is not made of links."""
        return not self.code and self.linked * 3 < len(self.text) and evidence.is_prose(self.text)


@dataclass(slots=True)
class Page:
    """The blocks of a page in order, and its elements as columns.

    The columns: parent, tag, class, whether named for chrome and whether named for captions.
    Elements are numbered in the order in which they begin, so that parents come before children.
    """

    blocks: list[Block] = field(default_factory=list)
    parents: list[int] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    named: list[bool] = field(default_factory=list)
    captions: list[bool] = field(default_factory=list)
    names: list[str] = field(default_factory=list)

    def anchor(self, node: int) -> int:
        """The element that a block stands in, the lists, tables and quotations around it aside."""
        while node >= 0 and self.tags[node] in _PARTS:
            node = self.parents[node]
        return node

    def is_caption(self, node: int, container: int) -> bool:
        """Whether the element, or one around it within the container, is named for captions and credits."""
        while node > container:
            if self.captions[node]:
                return True
            node = self.parents[node]
        return False

    def twins(self, node: int) -> list[int]:
        """The neighbours of an element, in the same parent, that have its tag and its class."""
        if not self.names[node] and self.tags[node] != "p":
            return []
        return [
            other
            for other in range(self.parents[node] + 1, len(self.parents))
            if other != node
            and self.parents[other] == self.parents[node]
            and (self.tags[other], self.names[other]) == (self.tags[node], self.names[node])
        ]

    def owners(self, nodes: Collection[int]) -> tuple[list[int], list[bool]]:
        """For every element, which of ``nodes`` it is in (-1 for none), and whether it is named for chrome there."""
        own = set(nodes)
        owner: list[int] = []
        named: list[bool] = []
        for node, parent in enumerate(self.parents):
            owner.append(node if node in own else owner[parent] if node else -1)
            named.append(owner[node] >= 0 and node not in own and (self.named[node] or named[parent]))
        return owner, named

    def ancestors(self, node: int) -> Iterator[int]:
        """The elements around an element, the nearest first."""
        while node > 0:
            node = self.parents[node]
            yield node

    def container(self, numbers: Iterable[int], *, share: float = CONTAINER_SHARE) -> int:
        """The deepest element with at least ``share`` of the characters of these blocks; -1 for no blocks."""
        mass = [0] * len(self.parents)
        for number in numbers:
            mass[self.blocks[number].node] += len(self.blocks[number].text)
        for node in range(len(mass) - 1, 0, -1):
            mass[self.parents[node]] += mass[node]
        if not mass or not mass[0]:
            return -1
        return max(node for node, weight in enumerate(mass) if weight >= share * mass[0])


def read_page(root: Any) -> Page:
    """Read a parsed page (an ``lxml`` element) into blocks. What is never seen on the screen is left out.

    >>> from lxml.html import fromstring
    >>> page = read_page(fromstring("<div><p>The ferry <a href='/f'>is back</a>.</p><script>x</script></div>"))
    >>> [(block.text, block.linked) for block in page.blocks]
    [('The ferry is back.', 7)]
    """
    reader = _Reader(Page())
    reader.read(root)
    return reader.page


@dataclass(slots=True)
class _Reader:
    """Walks the elements in order and closes a block wherever one begins or ends."""

    page: Page
    pieces: list[tuple[str, bool]] = field(default_factory=list)
    path: list[int] = field(default_factory=list)
    links: int = 0

    def read(self, root: Any) -> None:
        """Walk the tree with a stack of our own: pages nest deeper than Python recurses."""
        stack: list[tuple[Any, Iterator[Any]]] = []
        self._begin(root)
        stack.append((root, iter(root)))
        while stack:
            element, children = stack[-1]
            child = next(children, None)
            if child is None:
                stack.pop()
                self._end(element)
                if stack:
                    self._say(element.tail)
            elif not isinstance(child.tag, str) or child.tag in _UNSEEN:
                self._say(child.tail)
            else:
                self._begin(child)
                stack.append((child, iter(child)))

    def _begin(self, element: Any) -> None:
        tag = element.tag
        if tag in _BLOCKS:
            self._close()
        page = self.page
        page.parents.append(self.path[-1] if self.path else 0)
        page.tags.append(tag)
        attributes = element.attrib
        classes = attributes.get("class", "")
        names = _told_by(classes, attributes.get("id", ""), attributes.get("role", ""))
        page.names.append(classes)
        page.named.append(tag in _CHROME_TAGS or names[0])
        page.captions.append(tag in _CAPTION_TAGS or names[1])
        self.path.append(len(page.tags) - 1)
        self.links += _leads_away(element)
        self._say(element.text)

    def _end(self, element: Any) -> None:
        if element.tag in _BLOCKS:
            self._close()
        self.links -= _leads_away(element)
        self.path.pop()

    def _say(self, text: str | None) -> None:
        if text:
            self.pieces.append((text, self.links > 0))

    def _close(self) -> None:
        text = _SPACES.sub(" ", "".join(piece for piece, _ in self.pieces)).strip()
        if text:
            linked = sum(len(_SPACES.sub(" ", piece).strip()) for piece, is_link in self.pieces if is_link)
            self.page.blocks.append(self._block(text, linked))
        self.pieces.clear()

    def _block(self, text: str, linked: int) -> Block:
        node = self.path[-1] if self.path else 0
        tags = self.page.tags
        near = [tags[n] for n in self.path[-4:]]
        return Block(
            text,
            node,
            linked,
            heading=not _HEADINGS.isdisjoint(near),
            item=not _ITEMS.isdisjoint(near),
            code="pre" in near or "code" in near,
        )


def _leads_away(element: Any) -> bool:
    """Whether the element is a link to another page; tables of contents link to their own."""
    return element.tag == "a" and not (element.get("href") or "#").startswith("#")


@lru_cache(maxsize=10_000)
def _told_by(classes: str, name: str, role: str) -> tuple[bool, bool]:
    """Whether class, id and role tell of chrome, and whether of a caption. Capitals begin words, too."""
    names = _CAMEL.sub("-", f"{classes} {name} {role}")
    return _CHROME_NAME.search(names) is not None, _CAPTION_NAME.search(names) is not None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """How every element of a page stands to the article's paragraphs and to their container.

    ``inside`` says whether it is in the container; ``branch`` names the branch that it belongs
    to, -1 for an element that holds a paragraph of the article; ``named`` says whether it or an
    element around it is named for chrome, as far as these are not around the container, too.
    """

    inside: Sequence[bool]
    branch: Sequence[int]
    named: Sequence[bool]


def surroundings(page: Page, container: int, core: Iterable[int] = ()) -> Surroundings:
    """How the elements of ``page`` stand to ``container`` and to the blocks ``core`` in it."""
    frame = {container, *page.ancestors(container)}
    holds = set(frame)
    for number in core:
        node = page.blocks[number].node
        while node not in holds:
            holds.add(node)
            node = page.parents[node]
    inside: list[bool] = []
    branch: list[int] = []
    named: list[bool] = []
    for node, parent in enumerate(page.parents):
        inside.append(node == container or (node > 0 and inside[parent]))
        branch.append(-1 if node in holds else node if branch[parent] < 0 else branch[parent])
        named.append(node not in frame and (page.named[node] or named[parent]))
    return Surroundings(inside, branch, named)


def link_shares(page: Page, branches: Sequence[int], wanted: Collection[int]) -> dict[int, float]:
    """The share of link text in each of the ``wanted`` branches."""
    linked = dict.fromkeys(wanted, 0)
    length = dict.fromkeys(wanted, 0)
    for block in page.blocks:
        branch = branches[block.node]
        if branch in linked:
            linked[branch] += block.linked
            length[branch] += len(block.text)
    return {branch: min(1.0, linked[branch] / length[branch]) if length[branch] else 0.0 for branch in linked}
