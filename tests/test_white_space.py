"""White space around what goes: a table of texts, each with exactly what is left."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner import Cleaner
from cleaner.markdown import Zones
from cleaner.removal import Cut, Removal, Strike, apply, guard, lift, restore, spans, with_text
from cleaner.text import split_lines
from tests import strategies

ONE = "The first paragraph has more than eight words in it."
TWO = "The second paragraph has more than eight words, too."
AD = "Advertisement"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("\n\n", id="blank lines alone"),
        pytest.param(f"{ONE}\n\n\n{TWO}\n\n\n", id="blank lines around kept lines"),
        pytest.param(f"\n\n  {ONE}  \n\t\n{TWO}", id="spaces and tabs around kept lines"),
        pytest.param(f"\ufeff{ONE}\r\n\r{TWO}\x0c\u2028\n", id="line ends of all sorts and other separators"),
    ],
)
def test_nothing_changes(standard: Cleaner, text: str) -> None:
    assert standard.clean(text).text is text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        pytest.param(f"{ONE}\n{AD}\n{TWO}\n", f"{ONE}\n{TWO}\n", id="between lines, no blank lines"),
        pytest.param(f"{ONE}\n\n{AD}\n\n{TWO}", f"{ONE}\n\n{TWO}", id="one blank line on each side"),
        pytest.param(f"{ONE}\n{AD}\n\n\n{TWO}", f"{ONE}\n\n\n{TWO}", id="the longer separator stands after"),
        pytest.param(f"{ONE}\n\n\n{AD}\n{TWO}", f"{ONE}\n\n\n{TWO}", id="the longer separator stands before"),
        pytest.param(f"{ONE}\r\n{AD}\n{TWO}", f"{ONE}\r\n{TWO}", id="on a tie the earlier stays"),
        pytest.param(
            f"{ONE}\n{AD}\r\n\r\n{TWO}", f"{ONE}\r\n\r\n{TWO}", id="a later longer one brings its own line ends"
        ),
        pytest.param(
            f"{ONE}\n \t\n{AD}\n{TWO}", f"{ONE}\n \t\n{TWO}", id="a line of spaces is blank and stays as it is"
        ),
        pytest.param(f"{AD}\n\n{ONE}\n", f"{ONE}\n", id="nothing before the first kept line"),
        pytest.param(f"\n\n{AD}\n\n{ONE}\n", f"{ONE}\n", id="nor blank lines that stood before what goes"),
        pytest.param(f"{ONE}\n\n{AD}\n\n\n", f"{ONE}\n", id="the last kept line keeps its own line end alone"),
        pytest.param(f"{ONE}\n{AD}", f"{ONE}\n", id="also where the text ended without one"),
        pytest.param(f"{AD}\n\n{AD}\n", "", id="nothing kept, nothing left"),
        pytest.param(f"\ufeff{AD}\n{ONE}\n", f"\ufeff{ONE}\n", id="a byte-order mark stays"),
        pytest.param(
            f"{ONE}\n\n{AD}\n\n{AD}\n{TWO}", f"{ONE}\n\n{TWO}", id="two that only blank lines part are one gap"
        ),
        pytest.param(f"{ONE}\r{AD}\r{TWO}", f"{ONE}\r{TWO}", id="lone carriage returns are line ends"),
        pytest.param(f"> - {AD}\n{ONE}", ONE, id="the dress of a line goes along"),
    ],
)
def test_lines_that_go(standard: Cleaner, text: str, left: str) -> None:
    assert standard.clean(text).text == left


@pytest.mark.parametrize(
    ("text", "left"),
    [
        pytest.param("It rained (turn0search1).", "It rained.", id="the space before goes, the full stop stays"),
        pytest.param("It rained. (turn0search1)", "It rained.", id="behind the sentence"),
        pytest.param("It rained.\u00a0 (turn0search1) Then not.", "It rained. Then not.", id="all spaces before it"),
        pytest.param("(turn0search1) It rained.", "It rained.", id="at the start of a line those after it"),
        pytest.param("> (turn0search1) It rained.", "> It rained.", id="the dress of the line stays"),
        pytest.param("(turn0search1) (turn0search2) Rain.", "Rain.", id="two at the start of a line"),
        pytest.param("Rain. (turn0search1) (turn0search2)", "Rain.", id="two at the end of a line"),
        pytest.param(
            f"{ONE}\n\n- (turn0search1)\n\n{TWO}", f"{ONE}\n\n{TWO}", id="a line of nothing but tokens is a line"
        ),
        pytest.param("A.(turn0search1)\nB.", "A.\nB.", id="no space to take, and no line end"),
    ],
)
def test_tokens_that_go(standard: Cleaner, text: str, left: str) -> None:
    assert standard.clean(text).text == left


@given(page=strategies.pages())
def test_only_white_space_that_touches_a_removal_changes(standard: Cleaner, page: strategies.Page) -> None:
    """What is left of the words, line by line, is what was there; blank lines between two kept neighbours stay."""
    result = standard.clean(page.text)
    for removed in result.removed:
        inner = removed.text.strip()
        if not inner:
            touching = {r.end for r in result.removals} | {r.start for r in result.removals if r.start != removed.start}
            assert removed.start in touching or removed.end in touching


def test_strikes_and_cuts_make_removals_in_order() -> None:
    lines = split_lines("a x\nb\n\nc")
    found = spans(lines, Zones(), [Strike(1, 1, "line")], [Cut(0, 2, 3, "token")])
    assert found == [Removal(1, 3, "token"), Removal(3, 5, "line")]
    assert apply(lines.text, found) == "a\n\nc"


_spans = st.lists(st.tuples(st.integers(0, 30), st.integers(1, 6)), max_size=6)


def _removals(spans_drawn: list[tuple[int, int]], length: int) -> list[Removal]:
    """Spans that do not overlap and lie within the length, from offsets and lengths as they were drawn."""
    made: list[Removal] = []
    for start, width in sorted(spans_drawn):
        if start + width <= length and (not made or made[-1].end <= start):
            made.append(Removal(start, start + width, f"rule-{start}"))
    return made


@given(_spans, _spans)
def test_lifting_two_shortenings_gives_one(first: list[tuple[int, int]], second: list[tuple[int, int]]) -> None:
    text = "".join(map(chr, range(65, 105)))
    earlier = _removals(first, len(text))
    shortened = apply(text, earlier)
    later = _removals(second, len(shortened))
    lifted = lift(later, earlier)
    guard(text, apply(shortened, later), lifted)


def test_lifting_tells_later_removals_in_offsets_of_the_input() -> None:
    text = "0123456789"
    first = [Removal(2, 4, "one"), Removal(6, 7, "one")]
    shortened = apply(text, first)
    second = [Removal(1, 5, "two")]
    lifted = lift(second, first)
    assert apply(text, lifted) == apply(shortened, second)
    assert restore(apply(text, lifted), with_text(text, lifted)) == text


@pytest.mark.parametrize(
    "removed",
    [
        pytest.param([(0, 2, "x")], id="length of text and span differ"),
        pytest.param([(5, 6, "x"), (1, 2, "y")], id="out of order"),
        pytest.param([(90, 91, "x")], id="outside the text"),
    ],
)
def test_restore_refuses_what_does_not_fit(removed: list[tuple[int, int, str]]) -> None:
    from cleaner import Removed

    with pytest.raises(ValueError, match="does not fit"):
        restore("0123456789", [Removed(a, b, "rule", text) for a, b, text in removed])
