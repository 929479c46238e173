"""Lines and folding."""

from __future__ import annotations

import sys
import unicodedata

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st
from regex import _regex

from cleaner.text import fold, fold_plain, plain, split_lines


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", [""], id="an empty text is one empty line"),
        pytest.param("a", ["a"], id="no final line end"),
        pytest.param("a\n", ["a"], id="no empty line behind the last line end"),
        pytest.param("a\n\n", ["a", ""], id="but one between two"),
        pytest.param("a\r\nb\rc\nd", ["a", "b", "c", "d"], id="three kinds of line end"),
        pytest.param("a\n\rb", ["a", "", "b"], id="LF CR is two line ends"),
        pytest.param("a\u2028b\x0cc\x0bd\x85e", ["a\u2028b\x0cc\x0bd\x85e"], id="other separators are characters"),
        pytest.param("\ufeffa\ufeff", ["a\ufeff"], id="a leading byte-order mark belongs to no line"),
    ],
)
def test_lines(text: str, expected: list[str]) -> None:
    lines = split_lines(text)
    assert [lines[n] for n in range(len(lines))] == expected


@given(st.text(st.sampled_from("ab\r\n\ufeff\u2028"), max_size=20))
def test_lines_cover_the_text_and_folding_keeps_their_number(text: str) -> None:
    lines = split_lines(text)
    whole = "".join(text[start:end] for start, end in zip(lines.starts, lines.ends, strict=True))
    assert text.removeprefix("\ufeff") == whole
    folded = fold(text).split(b"\n")
    if folded[-1] == b"" and len(folded) > len(lines):
        folded.pop()
    assert len(folded) == len(lines)


def test_no_match_can_hide_from_the_fold() -> None:
    """What ``regex`` takes for equal without regard to case folds to the same bytes, all characters over."""
    hidden = []
    for code in range(sys.maxunicode + 1):
        cases = _regex.get_all_cases(int(regex.IGNORECASE | regex.UNICODE), code)
        # Characters newer than this Python's tables have no case here, and no rule is written in them.
        known = [chr(c) for c in cases if unicodedata.category(chr(c)) != "Cn"]
        if len({fold(char) for char in known}) > 1:
            hidden.append([hex(ord(char)) for char in known])
    newer = [pair for pair in hidden if any(_casing_is_newer(int(code, 16)) for code in pair)]
    assert [pair for pair in hidden if pair not in newer] == []


def _casing_is_newer(code: int) -> bool:
    """Whether ``regex`` knows a case of an old character that this Python does not."""
    char = chr(code)
    cases = _regex.get_all_cases(int(regex.IGNORECASE | regex.UNICODE), code)
    return any(unicodedata.category(chr(c)) == "Cn" for c in cases) or char == char.swapcase()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("NEWS", "news", id="case"),
        pytest.param("new\u017f", "news", id="long s"),
        pytest.param("\u212aite", "kite", id="Kelvin sign"),
        pytest.param("\u0130lk", "ilk", id="Turkish dotted I"),
        pytest.param("ΟΔΟΣ", "οδος", id="final sigma"),
        pytest.param("a\u00a0\u2009 b", "a b", id="spaces of all widths"),
        pytest.param("don\u2019t", "don't", id="typographic apostrophe"),
        pytest.param("a\r\nb\rc", "a\nb\nc", id="line ends"),
    ],
)
def test_folds_together(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("a\x0bb", "a b", id="a vertical tab is a character"),
        pytest.param("\ud800", "\ud801", id="lone surrogates are kept apart"),
        pytest.param("a\n b", "a b", id="a line end is no space"),
    ],
)
def test_folds_apart(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(st.lists(st.sampled_from(["the ferry left ", "Ä", "ß", "É", "Σ", "ς", "İ", "ı", "Ж", "渡", "\ud800", "Ǆ", "ﬁ"])))
def test_each_character_folds_by_itself_however_many_are_not_ascii(pieces: list[str]) -> None:
    text = plain("".join(pieces))
    assert fold_plain(text) == b"".join(map(fold_plain, text))


def test_plain_is_idempotent() -> None:
    assert plain(plain("\u201ca\u00a0\u00a0b\u2019")) == plain("\u201ca\u00a0\u00a0b\u2019") == "\"a b'"
