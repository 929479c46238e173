"""Documents to rows: what counting needs to know of each line. Nothing here counts.

Keys stand for a line of one site, ids for one text of one site: 64 bits of a BLAKE2 digest, signed,
as databases hold them. A text that comes twice has one id, whatever its name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from cleaner.evidence import count_words
from cleaner.kinds.repeat import LONGEST, opening, same, site_name, with_open_word
from cleaner.look import Look

Form = Literal["line", "open", "begins"]
Place = Literal["head", "inside", "tail", "bare"]

# What stands for the edge of the text where a neighbour is asked for.
EDGE = 0

# What sets the keys of lines and of their forms apart.
_LINE, _OPEN, _BEGINS = "=", "*", ":"


@dataclass(frozen=True, slots=True)
class Document:
    """One text, the site that it is from, and when it was seen: a date that sorts, or its name."""

    site: str
    text: str
    seen: str = ""


class LineRow(NamedTuple):
    """A line of a document, at its first place in the text; or a form of it that leaves a word open, or its beginning.

    ``before`` and ``after`` are the keys of the neighbouring lines. ``text`` is the line as rules see
    it, empty where it is too long to be learned; of a form it is what is fixed, and ``rest`` what is not.
    """

    document: int
    key: int
    form: Form
    place: Place
    before: int
    after: int
    words: int
    is_prose: bool
    text: str
    rest: str


class DocumentRow(NamedTuple):
    """A document, its site and when it was seen."""

    document: int
    site: str
    seen: str


def read(document: Document) -> tuple[DocumentRow, list[LineRow]]:
    """What counting needs to know of a document.

    >>> row, lines = read(Document("https://www.example.org/1", "Home\\nThe ferry is back in use, the port says.\\n"))
    >>> row.site, [(line.place, line.text) for line in lines if not line.is_prose]
    ('example.org', [('head', 'Home')])
    """
    site = site_name(document.site)
    salt = hashlib.blake2b(site.encode("utf-8", "surrogatepass"), digest_size=16).digest()
    ident = _digest(document.text, salt)
    rows: dict[int, LineRow] = {}
    for row in _rows(Look(document.text), ident, salt):
        rows.setdefault(row.key, row)
    return DocumentRow(ident, site, document.seen), list(rows.values())


def _rows(look: Look, ident: int, salt: bytes) -> Iterator[LineRow]:
    numbers = [n for n in range(len(look.lines)) if look.is_open(n)]
    views = [look.view(n) for n in numbers]
    prose = [look.is_prose(n) for n in numbers]
    keys = [EDGE, *(_digest(_LINE + same(view), salt) for view in views), EDGE]
    for at, (view, place) in enumerate(zip(views, _places(prose), strict=True)):
        words = count_words(view)
        for name, form, fixed, rest in _forms(view, in_prose=prose[at]):
            key = keys[at + 1] if form == "line" else _digest(name, salt)
            text = fixed if len(fixed) <= LONGEST and fixed.isprintable() else ""
            yield LineRow(ident, key, form, place, keys[at], keys[at + 2], words, prose[at], text, rest)


def _places(prose: Sequence[bool]) -> list[Place]:
    """Where each line stands, told by the first and the last paragraph."""
    if True not in prose:
        return ["bare"] * len(prose)
    first, last = prose.index(True), len(prose) - 1 - prose[::-1].index(True)
    return ["head" if at < first else "tail" if at > last else "inside" for at in range(len(prose))]


def _forms(view: str, *, in_prose: bool) -> Iterator[tuple[str, Form, str, str]]:
    """The line itself and its forms: what its key is made of, the form, what is fixed and what is not."""
    yield "", "line", view, ""
    if in_prose:
        return
    for fixed, word in with_open_word(view):
        yield _OPEN + fixed, "open", fixed, word
    begun = opening(view)
    if begun:
        yield _BEGINS + same(begun), "begins", begun, view[len(begun) :]


def _digest(text: str, salt: bytes) -> int:
    data = text.encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(data, digest_size=8, key=salt).digest(), "big", signed=True)
