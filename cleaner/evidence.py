"""What is known of a line: its shape, whether it is prose, what it shares with the article.

Everything here is a judgement about text alone; which lines go is for the kinds to say.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice, pairwise

import regex

SENTENCE_ENDS = frozenset(".!?\u2026。！？؟۔।॥։።")
_CLOSERS = "\"'»”’)]}*_`›」』）】 "
# What a chatbot or a citation leaves behind the last sentence; short, in brackets, perhaps a link.
_BRACKETS_AT_END = re.compile(
    r"(?<=[.!?\u2026\u3002\uff01\uff1f\u061f\u06d4\u0964\u0965\u0589\u1362])[\"'\u201d\u2019)]*\s+[\[\u3010\u27e6][^\[\]\u3010\u3011]{1,60}[\]\u3011\u27e7](?:\(<?[^()\s]{1,120}\))?$"
)
_ADDRESS_AT_END = re.compile(r"\s\(?https?://\S+$")
_REFERENCE = re.compile(r"(?:\[\w{1,4}\])+$")
_PICTURES = regex.compile(r"[\p{So}\p{Sk}\uFE0F\u200D\s]+$")
# A full word, the end of a sentence, and a new one: "the U.S. Patent" is none.
# Words of one letter are vowels, abbreviations mostly are not.
_ONE_LETTER_WORD = r"(?<=\s)[aeiouyàáéèíìóòúùąęаеёиоуыэюяєіїαεηιουω]"
_SENTENCE_INSIDE = regex.compile(
    rf"(?:\p{{Ll}}\p{{Ll}}|{_ONE_LETTER_WORD})[.!?][\"'”’)]*(?=\s+[\"'“‘(\[\p{{Co}}\p{{Cf}}]*\p{{Lu}})|[。！？؟۔।॥]"
)
# Glued behind the last sentence: the words that are left of a link, marks that close a block or a quotation, markup.
_GLUED_AT_END = regex.compile(
    rf"(?<=(?:[\p{{Ll}}\p{{Lo}}\p{{M}}]{{2}}|{_ONE_LETTER_WORD})[.!?؟۔।॥։።][\"'”’)]{{0,3}})"
    r"\s+(?:[\p{Ll}\p{Lo}]\S{0,40}(?:\s+\S{1,40}){0,3}|[:~=+#^*>-]{1,6}(?:\s[:~=+#^*>-]{1,6}){0,2}|[:<{&\\\p{Co}\p{Cf}]\S.{0,160})$"
)
# One of these stands in every line that holds a sentence.
_SENTENCE_MARK = re.compile("[.!?\u3002\uff01\uff1f\u061f\u06d4\u0964\u0965\u0589\u1362]")
_ELLIPSIS = re.compile(r"(?:\.\.\.|\u2026|\[\u2026\]|\[\.\.\.\])[\"'»\u201d\u2019)\]]*$")
# The year, the month, the day, and perhaps the time: how lists of headlines date them.
_DATE_AT_END = re.compile(r"(?<!\d)(?:19|20)\d\d[-./]\d{1,2}[-./]\d{1,2}(?: \d{1,2}:\d{2}(?::\d{2})?)?[)\]\s|]*$")
# Scripts that put no spaces between words: Han, kana, Thai, Lao, Khmer, Burmese.
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
# What the UTF-8 of those scripts never begins with.
_NEVER_UNSPACED = bytes(set(range(0xF0)) - {0xE0, 0xE1, *range(0xE3, 0xEA), 0xEF}) + bytes(range(0xF0, 0x100))
_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
_PIECES = re.compile(r"\s[-–—/]\s|[·•>»]")
_SPACES = re.compile(r"\s+")
_LEAST_PIECES = 6
_LONGEST_PIECES = 24
_STOPS = frozenset(".!?")
_PROSE_WORDS = 8
# No shorter line has so many words: six words of one letter, parted by five characters that count as two words more.
SHORTEST_PROSE = 11
# The letters by which families of words are told apart.
STEM = 5
_LONG_LINE_WORDS = 30

# Words that stand in any article and say nothing of its subject.
COMMON = frozenset(
    [
        "about",
        "after",
        "again",
        "against",
        "all",
        "also",
        "and",
        "any",
        "are",
        "because",
        "been",
        "before",
        "being",
        "between",
        "both",
        "but",
        "can",
        "could",
        "did",
        "does",
        "down",
        "during",
        "each",
        "even",
        "every",
        "few",
        "first",
        "for",
        "from",
        "further",
        "get",
        "had",
        "has",
        "have",
        "her",
        "here",
        "him",
        "his",
        "how",
        "into",
        "its",
        "just",
        "last",
        "like",
        "made",
        "make",
        "many",
        "more",
        "most",
        "much",
        "new",
        "not",
        "now",
        "off",
        "one",
        "only",
        "other",
        "our",
        "out",
        "over",
        "own",
        "people",
        "said",
        "same",
        "say",
        "says",
        "she",
        "should",
        "since",
        "some",
        "such",
        "than",
        "that",
        "the",
        "their",
        "them",
        "then",
        "there",
        "these",
        "they",
        "this",
        "those",
        "through",
        "too",
        "two",
        "under",
        "until",
        "very",
        "was",
        "way",
        "were",
        "what",
        "when",
        "where",
        "which",
        "while",
        "who",
        "why",
        "will",
        "with",
        "would",
        "year",
        "years",
        "you",
        "your",
    ]
)


def count_words(text: str) -> int:
    """How many words the text has; where a script does not part them, two characters count as one.

    >>> count_words("The ferry is back."), count_words("渡轮恢复服务")
    (4, 3)
    """
    if not may_be_unspaced(text):
        return len(text.split())
    unspaced = len(_UNSPACED.findall(text))
    if not unspaced:
        return len(text.split())
    return len(_UNSPACED.sub(" ", text).split()) + unspaced // 2


def has_words(text: str, least: int) -> bool:
    """Whether the text has so many words; no more of it is counted than it takes.

    >>> has_words("The ferry is back.", 4), has_words("The ferry is back.", 5)
    (True, False)
    """
    first = text.split(None, least)[:least]
    return count_words(" ".join(first)) >= least or count_words(text) >= least


def may_be_unspaced(text: str) -> bool:
    """Whether the text may have characters of a script that puts no spaces between words; false is sure.

    Told by the first bytes of such characters in UTF-8, which takes a tenth of the time of looking at each.

    >>> may_be_unspaced("\u201cThe caf\u00e9 \u2013 \u043d\u0435\u0442.\u201d"), may_be_unspaced("\u6e21")
    (False, True)
    """
    return not text.isascii() and bool(text.encode("utf-8", "surrogatepass").translate(None, _NEVER_UNSPACED))


def ends_sentence(line: str) -> bool:
    """Whether the line ends as a sentence does, closing quotes, brackets, pictures and reference marks aside.

    >>> ends_sentence('"We stay," she said.[3]'), ends_sentence("What a mess. \\U0001f648")
    (True, True)
    >>> ends_sentence("Ferry back in service")
    False
    """
    if line[-1:].isalpha() and "[" not in line:
        return False
    line = line.rstrip(_CLOSERS)
    if line[-1:] in SENTENCE_ENDS:
        return True
    if not (line[-1:].isalpha() or line.isascii()):
        line = _PICTURES.sub("", line).rstrip(_CLOSERS)
        if line[-1:] in SENTENCE_ENDS:
            return True
    if "[" not in line:
        return False
    bare = _REFERENCE.sub("", line + "]").rstrip(_CLOSERS)
    return bare[-1:] in SENTENCE_ENDS


def is_cut_short(line: str) -> bool:
    """Whether the line ends in an ellipsis, as truncated teasers do."""
    return _ELLIPSIS.search(line[-8:]) is not None


def is_prose(line: str) -> bool:
    """Whether the line is a paragraph by itself: eight words or more, ending as a sentence does.

    A line that goes on behind a whole sentence is one, too, however it ends; so is a line too
    long for a headline or a teaser, for not every language and author closes a paragraph. A
    headline that asks and answers itself, with a date at its end, is none. An address, a note in
    square brackets or the few words of a link behind the last sentence, as pasted text has them, do not count.

    >>> is_prose("The ferry left at nine, as it does every day. More photos")
    True
    >>> is_prose("The ferry left at nine, as it does every day. https://example.org/ferry")
    True
    >>> is_prose("The ferry left at nine, as it does every day. [web:1, web:4]")
    True
    >>> is_prose("The ferry left at nine, as it does every day. example.org")
    True
    >>> is_prose("The ferry left at nine, as it does every day. <br/>")
    True
    >>> is_prose("Why did the ferry leave at nine as usual? The captain answers 2024-05-01")
    False
    """
    if line[-1:] in _STOPS and line[-2:-1].isalnum() and "://" not in line and not may_be_unspaced(line):
        # Surely the end of a sentence; what stands behind the eighth word need not be parted.
        return len(line.split(None, _PROSE_WORDS - 1)) == _PROSE_WORDS
    words = count_words(line)
    if words < _PROSE_WORDS:
        return False
    if "://" in line:
        line = _ADDRESS_AT_END.sub("", line)
    if line[-1:] in "])\u3011\u27e7":
        line = _BRACKETS_AT_END.sub("", line)
    if is_cut_short(line):
        return _holds_sentence(line)
    if ends_sentence(line) or (words >= _LONG_LINE_WORDS and not _is_row(line)):
        return True
    return _holds_sentence(line)


def _is_row(line: str) -> bool:
    """Whether the line is one row of many short pieces, as menus and lists of links are set.

    Spaces part pieces only where a script puts none between words.
    """
    if "|" in line:
        return True
    for separator in (_PIECES, _SPACES) if may_be_unspaced(line) and _UNSPACED.search(line) else (_PIECES,):
        pieces = separator.split(line)
        if len(pieces) >= _LEAST_PIECES and len(line) <= _LONGEST_PIECES * len(pieces):
            return True
    return False


def _holds_sentence(line: str) -> bool:
    """Whether eight words or more end in a sentence inside the line; before a date only a full stop counts."""
    if not _SENTENCE_MARK.search(line):
        return False
    marks = ".\u3002\u06d4\u0964\u0965" if _DATE_AT_END.search(line[-30:]) else ".!?。！？؟۔।॥"
    ends = islice(_SENTENCE_INSIDE.finditer(line), 4)
    if any(count_words(line[: end.end()]) >= _PROSE_WORDS and end[0].rstrip(_CLOSERS)[-1] in marks for end in ends):
        return True
    glued = _GLUED_AT_END.search(line)
    return glued is not None and count_words(line[: glued.start()]) >= _PROSE_WORDS


def is_headline(line: str) -> bool:
    """Whether the line has the shape of a headline: 4 to 25 words without closing punctuation."""
    return bool(line) and line[-1] not in ".!?…:;,。！？：；，、" and 4 <= count_words(line) <= 25 and len(line) <= 250


def is_grid(cells: Sequence[int]) -> bool:
    """Whether rows with so many filled cells are a table of data and not of a page's layout.

    Two rows or more, nearly all of the same width, and that is at least two.

    >>> is_grid([3, 0, 3, 3]), is_grid([1, 1, 1]), is_grid([2, 7, 1])
    (True, False, False)
    """
    filled = [count for count in cells if count]
    if len(filled) < 2:
        return False
    width, rows = Counter(filled).most_common(1)[0]
    return width >= 2 and rows * 4 >= len(filled) * 3


def begins_lower(line: str) -> bool:
    """Whether the line begins in lower case, as where a sentence goes on (``iPhone`` does not).

    >>> begins_lower("and the ferry left"), begins_lower("iPhone sales fall")
    (True, False)
    """
    return line[:2].islower()


def content_words(text: str) -> set[str]:
    """The words of a text that can tell its subject: folded, without common and very short ones.

    Where words are not parted, pairs of neighbouring characters stand in for them.
    """
    if text.isascii():
        return {word for word in _WORD.findall(text.lower()) if len(word) > 2 and word not in COMMON}
    found = {word for word in map(str.casefold, _WORD.findall(text)) if len(word) > 2 and word not in COMMON}
    if may_be_unspaced(text):
        chars = _UNSPACED.findall(text)
        if chars:
            found = {word for word in found if not _UNSPACED.search(word)}
            found.update(a + b for a, b in pairwise(chars))
    return found


def stem(word: str) -> str:
    """The first five letters of a word: enough to know its family by, in any language."""
    return word[:STEM]


def vocabulary(lines: Iterable[str]) -> frozenset[str]:
    """The stems of the content words of ``lines``, as :func:`shared` compares them."""
    return frozenset([word[:STEM] for line in lines for word in content_words(line)])


def shared(line: str, known: frozenset[str]) -> float:
    """The share of the line's content words that a vocabulary knows; 1.0 where it has none.

    >>> shared("Ferries return to the harbour", vocabulary(["The ferry left the harbour."]))
    0.3333333333333333
    """
    words = content_words(line)
    return sum(stem(word) in known for word in words) / len(words) if words else 1.0
