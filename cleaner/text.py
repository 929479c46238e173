"""Lines of a text, and the folding under which keywords are looked for.

A *line* is what stands between line ends; line ends are ``\\n``, ``\\r\\n`` and a lone ``\\r``.
Every other separator (U+2028, form feed) is a character of its line. All offsets are in
characters of the text, and spans are half-open.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import accumulate

BOM = "\ufeff"

# Horizontal white space that counts as one plain space. Form feed, vertical tab and U+2028
# are characters of their line and stay what they are.
SPACES = " \t\u00a0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u202f\u205f\u3000"
SPACE_RUN = re.compile(f"[{SPACES}]+")

_LINE = re.compile(r"([^\r\n]*)(\r\n|\r|\n|\Z)")
_WIDE_SPACES = SPACES.replace(" ", "")
_TYPOGRAPHIC = {"\u2018": "'", "\u2019": "'", "\u02bc": "'", "\u201c": '"', "\u201d": '"', "\u201e": '"'}
_TO_PLAIN = (*_TYPOGRAPHIC.items(), *((char, " ") for char in _WIDE_SPACES))
# ``regex`` lets these match a plain i under IGNORECASE; ``str.casefold`` keeps them apart.
_TURKIC_I = {"\u0130": "i", "\u0131": "i"}


@dataclass(frozen=True, slots=True)
class Lines:
    """The line table of a text: line ``i`` is ``text[starts[i]:stops[i]]``, its end ``text[stops[i]:ends[i]]``.

    A byte-order mark at the start of the text belongs to no line. A text that ends in a line
    end has no empty line after it.
    """

    text: str
    starts: list[int]
    stops: list[int]
    ends: list[int]

    def __len__(self) -> int:
        return len(self.starts)

    def __getitem__(self, number: int) -> str:
        return self.text[self.starts[number] : self.stops[number]]


def split_lines(text: str) -> Lines:
    """Make the line table of ``text``.

    >>> lines = split_lines("one\\r\\ntwo\\rthree")
    >>> [lines[i] for i in range(len(lines))]
    ['one', 'two', 'three']
    >>> lines.starts, lines.stops, lines.ends
    ([0, 5, 9], [3, 8, 14], [5, 9, 14])
    """
    if "\r" in text:
        starts, stops, ends = _split_any(text)
    else:
        lengths = [len(line) for line in text.split("\n")]
        ends = list(accumulate(length + 1 for length in lengths))
        starts = [0, *ends[:-1]]
        stops = [start + length for start, length in zip(starts, lengths, strict=True)]
        ends[-1] -= 1
    if starts[-1] == ends[-1] and len(starts) > 1:
        del starts[-1], stops[-1], ends[-1]
    if text.startswith(BOM):
        starts[0] = 1
    return Lines(text, starts, stops, ends)


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
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = plain(text)
    if text.isascii():
        return text.encode().lower()
    for char, dotted in _TURKIC_I.items():
        if char in text:
            text = text.replace(char, dotted)
    return text.casefold().encode("utf-8", "surrogatepass")
