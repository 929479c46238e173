"""What the HTML of a page still knows of the lines of its text: evidence for kind ``markup``.

The text of an article alone does not show where a line stood or that it was a link. Whoever
extracts the text from a page can hand this along, one :class:`Markup` for each line.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Part = Literal["head", "article", "tail"]


@dataclass(frozen=True, slots=True)
class Markup:
    """Where a line stood in its page.

    ``part`` is ``head`` before the first and ``tail`` behind the last of the article's paragraphs,
    ``article`` from the one to the other. ``outside`` says whether the line stood outside the
    element that holds nearly all of them. ``linked`` is the share of link text in the line,
    ``linked_around`` that of everything under its branch of the page; links within the page are
    none. ``named`` says whether an element around it is named for chrome, ``heading`` and
    ``item`` whether it is a heading or an item of a list.
    """

    part: Part
    outside: bool = False
    linked: float = 0.0
    linked_around: float = 0.0
    named: bool = False
    heading: bool = False
    item: bool = False


@dataclass(frozen=True, slots=True)
class Article:
    """A text, and for each of its lines what the page knew of it: None where nothing is known.

    ``markup`` is empty for text that never was a page.
    """

    text: str
    markup: tuple[Markup | None, ...] = ()
