"""Lines of a text, and the folding under which keywords are looked for.

A *line* is what stands between line ends; line ends are ``\\n``, ``\\r\\n`` and a lone ``\\r``.
Every other separator (U+2028, form feed) is a character of its line. All offsets are in
characters of the text, and spans are half-open.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

BOM = "\ufeff"

# Horizontal white space that counts as one plain space. Form feed, vertical tab and U+2028
# are characters of their line and stay what they are.
SPACES = " \t\u00a0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u202f\u205f\u3000"
SPACE_RUN = re.compile(f"[{SPACES}]+")

_LINE = re.compile(r"([^\r\n]*)(\r\n|\r|\n|\Z)")
_WIDE_SPACES = SPACES.replace(" ", "")
_TYPOGRAPHIC = {"\u2018": "'", "\u2019": "'", "\u02bc": "'", "\u201c": '"', "\u201d": '"', "\u201e": '"'}
_ASCII = bytes(range(128))
# One capital in a text is lowered in a tenth of the time that it takes to fold the text.
_FEW_CAPITALS = 8
_TO_PLAIN = (*_TYPOGRAPHIC.items(), *((char, " ") for char in _WIDE_SPACES))
# ``regex`` lets these match a plain i under IGNORECASE; ``str.casefold`` keeps them apart.
_TURKIC_I = {"\u0130": "i", "\u0131": "i"}


@dataclass(frozen=True)
class Lines:
    """The line table of a text: line ``i`` is ``text[starts[i]:stops[i]]``, its end ``text[stops[i]:ends[i]]``.

    A byte-order mark at the start of the text belongs to no line. A text that ends in a line
    end has no empty line after it. ``strings`` are the lines themselves; where they stand is worked out
    only when somebody asks, for in most texts nobody does.
    """

    text: str
    strings: list[str]

    def __len__(self) -> int:
        return len(self.strings)

    def __getitem__(self, number: int) -> str:
        return self.strings[number]

    @property
    def starts(self) -> list[int]:
        """Where each line begins."""
        return self._offsets[0]

    @property
    def stops(self) -> list[int]:
        """Where each line stops, before its end."""
        return self._offsets[1]

    @property
    def ends(self) -> list[int]:
        """Where the end of each line stops."""
        return self._offsets[2]

    @cached_property
    def _offsets(self) -> tuple[list[int], list[int], list[int]]:
        starts, stops, ends = _split_any(self.text) if "\r" in self.text else _split_plain(self.text)
        if starts[-1] == ends[-1] and len(starts) > 1:
            del starts[-1], stops[-1], ends[-1]
        if self.text.startswith(BOM):
            starts[0] = 1
        return starts, stops, ends


def split_lines(text: str) -> Lines:
    """Make the line table of ``text``.

    >>> lines = split_lines("one\\r\\ntwo\\rthree")
    >>> [lines[i] for i in range(len(lines))]
    ['one', 'two', 'three']
    >>> lines.starts, lines.stops, lines.ends
    ([0, 5, 9], [3, 8, 14], [5, 9, 14])
    """
    strings = with_plain_ends(text).split("\n")
    if not strings[-1] and len(strings) > 1:
        del strings[-1]
    if text.startswith(BOM):
        strings[0] = strings[0][1:]
    return Lines(text, strings)


def with_plain_ends(text: str) -> str:
    """The text with every line end one ``\\n``; the same object where that is so already."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _split_plain(text: str) -> tuple[list[int], list[int], list[int]]:
    lengths = [len(line) for line in text.split("\n")]
    ends = list(accumulate(length + 1 for length in lengths))
    starts = [0, *ends[:-1]]
    stops = [start + length for start, length in zip(starts, lengths, strict=True)]
    ends[-1] -= 1
    return starts, stops, ends


def _split_any(text: str) -> tuple[list[int], list[int], list[int]]:
    spans = [(m.start(), m.end(1), m.end()) for m in _LINE.finditer(text)]
    # The pattern matches once more, emptily, behind a last line that had no line end.
    if len(spans) > 1 and spans[-2][1] == spans[-2][2]:
        spans.pop()
    starts, stops, ends = (list(column) for column in zip(*spans, strict=True))
    return starts, stops, ends


def plain(text: str) -> str:
    """Text with typographic quotes and apostrophes made plain, and every run of spaces one space.

    >>> plain("Don\\u2019t\\u00a0 worry")
    "Don't worry"
    """
    if text.isascii():
        text = text.replace("\t", " ")
    else:
        for char, ascii_char in _TO_PLAIN:
            if char in text:
                text = text.replace(char, ascii_char)
    while "  " in text:
        text = text.replace("  ", " ")
    return text


def fold(text: str) -> bytes:
    """The bytes in which keywords are looked for: one case, one kind of space, one kind of line end.

    Folding is local to a line and keeps the number of lines; it may move offsets within them.
    What ``regex`` takes for equal under IGNORECASE is equal after folding, for every character
    that Python's own tables know. Lone surrogates are kept apart, not refused.

    >>> fold("TO YOUR\\u00a0Bookmarks\\r\\n") == fold("to your  bookmarks\\n")
    True
    """
    return fold_plain(plain(with_plain_ends(text)))


def fold_plain(text: str) -> bytes:
    """The same of a text that is :func:`plain` already, with plain line ends."""
    if text.isascii():
        return text.encode().lower()
    for char, dotted in _TURKIC_I.items():
        if char in text:
            text = text.replace(char, dotted)
    wide = text.encode("utf-8", "surrogatepass").translate(None, _ASCII).decode("utf-8", "surrogatepass")
    if 4 * len(wide) < len(text):
        # Folding looks at one character at a time, and here few are not ASCII.
        capitals = [char for char in set(wide) if char.casefold() != char]
        if len(capitals) <= _FEW_CAPITALS:
            for char in capitals:
                text = text.replace(char, char.casefold())
            return text.encode("utf-8", "surrogatepass").lower()
    return text.casefold().encode("utf-8", "surrogatepass")
