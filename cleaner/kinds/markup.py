"""Kind ``markup``: lines that the HTML of the page knows to be chrome, for text that came from a page.

A rule names a part of the text and the signs that a line must bear, all of them: ``outside``, it
stood outside the element that holds nearly all paragraphs; ``least_linked``, its branch of the
page is made of links to other pages; ``named``, an element around it is named for chrome;
``most_apart``, little of the text stands outside on that side.

Safety: only before the first and behind the last paragraph of the article. What shares most of
its words with the article stays unless it is a link outside, and so do tables of data and lines
that a line with a colon announces. Before the article paragraphs and headings stay, too: leads
and titles often have an element of their own. Text that never was a page has no evidence and is
left alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from cleaner import evidence
from cleaner.look import Hit, Look
from cleaner.markup import Markup
from cleaner.removal import Strike

# So much of a line being link text, it is a link, whatever stands around it.
A_LINK = 0.8


@dataclass(frozen=True, slots=True)
class MarkupFields:
    """What a ``markup`` rule says beyond what every rule does.

    ``least_linked`` is the least share of link text in the line's branch; ``most_apart`` the
    largest share of the text's words that may stand outside on that side; ``most_shared`` the
    largest share of its content words that the article may know, of the line and, with
    ``most_apart``, of everything outside on that side.
    """

    part: Literal["head", "tail"]
    outside: bool = False
    named: bool = False
    least_linked: float = 0.0
    most_apart: float = 1.0
    most_shared: float = 1.0


def check(fields: MarkupFields) -> Iterator[str]:
    """Mistakes that no single field shows."""
    for name in ("least_linked", "most_apart", "most_shared"):
        if not 0.0 <= getattr(fields, name) <= 1.0:
            yield f"{name} = {getattr(fields, name)}: must be at least 0 and at most 1"
    if not (fields.named or fields.least_linked > 0.0 or (fields.outside and fields.most_apart < 1.0)):
        yield "asks for no sign: set named, least_linked, or outside and most_apart"


def gate(_text: str) -> bool:
    """Text alone never holds this evidence; :meth:`cleaner.engine.Engine.by_markup` asks for it before all looks."""
    return False


def judge(look: Look, hits: Iterable[Hit]) -> Iterator[Strike]:
    """Strike lines at the head and the tail that bear all signs of a rule."""
    known = _vocabulary(look)
    struck: set[int] = set()
    for hit in hits:
        if _little_is_apart(look, hit.rule.fields, known):
            found = [number for number in _struck_by(look, hit.rule.fields, known) if number not in struck]
            struck.update(found)
            yield from (Strike(number, number, hit.rule.id) for number in found)


def _struck_by(look: Look, fields: MarkupFields, known: frozenset[str]) -> Iterator[int]:
    """The lines that bear the signs of a rule and may go."""
    announced = False
    for number, markup in enumerate(look.markup):
        if look.is_blank(number):
            continue
        bears = markup is not None and _bears(markup, fields) and _may_go(look, number, markup)
        announced = bears and (announced or _announces(look, number) or _is_announced(look, number))
        if bears and not announced and _is_foreign(look.view(number), markup, fields, known):
            yield number


def _vocabulary(look: Look) -> frozenset[str]:
    """The stems of the words of the article itself."""
    return evidence.vocabulary(
        look.view(n) for n, markup in enumerate(look.markup) if markup is None or markup.part == "article"
    )


def _little_is_apart(look: Look, fields: MarkupFields, known: frozenset[str]) -> bool:
    if fields.most_apart == 1.0:
        return True
    apart = [look.view(n) for n, markup in enumerate(look.markup) if markup is not None and _is_at(markup, fields)]
    words = sum(evidence.count_words(look.view(n)) for n in range(len(look.lines)))
    if sum(map(evidence.count_words, apart)) > fields.most_apart * words:
        return False
    return evidence.shared(" ".join(apart), known) <= fields.most_shared


def _is_at(markup: Markup, fields: MarkupFields) -> bool:
    return markup.part == fields.part and (markup.outside or not fields.outside)


def _bears(markup: Markup, fields: MarkupFields) -> bool:
    linked = max(markup.linked_around, markup.linked if markup.outside else 0.0)
    return _is_at(markup, fields) and (markup.named or not fields.named) and linked >= fields.least_linked


def _may_go(look: Look, number: int, markup: Markup) -> bool:
    if not look.is_open(number):
        return False
    if markup.part == "head":
        return not markup.heading and not (markup.linked < A_LINK and look.is_prose(number))
    return not look.is_data_row(number) or markup.linked >= A_LINK


def _announces(look: Look, number: int) -> bool:
    """Whether the line introduces what follows it, and that is more than links."""
    if not look.view(number).endswith((":", "\uff1a")):
        return False
    behind = next((n for n in range(number + 1, len(look.lines)) if not look.is_blank(n)), -1)
    markup = look.markup[behind] if behind >= 0 else None
    return markup is not None and markup.linked < A_LINK


def _is_announced(look: Look, number: int) -> bool:
    """Whether a line that stays, right before this one, introduces it."""
    before = next((n for n in range(number - 1, -1, -1) if not look.is_blank(n)), -1)
    return before >= 0 and not look.is_struck(before) and look.view(before).endswith((":", "\uff1a"))


def _is_foreign(view: str, markup: Markup | None, fields: MarkupFields, known: frozenset[str]) -> bool:
    if markup is not None and markup.outside and markup.linked >= A_LINK:
        return True
    return not evidence.content_words(view) or evidence.shared(view, known) <= fields.most_shared
